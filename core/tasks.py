"""Cancelling and progress for long calls; no threads are made here."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from core.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long call is: `done` of `total` (0 when unknown) and a short word on what."""

    done: int
    total: int
    what: str = ""


ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    """Drop progress reports."""


class CancelToken:
    """A wish to stop, set by one thread and looked at by another."""

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        """Ask the task to stop at its next safe point."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Leave the task by raising `Cancelled`."""
        if self.is_cancelled:
            raise Cancelled
