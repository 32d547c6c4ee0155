import pytest

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat
from core.domain.verification import Gate, Rating, Verdict
from core.statistics.agreement import assess
from tests.core.services.analysis_study import RIGHT, WRONG, Study


@pytest.fixture
def study(tmp_path):
    study = Study(tmp_path)
    yield study
    study.database.close()


def test_verdicts_gates_and_blind_answers_each_get_all_measures(study):
    verifiers = [study.person("Demo Verifier 1"), study.person("Demo Verifier 2")]
    for number in range(6):
        revision = study.question(AnswerFormat.YES_NO if number % 2 else AnswerFormat.SINGLE_CHOICE)
        study.verify(verifiers[0], revision)
        verdict = Verdict.REVISE if number == 0 else Verdict.ACCEPT
        study.verify(verifiers[1], revision, verdict, given=WRONG if number == 1 else RIGHT)
    found = study.service.agreement()
    expected = assess(
        [("accept", "revise"), *[("accept", "accept")] * 5], ("accept", "revise", "reject")
    )
    assert found.verdicts.agreement.gwet_ac1.value == pytest.approx(expected.gwet_ac1.value)
    assert found.verdicts.agreement.percent.value == pytest.approx(5 / 6)
    assert found.verdicts.agreement.category_counts == (
        ("accept", 11),
        ("revise", 1),
        ("reject", 0),
    )
    assert [line.name for line in found.gates] == [gate.display_name for gate in Gate]
    assert [(line.name, line.agreement.percent.value) for line in found.answers] == [
        ("Blind answers: single choice", 1.0),
        ("Blind answers: yes/no", pytest.approx(2 / 3)),
    ]
    assert (found.verifier_count, found.wanted) == (2, 0.78)


def test_measures_that_reach_the_wanted_level_are_named_apart_from_those_that_do_not(study):
    verifiers = [study.person("Demo Verifier 1"), study.person("Demo Verifier 2")]
    for number in range(10):
        revision = study.question()
        study.verify(verifiers[0], revision)
        study.verify(verifiers[1], revision, Verdict.REJECT if number == 0 else Verdict.ACCEPT)
    reading = study.service.agreement().reading
    assert reading == (
        "At the wanted 0.78 or above: percent agreement, Gwet's AC1."
        " Below the wanted 0.78: Krippendorff's alpha."
    )
    with study.database.write() as tx:
        tx.settings.set("wanted_agreement", "0.95")
    assert (
        "Below the wanted 0.95: percent agreement, Krippendorff's alpha, Gwet's AC1."
        in study.service.agreement().reading
    )


def test_more_verifiers_than_two_leave_ratings_missing(study):
    people = [study.person(f"Demo Verifier {number}") for number in range(3)]
    for number in range(3):
        revision = study.question()
        study.verify(people[number], revision, rating=Rating.NO)
        study.verify(people[(number + 1) % 3], revision)
    found = study.service.agreement()
    assert found.verdicts.agreement.cohen_kappa is None
    assert (found.verdicts.agreement.ratings, found.verdicts.agreement.questions) == (6, 3)
    assert found.gates[0].agreement.percent.value == 0.0


def test_first_verdict_stays_for_the_statistics(study):
    revision = study.question()
    first, second = study.person("Demo Verifier 1"), study.person("Demo Verifier 2")
    study.verify(first, revision, Verdict.REJECT)
    study.verify(first, revision, Verdict.ACCEPT)
    study.verify(second, revision, Verdict.ACCEPT)
    assert study.service.agreement().verdicts.agreement.percent.value == 0.0


def test_earlier_versions_of_a_question_do_not_count(study):
    verifiers = [study.person("Demo Verifier 1"), study.person("Demo Verifier 2")]
    revision = study.question()
    for person, verdict in zip(verifiers, (Verdict.ACCEPT, Verdict.REJECT), strict=True):
        study.verify(person, revision, verdict)
    newer = study.revise(revision)
    assert study.service.agreement().verdicts.agreement.ratings == 0
    study.verify(verifiers[0], newer)
    found = study.service.agreement()
    assert [found.verdicts.agreement.ratings, found.answers[0].agreement.ratings] == [1, 1]


def test_cannot_tell_is_a_missing_rating(study):
    revision = study.question()
    study.verify(study.person("Demo Verifier 1"), revision, given=AnswerState.CANNOT_TELL)
    study.verify(study.person("Demo Verifier 2"), revision)
    (line,) = study.service.agreement().answers
    assert (line.agreement.ratings, line.agreement.percent.value) == (1, None)


def test_nothing_verified_is_said_in_words(study):
    found = study.service.agreement()
    assert found.reading == "No question has two verdicts yet."
    assert found.verdicts.agreement.prevalence == "There are no ratings yet."
    assert found.answers == ()


def test_orders_given_to_rankings_are_compared_as_wholes(study):
    verifiers = [study.person("Demo Verifier 1"), study.person("Demo Verifier 2")]
    for number in range(4):
        revision = study.question(AnswerFormat.RANKING)
        study.verify(verifiers[0], revision)
        study.verify(verifiers[1], revision, given=WRONG if number == 1 else RIGHT)
    (line,) = study.service.agreement().answers
    assert line.name == "Blind answers: ranking"
    assert line.agreement.percent.value == pytest.approx(3 / 4)
    assert line.agreement.category_counts == (("ABC", 1), ("BAC", 7))
