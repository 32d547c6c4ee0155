"""Flags and comments of readers: stored beside the answer, told to the study lead alone."""

import logging
from dataclasses import replace

import pytest

from core.clock import system_clock
from core.domain.body import AnswerFormat
from core.domain.ids import PersonId, PlanId, QuestionId, SittingId
from core.domain.package import RecordKind
from core.domain.people import Role
from core.domain.remark import MAX_COMMENT
from core.domain.verification import Verdict
from core.errors import ValidationError, WorkflowError
from core.services.baseline import PlanRequest, Reading
from core.workspace import open_workspace
from tests.factories import make_gates, make_right_response
from tests.packages_study import verified
from tests.study import Study

RIGHT = Reading(make_right_response(AnswerFormat.SINGLE_CHOICE), 4, 20.0)
WORDS = "Two options can be defended."


def begun(study: Study, reader: PersonId, count: int = 2) -> SittingId:
    """Verify questions and start a reading of them."""
    verified(study, count)
    return started(study, reader)


def started(study: Study, reader: PersonId) -> SittingId:
    return study.workspace.baseline.start(dealt(study, reader), reader).value.id


def dealt(study: Study, reader: PersonId) -> PlanId:
    request = PlanRequest("Demo", 7, (reader,))
    return study.workspace.baseline.make_plan(request, study.lead.id).value.id


def on_screen(study: Study, sitting: SittingId) -> QuestionId:
    page = study.workspace.baseline.page(sitting)
    assert page is not None
    return page.blind.question


def other_lead(study: Study, *more: Role) -> PersonId:
    """Return a lead who has none but these other roles."""
    name = f"Demo Lead {len(study.workspace.people.all())}"
    return study.workspace.people.add(name, frozenset({Role.LEAD, *more})).value.id


def test_flag_and_comment_stay_with_the_question_and_survive_closing(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id), study.workspace.baseline
    baseline.remark(sitting, is_flagged=True)
    baseline.remark(sitting, comment=f"  {WORDS} ")
    study.workspace.close()
    with open_workspace(study.workspace.path, clock=system_clock()) as again:
        page = again.baseline.page(sitting)
        following = again.baseline.page_after(sitting)

    assert page is not None
    assert following is not None
    assert (page.said.is_flagged, page.said.comment) == (True, WORDS)
    assert following.said.is_empty


def test_remarks_do_not_touch_the_answer(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id), study.workspace.baseline
    baseline.remark(sitting, is_flagged=True, comment=WORDS)
    baseline.answer(sitting, RIGHT)
    baseline.answer(sitting, RIGHT)
    with study.workspace._database.read() as tx:
        remarked, plain = tx.records.of(RecordKind.ANSWER, "occasion_id", [sitting])
    unlike = {"id", "question", "revision", "answered_at", "option_order"}

    assert {name: remarked.data[name] for name in remarked.data.keys() - unlike} == {
        name: plain.data[name] for name in plain.data.keys() - unlike
    }


def test_only_a_change_is_a_remark(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id), study.workspace.baseline
    assert not baseline.remark(sitting, is_flagged=False, comment="").changes.touched
    assert baseline.remark(sitting, is_flagged=True).changes.touched
    assert not baseline.remark(sitting, is_flagged=True).changes.touched

    with study.workspace._database.read() as tx:
        assert len(tx.remarks.all()) == 1


def test_what_is_taken_back_is_not_told_any_more(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id), study.workspace.baseline
    question = on_screen(study, sitting)
    baseline.remark(sitting, is_flagged=True, comment=WORDS)
    words = baseline.remark(sitting, is_flagged=False, comment="").value

    assert words.is_empty
    assert study.workspace.remarks.flags(study.lead.id) == {}
    assert study.workspace.remarks.of_question(question, study.lead.id).lines == ()


def test_a_comment_that_is_too_long_is_refused_whole(study: Study) -> None:
    sitting = begun(study, study.reader.id)

    with pytest.raises(ValidationError, match="2,000 characters"):
        study.workspace.baseline.remark(sitting, comment="x" * (MAX_COMMENT + 1))


def test_a_finished_sitting_takes_no_remark(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id, 1), study.workspace.baseline
    baseline.answer(sitting, RIGHT)

    with pytest.raises(WorkflowError, match="finished"):
        baseline.remark(sitting, is_flagged=True)


