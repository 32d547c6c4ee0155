"""Builds requests in threads, a few ahead of those who ask."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeVar

from core.errors import CoreError
from core.llm.client import LlmRequest

Key = TypeVar("Key")
Context = TypeVar("Context")

_BUILDERS: Final = 2


@dataclass(frozen=True, slots=True)
class Built(Generic[Context]):
    """A request, and what is needed later to make sense of its reply."""

    request: LlmRequest
    context: Context
    request_hash: str = ""
    """The hash of the request, where it was worked out already."""


Buildings = list[Built[Context] | CoreError]


class Feed(Generic[Key, Context]):
    """Hands out built requests, each once; holds at most `ahead` and two chunks."""

    def __init__(
        self,
        keys: Iterable[Key],
        build: Callable[[Sequence[Key]], Buildings[Context]],
        *,
        chunk: int,
        ahead: int,
    ) -> None:
        self._keys = iter(keys)
        self._build = build
        self._chunk = chunk
        self._ready: asyncio.Queue[tuple[Key, Built[Context] | CoreError]] = asyncio.Queue(ahead)
        self._is_stopped = False
        self._end = asyncio.Event()

    async def run(self) -> None:
        """Build until there is nothing left; raise what building raises, `CoreError` apart."""
        try:
            async with asyncio.TaskGroup() as builders:
                for _ in range(_BUILDERS):
                    builders.create_task(self._run_builder())
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group
        finally:
            self._end.set()

    def stop(self) -> None:
        """Hand out nothing more."""
        self._is_stopped = True
        self._end.set()

    async def next(self) -> tuple[Key, Built[Context] | CoreError] | None:
        """Return the next request, or None at the end."""
        if self._is_stopped:
            return None
        if not self._ready.empty():
            return self._ready.get_nowait()
        if self._end.is_set():
            return None
        return await self._wait()

    async def _wait(self) -> tuple[Key, Built[Context] | CoreError] | None:
        getting = asyncio.ensure_future(self._ready.get())
        ending = asyncio.ensure_future(self._end.wait())
        try:
            await asyncio.wait({getting, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            if not getting.done():
                getting.cancel()
        if getting.done() and not getting.cancelled() and not self._is_stopped:
            return getting.result()
        return None if self._ready.empty() or self._is_stopped else self._ready.get_nowait()

    async def _run_builder(self) -> None:
        while not self._is_stopped and (some := list(islice(self._keys, self._chunk))):
            built = await asyncio.to_thread(self._build, some)
            for pair in zip(some, built, strict=True):
                await self._ready.put(pair)
