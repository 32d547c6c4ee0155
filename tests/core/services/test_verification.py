"""Blinded double review and adjudication on a real workspace."""

from dataclasses import replace

import pytest

from core.domain.body import AnswerFormat
from core.domain.people import Person, Role
from core.domain.stage import Stage
from core.domain.verification import Gate, GateRating, Rating, Verdict
from core.errors import BlindingError, ValidationError, WorkflowError
from tests.factories import ALL_FORMATS, make_gates, make_right_response, make_wrong_response
from tests.study import Study

CHOICE = AnswerFormat.SINGLE_CHOICE


def adjudicator(study: Study) -> Person:
    roles = frozenset({Role.ADJUDICATOR})
    return study.workspace.people.add("Demo Adjudicator", roles).value


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_key_stays_hidden_until_the_answer_is_locked(
    study: Study, answer_format: AnswerFormat
) -> None:
    question, person = study.blinded(answer_format), study.verifiers[0]
    service = study.workspace.verification
    with pytest.raises(BlindingError, match="stays hidden"):
        service.reveal(question, person.id)

    response = make_right_response(answer_format)
    service.lock_answer(question, person.id, response, elapsed_s=12)

    assert service.reveal(question, person.id).answer.response == response
    assert study.workspace.authoring.question(question).stage is Stage.IN_VERIFICATION


def test_reveal_says_whether_the_own_answer_was_right(study: Study) -> None:
    question, service = study.blinded(), study.workspace.verification
    first, second = study.verifiers
    service.lock_answer(question, first.id, make_right_response(CHOICE), elapsed_s=1)
    service.lock_answer(question, second.id, make_wrong_response(CHOICE), elapsed_s=1)

    assert service.reveal(question, first.id).is_right is True
    assert service.reveal(question, second.id).is_right is False


def test_locked_answer_never_changes(study: Study) -> None:
    question, person = study.blinded(), study.verifiers[0]
    service = study.workspace.verification
    service.lock_answer(question, person.id, make_right_response(CHOICE), elapsed_s=1)

    with pytest.raises(WorkflowError, match="locked already"):
        service.lock_answer(question, person.id, make_wrong_response(CHOICE), elapsed_s=1)


def test_author_cannot_verify_their_own_question(study: Study) -> None:
    question = study.blinded()
    people = study.workspace.people
    both = people.update(
        Person(study.author.id, "Demo Author", frozenset({Role.AUTHOR, Role.VERIFIER}))
    ).value

    assert study.workspace.verification.waiting(both.id) == []
    with pytest.raises(BlindingError, match="your own"):
        study.workspace.verification.open(question, both.id)


def test_desk_of_a_verifier_holds_nothing_of_author_key_or_others(study: Study) -> None:
    question, (first, second) = study.blinded(), study.verifiers
    study.verify(question, first)

    desk = study.workspace.verification.open(question, second.id)

    assert desk.own_answer is None
    assert desk.own_verification is None
    shown = repr(desk)
    assert "Because the image shows it" not in shown
    assert study.author.id not in shown
    assert first.id not in shown


def test_every_gate_must_be_rated(study: Study) -> None:
    question, person = study.blinded(), study.verifiers[0]
    service = study.workspace.verification
    service.lock_answer(question, person.id, make_right_response(CHOICE), elapsed_s=1)

    with pytest.raises(ValidationError) as caught:
        service.submit(question, person.id, gates=make_gates()[1:], verdict=Verdict.ACCEPT)

    assert caught.value.field == Gate.SELF_CONTAINED


def test_verdict_other_than_accept_needs_a_comment(study: Study) -> None:
    question, person = study.blinded(), study.verifiers[0]
    service = study.workspace.verification
    service.lock_answer(question, person.id, make_right_response(CHOICE), elapsed_s=1)

    with pytest.raises(ValidationError, match="what must change"):
        service.submit(question, person.id, gates=make_gates(), verdict=Verdict.REVISE)


def test_two_verifications_end_the_wait_for_everybody(study: Study) -> None:
    question = study.blinded()
    third = study.workspace.people.add("Demo Verifier 3", frozenset({Role.VERIFIER})).value
    for person in study.verifiers:
        assert [line.id for line in study.workspace.verification.waiting(person.id)] == [question]
        study.verify(question, person)

    assert study.workspace.verification.waiting(third.id) == []


def test_unanimous_questions_are_accepted_in_bulk(study: Study) -> None:
    questions = [study.blinded(), study.blinded()]
    for question in questions:
        for person in study.verifiers:
            study.verify(question, person)

    count = study.workspace.adjudication.accept(questions, study.lead.id).value

    assert count == 2
    assert study.workspace.authoring.stage_counts()[Stage.VERIFIED] == 2


