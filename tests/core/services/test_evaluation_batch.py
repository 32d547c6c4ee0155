"""A run by the Batch API: handed in, looked at, collected, over several starts of the program."""

import pytest

from core.domain.answer import AnswerState
from core.domain.run import RunStatus
from core.errors import LlmError
from core.llm.batch import in_files, request_line
from core.llm.client import Api
from core.services.evaluation_records import Calling, Preparation, RunRequest
from core.workspace import open_workspace
from tests.batch_server import BatchServer
from tests.llm_server import LlmServer, Scripted, Seen
from tests.study import Study

KEY = "sk-very-secret-0123456789"
CALLING = Calling(api_key=KEY, timeout_s=5)


def answers_b(body: dict) -> tuple[int, dict]:
    path = "/v1/responses" if "input" in body else "/v1/chat/completions"
    script = Scripted("B")
    import json

    return 200, json.loads(script.payload(Seen(path, {}, body)))


@pytest.fixture
def server():
    with BatchServer(answers_b) as running:
        yield running


def prepared(study: Study, server: BatchServer, api: Api = Api.CHAT) -> Preparation:
    return study.workspace.evaluation.prepare(RunRequest("m", server.base_url, api=api))


@pytest.mark.parametrize("api", list(Api))
def test_batch_is_handed_in_once_and_collected_when_it_is_done(
    study: Study, server: BatchServer, api: Api
) -> None:
    for _ in range(5):
        study.committed()
    service = study.workspace.evaluation

    first = service.batch(prepared(study, server, api), CALLING).value
    again = service.batch(prepared(study, server, api), CALLING).value
    server.work()
    done = service.batch(prepared(study, server, api), CALLING).value

    assert first.is_waiting
    assert (again.is_waiting, again.stored) == (True, 0)
    assert (done.is_waiting, done.stored) == (False, 5)
    assert len(server.lines) == 5
    summary = service.runs()[0]
    assert summary.counts == {AnswerState.ANSWERED: 5}
    assert summary.run.status is RunStatus.FINISHED


def test_batch_asks_exactly_what_a_run_asks(study: Study, server: BatchServer) -> None:
    study.committed()
    study.workspace.evaluation.batch(prepared(study, server), CALLING)
    with LlmServer(Scripted("B")) as direct:
        service = study.workspace.evaluation
        service.start(service.prepare(RunRequest("m", direct.base_url)), CALLING)

        assert server.lines[0]["body"] == direct.seen[0].body
    assert server.lines[0]["url"] == "/v1/chat/completions"


def test_replies_belong_to_their_questions_in_whatever_order_they_come(
    study: Study, server: BatchServer
) -> None:
    revisions = [study.committed() for _ in range(4)]
    asked: list[str] = []

    def by_turn(body: dict) -> tuple[int, dict]:
        asked.append(body["messages"][-1]["content"])
        reply = answers_b(body)[1]
        reply["choices"][0]["message"]["content"] = "ABCD"[len(asked) - 1]
        return 200, reply

    server.answer = by_turn
    service = study.workspace.evaluation
    service.batch(prepared(study, server), CALLING)
    server.work()
    service.batch(prepared(study, server), CALLING)

    found = {one.revision: one.raw_text for one in service.answers(service.runs()[0].run.id)}
    assert [found[one.id] for one in revisions] == ["A", "B", "C", "D"]


def test_batch_is_collected_by_another_start_of_the_program(
    study: Study, server: BatchServer
) -> None:
    study.committed()
    study.workspace.evaluation.batch(prepared(study, server), CALLING)
    path = study.workspace.path
    study.workspace.close()
    server.work()

    with open_workspace(path) as opened:
        service = opened.evaluation
        done = service.batch(service.prepare(RunRequest("m", server.base_url)), CALLING).value

    assert done.stored == 1


def test_failed_and_missing_requests_are_handed_in_again(study: Study, server: BatchServer) -> None:
    for _ in range(4):
        study.committed()
    seen: list[dict] = []

    def first_fails(body: dict) -> tuple[int, dict]:
        seen.append(body)
        return (400, {"error": {"message": f"bad {KEY}"}}) if len(seen) == 1 else answers_b(body)

    server.answer = first_fails
    service = study.workspace.evaluation
    service.batch(prepared(study, server), CALLING)
    server.work(status="expired", share=0.5)
    service.batch(prepared(study, server), CALLING)
    half = service.runs()[0]
    service.batch(prepared(study, server), CALLING)
    server.work()
    service.batch(prepared(study, server), CALLING)

    assert half.counts == {AnswerState.FAILED: 1, AnswerState.ANSWERED: 1}
    assert "HTTP 400" in half.failures[0][0]
    assert KEY not in half.failures[0][0]
    assert service.runs()[0].counts == {AnswerState.ANSWERED: 4}
    assert len(server.lines) == 4 + 3


def test_endpoint_without_batches_is_a_sentence(study: Study) -> None:
    study.committed()
    with LlmServer(Scripted(status=404)) as server:
        service = study.workspace.evaluation
        with pytest.raises(LlmError):
            service.batch(service.prepare(RunRequest("m", server.base_url)), CALLING)
    assert service.runs()[0].run.status is RunStatus.PAUSED


def test_files_stay_within_the_limits_and_lose_nothing() -> None:
    lines = [request_line(str(number), b"{}", "/chat/completions") for number in range(10)]

    groups = list(in_files(lines, most_bytes=3 * len(lines[0]), most_requests=50))

    assert [line for group in groups for line in group] == lines
    assert max(map(len, groups)) == 3
    assert [len(group) for group in in_files(lines, most_requests=4)] == [4, 4, 2]
