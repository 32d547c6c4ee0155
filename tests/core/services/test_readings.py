"""Stored replies are read once more without a call; a person's reading counts before any rule."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.answer import Answer, AnswerState
from core.domain.body import Chosen, Written
from core.domain.ids import OptionId
from core.domain.package import PackageKind
from core.errors import ValidationError, WorkflowError
from core.llm.retry import RetryPolicy
from core.services.analysis.records import ResultKind, Selection
from core.services.evaluation.records import Calling, RunRequest, RunSummary
from core.workspace import open_workspace
from tests.factories import ticking_clock
from tests.llm_server import LlmServer, Scripted, in_turn
from tests.packages_study import opened_for, pack
from tests.study import Study

CALLING = Calling(policy=RetryPolicy(attempts=1), concurrency=1)
RIGHT = Chosen(frozenset({OptionId("o2")}))
WRONG = Chosen(frozenset({OptionId("o1")}))


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(Scripted("B")) as running:
        yield running


def run(study: Study, server: LlmServer, *replies: Scripted) -> RunSummary:
    for _ in replies:
        study.committed()
    server.answers(in_turn(*replies))
    service = study.workspace.evaluation
    prepared = service.prepare(RunRequest("m", server.base_url))
    return service.start(prepared, CALLING).value


def answers(study: Study, summary: RunSummary) -> list[Answer]:
    return study.workspace.evaluation.answers(summary.run.id)


def accuracy(study: Study) -> float | None:
    study.workspace.analysis.rescore()
    results = study.workspace.analysis.results(Selection(includes_unverified=True))
    (row,) = [one for one in results.respondents if one.kind is ResultKind.LLM]
    return row.overall.accuracy


def misread(study: Study, state: AnswerState = AnswerState.NO_ANSWER) -> None:
    """Make every answer look as an older program with fewer rules would have left it."""
    study.workspace.close()
    with sqlite3.connect(study.workspace.path / "workspace.db") as store:
        store.execute(
            "update answers set state = ?, response = null, reading_rule = 'old'", [state]
        )
    store.close()


def test_replies_are_read_by_the_rules_of_now_without_a_call(
    study: Study, server: LlmServer
) -> None:
    summary = run(study, server, Scripted("B"), Scripted("Perhaps."), Scripted("The answer is B."))
    path = study.workspace.path
    misread(study)
    asked = len(server.seen)

    with open_workspace(path) as workspace:
        found = workspace.readings.reread(summary.run.id).value
        again = workspace.readings.reread(summary.run.id).value
        read = workspace.evaluation.answers(summary.run.id)

    assert (found.replies, found.changed, found.corrected) == (3, 2, 0)
    assert again.changed == 0
    assert len(server.seen) == asked
    assert [one.response for one in read] == [RIGHT, None, RIGHT]
    assert read[0].reading_rule == "whole reply"
    assert (read[2].details["span_start"], read[2].details["span_end"]) == (14, 15)


def test_first_reading_stays_beside_the_new_one(study: Study, server: LlmServer) -> None:
    summary = run(study, server, Scripted("Perhaps B, perhaps not."))
    (first,) = answers(study, summary)

    made = study.workspace.readings.correct(first.id, RIGHT, "It settles on B.").value

    with study.workspace._database.read() as tx:
        assert tx.answers.get(first.id) == first
        events = [(one.action, one.subject) for one in tx.audit.all()][-2:]
    assert events == [("answer.stored", made.id), ("reading.corrected", made.id)]
    assert (made.details["reads"], made.raw_text) == (first.id, first.raw_text)
    assert made.details["reading_reason"] == "It settles on B."
    assert made.details["read_by"] == study.lead.id
    assert not list(study.workspace.integrity.check().problems)


def test_correction_changes_the_figures_and_no_rule_takes_it_back(
    study: Study, server: LlmServer
) -> None:
    summary = run(study, server, Scripted("B"), Scripted("Perhaps."))
    assert accuracy(study) == 0.5
    second = answers(study, summary)[1]

    study.workspace.readings.correct(second.id, RIGHT, "Said so before.")
    reread = study.workspace.readings.reread(summary.run.id).value

    assert accuracy(study) == 1.0
    assert (reread.changed, reread.corrected) == (0, 1)
    third = study.workspace.readings.correct(answers(study, summary)[1].id, WRONG, "No, A.").value
    assert third.details["reads"] == second.id
    assert accuracy(study) == 0.5


def test_answer_can_be_corrected_to_none_and_is_not_asked_again(
    study: Study, server: LlmServer
) -> None:
    summary = run(study, server, Scripted("B"))
    (first,) = answers(study, summary)
    readings = study.workspace.readings

    readings.correct(first.id, None, "It quotes the question.", state=AnswerState.REFUSED)
    resumed = study.workspace.evaluation.resume(summary.run.id, CALLING).value

    assert resumed.counts == {AnswerState.REFUSED: 1}
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("response", "reason", "state", "field"),
    [
        (RIGHT, "  ", AnswerState.NO_ANSWER, "reason"),
        (Written("B"), "so", AnswerState.NO_ANSWER, "response"),
        (Chosen(frozenset({OptionId("o9")})), "so", AnswerState.NO_ANSWER, "response"),
        (None, "so", AnswerState.FAILED, "response"),
        (None, "so", AnswerState.ANSWERED, "response"),
    ],
)
def test_wrong_correction_names_its_field(study, server, response, reason, state, field) -> None:
    summary = run(study, server, Scripted("B"))
    (first,) = answers(study, summary)
    with pytest.raises(ValidationError) as caught:
        study.workspace.readings.correct(first.id, response, reason, state=state)
    assert caught.value.field == field
    assert answers(study, summary) == [first]


def test_failed_call_is_no_reply_to_read(study: Study, server: LlmServer) -> None:
    summary = run(study, server, Scripted(status=400))
    (failed,) = answers(study, summary)
    with pytest.raises(WorkflowError, match="Only the reply"):
        study.workspace.readings.correct(failed.id, RIGHT, "so")
    assert study.workspace.readings.reread(summary.run.id).value.replies == 0


@pytest.mark.parametrize(
    "reply",
    [
        Scripted(None, refusal="I choose B but will not say."),
        Scripted("B", finish_reason="content_filter"),
        Scripted("Answer: B", finish_reason="length"),
        Scripted("I can't assist with that."),
        Scripted(""),
    ],
)
def test_reading_again_ends_as_the_first_time(study, server, reply) -> None:
    summary = run(study, server, reply)
    assert study.workspace.readings.reread(summary.run.id).value.changed == 0


def test_correction_made_elsewhere_arrives_and_counts_before_a_reading_by_rules(
    study: Study, server: LlmServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.paths.data_folder", lambda: tmp_path / "data")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    summary = run(study, server, Scripted("Perhaps."))
    sent = pack(study.workspace, PackageKind.WORKSPACE, study.lead, tmp_path / "all")
    with opened_for(sent, tmp_path / "other.asclepius", ticking_clock()) as other:
        (theirs,) = other.evaluation.answers(summary.run.id)
        other.readings.correct(theirs.id, RIGHT, "Said so.")
        back = pack(other, PackageKind.WORKSPACE, study.lead, tmp_path / "back")

    for _ in range(2):
        study.workspace.merging.merge([back], study.lead.id)

    (read,) = answers(study, summary)
    assert (read.response, read.details["reading_reason"]) == (RIGHT, "Said so.")
    assert study.workspace.readings.reread(summary.run.id).value.changed == 0
    assert accuracy(study) == 1.0
