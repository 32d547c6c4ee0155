"""The regions that were drawn on one image, and the chosen one; points in image pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.domain.region import Region
from reviewer_app.widgets.marks.edits import clamped, handles, kept, moved, with_handle
from reviewer_app.widgets.marks.frames import FrameMarks


class DrawnRegions:
    """What a hand drew, in the order in which it was drawn.

    `on_change` is called with whether the change goes on from the one before (a held arrow key).
    """

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        self.size = (1, 1)
        """Of the image, in pixels."""
        self.most: int | None = None
        """How many regions there may be; the next one takes the place of the oldest."""
        self.all: tuple[Region, ...] = ()
        self._sorted = FrameMarks()
        self.number: int | None = None
        """Which region is chosen, from 0."""
        self.handle: int | None = None
        """Which handle of the chosen region keys move; None moves the whole."""

    def chosen(self) -> Region | None:
        """Return the chosen region."""
        return None if self.number is None else self.all[self.number]

    def sorted(self) -> FrameMarks:
        """Return the regions by their frames, with their colors."""
        if self._sorted.all is not self.all:
            self._sorted = FrameMarks(self.all)
        return self._sorted

    def put(self, regions: tuple[Region, ...]) -> None:
        """Take other regions, as an undo brings them."""
        self.handle = None  # another region may stand in the chosen one's place
        self.all = regions
        if self.number is not None and self.number >= len(regions):
            self.choose(None)

    def choose(self, number: int | None) -> None:
        """Choose a region."""
        self.number, self.handle = number, None

    def step(self, frame: int, by: int) -> bool:
        """Choose the next region of a frame; false beyond the last one, with none chosen."""
        here = [number for number, one in enumerate(self.all) if one.frame == frame]
        if not here:
            return False
        if self.number in here:
            place = here.index(self.number) + by
        else:
            place = 0 if by > 0 else len(here) - 1
        is_there = 0 <= place < len(here)
        self.choose(here[place] if is_there else None)
        return is_there

    def next_handle(self) -> None:
        """Let keys move the next handle of the chosen region, after the last one the whole."""
        chosen = self.chosen()
        following = 0 if self.handle is None else self.handle + 1
        is_there = chosen is not None and following < len(handles(chosen))
        self.handle = following if is_there else None

    def add(self, region: Region) -> None:
        """Add a region and choose it."""
        first = 0 if self.most is None else max(0, len(self.all) + 1 - self.most)
        self.all = (*self.all[first:], region)
        self.choose(len(self.all) - 1)
        self._on_change(False)

    def change(self, region: Region, *, joins: bool = False) -> None:
        """Put another region in the place of the chosen one."""
        number = self.number
        if number is not None and region != self.all[number]:
            self.all = (*self.all[:number], region, *self.all[number + 1 :])
            self._on_change(joins)

    def remove(self) -> None:
        """Take the chosen region away; a locked one stays."""
        if self.number is not None and not self.all[self.number].is_locked:
            self.all = self.all[: self.number] + self.all[self.number + 1 :]
            self.choose(None)
            self._on_change(False)

    def nudge(self, across: float, down: float) -> None:
        """Move the chosen region, or its handle that keys move, by so many pixels."""
        region = self.chosen()
        if region is None or region.is_locked:
            return
        if self.handle is None:
            self.change(kept(moved(region, (across, down), self.size)), joins=True)
            return
        # Not `kept`: corners that change places would change under the keys.
        x, y = handles(region)[self.handle]
        point = clamped((x + across, y + down), self.size)
        self.change(with_handle(region, self.handle, point), joins=True)

    def copy_to(self, frame: int) -> None:
        """Add the chosen region once more, on another frame."""
        chosen = self.chosen()
        if chosen is not None:
            self.add(replace(chosen, frame=frame, is_locked=False))
