"""Patience with an endpoint: which failures are tried again, and after what pause."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from core.llm.client import CallError, LlmClient, LlmReply, LlmRequest


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `attempts` calls; pauses double from `first_pause_s` up to `longest_pause_s`.

    A pause that the endpoint asks for is obeyed up to `longest_wait_s`.
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
        doubled = self.first_pause_s * 2 ** (attempt - 1)
        return float(min(self.longest_pause_s, doubled) * (0.5 + 0.5 * self.jitter()))


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
    attempt = 1
    while True:
        started = perf_counter()
        try:
            reply = await client.ask(request)
        except CallError as error:
            elapsed_s = perf_counter() - started
            if not error.is_retryable or attempt >= policy.attempts:
                return Patient(None, error, attempt, elapsed_s)
            pause_s = policy.pause_s(attempt, error.retry_after_s)
        else:
            return Patient(reply, None, attempt, perf_counter() - started)
        await asyncio.sleep(pause_s)
        attempt += 1
