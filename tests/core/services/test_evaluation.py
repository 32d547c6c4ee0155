"""Runs of language models on a real workspace, against a real server on loopback."""

import logging
import sqlite3
import threading
import time
from base64 import b64decode
from collections.abc import Iterator

import pytest

from core.domain.answer import Answer, AnswerState
from core.domain.body import AnswerFormat, Chosen
from core.domain.ids import RevisionId
from core.domain.revision import Revision
from core.domain.run import Condition, RunStatus
from core.errors import ConflictError, LlmError, StorageError, ValidationError
from core.llm.client import EndpointError
from core.llm.openai_client import OpenAiClient
from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, Preparation, RunRequest, RunSummary, Watch
from core.services.evaluation.running import Running
from core.tasks import CancelToken
from tests.factories import ALL_FORMATS
from tests.llm_server import LlmServer, Scripted, Seen, in_turn
from tests.study import Study

KEY = "sk-very-secret-0123456789"
FAST = RetryPolicy(attempts=2, first_pause_s=0.01, longest_pause_s=0.02)


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(Scripted("B")) as running:
        yield running


def calling(**changes: object) -> Calling:
    return Calling(**{"api_key": KEY, "policy": FAST, "concurrency": 4} | changes)


def request(server: LlmServer, condition: Condition = Condition.BOTH) -> RunRequest:
    return RunRequest("test-llm", server.base_url, condition)


def prepared(study: Study, server: LlmServer, condition: Condition = Condition.BOTH) -> Preparation:
    return study.workspace.evaluation.prepare(request(server, condition))


def run(study: Study, server: LlmServer, **changes: object) -> RunSummary:
    service = study.workspace.evaluation
    return service.start(prepared(study, server), calling(**changes)).value


def by_revision(study: Study, summary: RunSummary) -> dict[RevisionId, Answer]:
    return {one.revision: one for one in study.workspace.evaluation.answers(summary.run.id)}


def cleared(study: Study, image: str = "CT_small.dcm") -> Revision:
    """Return the blinded revision of a question with one cleared image."""
    revision = study.committed(image=image)
    blinding = study.workspace.blinding
    blinding.clear_image(revision.question, 0, study.author.id)
    blinding.approve(revision.question, study.author.id)
    return study.workspace.authoring.current(revision.question)


def test_every_question_ends_in_one_answer_with_its_facts(study: Study, server: LlmServer) -> None:
    revision = study.committed()

    summary = run(study, server)

    answer = by_revision(study, summary)[revision.id]
    options = [one.id for one in revision.body.asked.options]
    assert (answer.state, answer.response) == (
        AnswerState.ANSWERED,
        Chosen(frozenset({options[1]})),
    )
    assert (answer.raw_text, answer.reading_rule) == ("B", "whole reply")
    assert answer.option_order == tuple(options)
    assert answer.elapsed_s is not None
    assert answer.elapsed_s > 0
    assert answer.respondent.id == "test-llm"
    assert answer.details["prompt_tokens"] == 11
    assert answer.details["completion_tokens"] == 3
    assert answer.details["attempts"] == 1
    assert (answer.details["span_start"], answer.details["span_end"]) == (0, 1)
    assert summary.run.status is RunStatus.FINISHED
    assert (summary.done, summary.total) == (1, 1)


def test_all_formats_are_asked_and_read(study: Study, server: LlmServer) -> None:
    replies = {
        "the one best option": "B",
        "Yes or No": "Yes, it does.",
        "several options": "A, C",
        "Several options": "A, C",
        "in a few words": "left ventricle",
        "full sentences": "The lungs are clear.",  # report and long text
        "one number": "12.5 mm",
        "all options in the order": "B > A > C",
    }
    server.answers(lambda seen: Scripted(next(r for k, r in replies.items() if k in seen.text)))
    for one in ALL_FORMATS:
        study.committed(one)

    summary = run(study, server)

    assert summary.counts == {AnswerState.ANSWERED: len(ALL_FORMATS)}


def test_nothing_that_is_not_the_body_is_sent(study: Study, server: LlmServer) -> None:
    revision = study.committed()

    run(study, server)

    sent = str([one.body for one in server.seen])
    assert revision.body.stem in sent
    assert revision.key.explanation not in sent
    assert study.author.name not in sent


