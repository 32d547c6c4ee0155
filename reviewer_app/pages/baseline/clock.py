"""The clock of a sitting: active and idle seconds apart."""

from collections.abc import Callable
from typing import Final

IDLE_AFTER_S: Final = 30.0
"""Without any input for this long, the time that follows counts as idle."""


class SittingClock:
    """Counts seconds on one question.

    Time counts as active up to `IDLE_AFTER_S` after the last input and only while the window is
    the active one; all other time counts as idle. A stopped clock counts nothing.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._counted_to_s = now_s()
        self._last_input_s = now_s()
        self._active_s = 0.0
        self._idle_s = 0.0
        self._is_running = False
        self._is_window_active = True

    @property
    def active_s(self) -> float:
        """Seconds spent on the question."""
        self._count()
        return self._active_s

    @property
    def idle_s(self) -> float:
        """Seconds during which nothing happened or the window was elsewhere."""
        self._count()
        return self._idle_s

    @property
    def is_running(self) -> bool:
        """Whether time counts at all."""
        return self._is_running

    @property
    def is_idle(self) -> bool:
        """Whether the present moment counts as idle."""
        waited_s = self._now_s() - self._last_input_s
        return self._is_running and (not self._is_window_active or waited_s >= IDLE_AFTER_S)

    def start(self, *, active_s: float = 0.0, idle_s: float = 0.0) -> None:
        """Begin a question, or go on with one at the seconds counted before."""
        self._counted_to_s = self._last_input_s = self._now_s()
        self._active_s, self._idle_s = active_s, idle_s
        self._is_running = True

    def stop(self) -> None:
        """Count no further."""
        self._count()
        self._is_running = False

    def note_input(self) -> None:
        """Take note of a key, click or movement."""
        self._count()
        self._last_input_s = self._now_s()

    def set_window_active(self, *, is_active: bool) -> None:
        """Take note that the window came to the front or went away."""
        self._count()
        self._is_window_active = is_active
        if is_active:
            self._last_input_s = self._now_s()

    def _count(self) -> None:
        now_s = self._now_s()
        passed_s = now_s - self._counted_to_s
        counted_to_s, self._counted_to_s = self._counted_to_s, now_s
        if not self._is_running or passed_s <= 0:
            return
        active_s = 0.0
        if self._is_window_active:
            idle_from_s = self._last_input_s + IDLE_AFTER_S
            active_s = min(max(idle_from_s - counted_to_s, 0.0), passed_s)
        self._active_s += active_s
        self._idle_s += passed_s - active_s


def minutes_text(seconds: float) -> str:
    """Return a duration as a clock shows it."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
