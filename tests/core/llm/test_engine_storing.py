"""What waits is stored together, and a call keeps its place until its result is stored."""

import asyncio
from collections.abc import Sequence
from threading import Lock

import pytest

from core.errors import StorageError
from core.llm.client import LlmReply, LlmRequest
from core.llm.engine import Built, Plan, Result, ask_all
from core.llm.retry import RetryPolicy


class Desk:
    """Answers at once and counts calls that are not stored yet."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.stored: list[int] = []
        self.most_open = 0
        self._open = 0
        self._fails_at = fails_at
        self._lock = Lock()

    async def ask(self, request: LlmRequest) -> LlmReply:
        with self._lock:
            self._open += 1
            self.most_open = max(self.most_open, self._open)
        await asyncio.sleep(0)
        return LlmReply("B")

    async def close(self) -> None:
        pass

    def store(self, results: Sequence[Result[int, None]]) -> None:
        if self._fails_at is not None and len(self.stored) >= self._fails_at:
            raise StorageError("The disk is full.")
        with self._lock:
            self._open -= len(results)
            self.stored += [one.key for one in results]

    def plan(self, concurrency: int) -> Plan[int, None]:
        return Plan(
            build=lambda keys: [Built(LlmRequest("m", "", str(key)), None) for key in keys],
            store=self.store,
            make_client=lambda: self,
            policy=RetryPolicy(),
            concurrency=concurrency,
            is_cancelled=lambda: False,
        )


@pytest.mark.parametrize("concurrency", [1, 3, 4, 9, 64])
def test_never_more_results_are_open_than_calls_may_be_under_way(concurrency: int) -> None:
    desk = Desk()

    ask_all(range(300), desk.plan(concurrency))

    assert sorted(desk.stored) == list(range(300))
    assert desk.most_open <= concurrency


def test_full_disk_ends_the_run_and_keeps_what_was_stored() -> None:
    desk = Desk(fails_at=40)

    with pytest.raises(StorageError):
        ask_all(range(1000), desk.plan(8))

    assert 40 <= len(set(desk.stored)) == len(desk.stored) < 1000
