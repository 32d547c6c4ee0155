"""Decisions are taken back and made again as new steps, while nothing was built on them."""

from dataclasses import replace

import pytest

from core.domain.body import AnswerFormat
from core.domain.decision import DecisionKind
from core.domain.ids import QuestionId
from core.domain.people import Role
from core.domain.stage import Stage
from core.domain.verification import Rating, Verdict
from core.errors import CoreError, ValidationError, WorkflowError
from core.services.baseline import PlanRequest
from core.workspace import open_workspace
from tests.factories import make_gates, make_right_response
from tests.study import Study

REASON = "Out of date."


def verified_by_both(study: Study, *, verdict: Verdict = Verdict.ACCEPT) -> QuestionId:
    question = study.blinded()
    study.verify(question, study.verifiers[0])
    study.verify(question, study.verifiers[1], verdict)
    return question


def stage_of(study: Study, question: QuestionId) -> Stage:
    return study.workspace.authoring.question(question).stage


def test_bulk_acceptance_is_undone_and_redone_as_one_step(study: Study) -> None:
    questions = [verified_by_both(study) for _ in range(3)]
    study.workspace.adjudication.accept(questions, study.lead.id)

    undone = study.workspace.undo.undo(study.lead.id)

    assert undone.value is not None
    assert undone.value.kind is DecisionKind.ACCEPT
    assert {one.question for one in undone.value.moves} == set(questions)
    assert {stage_of(study, one) for one in questions} == {Stage.IN_VERIFICATION}
    last = study.workspace.authoring.moves(questions[0])[-1]
    assert last.reason == "Undone: accepted as unanimous."
    assert len(study.workspace.adjudication.board()) == 3

    study.workspace.undo.redo(study.lead.id)
    assert {stage_of(study, one) for one in questions} == {Stage.VERIFIED}
    assert study.workspace.integrity.check().is_clean


def test_undo_survives_closing_and_opening_the_workspace(study: Study) -> None:
    question = study.committed().question
    study.workspace.authoring.retire(question, study.lead.id, REASON)
    path = study.workspace.path
    study.workspace.close()

    with open_workspace(path) as again:
        assert again.undo.next_undo(study.lead.id) is not None
        again.undo.undo(study.lead.id)
        assert again.authoring.question(question).stage is Stage.DRAFT
    with open_workspace(path) as again:
        again.undo.redo(study.lead.id)
        assert again.authoring.question(question).stage is Stage.RETIRED


def test_everybody_undoes_their_own_decisions_only(study: Study) -> None:
    question = study.committed().question
    study.workspace.authoring.retire(question, study.lead.id, REASON)

    study.workspace.undo.undo(study.author.id)  # the author never decided that

    assert stage_of(study, question) is Stage.RETIRED


def test_decisions_are_undone_from_the_newest_back(study: Study) -> None:
    first, second = study.blinded(), study.blinded()
    undo = study.workspace.undo
    study.workspace.authoring.retire(first, study.lead.id, REASON)
    study.workspace.authoring.return_to_draft(second, study.lead.id, REASON)

    undo.undo(study.lead.id)
    assert (stage_of(study, first), stage_of(study, second)) == (Stage.RETIRED, Stage.BLINDED)
    undo.undo(study.lead.id)
    assert stage_of(study, first) is Stage.BLINDED
    assert undo.undo(study.lead.id).value is None
    undo.redo(study.lead.id)
    assert (stage_of(study, first), stage_of(study, second)) == (Stage.RETIRED, Stage.BLINDED)


def test_a_new_decision_ends_what_could_be_redone(study: Study) -> None:
    first, second = study.blinded(), study.blinded()
    study.workspace.authoring.retire(first, study.lead.id, REASON)
    study.workspace.undo.undo(study.lead.id)
    study.workspace.authoring.retire(second, study.lead.id, REASON)

    assert study.workspace.undo.next_redo(study.lead.id) is None


def test_questions_retired_in_bulk_come_back_together_or_not_at_all(study: Study) -> None:
    questions = [study.blinded(), study.blinded()]
    study.workspace.authoring.retire_all(questions, study.lead.id, REASON)
    study.workspace.undo.undo(study.lead.id)
    assert {stage_of(study, one) for one in questions} == {Stage.BLINDED}

    draft = study.committed().question
    study.workspace.authoring.retire(draft, study.lead.id, REASON)
    with pytest.raises(WorkflowError):
        study.workspace.authoring.return_all([questions[0], draft], study.lead.id, REASON)
    assert stage_of(study, questions[0]) is Stage.BLINDED


def test_a_return_is_not_undone_once_the_author_went_on(study: Study) -> None:
    question = study.blinded()
    study.workspace.authoring.return_to_draft(question, study.lead.id, REASON)
    draft = study.workspace.authoring.draft(question)
    changed = replace(draft, body=replace(draft.body, stem="Better?"))
    study.workspace.authoring.save_draft(changed, study.author.id)

    with pytest.raises(WorkflowError, match="question 1 cannot be undone: its author") as caught:
        study.workspace.undo.undo(study.lead.id)

    assert "Nothing was changed" in caught.value.hint
    assert stage_of(study, question) is Stage.DRAFT
    assert study.workspace.authoring.draft(question) == changed


