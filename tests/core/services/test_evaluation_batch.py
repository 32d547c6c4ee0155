"""A run by the Batch API: handed in, looked at, collected, over several starts of the program."""

import json
from dataclasses import replace

import pytest

from core.domain.answer import AnswerState
from core.domain.media import View
from core.domain.run import RunStatus
from core.errors import LlmError
from core.llm.batch import in_files, request_line
from core.llm.budget import Price, most_prompt_tokens
from core.llm.client import Api, LlmRequest
from core.services.evaluation.batch import BatchBook
from core.services.evaluation.records import (
    Calling,
    CeilingError,
    Preparation,
    RunRequest,
    spent_on,
)
from core.workspace import open_workspace
from tests.batch_server import BatchServer, answers_b
from tests.flawed_images import spoil, with_picture
from tests.llm_server import LlmServer, Scripted
from tests.study import Study

KEY = "sk-very-secret-0123456789"
CALLING = Calling(api_key=KEY, timeout_s=5)


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


PRICE = Price(1_000.0, 1_000.0, "2026-01-05")


def ceiled(ceiling: float) -> Calling:
    return replace(CALLING, price=PRICE, ceiling=ceiling)


def most_of_a_call(study: Study, server: BatchServer) -> float:
    """What one call may cost at most: its words and the longest reply."""
    found: list[float] = []
    look = study.workspace.evaluation._looking

    def note(_: object, request: LlmRequest) -> None:
        found.append(PRICE.of(most_prompt_tokens(request), request.max_tokens))

    look.look(RunRequest("m", server.base_url, max_tokens=8), note)
    return max(found)


def short(study: Study, server: BatchServer) -> Preparation:
    return study.workspace.evaluation.prepare(RunRequest("m", server.base_url, max_tokens=8))


def test_ceiling_lets_only_what_surely_fits_into_a_batch_and_the_rest_into_the_next(
    study: Study, server: BatchServer
) -> None:
    for _ in range(6):
        study.committed()
    service = study.workspace.evaluation
    most = most_of_a_call(study, server)
    ceiling = ceiled(2.5 * most)

    first = service.batch(short(study, server), ceiling).value
    waiting = service.batch(short(study, server), ceiling).value
    server.work()
    service.batch(short(study, server), ceiling)
    handed_in = len(server.lines)
    second = service.batch(short(study, server), ceiling).value

    assert (first.total, first.held_back) == (2, 4)
    assert (waiting.total, waiting.held_back) == (2, 0), "nothing more while a batch is open"
    assert handed_in == 2
    assert second.total >= 2, "the first batch cost less than it might have"
    answers = service.answers(service.runs()[0].run.id)
    assert spent_on(answers) + (len(server.lines) - 2) * most <= ceiling.ceiling


def until_nothing_is_left(study: Study, server: BatchServer, ceiling: float) -> None:
    while study.workspace.evaluation.batch(short(study, server), ceiled(ceiling)).value.batches:
        server.work()


def test_batches_under_a_ceiling_come_to_the_end_of_the_run_or_to_a_sentence(
    study: Study, server: BatchServer
) -> None:
    for _ in range(6):
        study.committed()
    service = study.workspace.evaluation
    most = most_of_a_call(study, server)

    def costs_all_it_may(body: dict) -> tuple[int, dict]:
        status, reply = answers_b(body)
        return status, reply | {"usage": {"prompt_tokens": int(most * 1_000)}}

    server.answer = costs_all_it_may
    with pytest.raises(CeilingError, match="No batch was handed in"):
        until_nothing_is_left(study, server, 2.5 * most)
    answers = service.answers(service.runs()[0].run.id)
    assert len(answers) == 2
    assert spent_on(answers) <= 2.5 * most

    until_nothing_is_left(study, server, 6.5 * most)
    assert service.runs()[0].run.status is RunStatus.FINISHED
    assert len(server.lines) == 6, "no call was handed in twice"


def test_ceiling_below_one_call_hands_nothing_in(study: Study, server: BatchServer) -> None:
    study.committed()
    ceiling = 0.9 * most_of_a_call(study, server)

    with pytest.raises(CeilingError):
        study.workspace.evaluation.batch(short(study, server), ceiled(ceiling))

    assert (server.files, server.batches) == ({}, {})
    assert study.workspace.evaluation.runs()[0].run.status is RunStatus.PAUSED


def test_money_of_an_open_batch_is_not_spent_by_calls_beside_it(
    study: Study, server: BatchServer
) -> None:
    for _ in range(3):
        study.committed()
    service = study.workspace.evaluation
    ceiling = 3.5 * most_of_a_call(study, server)
    service.batch(short(study, server), ceiled(ceiling))

    with pytest.raises(CeilingError):
        service.start(short(study, server), ceiled(ceiling))

    assert service.runs()[0].done == 0


def test_batches_noted_by_an_earlier_program_are_collected(
    study: Study, server: BatchServer
) -> None:
    study.committed()
    service = study.workspace.evaluation
    service.batch(prepared(study, server), CALLING)
    run, database = service.runs()[0].run.id, service._database
    with database.write() as tx:
        tx.settings.set(f"batches:{run}", json.dumps(["batch-1"]))
    server.work()

    assert service.batch(prepared(study, server), CALLING).value.stored == 1
    assert BatchBook(database, run).open() == []


@pytest.mark.parametrize("flaw", ["unconfirmed", "missing", "damaged"])
def test_question_whose_image_got_a_flaw_is_in_no_batch(
    study: Study, server: BatchServer, flaw: str
) -> None:
    revision = with_picture(study, view=View(), blackouts=())
    study.committed()
    preparation = prepared(study, server)
    spoil(study, revision, flaw)

    study.workspace.evaluation.batch(preparation, CALLING)

    assert len(server.lines) == 1
    assert "image_url" not in json.dumps(server.lines)
