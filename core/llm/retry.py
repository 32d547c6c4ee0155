"""Patience with an endpoint: which failures are tried again, and after what pause."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from core.llm.client import CallError, LlmClient, LlmReply, LlmRequest

_BUSY_FACTOR: Final = 6


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `attempts` calls; pauses double from `first_pause_s` up to `longest_pause_s`.

    A pause that the endpoint asks for is obeyed up to `longest_wait_s`. Being busy is no failure:
    such calls count apart, and there may be six times as many.
    """

    attempts: int = 6
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    longest_wait_s: float = 120.0
    jitter: Callable[[], float] = random.random
    """From 0 to 1; spreads calls that failed together."""

    def pause_s(self, attempt: int, retry_after_s: float | None) -> float:
        """Return the seconds to wait after the failed `attempt` (counted from 1)."""
        if retry_after_s is not None:
            return min(retry_after_s, self.longest_wait_s) + 0.1 * self.jitter()
        doubled = self.first_pause_s * 2 ** min(attempt - 1, 30)
        return float(min(self.longest_pause_s, doubled) * (0.5 + 0.5 * self.jitter()))

    def is_spent(self, failures: int, refusals: int) -> bool:
        """Tell whether there were enough failed calls, or calls to a busy endpoint."""
        busy_attempts = self.attempts if self.attempts == 1 else _BUSY_FACTOR * self.attempts
        return failures >= self.attempts or refusals >= busy_attempts


class Tries:
    """The calls for one question so far."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._failures = 0
        self._refusals = 0

    @property
    def count(self) -> int:
        """How many calls failed."""
        return self._failures + self._refusals

    def pause_after(self, error: CallError) -> float | None:
        """Return the seconds to wait before the next call; None when this was the last one."""
        if error.is_busy:
            self._refusals += 1
        else:
            self._failures += 1
        if not error.is_retryable or self._policy.is_spent(self._failures, self._refusals):
            return None
        same_kind = self._refusals if error.is_busy else self._failures
        return self._policy.pause_s(same_kind, error.retry_after_s)


@dataclass(frozen=True, slots=True)
class Patient:
    """How asking ended: a reply or the last error, and what it took.

    `elapsed_s` is the time of the last call alone, without pauses.
    """

    reply: LlmReply | None
    error: CallError | None
    attempts: int
    elapsed_s: float


async def ask_patiently(client: LlmClient, request: LlmRequest, policy: RetryPolicy) -> Patient:
    """Ask until there is a reply, an error that lasts, or no attempt left.

    An `EndpointError` is raised at once.
    """
    tries = Tries(policy)
    while True:
        started = perf_counter()
        try:
            reply = await client.ask(request)
        except CallError as error:
            elapsed_s = perf_counter() - started
            pause_s = tries.pause_after(error)
            if pause_s is None:
                return Patient(None, error, tries.count, elapsed_s)
        else:
            return Patient(reply, None, tries.count + 1, perf_counter() - started)
        await asyncio.sleep(pause_s)
