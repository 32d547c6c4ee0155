"""What calls may have cost counts against the ceiling also after the program was started again."""

import socket
from dataclasses import replace

import pytest

from core.domain.answer import AnswerState
from core.errors import LlmError
from core.llm.budget import Price
from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, CeilingError, RunRequest
from core.tasks import CancelToken
from core.workspace import open_workspace
from tests.llm_server import LlmServer, Scripted, Seen, in_turn
from tests.study import Study

ONCE = RetryPolicy(attempts=1)
PRICED = Calling(concurrency=1, policy=ONCE, price=Price(0, 10_000.0, "2026-01-05"))
MOST = 0.2
"""Twenty tokens of a reply at this price; a prompt costs nothing."""
COST = 0.03
"""What a reply of the server costs: three tokens."""
CUT = Scripted(resets=True)


@pytest.fixture
def server():
    with LlmServer(Scripted("B")) as running:
        yield running


def asked(server: LlmServer) -> RunRequest:
    return RunRequest("test-llm", server.base_url, max_tokens=20)


def start(workspace, server: LlmServer, calling: Calling = PRICED, **more):
    service = workspace.evaluation
    return service.start(service.prepare(asked(server)), calling, **more).value


def test_failed_call_counts_against_the_ceiling_of_the_program_started_next(
    study: Study, server: LlmServer
) -> None:
    for _ in range(3):
        study.committed()
    server.answers(in_turn(CUT, Scripted("B"), CUT))
    path = study.workspace.path
    assert start(study.workspace, server).counts[AnswerState.FAILED] == 2
    study.workspace.close()
    server.answers(Scripted("B"))
    sent = len(server.seen)

    known = 2 * MOST + COST
    with open_workspace(path) as workspace:
        for room, calls in ((-0.01, 0), (0.01, 1)):
            with pytest.raises(CeilingError):
                start(workspace, server, replace(PRICED, ceiling=known + MOST + room))
            assert len(server.seen) == sent + calls


def test_failed_call_that_was_repeated_counts_still_and_a_reading_does_not(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    patient = replace(PRICED, policy=RetryPolicy(attempts=3, first_pause_s=0.0))
    server.answers(in_turn(CUT, CUT, Scripted("Perhaps.")))
    summary = start(study.workspace, server, patient)
    (answer,) = study.workspace.evaluation.answers(summary.run.id)
    study.workspace.readings.correct(answer.id, None, "It says nothing.")

    tally = study.workspace.replies.tally(summary.run.id)

    assert tally.cost == pytest.approx(COST)
    assert tally.unknown_cost == pytest.approx(2 * MOST)
    assert study.workspace.replies.tallies()[summary.run.id].unknown_cost == tally.unknown_cost


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_call_that_was_surely_not_answered_costs_nothing(
    study: Study, server: LlmServer, status: int
) -> None:
    study.committed()
    server.answers(Scripted(status=status))
    summary = start(study.workspace, server)
    assert study.workspace.replies.tally(summary.run.id).unknown_cost == 0


def test_connection_that_was_refused_costs_nothing(study: Study) -> None:
    study.committed()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = study.workspace.evaluation
    nowhere = RunRequest("test-llm", f"http://127.0.0.1:{port}/v1", max_tokens=20)

    summary = service.start(service.prepare(nowhere), PRICED).value

    assert summary.counts == {AnswerState.FAILED: 1}
    assert study.workspace.replies.tally(summary.run.id).unknown_cost == 0


def test_reply_that_tells_no_tokens_counts_in_full(study: Study, server: LlmServer) -> None:
    study.committed()
    body = b'{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,'
    body += b'"finish_reason":"stop","message":{"role":"assistant","content":"B"}}]}'
    server.answers(Scripted(raw=body))
    summary = start(study.workspace, server)
    assert summary.counts == {AnswerState.ANSWERED: 1}
    assert study.workspace.replies.tally(summary.run.id).unknown_cost == pytest.approx(MOST)


def test_call_that_was_stopped_under_way_counts_on_resume(study: Study, server: LlmServer) -> None:
    study.committed()
    token = CancelToken()

    def stops(_: Seen) -> Scripted:
        token.cancel()
        return Scripted("B", delay_s=2.0)

    server.answers(stops)
    hasty = replace(PRICED, finish_s=0.05)
    path = study.workspace.path
    run = start(study.workspace, server, hasty, cancel=token).run.id
    study.workspace.close()

    with open_workspace(path) as workspace:
        assert workspace.replies.tally(run).unknown_cost == pytest.approx(MOST)
        server.answers(Scripted("B"))
        with pytest.raises(CeilingError):
            start(workspace, server, replace(PRICED, ceiling=1.5 * MOST))


def test_wrong_key_costs_nothing_however_many_calls_were_under_way(
    study: Study, server: LlmServer
) -> None:
    for _ in range(6):
        study.committed()
    server.answers(in_turn(Scripted(status=401), *[Scripted(status=401, delay_s=0.5)] * 5))
    with pytest.raises(LlmError):
        start(study.workspace, server, replace(PRICED, concurrency=6))
    (summary,) = study.workspace.evaluation.runs()
    assert study.workspace.replies.tally(summary.run.id).unknown_cost == 0
