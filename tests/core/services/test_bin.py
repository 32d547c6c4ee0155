"""Deleted questions are out of the way, come back as they were, and go for ever only if unused."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.backup import BackupReason
from core.domain.body import AnswerFormat
from core.domain.decision import DecisionKind
from core.domain.ids import QuestionId
from core.domain.package import PackageKind
from core.domain.stage import Stage
from core.domain.verification import Verdict
from core.errors import NotFoundError, WorkflowError
from core.services.baseline import PlanRequest
from core.workspace import open_workspace
from tests.factories import make_right_response, ticking_clock
from tests.packages_study import at, content, copy_of, opened_for, pack, verified
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")

LATER = ticking_clock().now().replace(hour=12)


def stage_of(study: Study, question: QuestionId) -> Stage:
    return study.workspace.authoring.question(question).stage


def test_a_deleted_question_is_in_no_list_queue_or_count(study: Study, tmp_path: Path) -> None:
    work = study.workspace
    drafted, blinded, kept = study.committed().question, study.blinded(), study.committed().question

    work.bin.delete([drafted, blinded], study.author.id, "Asked twice.")

    assert [one.id for one in work.authoring.library()] == [kept]
    assert work.authoring.library(search="image") == work.authoring.library()
    assert sum(work.authoring.stage_counts().values()) == 1
    assert [one.id for one in work.blinding.waiting()] == [kept]
    assert work.verification.waiting(study.verifiers[0].id) == []
    assert {one.question for one in work.exchange.lint()} <= {kept, None}
    written = work.exchange.export(tmp_path / "set", stage=None)
    assert (written.questions, written.left_out) == (1, ())
    assert [one.summary.id for one in work.bin.questions(study.lead.id)] == [drafted, blinded]


def test_the_bin_tells_by_whom_when_why_and_from_where(study: Study) -> None:
    question = study.blinded()
    study.workspace.bin.delete([question], study.author.id, " Asked twice. ")

    (line,) = study.workspace.bin.questions(study.author.id)

    step = line.step
    assert (step.person, step.start, step.reason) == (
        study.author.id,
        Stage.BLINDED,
        "Asked twice.",
    )
    assert study.workspace.bin.questions(study.verifiers[0].id) == []


@pytest.mark.parametrize("is_open", [True, False])
def test_a_restored_draft_is_as_it_was(study: Study, is_open: bool) -> None:
    work = study.workspace
    draft = study.drafted()
    if not is_open:
        work.authoring.commit(draft.question, study.author.id)
    before = work.authoring.draft(draft.question), work.authoring.library()[0]

    work.bin.delete([draft.question], study.author.id)
    work.bin.restore([draft.question], study.author.id)

    after = work.authoring.draft(draft.question), work.authoring.library()[0]
    assert after[0] == before[0]
    assert replace(after[1], updated_at=before[1].updated_at) == before[1]
    assert work.integrity.check().problems == ()


@pytest.mark.parametrize("stage", [Stage.BLINDED, Stage.REJECTED, Stage.RETIRED])
def test_a_question_goes_back_to_the_stage_it_was_deleted_from(study: Study, stage: Stage) -> None:
    work = study.workspace
    question = study.blinded()
    if stage is Stage.REJECTED:
        for person in study.verifiers:
            study.verify(question, person, Verdict.REJECT)
        right = make_right_response(AnswerFormat.SINGLE_CHOICE)
        work.adjudication.lock_answer(question, study.lead.id, right, elapsed_s=5)
        work.adjudication.decide(
            question, study.lead.id, verdict=Verdict.REJECT, reason="Two right answers."
        )
    if stage is Stage.RETIRED:
        work.authoring.retire(question, study.lead.id, "Out of date.")
    assert stage_of(study, question) is stage

    work.bin.delete([question], study.lead.id)
    assert stage_of(study, question) is Stage.IN_BIN
    work.bin.restore([question], study.lead.id)

    assert stage_of(study, question) is stage
    assert work.integrity.check().problems == ()


def test_deleting_and_restoring_are_undone_and_redone_in_one_step_each(study: Study) -> None:
    work, me = study.workspace, study.author.id
    questions = [study.drafted().question, study.committed().question, study.blinded()]
    before = [stage_of(study, one) for one in questions]
    in_bin = [Stage.IN_BIN] * 3

    def stages() -> list[Stage]:
        return [stage_of(study, one) for one in questions]

    work.bin.delete(questions, me)
    assert stages() == in_bin
    work.undo.undo(me)
    assert stages() == before
    work.undo.redo(me)
    assert stages() == in_bin
    work.bin.restore(questions, me)
    assert stages() == before
    undone = work.undo.undo(me).value
    assert undone is not None
    assert undone.kind is DecisionKind.RESTORE
    assert stages() == in_bin
    work.undo.redo(me)
    assert stages() == before
    assert work.integrity.check().problems == ()


def test_undo_of_a_deletion_survives_closing_the_workspace(study: Study) -> None:
    question = study.drafted().question
    study.workspace.bin.delete([question], study.author.id)
    path = study.workspace.path
    study.workspace.close()

    with open_workspace(path) as again:
        again.undo.undo(study.author.id)
        assert again.authoring.question(question).stage is Stage.DRAFT


def test_what_results_rest_on_is_retired_instead_of_deleted(study: Study) -> None:
    work, lead = study.workspace, study.lead.id
    returned = study.blinded()
    study.verify(returned, study.verifiers[0])
    with pytest.raises(WorkflowError, match="cannot become “In bin”"):
        work.bin.delete([returned], lead)
    work.authoring.return_to_draft(returned, lead, "Unclear.")
    (planned,) = verified(study, 1)
    work.baseline.make_plan(PlanRequest("Plan", 7, (study.reader.id,)), lead)
    work.authoring.return_to_draft(planned, lead, "Unclear.")

    for question in (returned, planned):
        with pytest.raises(WorkflowError, match="results rest on it") as caught:
            work.bin.delete([study.drafted().question, question], lead)
        assert "Retire it instead" in str(caught.value)
    assert work.bin.questions(lead) == []


def test_results_do_not_change_when_a_retired_question_is_deleted(study: Study) -> None:
    work, lead = study.workspace, study.lead.id
    first, _ = verified(study, 2)
    work.authoring.retire(first, lead, "Out of date.")
    before = work.analysis.results().question_count, work.analysis.agreement()

    work.bin.delete([first], lead)

    assert (work.analysis.results().question_count, work.analysis.agreement()) == before


def test_only_the_author_and_the_lead_delete_and_restore(study: Study) -> None:
    work = study.workspace
    question = study.committed().question
    other = work.people.add("Demo Author 2", study.author.roles).value
    with pytest.raises(WorkflowError, match="written by somebody else"):
        work.bin.delete([question], other.id)
    work.bin.delete([question], study.lead.id)
    with pytest.raises(WorkflowError, match="written by somebody else"):
        work.bin.restore([question], other.id)


def test_what_is_in_the_bin_cannot_be_changed_or_moved_but_by_restoring(study: Study) -> None:
    work, me = study.workspace, study.lead.id
    draft = study.drafted()
    work.authoring.commit(draft.question, me)
    work.bin.delete([draft.question], me)

    with pytest.raises(WorkflowError, match="Restore it from the bin first"):
        work.authoring.save_draft(draft, me)
    with pytest.raises(WorkflowError, match="Restore it from the bin first"):
        work.authoring.retire(draft.question, me, "Out of date.")
    with pytest.raises(WorkflowError, match="Restore it from the bin first"):
        work.blinding.approve(draft.question, me)
    with pytest.raises(NotFoundError, match="is not in the bin"):
        work.bin.restore([study.drafted().question], me)


def test_emptying_removes_drafts_that_never_left_and_nothing_else(study: Study) -> None:
    work, lead = study.workspace, study.lead.id
    never_left = [study.drafted().question, study.committed().question]
    blinded = study.blinded()
    work.authoring.draft(never_left[1])
    work.bin.delete([*never_left, blinded], lead)
    before = [one.name for one in work.backups.all()]

    done = work.bin.empty(lead).value

    assert (done.removed, done.kept) == (2, 1)
    assert [one.summary.id for one in work.bin.questions(lead)] == [blinded]
    for question in never_left:
        with pytest.raises(NotFoundError):
            work.authoring.question(question)
    taken = [one for one in work.backups.all() if one.name not in before]
    assert [one.reason for one in taken] == [BackupReason.EMPTYING]
    assert work.integrity.check().problems == ()
    assert work.undo.next_undo(lead) is None


def test_what_was_removed_comes_back_with_the_backup_taken_before(study: Study) -> None:
    work, lead = study.workspace, study.lead.id
    draft = study.drafted()
    work.bin.delete([draft.question], lead)
    work.bin.empty(lead)

    (backup,) = [one for one in work.backups.all() if one.reason is BackupReason.EMPTYING]
    work.backups.restore(backup, lead)

    work.bin.restore([draft.question], lead)
    assert work.authoring.draft(draft.question) == draft


def test_what_was_sent_or_came_from_others_is_never_removed(study: Study, tmp_path: Path) -> None:
    work, lead = study.workspace, study.lead.id
    mine = study.committed().question
    file = pack(work, PackageKind.WORKSPACE, lead, tmp_path / "all")
    work.bin.delete([mine], lead)
    with pytest.raises(WorkflowError, match="Nothing in the bin can be removed"):
        work.bin.empty(lead)

    with opened_for(file, tmp_path / "other.asclepius", ticking_clock(LATER)) as theirs:
        theirs.bin.delete([mine], lead)
        (line,) = theirs.bin.questions(lead)
        assert "came from another workspace" in line.stays


def test_a_draft_that_left_in_a_set_is_never_removed(study: Study, tmp_path: Path) -> None:
    work, lead = study.workspace, study.lead.id
    exported = study.committed().question
    work.exchange.export(tmp_path / "set", stage=Stage.DRAFT)
    at_home = study.committed().question
    work.bin.delete([exported, at_home], lead)

    assert [bool(one.stays) for one in work.bin.questions(lead)] == [True, False]
    assert work.bin.empty(lead).value.removed == 1
    assert [one.summary.id for one in work.bin.questions(lead)] == [exported]


def test_the_bin_travels_with_the_whole_workspace(study: Study, tmp_path: Path) -> None:
    work, lead = study.workspace, study.lead.id
    question = study.committed().question
    file = pack(work, PackageKind.WORKSPACE, lead, tmp_path / "before")
    with opened_for(file, tmp_path / "other.asclepius", ticking_clock(LATER)) as theirs:
        work.bin.delete([question], lead, "Asked twice.")
        deleted = pack(work, PackageKind.WORKSPACE, lead, tmp_path / "deleted")
        theirs.merging.merge([deleted], lead)
        assert theirs.bin.questions(lead)[0].step.reason == "Asked twice."
        assert content(theirs) == content(work)

        theirs.bin.restore([question], lead)
        back = pack(theirs, PackageKind.WORKSPACE, lead, tmp_path / "restored")
        work.merging.merge([back], lead)

        assert stage_of(study, question) is Stage.DRAFT
        assert content(theirs) == content(work)


def test_work_of_somebody_else_outweighs_the_bin(study: Study, tmp_path: Path) -> None:
    question = study.committed().question
    folder = copy_of(study.workspace, tmp_path / "copy.asclepius")
    with at(folder, ticking_clock(LATER)) as theirs:
        theirs.bin.delete([question], study.lead.id, "Asked twice.")
        file = pack(theirs, PackageKind.WORKSPACE, study.lead, tmp_path / "theirs")
    study.workspace.blinding.approve(question, study.lead.id)

    study.workspace.merging.merge([file], study.lead.id)

    assert stage_of(study, question) is Stage.BLINDED


def test_a_merge_says_that_a_changed_question_is_in_the_bin(study: Study, tmp_path: Path) -> None:
    question = study.committed().question
    folder = copy_of(study.workspace, tmp_path / "copy.asclepius")
    with at(folder, ticking_clock(LATER)) as theirs:
        draft = theirs.authoring.draft(question)
        changed = replace(draft, body=replace(draft.body, stem="Reworded?"))
        theirs.authoring.save_draft(changed, study.lead.id)
        theirs.authoring.commit(question, study.lead.id)
        file = pack(theirs, PackageKind.WORKSPACE, study.lead, tmp_path / "theirs")
    study.workspace.bin.delete([question], study.lead.id)

    preview = study.workspace.merging.merge([file], study.lead.id).value

    assert "Question 1 is in the bin here" in preview.notes[0]
    study.workspace.bin.restore([question], study.lead.id)
    assert study.workspace.authoring.current(question).body.stem == "Reworded?"


def test_an_import_names_what_is_in_the_bin(study: Study, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("id,stem,format,key\nrow1,Is there air?,yes_no,yes\n", encoding="utf-8")
    work, lead = study.workspace, study.lead.id
    work.exchange.import_file(table, lead)
    work.bin.delete([work.authoring.library()[0].id], lead)

    report = work.exchange.import_file(table, lead).value

    assert report.added == 0
    assert "in the bin; restore it there" in report.conflicting[0].sentence


def test_a_deleted_question_is_still_found_by_number_and_id(study: Study) -> None:
    question = study.drafted(AnswerFormat.REPORT).question
    study.workspace.bin.delete([question], study.lead.id)

    assert study.workspace.authoring.find("1").id == question
    assert study.workspace.authoring.find(question[:20]).id == question