def test_an_acceptance_is_not_undone_once_a_plan_uses_it(study: Study) -> None:
    question = verified_by_both(study)
    study.workspace.adjudication.accept([question], study.lead.id)
    request = PlanRequest("First reading", 1, (study.reader.id,))
    study.workspace.baseline.make_plan(request, study.lead.id)

    with pytest.raises(WorkflowError, match="the reading plan “First reading” uses it"):
        study.workspace.undo.undo(study.lead.id)
    assert stage_of(study, question) is Stage.VERIFIED


def test_a_decision_is_undone_and_decided_anew_both_kept(study: Study) -> None:
    question = verified_by_both(study, verdict=Verdict.REVISE)
    service, lead = study.workspace.adjudication, study.lead.id
    service.lock_answer(
        question, lead, make_right_response(AnswerFormat.SINGLE_CHOICE), elapsed_s=1
    )
    service.decide(question, lead, verdict=Verdict.REJECT, reason="A slip.")
    study.workspace.undo.undo(lead)
    assert stage_of(study, question) is Stage.IN_VERIFICATION

    service.decide(question, lead, verdict=Verdict.ACCEPT, reason="The stem is fine.")

    assert stage_of(study, question) is Stage.VERIFIED
    actions = [one.action for one in audit(study)]
    assert "decision.undone" in actions
    assert [one.end for one in study.workspace.authoring.moves(question)][-3:] == [
        Stage.REJECTED,
        Stage.IN_VERIFICATION,
        Stage.VERIFIED,
    ]


def audit(study: Study) -> list:  # type: ignore[type-arg]  # events
    with study.workspace._database.read() as tx:
        return tx.audit.all()


def test_an_approval_is_undone_until_somebody_answers(study: Study) -> None:
    first, second = study.blinded(), study.blinded()
    study.workspace.undo.undo(study.author.id)
    assert stage_of(study, second) is Stage.DRAFT
    study.workspace.undo.redo(study.author.id)
    assert stage_of(study, second) is Stage.BLINDED

    study.verify(second, study.verifiers[0])
    with pytest.raises(WorkflowError, match="somebody has moved it since"):
        study.workspace.undo.undo(study.author.id)
    assert stage_of(study, first) is Stage.BLINDED


def test_who_lost_the_role_cannot_undo(study: Study) -> None:
    question = study.blinded()
    study.workspace.authoring.retire(question, study.lead.id, REASON)
    me = replace(study.workspace.people.me(), roles=frozenset({Role.READER}))
    study.workspace.people.update(me)

    with pytest.raises(WorkflowError, match="may not move"):
        study.workspace.undo.undo(study.lead.id)


def test_a_changed_verification_counts_and_the_first_stays(study: Study) -> None:
    question = verified_by_both(study, verdict=Verdict.REVISE)
    service, second = study.workspace.verification, study.verifiers[1].id
    assert not study.workspace.adjudication.board()[0].is_unanimous

    service.change(
        question, second, gates=make_gates(), verdict=Verdict.ACCEPT, comment="I misread it."
    )

    (line,) = study.workspace.adjudication.board()
    assert line.is_unanimous
    assert line.verdicts == (Verdict.ACCEPT, Verdict.ACCEPT)
    assert line.summary.verification_count == 2
    with study.workspace._database.read() as tx:
        given = [one.verdict for one in tx.verifications.by_person(second)]
    assert given == [Verdict.REVISE, Verdict.ACCEPT]
    agreement = study.workspace.analysis.agreement().verdicts.agreement
    assert agreement is not None
    assert agreement.percent.value == 0  # the statistics keep the first verdicts
    desk = service.open(question, second)
    assert desk.own_verification is not None
    assert desk.own_verification.verdict is Verdict.ACCEPT


def test_a_change_needs_a_reason_a_first_one_and_a_difference(study: Study) -> None:
    question = study.blinded()
    service, me = study.workspace.verification, study.verifiers[0].id

    def change(comment: str) -> None:
        service.change(question, me, gates=make_gates(), verdict=Verdict.REVISE, comment=comment)

    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    service.lock_answer(question, me, right, elapsed_s=1)
    with pytest.raises(WorkflowError, match="have not verified"):
        change("Why.")
    service.submit(question, me, gates=make_gates(), verdict=Verdict.REVISE, comment="Why.")
    with pytest.raises(ValidationError, match="why you changed it"):
        change(" ")
    with pytest.raises(ValidationError, match="Nothing is changed"):
        change("Why.")


def test_nothing_changes_on_a_question_that_is_decided(study: Study) -> None:
    question = verified_by_both(study)
    study.workspace.adjudication.accept([question], study.lead.id)

    with pytest.raises(WorkflowError, match="not open to verify"):
        study.workspace.verification.change(
            question,
            study.verifiers[0].id,
            gates=make_gates(Rating.NO),
            verdict=Verdict.REJECT,
            comment="Wrong after all.",
        )


def test_a_redo_is_refused_when_the_verifiers_no_longer_agree(study: Study) -> None:
    question = verified_by_both(study)
    study.workspace.adjudication.accept([question], study.lead.id)
    study.workspace.undo.undo(study.lead.id)
    study.workspace.verification.change(
        question,
        study.verifiers[0].id,
        gates=make_gates(),
        verdict=Verdict.REVISE,
        comment="Add the age.",
    )

    with pytest.raises(CoreError, match="its verifiers no longer agree"):
        study.workspace.undo.redo(study.lead.id)