def test_denied_gate_stands_against_bulk_acceptance(study: Study) -> None:
    question, (first, second) = study.blinded(), study.verifiers
    study.verify(question, first)
    service = study.workspace.verification
    service.lock_answer(question, second.id, make_right_response(CHOICE), elapsed_s=1)
    denied = GateRating(Gate.IMAGE_NEEDED, Rating.NO, "The text alone answers it.")
    gates = tuple(denied if one.gate is denied.gate else one for one in make_gates())
    service.submit(question, second.id, gates=gates, verdict=Verdict.ACCEPT)

    with pytest.raises(WorkflowError, match="not unanimous"):
        study.workspace.adjudication.accept([question], study.lead.id)

    assert study.workspace.authoring.question(question).stage is Stage.IN_VERIFICATION


def test_one_verification_is_not_enough_to_accept_and_none_of_several_is_accepted(
    study: Study,
) -> None:
    agreed, single = study.blinded(), study.blinded()
    for person in study.verifiers:
        study.verify(agreed, person)
    study.verify(single, study.verifiers[0])

    with pytest.raises(WorkflowError, match="Question 2 is not unanimous"):
        study.workspace.adjudication.accept([agreed, single], study.lead.id)

    assert study.workspace.authoring.stage_counts()[Stage.VERIFIED] == 0


def test_what_a_verifier_says_last_counts_for_the_acceptance(study: Study) -> None:
    question, (first, second) = study.blinded(), study.verifiers
    study.verify(question, first, Verdict.REVISE)
    study.verify(question, second)
    verification, adjudication = study.workspace.verification, study.workspace.adjudication

    def change(verdict: Verdict) -> None:
        why = "On second thought."
        verification.change(question, first.id, gates=make_gates(), verdict=verdict, comment=why)

    with pytest.raises(WorkflowError, match="not unanimous"):
        adjudication.accept([question], study.lead.id)
    change(Verdict.ACCEPT)
    change(Verdict.REJECT)
    with pytest.raises(WorkflowError, match="not unanimous"):
        adjudication.accept([question], study.lead.id)
    change(Verdict.ACCEPT)
    assert adjudication.accept([question], study.lead.id).value == 1


def test_nobody_decides_on_a_question_that_one_verified_or_before_both_did(study: Study) -> None:
    question, third = study.blinded(), adjudicator(study)
    verifier = study.verifiers[0]
    study.verify(question, verifier)
    with pytest.raises(WorkflowError, match="fewer than 2 verifications"):
        study.workspace.adjudication.open(question, third.id)
    study.verify(question, study.verifiers[1], Verdict.REVISE)
    both = replace(verifier, roles=verifier.roles | {Role.ADJUDICATOR})
    study.workspace.people.update(both)

    with pytest.raises(BlindingError, match="You verified question 1 yourself"):
        study.workspace.adjudication.open(question, verifier.id)
    assert study.workspace.adjudication.open(question, third.id).key is None


def test_adjudicator_answers_before_seeing_candidates_without_names(study: Study) -> None:
    question, third = study.blinded(), adjudicator(study)
    study.verify(question, study.verifiers[0])
    study.verify(question, study.verifiers[1], Verdict.REVISE)
    service = study.workspace.adjudication
    before = service.open(question, third.id)
    assert (before.candidates, before.key) == ((), None)
    with pytest.raises(BlindingError, match="Answer question 1 before"):
        service.decide(question, third.id, verdict=Verdict.REVISE, reason="Add the age.")

    service.lock_answer(question, third.id, make_right_response(CHOICE), elapsed_s=5)

    after = service.open(question, third.id)
    assert [one.letter for one in after.candidates] == ["A", "B"]
    assert after.key is not None
    for person in study.verifiers:
        assert person.name not in repr(after.candidates)
        assert person.id not in repr(after.candidates)


@pytest.mark.parametrize(
    ("verdict", "stage"),
    [
        (Verdict.ACCEPT, Stage.VERIFIED),
        (Verdict.REVISE, Stage.DRAFT),
        (Verdict.REJECT, Stage.REJECTED),
    ],
)
def test_adjudication_ends_in_its_stage_with_its_reason(
    study: Study, verdict: Verdict, stage: Stage
) -> None:
    question, third = study.blinded(), adjudicator(study)
    study.verify(question, study.verifiers[0])
    study.verify(question, study.verifiers[1], Verdict.REVISE)
    service = study.workspace.adjudication
    service.lock_answer(question, third.id, make_right_response(CHOICE), elapsed_s=5)
    with pytest.raises(ValidationError, match="needs a reason"):
        service.decide(question, third.id, verdict=verdict, reason="")

    service.decide(question, third.id, verdict=verdict, reason="Because of B.")

    assert study.workspace.authoring.question(question).stage is stage
    assert study.workspace.authoring.moves(question)[-1].reason == "Because of B."