@pytest.mark.parametrize(
    ("scripted", "state", "rule"),
    [
        (Scripted("I can't assist with that."), AnswerState.REFUSED, "refusal"),
        (Scripted(None, refusal="No."), AnswerState.REFUSED, "refusal field"),
        (Scripted("", finish_reason="content_filter"), AnswerState.REFUSED, "content filter"),
        (Scripted(""), AnswerState.NO_ANSWER, "empty reply"),
        (Scripted("Perhaps."), AnswerState.NO_ANSWER, "no rule fits"),
        (Scripted("So far B", finish_reason="length"), AnswerState.NO_ANSWER, "no rule fits"),
        (Scripted("Answer: B", finish_reason="length"), AnswerState.NO_ANSWER, "cut off"),
        (Scripted(status=400), AnswerState.FAILED, ""),
        (Scripted(status=404), AnswerState.FAILED, ""),
        (Scripted(status=408), AnswerState.FAILED, ""),
        (Scripted(status=429), AnswerState.FAILED, ""),
        (Scripted(status=500), AnswerState.FAILED, ""),
        (Scripted(raw=b"{"), AnswerState.FAILED, ""),
        (Scripted(resets=True), AnswerState.FAILED, ""),
        (Scripted(announced_bytes=9), AnswerState.FAILED, ""),
    ],
)
def test_each_outcome_on_the_wire_has_its_state(
    study: Study, server: LlmServer, scripted: Scripted, state: AnswerState, rule: str
) -> None:
    revision = study.committed()
    server.answers(scripted)

    summary = run(study, server)

    answer = by_revision(study, summary)[revision.id]
    assert (answer.state, answer.reading_rule) == (state, rule)
    is_failed = state is AnswerState.FAILED
    assert bool(answer.details.get("error")) is is_failed
    assert summary.run.status is (RunStatus.PAUSED if is_failed else RunStatus.FINISHED)


def test_busy_endpoint_fails_nothing(study: Study, server: LlmServer) -> None:
    for _ in range(12):
        study.committed()
    turn = iter(range(10_000))
    server.answers(lambda _: Scripted(status=429) if next(turn) % 5 == 0 else Scripted("B"))

    summary = run(study, server, policy=RetryPolicy(first_pause_s=0.01, longest_pause_s=0.02))

    assert summary.counts == {AnswerState.ANSWERED: 12}


def test_wrong_key_stops_the_run_at_once_with_a_sentence(study: Study, server: LlmServer) -> None:
    for _ in range(20):
        study.committed()
    server.answers(Scripted(status=401, error_message=f"bad key {KEY}"))
    service = study.workspace.evaluation

    with pytest.raises(EndpointError, match="refused the API key") as caught:
        service.start(prepared(study, server), calling())

    assert KEY not in str(caught.value)
    assert len(server.seen) <= 4
    summary = service.runs()[0]
    assert (summary.run.status, summary.counts) == (RunStatus.PAUSED, {})


def test_endpoint_that_goes_on_failing_stops_the_run(study: Study, server: LlmServer) -> None:
    for _ in range(30):
        study.committed()
    server.answers(Scripted(status=404, error_message="no such model"))

    with pytest.raises(EndpointError, match="no such model"):
        study.workspace.evaluation.start(prepared(study, server), calling())

    assert len(server.seen) < 15


def test_resuming_asks_only_what_has_no_answer(study: Study, server: LlmServer) -> None:
    for _ in range(6):
        study.committed()
    server.answers(in_turn(Scripted(status=400), Scripted(status=400), Scripted("B")))
    first = run(study, server, concurrency=1)
    assert first.counts == {AnswerState.ANSWERED: 4, AnswerState.FAILED: 2}
    assert first.failures[0][1] == 2
    server.seen.clear()
    server.answers(Scripted("C"))

    second = study.workspace.evaluation.resume(first.run.id, calling()).value

    assert len(server.seen) == 2
    assert second.run.id == first.run.id
    assert second.counts == {AnswerState.ANSWERED: 6}
    assert second.run.status is RunStatus.FINISHED


