"""A run by the Batch API: handed in as files, looked at later, collected when it is done.

Which batches belong to a run is kept in the workspace, so that another start of the program, or
another computer with the same workspace, collects them. A call is named by its place in the run.
Under a ceiling only as much is handed in as surely stays below it; the next time, when it is known
what that cost, more of it goes.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import CoreError, LlmError
from core.llm.batch import Batch, BatchClient, BatchState, Collected, in_files, request_line
from core.llm.client import Api, CallError
from core.llm.engine import Result
from core.llm.retry import Patient
from core.services.evaluation.records import CeilingError

if TYPE_CHECKING:
    from core.domain.ids import RunId
    from core.llm.budget import Budget
    from core.llm.client import LlmRequest
    from core.llm.variants import Ask
    from core.services.blind_ports import BlindDatabase
    from core.services.evaluation.records import Calling, Sent
    from core.services.evaluation.running import Running

_SETTING: Final = "batches"
_STEP: Final = 16


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far the batches of a run are, and how many replies were stored just now."""

    batches: tuple[Batch, ...]
    stored: int = 0
    held_back: int = 0
    """Calls that were not handed in: with them the run might cost more than it may."""

    @property
    def is_waiting(self) -> bool:
        """Whether the endpoint is still at it."""
        return any(one.state is BatchState.WAITING for one in self.batches)

    @property
    def done(self) -> int:
        """Requests that the endpoint has finished."""
        return sum(one.done for one in self.batches)

    @property
    def total(self) -> int:
        """Requests that were handed in."""
        return sum(one.total for one in self.batches)


class BatchBook:
    """Which batches of a run are open and what they may cost, in the settings of the workspace."""

    def __init__(self, database: BlindDatabase, run: RunId) -> None:
        self._database = database
        self._name = f"{_SETTING}:{run}"

    def open(self) -> list[str]:
        """Return the ids of batches that were not collected yet."""
        return list(self._costs())

    def reserved(self) -> float:
        """Return the most that the open batches can cost."""
        return sum(self._costs().values())

    def add(self, batch: str, most: float) -> None:
        """Note a batch that was handed in, and the most that it can cost."""
        self._set(self._costs() | {batch: most})

    def close(self, batch: str) -> None:
        """Take out a batch that was collected."""
        self._set({one: most for one, most in self._costs().items() if one != batch})

    def _costs(self) -> dict[str, float]:
        with self._database.read() as tx:
            kept = json.loads(tx.settings.get(self._name, "{}"))
        # Earlier programs kept a list of ids.
        return dict.fromkeys(kept, 0.0) if isinstance(kept, list) else kept

    def _set(self, costs: dict[str, float]) -> None:
        with self._database.write() as tx:
            tx.settings.set(self._name, json.dumps(costs))


