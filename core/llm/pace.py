"""How many calls may be under way: as many as an endpoint takes, within its rate limits."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

_SHORTEST_LOOK: Final = 16
_TOO_BUSY: Final = 0.3
_CALM: Final = 0.1
_SHRINK: Final = 0.7
_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What an endpoint allows per minute; 0 is no limit."""

    requests: int = 0
    tokens: int = 0


class Pace:
    """Lets calls in; belongs to one event loop.

    The limit falls by a factor while much is refused, and rises by one while little is (AIMD:
    additive increase, multiplicative decrease). A few refusals leave it as it is: an endpoint
    that refuses at random would otherwise stop the run.
    """

    def __init__(
        self,
        most: int,
        rate: RateLimit = RateLimit(),
        clock_s: Callable[[], float] = monotonic,
    ) -> None:
        self._most = max(1, most)
        self._limit = float(self._most)
        self._rate = rate
        self._clock_s = clock_s
        self._in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._outcomes = 0
        self._refused = 0
        self._sent: deque[tuple[float, int]] = deque()
        self._sent_tokens = 0

    @property
    def limit(self) -> int:
        """How many calls may be under way now."""
        return max(1, int(self._limit))

    @property
    def in_flight(self) -> int:
        """How many calls are under way."""
        return self._in_flight

    async def enter(self, tokens: int = 0) -> None:
        """Wait until one more call may start."""
        while self._in_flight >= self.limit:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._in_flight += 1
        try:
            while (pause_s := self._pause_s(tokens)) > 0:
                await asyncio.sleep(pause_s)
        except BaseException:
            self.leave()
            raise
        if self._rate.requests or self._rate.tokens:
            self._sent.append((self._clock_s(), tokens))
            self._sent_tokens += tokens

    def leave(self) -> None:
        """Note that a call is over."""
        self._in_flight -= 1
        self._wake()

    def note(self, *, is_refused: bool) -> None:
        """Learn from how a call ended."""
        self._outcomes += 1
        self._refused += is_refused
        if self._outcomes < max(_SHORTEST_LOOK, self.limit):
            return
        share = self._refused / self._outcomes
        self._outcomes = self._refused = 0
        if share > _TOO_BUSY:
            self._limit = max(1.0, self._limit * _SHRINK)
        elif share <= _CALM:
            self._limit = min(float(self._most), self._limit + 1)
            self._wake()

    def _wake(self) -> None:
        free = self.limit - self._in_flight
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1

    def _pause_s(self, tokens: int) -> float:
        """Return how long the rate limits still forbid a call."""
        now = self._clock_s()
        while self._sent and self._sent[0][0] <= now - _MINUTE_S:
            self._sent_tokens -= self._sent.popleft()[1]
        if not self._sent:
            return 0.0
        has_many = 0 < self._rate.requests <= len(self._sent)
        is_long = 0 < self._rate.tokens < self._sent_tokens + tokens
        return self._sent[0][0] + _MINUTE_S - now if has_many or is_long else 0.0
