"""How a run ends for everything a server can do, and what goes over the wire at all."""

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import cv2
import numpy as np
import pytest

from core.domain.answer import AnswerState
from core.domain.media import Blackout, View, Window
from core.domain.run import RunStatus
from core.errors import CoreError
from core.llm.client import Api, EndpointError
from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, RunRequest, RunSummary
from tests.flawed_images import spoil, with_picture
from tests.llm_server import LlmServer, Scripted, Seen, in_turn
from tests.study import Study

FAST = RetryPolicy(attempts=2, first_pause_s=0.01, longest_pause_s=0.02)
CALLING = Calling(concurrency=4, policy=FAST, timeout_s=0.5)
NO_PARAMETERS = RunRequest("m", "")


@pytest.fixture
def server():
    with LlmServer(Scripted("B")) as running:
        yield running


def run(
    study: Study, server: LlmServer, api: Api = Api.CHAT, *, is_streaming: bool = False
) -> RunSummary:
    service = study.workspace.evaluation
    request = RunRequest("m", server.base_url, api=api)
    calling = replace(CALLING, is_streaming=is_streaming)
    return service.start(service.prepare(request), calling).value


ENDS = [
    (Scripted("B"), AnswerState.ANSWERED, "", 1),
    (Scripted(""), AnswerState.NO_ANSWER, "", 1),
    (Scripted(None, refusal="No."), AnswerState.REFUSED, "", 1),
    (Scripted(None, finish_reason="content_filter"), AnswerState.REFUSED, "", 1),
    (Scripted(status=400, error_message="no pictures"), AnswerState.FAILED, "no pictures", 1),
    (Scripted(status=404, error_message="no model"), AnswerState.FAILED, "HTTP 404", 1),
    (Scripted(status=408), AnswerState.FAILED, "HTTP 408", 2),
    (Scripted(status=500), AnswerState.FAILED, "HTTP 500", 2),
    (Scripted(status=429), AnswerState.FAILED, "HTTP 429", 12),
    (Scripted(status=503), AnswerState.FAILED, "HTTP 503", 12),
    (Scripted(raw=b'{"choices": ['), AnswerState.FAILED, "not a chat completion", 2),
    (Scripted(announced_bytes=99, events=1), AnswerState.FAILED, "cut the connection", 2),
    (Scripted(resets=True), AnswerState.FAILED, "cut the connection", 2),
    (Scripted("B", drips_s=0.02), AnswerState.FAILED, "within 0.5 seconds", 2),
    (
        Scripted(raw=b"<html>", content_type="text/html"),
        AnswerState.FAILED,
        "not a chat completion",
        1,
    ),
]


@pytest.mark.parametrize("is_streaming", [False, True])
@pytest.mark.parametrize("api", list(Api))
@pytest.mark.parametrize(("scripted", "state", "sentence", "calls"), ENDS)
def test_everything_a_server_does_has_its_state_sentence_and_number_of_calls(
    study: Study,
    server: LlmServer,
    api: Api,
    scripted: Scripted,
    state: AnswerState,
    sentence: str,
    calls: int,
    is_streaming: bool,
) -> None:
    study.committed()
    server.answers(scripted)

    summary = run(study, server, api, is_streaming=is_streaming)

    assert summary.counts == {state: 1}
    said = summary.failures[0][0] if summary.failures else ""
    assert sentence in said
    assert bool(said) is (state is AnswerState.FAILED)
    assert len(server.seen) == calls
    is_failed = state is AnswerState.FAILED
    assert summary.run.status is (RunStatus.PAUSED if is_failed else RunStatus.FINISHED)


STREAMED_ENDS = [
    (Scripted("Answer: B", events=0), AnswerState.FAILED, "cut the connection", 2),
    (Scripted("Answer: B", events=4), AnswerState.FAILED, "cut the connection", 2),
    (Scripted("Answer: B", events=4, announced_bytes=9), AnswerState.FAILED, "cut the", 2),
    (Scripted("Answer: B", finish_reason="length"), AnswerState.NO_ANSWER, "", 1),
    (Scripted("B", thinking="C? No."), AnswerState.ANSWERED, "", 1),
]