class Batching:
    """The batches of one run."""

    def __init__(self, book: BatchBook, running: Running, asks: Sequence[Ask]) -> None:
        self._book = book
        self._running = running
        self._asks = asks

    def submit(
        self, client: BatchClient, left: Sequence[Ask], base_url: str, budget: Budget
    ) -> BatchProgress:
        """Hand in what is left and within the budget, unless there are open batches.

        Raises `CeilingError` when not even one call is within it.
        """
        if self._book.open():
            return asyncio.run(self._look(client))
        lines = AffordableLines(self._running, self._asks, left, base_url, budget)
        return asyncio.run(self._submit(client, lines))

    def look(self, client: BatchClient) -> BatchProgress:
        """Ask how far the open batches are, and store what is done."""
        return asyncio.run(self._look(client))

    def cancel(self, client: BatchClient) -> None:
        """Ask the endpoint to stop; what it has done can be collected later."""

        async def stop() -> None:
            try:
                for one in self._book.open():
                    await client.cancel(one)
            finally:
                await client.close()

        asyncio.run(stop())

    async def _submit(self, client: BatchClient, lines: AffordableLines) -> BatchProgress:
        made: list[Batch] = []
        try:
            for file in in_files(iter(lines)):
                batch = await client.submit(b"".join(file))
                # Noted at once: what was handed in is paid for, whatever happens next.
                self._book.add(batch.id, lines.most_of_next(len(file)))
                made.append(batch)
        finally:
            await client.close()
        if lines.held_back and not made:
            raise CeilingError(
                "No batch was handed in: one more call might cost more than is left under the"
                " ceiling.",
                hint="What was answered is kept. Raise the ceiling and hand it in again.",
            )
        return BatchProgress(tuple(made), held_back=lines.held_back)

    async def _look(self, client: BatchClient) -> BatchProgress:
        seen: list[Batch] = []
        stored = 0
        try:
            for name in self._book.open():
                batch = await client.look(name)
                seen.append(batch)
                if batch.state is not BatchState.WAITING:
                    stored += await self._collect(client, batch)
                    self._book.close(name)
        finally:
            await client.close()
        self._raise_on_trouble(seen, stored)
        return BatchProgress(tuple(seen), stored)

    def _raise_on_trouble(self, seen: Sequence[Batch], stored: int) -> None:
        for one in seen:
            if one.state is BatchState.FAILED and one.trouble and not stored:
                raise LlmError(
                    f"The endpoint gave up the batch: {one.trouble}",
                    hint="Run without a batch, or hand it in again.",
                )

    async def _collect(self, client: BatchClient, batch: Batch) -> int:
        stored, group = 0, []
        async for one in client.collect(batch):
            group.append(one)
            if len(group) == _STEP:
                stored += self._store(group)
                group = []
        return stored + self._store(group)

    def _store(self, group: Sequence[Collected]) -> int:
        named = {self._place(one.name): one for one in group}
        asks = [self._asks[place] for place in named if place is not None]
        found = [one for place, one in named.items() if place is not None]
        built = self._running.build(asks)
        results: list[Result[Ask, Sent]] = []
        for ask, one, request in zip(asks, found, built, strict=True):
            if isinstance(request, CoreError):
                continue
            error = None if one.reply else CallError(one.sentence)
            patient = Patient(one.reply, error, 1, 0.0)
            results.append(Result(ask, request.context, request.request_hash, patient, error))
        if results:
            self._running.store(results)
        return len(results)

    def _place(self, name: str) -> int | None:
        place = int(name) if name.isdecimal() else -1
        return place if 0 <= place < len(self._asks) else None


class AffordableLines:
    """The requests that are left as lines of a file, as many as a budget allows."""

    def __init__(
        self,
        running: Running,
        asks: Sequence[Ask],
        left: Sequence[Ask],
        base_url: str,
        budget: Budget,
    ) -> None:
        self._running = running
        self._places = {ask: place for place, ask in enumerate(asks)}
        self._left = left
        self._base_url = base_url
        self._budget = budget
        self._most: deque[float] = deque()
        self.held_back = 0
        """Calls that did not fit any more; known after the last line."""

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._left), _STEP):
            some = self._left[start : start + _STEP]
            for place, (ask, built) in enumerate(zip(some, self._running.build(some), strict=True)):
                if isinstance(built, CoreError):
                    continue
                most = self._budget.reserve(built.request)
                if most is None:
                    self.held_back = len(self._left) - start - place
                    return
                self._most.append(most)
                yield self._line(ask, built.request)

    def most_of_next(self, count: int) -> float:
        """Return the most that the next lines can cost, those that were asked about left out."""
        return sum(self._most.popleft() for _ in range(count))

    def _line(self, ask: Ask, request: LlmRequest) -> bytes:
        from core.llm.openai_client import protocol_of, written

        path, _ = protocol_of(request.api)
        return request_line(str(self._places[ask]), written(request, self._base_url).whole(), path)


def batch_client(base_url: str, key: str | None, api: Api, calling: Calling) -> BatchClient:
    """Return what hands in batches at an endpoint."""
    from core.llm.openai_batch import OpenAiBatch

    return OpenAiBatch(base_url, key, api, timeout_s=calling.timeout_s)
