"""The history of a question: restored, compared, flagged for re-verification, undone."""

from dataclasses import replace

import pytest

from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.revision import Draft
from core.domain.stage import Stage
from core.errors import BlindingError, NotFoundError, WorkflowError
from core.workspace import open_workspace
from tests.study import Study

REASON = "The stem needs an age."


def edited(study: Study, question: QuestionId, stem: str) -> Draft:
    draft = study.workspace.authoring.draft(question)
    changed = replace(draft, body=replace(draft.body, stem=stem))
    study.workspace.authoring.save_draft(changed, study.author.id)
    return changed


def needs_reverification(study: Study, question: QuestionId) -> bool:
    lines = study.workspace.authoring.library()
    return next(one.needs_reverification for one in lines if one.id == question)


def test_restoring_makes_a_draft_and_then_a_new_revision(study: Study) -> None:
    authoring, first = study.workspace.authoring, study.committed()
    edited(study, first.question, "Second?")
    authoring.commit(first.question, study.author.id)

    draft = authoring.restore(first.question, first.id, study.author.id).value
    assert (draft.body, draft.key) == (first.body, first.key)
    third = authoring.commit(first.question, study.author.id, reason="Back to the first.").value

    assert (third.number, third.body, third.reason) == (3, first.body, "Back to the first.")
    assert [one.number for one in authoring.revisions(first.question)] == [1, 2, 3]
    assert study.workspace.integrity.check().is_clean


def test_a_restore_is_undone_after_opening_the_workspace_again(study: Study) -> None:
    first = study.committed()
    typed = edited(study, first.question, "Half a ques")
    study.workspace.authoring.restore(first.question, first.id, study.author.id)
    path = study.workspace.path
    study.workspace.close()

    with open_workspace(path) as again:
        draft = again.authoring.draft(first.question)
        log = again.authoring.edit_log(draft)
        assert log.undo(draft) == (typed, "restored")


def test_a_version_of_another_question_or_by_somebody_else_is_refused(study: Study) -> None:
    first, other = study.committed(), study.committed()
    authoring = study.workspace.authoring

    with pytest.raises(NotFoundError, match="not one of question 1"):
        authoring.restore(first.question, other.id, study.author.id)
    with pytest.raises(WorkflowError, match="written by somebody else"):
        authoring.restore(first.question, first.id, study.verifiers[0].id)


def test_the_log_of_writing_is_stored_with_the_draft(study: Study) -> None:
    authoring = study.workspace.authoring
    draft = authoring.create(AnswerFormat.REPORT, study.author.id).value
    log, after = authoring.edit_log(draft), replace(draft, body=replace(draft.body, stem="Hi"))
    log.note(draft, after, "stem", 0.0)
    authoring.save_draft(after, study.author.id, log=log)

    again = authoring.edit_log(authoring.draft(draft.question))
    assert again.undo(after) == (draft, "stem")


def test_a_draft_changed_elsewhere_starts_a_log_of_its_own(study: Study) -> None:
    authoring = study.workspace.authoring
    draft = authoring.create(AnswerFormat.REPORT, study.author.id).value
    log, after = authoring.edit_log(draft), replace(draft, body=replace(draft.body, stem="Hi"))
    log.note(draft, after, "stem", 0.0)
    authoring.save_draft(after, study.author.id, log=log)
    edited(study, draft.question, "From a merge")

    assert not authoring.edit_log(authoring.draft(draft.question)).can_undo


def test_keys_are_compared_for_insiders_only(study: Study) -> None:
    first = study.committed()
    draft = study.workspace.authoring.draft(first.question)
    study.workspace.authoring.save_draft(
        replace(draft, key=replace(draft.key, explanation="New reason.")), study.author.id
    )
    second = study.workspace.authoring.commit(first.question, study.author.id).value
    compare = study.workspace.authoring.compare

    seen = compare(first.question, first.id, second.id, viewer=study.author.id, with_key=True)
    assert [one.field for one in seen] == ["explanation"]
    assert compare(first.question, first.id, second.id, viewer=study.verifiers[0].id) == ()
    with pytest.raises(BlindingError):
        compare(first.question, None, second.id, viewer=study.verifiers[0].id)
    with pytest.raises(BlindingError):
        compare(first.question, first.id, second.id, viewer=study.verifiers[0].id, with_key=True)


def test_a_question_changed_after_its_verification_is_flagged_until_verified_anew(
    study: Study,
) -> None:
    question = study.blinded()
    authoring, author = study.workspace.authoring, study.author.id
    for person in study.verifiers:
        study.verify(question, person)
    study.workspace.adjudication.accept([question], study.lead.id)
    assert not needs_reverification(study, question)

    authoring.return_to_draft(question, study.lead.id, REASON)
    assert not needs_reverification(study, question)  # nothing is changed yet
    edited(study, question, "What does the CT of this child show?")
    assert needs_reverification(study, question)
    authoring.commit(question, author)
    study.workspace.blinding.approve(question, author)
    assert needs_reverification(study, question)
    (waiting,) = study.workspace.verification.waiting(study.verifiers[0].id)
    assert waiting.was_changed

    study.verify(question, study.verifiers[0])
    assert needs_reverification(study, question)
    study.verify(question, study.verifiers[1])
    assert not needs_reverification(study, question)
    assert authoring.question(question).stage is Stage.IN_VERIFICATION


def test_answers_and_verifications_keep_their_revision(study: Study) -> None:
    question = study.blinded()
    first = study.workspace.authoring.current(question).id
    study.verify(question, study.verifiers[0])
    study.workspace.authoring.return_to_draft(question, study.lead.id, REASON)
    edited(study, question, "Changed?")
    study.workspace.authoring.commit(question, study.author.id)

    with study.workspace._database.read() as tx:
        assert [one.revision for one in tx.verifications.all()] == [first]
        (answer,) = tx.answers.for_revision(
            first, tx.answers.get(tx.verifications.all()[0].answer).occasion
        )
    assert answer.revision == first


def test_a_question_nobody_verified_is_never_flagged(study: Study) -> None:
    question = study.blinded()
    study.workspace.authoring.return_to_draft(question, study.lead.id, REASON)
    edited(study, question, "Changed?")

    assert not needs_reverification(study, question)