@pytest.mark.parametrize("api", list(Api))
@pytest.mark.parametrize(("scripted", "state", "sentence", "calls"), STREAMED_ENDS)
def test_stream_that_ends_too_early_answers_nothing(
    study: Study,
    server: LlmServer,
    api: Api,
    scripted: Scripted,
    state: AnswerState,
    sentence: str,
    calls: int,
) -> None:
    study.committed()
    server.answers(scripted)

    summary = run(study, server, api, is_streaming=True)

    assert summary.counts == {state: 1}
    assert sentence in (summary.failures[0][0] if summary.failures else "")
    assert len(server.seen) == calls


@pytest.mark.parametrize("api", list(Api))
def test_stream_tells_when_the_first_and_the_last_byte_came(
    study: Study, server: LlmServer, api: Api
) -> None:
    study.committed()
    server.answers(Scripted("B", drips_s=0.0002))

    summary = run(study, server, api, is_streaming=True)

    (answer,) = study.workspace.evaluation.answers(summary.run.id)
    assert answer.elapsed_s is not None
    assert 0 < float(answer.details["first_byte_s"]) < answer.elapsed_s


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_key_ends_the_run_with_the_first_reply(
    study: Study, server: LlmServer, status: int
) -> None:
    for _ in range(12):
        study.committed()
    server.answers(Scripted(status=status))

    with pytest.raises(EndpointError, match=f"refused the API key .HTTP {status}"):
        run(study, server)

    assert len(server.seen) <= CALLING.concurrency
    assert study.workspace.evaluation.runs()[0].counts == {}


@pytest.mark.parametrize("form", ["seconds", "date", "milliseconds"])
def test_pause_that_a_busy_server_asks_for_is_kept(
    study: Study, server: LlmServer, form: str
) -> None:
    study.committed()
    times: list[datetime] = []

    def busy_once(_: Seen) -> Scripted:
        times.append(datetime.now(UTC))
        if len(times) > 1:
            return Scripted("B")
        # A date has whole seconds: two ahead is at least one away.
        date = format_datetime(times[0] + timedelta(seconds=2), usegmt=True)
        asked = {
            "seconds": {"Retry-After": "1"},
            "date": {"Retry-After": date},
            "milliseconds": {"retry-after-ms": "1000"},
        }
        return Scripted(status=429, headers=asked[form])

    server.answers(busy_once)

    assert run(study, server).counts == {AnswerState.ANSWERED: 1}
    assert (times[1] - times[0]).total_seconds() >= 0.9


def test_server_that_takes_few_calls_at_a_time_gets_fewer_and_every_answer_comes(
    study: Study, server: LlmServer
) -> None:
    for _ in range(120):
        study.committed()
    most, refused = 4, []

    def takes_few(_: Seen) -> Scripted:
        if server.in_flight > most:
            refused.append(len(server.seen))
            return Scripted(status=429)
        return Scripted("B", delay_s=0.02)

    server.answers(takes_few)
    service = study.workspace.evaluation
    calling = Calling(concurrency=32, policy=RetryPolicy(first_pause_s=0.02, longest_pause_s=0.2))

    summary = service.start(service.prepare(RunRequest("m", server.base_url)), calling).value

    assert summary.counts == {AnswerState.ANSWERED: 120}
    half = len(server.seen) // 2
    first, second = (sum(one <= half for one in refused), sum(one > half for one in refused))
    assert second <= first