def test_a_comment_is_in_no_log_and_in_no_audit_event(
    study: Study, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    study.workspace.baseline.remark(begun(study, study.reader.id), comment=WORDS)
    with study.workspace._database.read() as tx:
        events = tx.audit.all()

    assert WORDS not in caplog.text
    assert events[-1].action == "remark.noted"
    assert WORDS not in repr(events)


def test_a_remark_changed_outside_is_found_by_the_check(study: Study) -> None:
    from sqlalchemy import text

    study.workspace.baseline.remark(begun(study, study.reader.id), comment=WORDS)
    assert study.workspace.integrity.check().problems == ()
    with study.workspace._database.write() as tx:
        tx.records._connection.execute(  # type: ignore[attr-defined]  # as a hand would
            text("UPDATE remarks SET comment = 'Fine.'")
        )

    (problem,) = study.workspace.integrity.check().problems
    assert "A remark of a reader" in problem.sentence


def test_the_lead_sees_who_said_what_and_when_newest_first(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id, 1), study.workspace.baseline
    question = on_screen(study, sitting)
    other = study.workspace.people.add("Demo Reader 2", frozenset({Role.READER})).value.id
    baseline.remark(sitting, is_flagged=True)
    baseline.remark(started(study, other), comment=WORDS)
    found = study.workspace.remarks.of_question(question, study.lead.id)
    newest, oldest = found.lines

    assert study.workspace.remarks.flags(study.lead.id) == {question: 1}
    assert (newest.reader, newest.said.comment) == ("Demo Reader 2", WORDS)
    assert (oldest.reader, oldest.said.is_flagged) == (study.reader.name, True)
    assert newest.said.at is not None
    assert oldest.said.at is not None
    assert newest.said.at > oldest.said.at
    assert newest.is_current
    assert newest.revision_number == 1


def test_a_reader_who_flags_in_two_sittings_counts_once(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id, 1), study.workspace.baseline
    question = on_screen(study, sitting)
    for one in (sitting, started(study, study.reader.id)):
        baseline.remark(one, is_flagged=True)

    assert study.workspace.remarks.flags(study.lead.id) == {question: 1}


def test_a_second_sitting_begins_without_the_words_of_the_first(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id, 1), study.workspace.baseline
    baseline.remark(sitting, is_flagged=True, comment=WORDS)
    page = baseline.page(started(study, study.reader.id))

    assert page is not None
    assert page.said.is_empty


@pytest.mark.parametrize("who", ["reader", "author", "verifier"])
def test_nobody_but_a_lead_is_told(study: Study, who: str) -> None:
    sitting = begun(study, study.reader.id, 1)
    question = on_screen(study, sitting)
    study.workspace.baseline.remark(sitting, is_flagged=True, comment=WORDS)
    people = {"reader": study.reader, "author": study.author, "verifier": study.verifiers[0]}
    remarks = study.workspace.remarks

    assert remarks.flags(people[who].id) == {}
    assert remarks.of_question(question, people[who].id).lines == ()
    assert not remarks.of_question(question, people[who].id).is_withheld


def test_a_lead_who_reads_is_told_after_the_own_answer(study: Study) -> None:
    sitting, baseline = begun(study, study.reader.id, 1), study.workspace.baseline
    question = on_screen(study, sitting)
    baseline.remark(sitting, is_flagged=True, comment=WORDS)
    lead = other_lead(study, Role.READER)
    remarks = study.workspace.remarks
    assert remarks.flags(lead) == {question: 1}
    plan = dealt(study, lead)
    assert remarks.flags(lead) == {}, "dealt, though not begun"
    own = baseline.start(plan, lead).value.id

    assert remarks.of_question(question, lead).is_withheld
    assert remarks.of_question(question, lead).lines == ()
    assert remarks.flags(lead) == {}
    baseline.answer(own, RIGHT)
    assert remarks.of_question(question, lead).lines[0].said.comment == WORDS
    assert remarks.flags(lead) == {question: 1}


def test_a_flagged_question_goes_to_be_verified_anew_and_its_verifiers_stay_blind(
    study: Study,
) -> None:
    workspace = study.workspace
    sitting = begun(study, study.reader.id, 1)
    question = on_screen(study, sitting)
    workspace.baseline.remark(sitting, is_flagged=True, comment=WORDS)
    lead, busy = other_lead(study), other_lead(study, Role.VERIFIER)
    workspace.authoring.return_all([question], lead, "A reader doubts it.")
    draft = workspace.authoring.draft(question)
    mended = replace(draft, body=replace(draft.body, stem="What does this image show best?"))
    workspace.authoring.save_draft(mended, study.author.id)
    workspace.authoring.commit(question, study.author.id)
    workspace.blinding.approve(question, study.author.id)
    (line,) = workspace.remarks.of_question(question, lead).lines

    assert not line.is_current
    assert workspace.remarks.flags(lead) == {}, "the flag was on the revision before"
    assert workspace.remarks.of_question(question, busy).is_withheld
    every_role = replace(study.author, roles=frozenset({Role.AUTHOR, Role.LEAD, Role.VERIFIER}))
    author = workspace.people.update(every_role).value.id
    assert workspace.remarks.of_question(question, author).lines == (line,), "has not to verify it"
    answer = make_right_response(AnswerFormat.SINGLE_CHOICE)
    workspace.verification.lock_answer(question, busy, answer, elapsed_s=9)
    assert workspace.remarks.of_question(question, busy).is_withheld
    workspace.verification.submit(question, busy, gates=make_gates(), verdict=Verdict.ACCEPT)
    assert workspace.remarks.of_question(question, busy).lines == (line,)
