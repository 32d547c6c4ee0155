"""Decodes what may be looked at next, one frame at a time, for all views together."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, zip_longest
from threading import Condition, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Final

from core.domain.media import View
from core.errors import CoreError
from core.imaging.decoding.giving_way import thread_gives_way
from reviewer_app.widgets.images.upright import Upright, made_ready

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage

Step = Callable[[], object]
_LINGER_S: Final = 10.0


class Walk:
    """Frames to decode in order, until somebody has no use for them any more."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.is_wanted = True
        self._steps: Iterator[Step] = iter(steps)
        self._lock = Lock()

    def next_step(self) -> Step | None:
        """Return what to decode next; None when there is nothing left, or nobody waits."""
        with self._lock:
            return next(self._steps, None) if self.is_wanted else None


class AheadLane:
    """Does the steps of all walks in turn, with threads that wait a while for the next walk.

    Plain threads, as for pictures that are asked for: what is in sight has threads of its own
    and so never waits behind what is only likely. They stay while a hand pages: whoever starts
    one waits until it runs, and that would be the hand. There are as many as processors: one more
    would take RLE and plain slices a tenth longer. The window goes before them.
    """

    def __init__(self, threads: int | None = None, *, linger_s: float = _LINGER_S) -> None:
        self._limit = threads or min(4, os.cpu_count() or 1)
        self._linger_s = linger_s
        self._walks: deque[Walk] = deque()
        self._threads: list[Thread] = []
        self._busy = 0
        self._changed = Condition()

    def put(self, walk: Walk) -> None:
        """Begin a walk beside those under way."""
        with self._changed:
            self._walks.appendleft(walk)
            self._changed.notify_all()
            while len(self._threads) < self._limit:
                thread = Thread(target=self._work, name="images ahead", daemon=True)
                self._threads.append(thread)
                thread.start()

    def is_idle(self) -> bool:
        """Tell whether all walks have ended."""
        with self._changed:
            return not self._walks and not self._busy

    def _work(self) -> None:
        thread_gives_way()
        try:
            while (walk := self._next_walk()) is not None:
                self._go_on(walk)
                with self._changed:
                    self._busy -= 1
        except BaseException:
            with self._changed:
                self._busy -= 1
                self._threads.remove(current_thread())
            raise

    def _go_on(self, walk: Walk) -> None:
        step = walk.next_step()
        if step is None:
            with self._changed, suppress(ValueError):  # another thread may have been first
                self._walks.remove(walk)
            return
        with suppress(CoreError):  # told when the frame is looked at
            step()

    def _next_walk(self) -> Walk | None:
        """Return whose turn it is; when nobody has come for a while, the thread has left."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._walks, self._linger_s):
                self._threads.remove(current_thread())
                return None
            self._walks.rotate(-1)
            self._busy += 1
            return self._walks[-1]


AHEAD: Final = AheadLane()
"""Belongs to the program as a whole: views that decode ahead share the processors."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An image and its frame that was asked for, made ready for the screen where it is large."""

    image: LoadedImage
    frame: Frame
    upright: Upright | None = None


def _outwards(frames: Sequence[int], place: int, reach: int) -> list[int]:
    """Return the frames around a place, the nearest first, at most `reach` of them."""
    after = frames[place + 1 : place + 1 + reach]
    before = frames[max(0, place - reach) : place][::-1]
    both = (index for pair in zip_longest(after, before) for index in pair if index is not None)
    return list(islice(both, reach))


def missing_around(arrived: Arrived, frames: Sequence[int], place: int) -> list[int]:
    """Return what is not decoded around a place, outwards, as far as memory is set aside for it."""
    reach = arrived.image.memory.ahead_bytes // max(1, arrived.frame.stored.nbytes)
    return arrived.image.missing_frames(_outwards(frames, place, reach))


def arrive(
    opener: Callable[[], LoadedImage], index: int, view: View, area: tuple[int, int]
) -> Arrived:
    """Open, decode and make ready; runs beside the UI thread."""
    image = opener()
    frame = image.frame(index)
    return Arrived(image, frame, made_ready(image, frame, index, view, area))


def leave(_: object) -> None:
    """Leave what was made ahead where it is kept; its errors are told when it is looked at."""
