"""A run by the Batch API: handed in as files, looked at later, collected when it is done.

Which batches belong to a run is kept in the workspace, so that another start of the program, or
another computer with the same workspace, collects them. A call is named by its place in the run.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import CoreError, LlmError
from core.llm.batch import Batch, BatchClient, BatchState, Collected, in_files, request_line
from core.llm.client import Api, CallError
from core.llm.engine import Result
from core.llm.retry import Patient

if TYPE_CHECKING:
    from core.domain.ids import RunId
    from core.llm.variants import Ask
    from core.services.blind_ports import BlindDatabase
    from core.services.evaluation_records import Calling, Sent
    from core.services.evaluation_running import Running

_SETTING: Final = "batches"
_STEP: Final = 16


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far the batches of a run are, and how many replies were stored just now."""

    batches: tuple[Batch, ...]
    stored: int = 0

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
    """Which batches of a run are open, in the settings of the workspace."""

    def __init__(self, database: BlindDatabase, run: RunId) -> None:
        self._database = database
        self._name = f"{_SETTING}:{run}"

    def open(self) -> list[str]:
        """Return the ids of batches that were not collected yet."""
        with self._database.read() as tx:
            kept = tx.settings.get(self._name, "[]")
        return [str(one) for one in json.loads(kept)]

    def set(self, batches: Sequence[str]) -> None:
        """Keep these ids in place of those before."""
        with self._database.write() as tx:
            tx.settings.set(self._name, json.dumps(list(batches)))


class Batching:
    """The batches of one run."""

    def __init__(self, book: BatchBook, running: Running, asks: Sequence[Ask]) -> None:
        self._book = book
        self._running = running
        self._asks = asks

    def submit(self, client: BatchClient, left: Sequence[Ask], base_url: str) -> BatchProgress:
        """Hand in every call that is left, unless there are open batches."""
        if self._book.open():
            return asyncio.run(self._look(client))
        return asyncio.run(self._submit(client, left, base_url))

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

    async def _submit(
        self, client: BatchClient, left: Sequence[Ask], base_url: str
    ) -> BatchProgress:
        made: list[Batch] = []
        try:
            for lines in in_files(self._lines(left, base_url)):
                made.append(await client.submit(b"".join(lines)))
                # Noted at once: what was handed in is paid for, whatever happens next.
                self._book.set([one.id for one in made])
        finally:
            await client.close()
        return BatchProgress(tuple(made))

    async def _look(self, client: BatchClient) -> BatchProgress:
        seen: list[Batch] = []
        stored = 0
        try:
            for name in self._book.open():
                batch = await client.look(name)
                seen.append(batch)
                if batch.state is not BatchState.WAITING:
                    stored += await self._collect(client, batch)
                    self._book.set([one for one in self._book.open() if one != name])
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

    def _lines(self, left: Sequence[Ask], base_url: str) -> Iterator[bytes]:
        from core.llm.openai_client import protocol_of, written

        places = {ask: place for place, ask in enumerate(self._asks)}
        for start in range(0, len(left), _STEP):
            some = left[start : start + _STEP]
            for ask, built in zip(some, self._running.build(some), strict=True):
                if isinstance(built, CoreError):
                    continue
                path, _ = protocol_of(built.request.api)
                yield request_line(str(places[ask]), written(built.request, base_url), path)


def batch_client(base_url: str, key: str | None, api: Api, calling: Calling) -> BatchClient:
    """Return what hands in batches at an endpoint."""
    from core.llm.openai_batch import OpenAiBatch

    return OpenAiBatch(base_url, key, api, timeout_s=calling.timeout_s)
