"""Keeps many calls in flight in one event loop, with memory that does not grow with the run.

A request is built when a caller is free for it, and dropped when its reply is there. Results
are handed over in short batches from one place, in the order in which they came.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from core.errors import CoreError
from core.llm.client import EndpointError, LlmClient, LlmRequest
from core.llm.retry import Patient, RetryPolicy, ask_patiently

Key = TypeVar("Key")
Context = TypeVar("Context")

_LOOK_EVERY_S: Final = 0.05
_BATCH: Final = 32
_LASTING_FAILURES: Final = 8
_FIRST_FAILURES: Final = 5


@dataclass(frozen=True, slots=True)
class Built(Generic[Context]):
    """A request, and what is needed later to make sense of its reply."""

    request: LlmRequest
    context: Context


@dataclass(frozen=True, slots=True)
class Result(Generic[Key, Context]):
    """How one question ended: `error` is set when no request could be built or none answered."""

    key: Key
    context: Context | None
    request_hash: str
    patient: Patient | None
    error: CoreError | None


@dataclass(frozen=True, slots=True)
class Plan(Generic[Key, Context]):
    """How to ask: `build` and `store` run in threads of their own, never in the loop.

    `store` gets at most 32 results at a time; what it raises ends the run.
    """

    build: Callable[[Key], Built[Context]]
    store: Callable[[Sequence[Result[Key, Context]]], None]
    make_client: Callable[[], LlmClient]
    policy: RetryPolicy
    concurrency: int
    is_cancelled: Callable[[], bool]
    tick: Callable[[], None] = lambda: None
    """Called at least twenty times a second while the run goes on."""


def ask_all(keys: Iterable[Key], plan: Plan[Key, Context]) -> None:
    """Ask for every key; return when all are done or when it was cancelled.

    Calls under way are dropped on cancelling, finished ones are stored first. Raises
    `EndpointError` when the endpoint will answer nothing, after storing what it did answer.
    """
    asyncio.run(_Asking(plan).ask_all(keys))


class _Asking(Generic[Key, Context]):
    """One pass over the keys."""

    def __init__(self, plan: Plan[Key, Context]) -> None:
        self._plan = plan
        self._results: asyncio.Queue[Result[Key, Context] | None] = asyncio.Queue()
        self._fuse = _Fuse()

    async def ask_all(self, keys: Iterable[Key]) -> None:
        client = self._plan.make_client()
        source = iter(keys)
        storing = asyncio.create_task(self._store())
        asking = [
            asyncio.create_task(self._ask(source, client)) for _ in range(self._plan.concurrency)
        ]
        try:
            await self._watch(asking, storing)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
            self._results.put_nowait(None)
            await asyncio.gather(storing, return_exceptions=True)
            await client.close()
        storing.result()

    async def _watch(self, asking: list[asyncio.Task[None]], storing: asyncio.Task[None]) -> None:
        pending = set(asking)
        while pending and not self._plan.is_cancelled():
            done, _ = await asyncio.wait(
                {*pending, storing}, timeout=_LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
            pending -= done
            self._plan.tick()

    async def _ask(self, source: Iterator[Key], client: LlmClient) -> None:
        for key in source:
            result = await self._ask_one(key, client)
            self._results.put_nowait(result)
            self._fuse.note(result)
            while self._results.qsize() > 2 * self._plan.concurrency:
                await asyncio.sleep(_LOOK_EVERY_S)

    async def _ask_one(self, key: Key, client: LlmClient) -> Result[Key, Context]:
        try:
            built = await asyncio.to_thread(self._plan.build, key)
        except CoreError as error:
            return Result(key, None, "", None, error)
        request = built.request
        patient = await ask_patiently(client, request, self._plan.policy)
        return Result(key, built.context, request.hash, patient, patient.error)

    async def _store(self) -> None:
        is_open = True
        while is_open:
            batch = [await self._results.get()]
            while len(batch) < _BATCH and not self._results.empty():
                batch.append(self._results.get_nowait())
            is_open = None not in batch
            results = [one for one in batch if one is not None]
            if results:
                await asyncio.to_thread(self._plan.store, results)


class _Fuse:
    """Blows when an endpoint fails again and again in the same way."""

    def __init__(self) -> None:
        self._sentence = ""
        self._count = 0
        self._has_replied = False

    def note(self, result: Result[Key, Context]) -> None:
        """Count a failed call; raise `EndpointError` when going on makes no sense."""
        if result.patient is None:
            return
        error = result.patient.error
        if error is None:
            self._has_replied, self._count = True, 0
            return
        self._count = self._count + 1 if error.sentence == self._sentence else 1
        self._sentence = error.sentence
        # A refused request costs nothing and may concern single questions; waiting costs hours.
        is_hopeless = not self._has_replied and self._count >= _FIRST_FAILURES
        if is_hopeless or (error.is_retryable and self._count >= _LASTING_FAILURES):
            raise EndpointError(error.sentence, hint=error.hint)