def test_same_specification_goes_on_and_another_one_is_a_new_run(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    first = run(study, server)
    server.seen.clear()

    again = prepared(study, server)
    assert again.existing is not None
    assert study.workspace.evaluation.start(again, calling()).value.run.id == first.run.id
    assert server.seen == []

    other = study.workspace.evaluation.prepare(
        RunRequest("test-llm", server.base_url, temperature=0.7)
    )
    assert other.existing is None
    assert study.workspace.evaluation.start(other, calling()).value.run.id != first.run.id


def test_changed_question_is_another_run(study: Study, server: LlmServer) -> None:
    study.committed()
    before = prepared(study, server).spec.hash

    study.committed()

    assert prepared(study, server).spec.hash != before


def test_cancelling_keeps_what_is_finished(study: Study, server: LlmServer) -> None:
    for _ in range(20):
        study.committed()
    token = CancelToken()

    def script(_: Seen) -> Scripted:
        if len(server.seen) > 6:
            token.cancel()
        return Scripted("B", delay_s=0.05)

    server.answers(script)
    service = study.workspace.evaluation

    summary = service.start(prepared(study, server), calling(concurrency=2), cancel=token).value

    assert summary.run.status is RunStatus.PAUSED
    assert 4 <= summary.done < 20
    assert summary.done == len(service.answers(summary.run.id))
    asked = len(server.seen)
    server.answers(Scripted("B"))
    assert service.resume(summary.run.id, calling()).value.done == 20
    assert len(server.seen) - asked == 20 - summary.done


def test_answers_are_on_disk_while_the_run_goes_on(study: Study, server: LlmServer) -> None:
    for _ in range(3):
        study.committed()
    kept: list[int] = []
    path = study.workspace.path / "workspace.db"

    def script(_: Seen) -> Scripted:
        if len(server.seen) == 3:
            deadline = time.monotonic() + 5
            while not (kept and kept[-1] == 2) and time.monotonic() < deadline:
                with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as other:
                    kept.append(other.execute("select count(*) from answers").fetchone()[0])
                other.close()
        return Scripted("B")

    server.answers(script)

    run(study, server, concurrency=1)

    assert kept[-1] == 2


def test_run_left_running_by_a_crash_can_be_resumed(study: Study, server: LlmServer) -> None:
    revision = study.committed()
    server.answers(Scripted(status=400))
    summary = run(study, server)
    with sqlite3.connect(study.workspace.path / "workspace.db") as other:
        other.execute("update runs set status = 'running'")
    other.close()
    server.answers(Scripted("B"))

    assert not study.workspace.evaluation.runs()[0].is_active
    resumed = study.workspace.evaluation.resume(summary.run.id, calling()).value

    assert by_revision(study, resumed)[revision.id].state is AnswerState.ANSWERED


def test_one_run_is_not_started_twice_at_a_time(study: Study, server: LlmServer) -> None:
    study.committed()
    service = study.workspace.evaluation
    ready, go_on = threading.Event(), threading.Event()

    def script(_: Seen) -> Scripted:
        ready.set()
        go_on.wait(5)
        return Scripted("B")

    server.answers(script)
    preparation = prepared(study, server)
    first = threading.Thread(target=service.start, args=(preparation, calling()))
    first.start()
    assert ready.wait(5)

    assert service.runs()[0].is_active
    with pytest.raises(ConflictError, match="already under way"):
        service.start(preparation, calling())
    go_on.set()
    first.join()
    assert len(server.seen) == 1


def test_calls_are_in_flight_together_up_to_the_limit(study: Study, server: LlmServer) -> None:
    for _ in range(12):
        study.committed()
    server.answers(Scripted("B", delay_s=0.1))

    run(study, server, concurrency=4)

    assert 2 <= server.peak_in_flight <= 4


def test_pictures_on_the_wire_are_the_cleared_windowed_ones(
    study: Study, server: LlmServer
) -> None:
    revision = cleared(study)

    summary = run(study, server)

    expected = study.workspace.images.pictures(revision.body)
    sent = [b64decode(url.partition(",")[2]) for url in server.seen[0].picture_urls]
    assert sent == expected
    assert len(sent) == 1
    [answer] = study.workspace.evaluation.answers(summary.run.id)
    told = str(answer.details["pictures"])
    assert told.startswith("Image 1, frame 1: 128 × 128 pixels, window ")


def test_uncleared_image_blocks_its_question_on_the_wire(study: Study, server: LlmServer) -> None:
    hidden = study.committed(image="CT_small.dcm")
    study.committed()

    preparation = prepared(study, server)
    study.workspace.evaluation.start(preparation, calling())

    number = study.workspace.authoring.question(hidden.question).number
    assert [one.number for one in preparation.blocked] == [number]
    assert "not been cleared" in preparation.blocked[0].sentence
    assert (preparation.sendable, preparation.total) == (1, 2)
    assert len(server.seen) == 1
    assert server.seen[0].picture_urls == []


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_image_that_cannot_be_read_blocks_its_question(
    study: Study, server: LlmServer, damage: str
) -> None:
    revision = cleared(study)
    path = study.workspace.media_store.path(revision.body.images[0].media)
    path.chmod(0o600)
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")

    preparation = prepared(study, server)

    assert len(preparation.blocked) == 1
    assert preparation.sendable == 0
    with pytest.raises(ValidationError, match="no question"):
        study.workspace.evaluation.start(preparation, calling())
    assert server.seen == []


def test_image_that_vanished_after_the_look_is_never_sent(
    study: Study, server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = cleared(study)
    preparation = prepared(study, server)
    path = study.workspace.media_store.path(revision.body.images[0].media)
    path.unlink()
    # Opened images are kept for a while; a new service has not seen this one.
    monkeypatch.setattr(study.workspace.evaluation._looking, "_images", fresh_images(study))

    summary = study.workspace.evaluation.start(preparation, calling()).value

    assert server.seen == []
    assert summary.counts == {AnswerState.FAILED: 1}
    with pytest.raises(ConflictError, match="cannot go on: question 1"):
        study.workspace.evaluation.resume(summary.run.id, calling())


def fresh_images(study: Study) -> object:
    return type(study.workspace.images)(
        study.workspace._database.blind(), study.workspace.media_store
    )


def test_text_condition_sends_no_picture(study: Study, server: LlmServer) -> None:
    cleared(study)

    preparation = prepared(study, server, Condition.TEXT)
    study.workspace.evaluation.start(preparation, calling())

    assert server.seen[0].picture_urls == []


def test_image_condition_applies_to_questions_with_images_only(
    study: Study, server: LlmServer
) -> None:
    text_only = study.committed()
    shown = cleared(study)

    preparation = prepared(study, server, Condition.IMAGE)
    summary = study.workspace.evaluation.start(preparation, calling()).value

    states = {revision: one.state for revision, one in by_revision(study, summary).items()}
    assert states == {
        text_only.id: AnswerState.NOT_APPLICABLE,
        shown.id: AnswerState.ANSWERED,
    }
    assert len(server.seen) == 1
    assert shown.body.stem not in server.seen[0].text
    assert summary.run.status is RunStatus.FINISHED


def test_key_is_in_no_file_no_log_and_no_answer(
    study: Study, server: LlmServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    study.committed()
    study.committed(AnswerFormat.YES_NO)
    server.answers(in_turn(Scripted(status=400, error_message=f"bad {KEY}"), Scripted("B")))

    summary = run(study, server)

    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    files = [one for one in study.workspace.path.rglob("*") if one.is_file()]
    assert len(files) >= 1
    assert not [one.name for one in files if KEY.encode() in one.read_bytes()]
    assert KEY not in caplog.text
    assert KEY not in repr(study.workspace.evaluation.answers(summary.run.id))
    assert KEY not in repr(calling())


def test_loopback_needs_no_key_and_elsewhere_one_is_asked_for(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    run(study, server, api_key=None)
    assert server.seen[0].headers["authorization"] == "Bearer none"

    elsewhere = study.workspace.evaluation.prepare(RunRequest("m", "https://llm.invalid/v1"))
    with pytest.raises(LlmError, match="no API key"):
        study.workspace.evaluation.start(elsewhere, calling(api_key=None))


def test_unverified_questions_are_taken_only_while_none_is_verified(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    study.drafted()
    assert prepared(study, server).is_unverified
    assert prepared(study, server).total == 1
    question = study.blinded()
    for verifier in study.verifiers:
        study.verify(question, verifier)
    study.workspace.adjudication.accept([question], study.lead.id)

    preparation = prepared(study, server)

    assert not preparation.is_unverified
    assert preparation.spec.revisions == (
        study.workspace.authoring.question(question).current_revision,
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (RunRequest(" ", "http://127.0.0.1/v1"), "llm"),
        (RunRequest("m", "nowhere"), "base_url"),
        (RunRequest("m", "http://127.0.0.1/v1", temperature=3), "temperature"),
        (RunRequest("m", "http://127.0.0.1/v1", max_tokens=0), "max_tokens"),
    ],
)
def test_wrong_request_names_its_field(study: Study, wrong: RunRequest, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        study.workspace.evaluation.prepare(wrong)
    assert caught.value.field == field


def test_plain_http_elsewhere_is_warned_about(study: Study) -> None:
    preparation = study.workspace.evaluation.prepare(RunRequest("m", "http://llm.invalid/v1"))

    assert "unencrypted" in preparation.warning


def test_watching_shows_counts_and_the_newest_reply_first(study: Study, server: LlmServer) -> None:
    for _ in range(3):
        study.committed()
    server.answers(in_turn(Scripted("A"), Scripted("Perhaps."), Scripted(status=400)))
    seen: list[Watch] = []

    study.workspace.evaluation.start(
        prepared(study, server), calling(concurrency=1), watch=seen.append
    )

    last = seen[-1]
    assert last.counts == {
        AnswerState.ANSWERED: 1,
        AnswerState.NO_ANSWER: 1,
        AnswerState.FAILED: 1,
    }
    assert [one.number for one in last.latest] == [3, 2, 1]
    assert "did not accept" in last.latest[0].text
    assert last.latest[1].text == "Perhaps."
    assert last.failures[0][1] == 1


def test_full_disk_stops_the_run_and_says_so(
    study: Study, server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.committed()
    preparation = prepared(study, server)
    service = study.workspace.evaluation

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(Running, "store", full)

    with pytest.raises(StorageError, match="disk is full"):
        service.start(preparation, calling())
    assert service.runs()[0].run.status is RunStatus.PAUSED


def test_preview_is_what_is_sent(study: Study, server: LlmServer) -> None:
    revision = cleared(study)
    service = study.workspace.evaluation
    preview = service.preview(revision.id, Condition.BOTH, "default-1")

    run(study, server)

    assert preview.prompt.text == server.seen[0].text
    assert preview.prompt.system == server.seen[0].body["messages"][0]["content"]
    assert preview.picture_count == 1


def test_connection_test_answers_or_says_why(study: Study, server: LlmServer) -> None:
    service = study.workspace.evaluation
    assert service.check_endpoint(server.base_url, "m", calling()).elapsed_s > 0
    assert server.seen[0].body["model"] == "m"

    server.answers(Scripted(status=403))
    with pytest.raises(LlmError, match="refused the API key"):
        service.check_endpoint(server.base_url, "m", calling())
    server.answers(Scripted(status=503))
    with pytest.raises(LlmError, match="HTTP 503"):
        service.check_endpoint(server.base_url, "m", calling())
    assert len(server.seen) == 3


def test_slow_drip_is_given_up(study: Study, server: LlmServer) -> None:
    study.committed()
    server.answers(Scripted("B", drips_s=0.02))

    summary = run(
        study,
        server,
        policy=RetryPolicy(attempts=1),
        make_client=lambda url, key: OpenAiClient(url, key, timeout_s=0.3),
    )

    assert "within 0.3 seconds" in summary.failures[0][0]


def test_replies_of_a_run_name_question_state_and_words(study: Study, server: LlmServer) -> None:
    study.committed()
    study.committed()
    server.answers(in_turn(Scripted("B"), Scripted(status=400)))

    summary = run(study, server, concurrency=1)

    replies = study.workspace.evaluation.replies(summary.run.id)
    assert [(one.number, one.state) for one in replies] == [
        (1, AnswerState.ANSWERED),
        (2, AnswerState.FAILED),
    ]
    assert replies[0].text == "B"
    assert "did not accept" in replies[1].text
