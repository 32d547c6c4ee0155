"""Recorded answers: complete, in the right form, and said to be invented."""

from core.demo.questions import Goal, load_questions
from core.demo.records import load_records, load_replies, response_to
from core.domain.answer import AnswerState
from core.domain.body import options_of, response_problem
from core.domain.people import Role
from core.domain.taxonomy import SPECIALTY
from core.domain.verification import Rating, Verdict
from core.llm.parsing import read_answer
from core.paths import resources_folder
from core.taxonomies import load_axes

QUESTIONS = {one.slug: one for one in load_questions()}
RECORDS = load_records()
VERIFIED = {
    slug for slug, one in QUESTIONS.items() if one.goal in (Goal.VERIFIED, Goal.ADJUDICATED)
}


def test_every_recorded_response_fits_its_question():
    for slug, by_person in RECORDS.verifications.items():
        for one in by_person.values():
            asked = QUESTIONS[slug].asked
            assert response_problem(asked, response_to(asked, one.response)) == "", slug
    for slug, by_reader in RECORDS.readings.items():
        for one in by_reader.values():
            if one.response is not None:
                asked = QUESTIONS[slug].asked
                assert response_problem(asked, response_to(asked, one.response)) == "", slug


def test_readers_and_model_have_something_to_say_to_every_verified_question():
    assert set(RECORDS.readings) == VERIFIED
    assert set(load_replies()) == VERIFIED
    assert all(len(by_reader) == 3 for by_reader in RECORDS.readings.values())


def test_people_are_called_demo_and_have_known_specialties():
    specialties = next(axis.leaves() for axis in load_axes() if axis.name == SPECIALTY)

    for person in RECORDS.people:
        assert person.name.startswith("Demo ")
        assert person.specialty in specialties
        assert set(person.specialty_confidence) <= set(specialties)
    assert sum(Role.VERIFIER in person.roles for person in RECORDS.people) == 2
    assert sum(Role.READER in person.roles for person in RECORDS.people) == 3


def test_verdicts_follow_the_goal_of_each_question():
    for slug, by_person in RECORDS.verifications.items():
        verdicts = {one.verdict for one in by_person.values()}
        match QUESTIONS[slug].goal:
            case Goal.VERIFIED | Goal.HALF:
                assert verdicts == {Verdict.ACCEPT}, slug
            case Goal.REJECTED:
                assert verdicts == {Verdict.REJECT}, slug
            case Goal.ADJUDICATED | Goal.CONFLICT | Goal.RETURNED:
                assert verdicts == {Verdict.ACCEPT, Verdict.REVISE}, slug
            case goal:
                raise AssertionError(f"{slug} is {goal} and must have no verification")


def test_every_doubt_of_a_verifier_says_why():
    for slug, by_person in RECORDS.verifications.items():
        for one in by_person.values():
            for gate in one.gates:
                assert gate.comment or gate.rating is not Rating.NO, slug
            assert one.comment or one.verdict is Verdict.ACCEPT, slug


def test_one_recorded_reply_is_a_refusal_and_one_cannot_be_read():
    states = [
        read_answer(
            QUESTIONS[slug].asked,
            reply.both,
            option_order=[option.id for option in options_of(QUESTIONS[slug].asked)],
        ).state
        for slug, reply in load_replies().items()
    ]

    assert states.count(AnswerState.REFUSED) == 1
    assert states.count(AnswerState.NO_ANSWER) == 1


def test_files_say_that_people_and_model_are_invented():
    folder = resources_folder() / "demo"

    assert "made up" in (folder / "answers.json").read_text(encoding="utf-8")
    assert "invented" in (folder / "replies.json").read_text(encoding="utf-8")