def sent_pixels(seen: Seen) -> np.ndarray:
    png = b64decode(seen.picture_urls[0].partition(",")[2])
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def test_sent_picture_is_the_cleared_one_under_its_window(study: Study, server: LlmServer) -> None:
    with_picture(study, view=View(Window(1_000, 300)), blackouts=(Blackout(10, 20, 30, 40),))
    with_picture(study, view=View(Window(200, 900)), blackouts=())

    run(study, server)

    first, second = sorted((sent_pixels(seen) for seen in server.seen), key=np.mean)
    blacked, plain = (first, second) if first[20:60, 10:40].max() == 0 else (second, first)
    assert blacked[20:60, 10:40].max() == 0
    assert plain[20:60, 10:40].max() > 0
    assert (blacked != plain)[70:].mean() > 0.2, "the windows must differ"
    for seen in server.seen:
        png = b64decode(seen.picture_urls[0].partition(",")[2])
        assert b"DICM" not in png
        assert b"CompressedSamples" not in png


@pytest.mark.parametrize("flaw", ["unconfirmed", "missing", "damaged"])
@pytest.mark.parametrize("is_known_before", [True, False])
def test_question_with_a_flawed_image_is_never_on_the_wire(
    study: Study, server: LlmServer, flaw: str, is_known_before: bool
) -> None:
    revision = with_picture(study, view=View(), blackouts=())
    study.committed()
    service = study.workspace.evaluation
    request = RunRequest("m", server.base_url)
    preparation = service.prepare(request)
    spoil(study, revision, flaw)
    if is_known_before:
        preparation = service.prepare(request)

    summary = service.start(preparation, CALLING).value

    assert [seen.picture_urls for seen in server.seen] == [[]]
    assert len(preparation.blocked) == is_known_before
    assert summary.counts.get(AnswerState.FAILED, 0) == (not is_known_before)


def test_damaged_drawing_is_drawn_anew(study: Study, server: LlmServer) -> None:
    with_picture(study, view=View(), blackouts=())
    service = study.workspace.evaluation
    preparation = service.prepare(RunRequest("m", server.base_url))
    kept = (one for one in (study.workspace.path / "drawn").rglob("*") if one.is_file())
    drawn = [one for one in kept if b"PNG" in one.read_bytes()]
    whole = drawn[0].read_bytes()
    drawn[0].write_bytes(whole[:-1] + b"?")

    service.start(preparation, CALLING)

    assert b64decode(server.seen[0].picture_urls[0].partition(",")[2]) == whole[32:]
    assert [one.read_bytes() for one in drawn] == [whole]


def test_answer_carries_the_identity_of_all_it_depends_on(study: Study, server: LlmServer) -> None:
    study.committed()
    service = study.workspace.evaluation

    def identity(**changes: object) -> str:
        request = RunRequest(**{"llm": "m", "base_url": server.base_url} | changes)
        summary = service.start(service.prepare(request), CALLING).value
        return str(service.answers(summary.run.id)[0].details["identity_sha256"])

    different = [
        identity(),
        identity(llm="n"),
        identity(temperature=0.5),
        identity(max_tokens=9),
        identity(seed=7),
        identity(effort="low"),
        identity(api=Api.RESPONSES),
        identity(is_structured=True),
    ]
    with LlmServer(Scripted("B")) as elsewhere:
        different.append(identity(base_url=elsewhere.base_url))

    assert len(set(different)) == len(different)
    assert identity() == different[0]


def test_wrong_reply_then_right_one_is_an_answer_and_counts_the_calls(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    server.answers(in_turn(Scripted(resets=True), Scripted("B")))

    summary = run(study, server)

    assert study.workspace.evaluation.answers(summary.run.id)[0].details["attempts"] == 2


def test_image_too_large_to_send_is_blocked_with_its_size(
    study: Study, server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_picture(study, view=View(), blackouts=())
    monkeypatch.setattr("core.services.evaluation.requests.MOST_PICTURE_BYTES", 1_000)

    preparation = study.workspace.evaluation.prepare(RunRequest("m", server.base_url))

    assert preparation.blocked[0].reason.value == "too_large"
    with pytest.raises(CoreError):
        study.workspace.evaluation.start(preparation, CALLING)
    assert server.seen == []
