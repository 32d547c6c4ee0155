"""Keeps many calls in flight in one event loop, with memory that does not grow with the run.

A request is built shortly before its call and dropped after it. A call holds its place until its
result is stored, so that a crash costs at most as many answers as calls may be under way.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Generic, TypeVar

from core.errors import CoreError
from core.llm.budget import Budget, Price, may_have_cost, most_prompt_tokens
from core.llm.client import CallError, EndpointError, LlmClient, LlmReply, LlmRequest
from core.llm.feed import Buildings, Built, Feed
from core.llm.fuse import Fuse
from core.llm.pace import Pace, RateLimit
from core.llm.retry import Patient, RetryPolicy, Tries

__all__ = ["Built", "Plan", "Result", "ask_all"]

Key = TypeVar("Key")
Context = TypeVar("Context")

_LOOK_EVERY_S: Final = 0.05
_GATHER_S: Final = 0.015
"""The longest that a result waits for others to be stored with; it keeps its place meanwhile."""
_GATHERED: Final = 4
"""Which part of the places in flight is enough to store."""
_BATCH: Final = 256
_CALLERS_PER_CALL: Final = 4


@dataclass(frozen=True, slots=True)
class Result(Generic[Key, Context]):
    """How one question ended: `error` is set when no request could be built or none answered."""

    key: Key
    context: Context | None
    request_hash: str
    patient: Patient | None
    error: CoreError | None
    unknown_cost: float = 0.0
    """What attempts may have cost that told no tokens, failed ones among them."""


@dataclass(frozen=True, slots=True)
class Plan(Generic[Key, Context]):
    """How to ask: `build` and `store` run in threads of their own, never in the loop.

    `build` returns for each key a request, or why there is none. `store` gets what came in
    within some milliseconds; what it raises ends the run.
    """

    build: Callable[[Sequence[Key]], Buildings[Context]]
    store: Callable[[Sequence[Result[Key, Context]]], None]
    make_client: Callable[[], LlmClient]
    policy: RetryPolicy
    concurrency: int
    is_cancelled: Callable[[], bool]
    tick: Callable[[], None] = lambda: None
    """Called at least twenty times a second while the run goes on."""
    chunk: int = 16
    """How many requests are built at a time."""
    ahead: int = 64
    """How many built requests may wait for a caller."""
    rate: RateLimit = RateLimit()
    budget: Budget = field(default_factory=lambda: Budget(Price()))
    finish_s: float = 0.0
    """How long calls under way may still take after cancelling."""


def ask_all(keys: Iterable[Key], plan: Plan[Key, Context]) -> bool:
    """Ask for every key; return False when the budget ended it before all were asked.

    After cancelling nothing new is asked, and what is finished is stored. Raises `EndpointError`
    when the endpoint will answer nothing, after storing what it did answer.
    """
    return asyncio.run(_Asking(keys, plan).ask_all())


class _Asking(Generic[Key, Context]):
    """One pass over the keys."""

    def __init__(self, keys: Iterable[Key], plan: Plan[Key, Context]) -> None:
        self._plan = plan
        ahead = min(plan.concurrency, plan.ahead)
        self._feed = Feed(keys, plan.build, chunk=plan.chunk, ahead=ahead)
        self._pace = Pace(plan.concurrency, plan.rate)
        self._fuse = Fuse()
        self._done: asyncio.Queue[tuple[Result[Key, Context], asyncio.Future[None]] | None]
        self._done = asyncio.Queue()
        self._enough = max(1, min(plan.concurrency // _GATHERED, _BATCH))
        self._has_enough = asyncio.Event()
        self._callers: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._is_budget_spent = False
        self._is_barred = False
        """Whether the endpoint takes no call with this key; then none costs anything."""

    async def ask_all(self) -> bool:
        self._client = self._plan.make_client()
        feeding = asyncio.create_task(self._feed.run())
        storing = asyncio.create_task(self._store())
        try:
            for _ in range(self._plan.concurrency):
                self._add_caller()
            await self._watch(feeding, storing)
        finally:
            self._feed.stop()
            tasks = [feeding, *self._callers]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._done.put_nowait(None)
            self._has_enough.set()
            await asyncio.gather(storing, return_exceptions=True)
            await self._client.close()
        storing.result()
        return not self._is_budget_spent

    async def _watch(self, feeding: asyncio.Task[None], storing: asyncio.Task[None]) -> None:
        give_up_s = float("inf")
        while self._callers and perf_counter() < give_up_s:
            watched = {*self._callers, storing, *([] if feeding.done() else [feeding])}
            done, _ = await asyncio.wait(
                watched, timeout=_LOOK_EVERY_S, return_when=asyncio.FIRST_EXCEPTION
            )
            for task in done:
                self._callers.discard(task)
                task.result()
            self._plan.tick()
            if self._plan.is_cancelled() and not self._stopping.is_set():
                self._stop()
                give_up_s = perf_counter() + self._plan.finish_s

    def _stop(self) -> None:
        """Let nothing new begin; calls under way go on."""
        self._stopping.set()
        self._feed.stop()

    def _add_caller(self) -> None:
        self._callers.add(asyncio.create_task(self._call()))

    async def _call(self) -> None:
        while (fed := await self._feed.next()) is not None:
            key, built = fed
            if isinstance(built, CoreError):
                await self._keep(Result(key, None, "", None, built))
                continue
            await self._ask(key, built)

    async def _ask(self, key: Key, built: Built[Context]) -> None:
        tries = Tries(self._plan.policy)
        unknown_cost = 0.0
        try:
            while (reserved := await self._enter(built.request)) is not None:
                try:
                    end, elapsed_s = await self._call_once(built.request, reserved)
                    unknown_cost += self._plan.budget.unknown_cost(built.request, end)
                    error = end if isinstance(end, CallError) else None
                    pause_s = None if error is None else tries.pause_after(error)
                    if pause_s is None:
                        patient = _patient(end, tries, elapsed_s)
                        digest = built.request_hash or built.request.hash
                        told, unknown_cost = unknown_cost, 0.0
                        await self._keep(Result(key, built.context, digest, patient, error, told))
                        self._fuse.note(error)
                        return
                finally:
                    self._pace.leave()
                if not await self._pause(pause_s):
                    return
        finally:
            self._plan.budget.lost += unknown_cost

    async def _enter(self, request: LlmRequest) -> float | None:
        """Wait for money and for a place; return what was set aside, None when stopping."""
        reserved = await self._reserve(request)
        if reserved is None:
            return None
        await self._pace.enter(self._tokens(request))
        if self._stopping.is_set():
            self._plan.budget.settle(reserved, None)
            self._pace.leave()
            return None
        return reserved

    async def _call_once(
        self, request: LlmRequest, reserved: float
    ) -> tuple[LlmReply | CallError, float]:
        started, budget = perf_counter(), self._plan.budget
        try:
            reply = await self._client.ask(request)
        except CallError as error:
            budget.settle(reserved, None, may_cost=may_have_cost(error))
            self._pace.note(is_refused=error.is_busy)
            return error, perf_counter() - started
        except EndpointError:
            self._is_barred = True
            budget.settle(reserved, None)
            raise
        except BaseException:
            budget.settle(reserved, None, may_cost=not self._is_barred)
            budget.lost += 0.0 if self._is_barred else budget.most(request)
            raise
        elapsed_s = perf_counter() - started
        budget.settle(reserved, reply)
        self._pace.note(is_refused=False)
        return reply, elapsed_s

    async def _reserve(self, request: LlmRequest) -> float | None:
        """Set money aside; None when stopping, or when there is not enough left for this call."""
        while not self._stopping.is_set():
            reserved = self._plan.budget.reserve(request)
            if reserved is not None:
                return reserved
            if not self._plan.budget.has_open_calls:
                self._is_budget_spent = True
                self._stop()
                break
            await asyncio.sleep(_LOOK_EVERY_S)
        return None

    async def _pause(self, pause_s: float) -> bool:
        """Wait before the next call while others have their turn; False when stopping."""
        if len(self._callers) < _CALLERS_PER_CALL * self._plan.concurrency:
            self._add_caller()
        try:
            await asyncio.wait_for(self._stopping.wait(), pause_s)
        except TimeoutError:
            return True
        return False

    def _tokens(self, request: LlmRequest) -> int:
        if not self._plan.rate.tokens:
            return 0
        return most_prompt_tokens(request) + request.max_tokens

    async def _keep(self, result: Result[Key, Context]) -> None:
        is_stored = asyncio.get_running_loop().create_future()
        self._done.put_nowait((result, is_stored))
        if self._done.qsize() >= self._enough:
            self._has_enough.set()
        await is_stored

    async def _store(self) -> None:
        is_open = True
        while is_open:
            batch = [await self._done.get()]
            if self._enough > 1 and batch[0] is not None:
                await self._gather()
            while len(batch) < _BATCH and not self._done.empty():
                batch.append(self._done.get_nowait())
            is_open = None not in batch
            waiting = [one for one in batch if one is not None]
            if waiting:
                await asyncio.to_thread(self._plan.store, [result for result, _ in waiting])
            for _, is_stored in waiting:
                if not is_stored.done():  # cancelled: who waited is gone
                    is_stored.set_result(None)

    async def _gather(self) -> None:
        """Wait until there is enough to store, but not long."""
        if self._done.qsize() < self._enough:
            self._has_enough.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_GATHER_S):
                    await self._has_enough.wait()


def _patient(end: LlmReply | CallError, tries: Tries, elapsed_s: float) -> Patient:
    if isinstance(end, CallError):
        return Patient(None, end, tries.count, elapsed_s)
    return Patient(end, None, tries.count + 1, elapsed_s)
