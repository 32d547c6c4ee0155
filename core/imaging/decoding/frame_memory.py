"""Decoded frames of all opened images in one bounded memory; what is in sight is never dropped."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Event, Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from core.imaging.decoding.frame_room import is_apart
from core.imaging.decoding.freed_memory import give_back

if TYPE_CHECKING:
    from core.imaging.image import Frame

Place = tuple[object, int]
"""An opened image, known by an object of its own, and a frame of it."""
KEPT_BYTES: Final = 64 << 20
"""What an image keeps that was opened alone: some 120 slices of CT."""
_FREED_BYTES: Final = 64 << 20
"""After so much of the heap was dropped, the system gets it back; stacks lie apart from it."""
_SEEN_PART: Final = 2
"""Decoding ahead may fill this part of the memory, 1 / 2; the rest is what was seen before."""


class Held:
    """Keeps a frame in memory for as long as this object lives."""

    __slots__ = ("__weakref__", "place")

    def __init__(self, place: Place) -> None:
        self.place = place


class FrameMemory:
    """Keeps the frames used last, up to `limit_bytes`; safe between threads.

    Frames in sight are held (`hold`) and stay, whatever comes. At least the newest frame stays,
    too. Two threads that ask for one frame decode it once.
    """

    def __init__(self, limit_bytes: int = KEPT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[Place, Frame] = OrderedDict()
        self._held: WeakSet[Held] = WeakSet()
        self._under_way: dict[Place, Event] = {}
        self._used_bytes = self._dropped_bytes = 0
        self._lock = Lock()

    @property
    def used_bytes(self) -> int:
        """How much the frames take that are kept."""
        return self._used_bytes

    @property
    def ahead_bytes(self) -> int:
        """How much may be decoded ahead around each frame in sight, without driving others out."""
        return self._limit_bytes // _SEEN_PART // max(1, len(self._held))

    def set_limit(self, limit_bytes: int) -> None:
        """Change the most that frames may take; what is too much leaves at once."""
        with self._lock:
            self._limit_bytes = limit_bytes
            dropped = self._trim()
        dropped.clear()  # without the lock, as everywhere: to free memory takes its time

    def ready(self, place: Place) -> Frame | None:
        """Return a frame that is decoded already, else None."""
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
            return self._kept.get(place)

    def missing(self, owner: object, indices: Iterable[int]) -> list[int]:
        """Return the frames of an image that are not decoded, in the order given."""
        kept = self._kept  # without the lock: what is true now may change at once anyway
        return [index for index in indices if (owner, index) not in kept]

    def get(self, place: Place, read: Callable[[], Frame]) -> Frame:
        """Return a frame, decoded by `read` where it is not kept; its errors go to the caller."""
        while True:
            kept, other = self._begin(place)
            if kept is not None:
                return kept
            if other is None:
                return self._decoded(place, read)
            other.wait()  # where that thread failed, this one tries and tells its own caller

    def hold(self, place: Place, frame: Frame) -> Held:
        """Keep a frame while it is in sight: until nobody has the returned object any more."""
        held = Held(place)
        with self._lock:
            self._held.add(held)
            dropped = self._keep(place, frame)
        dropped.clear()
        return held

    def _begin(self, place: Place) -> tuple[Frame | None, Event | None]:
        """Return the frame, or who decodes it; neither means that the caller has to."""
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place], None
            other = self._under_way.get(place)
            if other is None:
                self._under_way[place] = Event()
            return None, other

    def _decoded(self, place: Place, read: Callable[[], Frame]) -> Frame:
        frame: Frame | None = None
        dropped: list[Frame] = []
        try:
            frame = read()
            return frame
        finally:
            with self._lock:
                if frame is not None:
                    dropped = self._keep(place, frame)
                self._under_way.pop(place).set()
            dropped.clear()
            self._give_back()

    def _give_back(self) -> None:
        """Do so in the thread that decodes, without the lock: it takes some milliseconds."""
        with self._lock:
            is_due = self._dropped_bytes >= _FREED_BYTES
            if is_due:
                self._dropped_bytes = 0
        if is_due:
            give_back()

    def _keep(self, place: Place, frame: Frame) -> list[Frame]:
        """Keep a frame; the caller has the lock, and lets go what is dropped without it."""
        if place in self._kept:
            return []
        self._kept[place] = frame
        self._used_bytes += frame.stored.nbytes
        return self._trim()

    def _trim(self) -> list[Frame]:
        """Drop and return the frames not used for longest; the caller has the lock.

        Nobody else gets the lock before those are found: a walk over all frames would hold up
        the hand.
        """
        surplus = self._used_bytes - self._limit_bytes
        if surplus <= 0:
            return []
        stays = {one.place for one in self._held} | {next(reversed(self._kept))}
        going: list[Place] = []
        for place, frame in self._kept.items():
            if surplus <= 0:
                break
            if place not in stays:
                going.append(place)
                surplus -= frame.stored.nbytes
        return [self._dropped(place) for place in going]

    def _dropped(self, place: Place) -> Frame:
        frame = self._kept.pop(place)
        self._used_bytes -= frame.stored.nbytes
        self._dropped_bytes += 0 if is_apart(frame.stored) else frame.stored.nbytes
        return frame
