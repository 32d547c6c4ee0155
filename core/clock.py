"""Where time and identities come from; handed in, so that tests decide both."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from core.domain.ids import uuid7

WORTH_TELLING: Final = timedelta(minutes=2)
"""Clocks of two computers may differ by less."""
_STEP: Final = timedelta(microseconds=1)


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` gives the current UTC time, `new_id` a fresh time-ordered id.

    `catch_up` is called when records of others came in, which may be dated later than now.
    """

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    catch_up: Callable[[], None] = _nothing


def system_clock() -> Clock:
    """Return the clock of this machine."""

    def now() -> datetime:
        return datetime.now(UTC)

    def new_id() -> str:
        return uuid7(int(now().timestamp() * 1000), os.urandom(10))

    return Clock(now, new_id)


@dataclass(frozen=True, slots=True)
class ClockBehind:
    """What the machine's clock says, and the later moment at which something here is dated."""

    machine: datetime
    newest: datetime


class SteadyClock:
    """Never goes back behind what it gave before or what is stored, whatever the machine says.

    Order among records is order of their times. While the machine's clock is behind, each moment
    is a microsecond after the one before. May be used from any thread.
    """

    def __init__(self, machine: Clock, newest: Callable[[], datetime | None]) -> None:
        """`newest` tells the latest moment that is stored; it is asked when first needed."""
        self._machine = machine
        self._newest = newest
        self._last: datetime | None = None
        self._must_look = True
        self._is_behind = False
        self._lock = Lock()

    def clock(self) -> Clock:
        """Return this clock in the form that services take."""
        return Clock(self.now, self.new_id, self.catch_up)

    def now(self) -> datetime:
        """Return the time, or what follows the last moment while the machine is behind it."""
        self._look()
        moment = self._machine.now()
        with self._lock:
            self._is_behind = self._last is not None and moment < self._last
            if self._last is not None and self._is_behind:
                moment = self._last + _STEP
            self._last = moment
        return moment

    def new_id(self) -> str:
        """Return an id of the machine's clock, or of this one's time while that is behind."""
        if self._is_behind:
            return uuid7(int(self.now().timestamp() * 1000), os.urandom(10))
        return self._machine.new_id()

    def catch_up(self) -> None:
        """Look again at what is stored before the next moment is given."""
        self._must_look = True

    def trouble(self) -> ClockBehind | None:
        """Return by how much the machine's clock is behind, when that is worth telling."""
        self._look()
        machine, newest = self._machine.now(), self._last
        if newest is None or newest - machine < WORTH_TELLING:
            return None
        return ClockBehind(machine, newest)

    def _look(self) -> None:
        if not self._must_look:
            return
        self._must_look = False
        newest = self._newest()
        with self._lock:
            if newest is not None and (self._last is None or newest > self._last):
                self._last = newest
