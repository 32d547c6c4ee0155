"""Where time and identities come from; handed in, so that tests decide both."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.ids import uuid7


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` gives the current UTC time, `new_id` a fresh time-ordered id."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]


def system_clock() -> Clock:
    """Return the clock of this machine."""

    def now() -> datetime:
        return datetime.now(UTC)

    def new_id() -> str:
        return uuid7(int(now().timestamp() * 1000), os.urandom(10))

    return Clock(now, new_id)
