"""A hand that draws, chooses and moves marks, step by step; points and reach in image pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from core.domain.region import MAX_POINTS, Point, Region, RegionKind
from reviewer_app.widgets.marks.edits import (
    LINES,
    clamped,
    handles,
    is_drawn,
    kept,
    moved,
    with_handle,
    within,
)
from reviewer_app.widgets.marks.frames import FrameMarks
from reviewer_app.widgets.marks.hits import Hits, handle_at, is_inside

_STEP_SHARE: Final = 0.25
"""Of the reach: a freehand line gets its next point so far from the last one."""
_LEAST_LINE: Final = 3


@dataclass(frozen=True, slots=True)
class _Grip:
    """What the hand holds, and as it was when the hand took it."""

    before: Region
    handle: int | None
    start: Point


class MarkHand:
    """The regions of one image, the chosen one, the tool, and what is under way.

    `on_change` is called with whether the change goes on from the one before (a held arrow key).
    """

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        self._hits = Hits()
        self.size = (1, 1)
        """Of the image, in pixels."""
        self.tool: RegionKind | None = None
        self.most: int | None = None
        """How many regions there may be; the next one takes the place of the oldest."""
        self.regions: tuple[Region, ...] = ()
        self._sorted = FrameMarks()
        self.chosen: int | None = None
        self.handle: int | None = None
        """Which handle of the chosen region keys move; None moves the whole."""
        self.shift = (0, 0)
        """Whole pixels by which a mask that the hand holds is away from its place."""
        self._points: list[Point] = []
        self._is_floating = self._starts_line = False
        self._grip: _Grip | None = None
        self._live: Region | None = None
        self._reach = 1.0
        self._frame = 0

    def chosen_on(self, frame: int) -> Region | None:
        """Return the chosen region, as the hand holds it, if it lies on a frame."""
        if self.chosen is None or self.chosen >= len(self.regions):
            return None
        region = self._live or self.regions[self.chosen]
        return region if region.frame == frame else None

    def sorted(self) -> FrameMarks:
        """Return the regions by their frames, with their colors, as they were before a move."""
        if self._sorted.all is not self.regions:
            self._sorted = FrameMarks(self.regions)
        return self._sorted

    def on(self, frame: int) -> tuple[Region, ...]:
        """Return the regions on a frame, as the hand holds them."""
        here, live = self.sorted().on(frame), self._live
        if live is None or self.chosen is None:
            return here
        held = self.regions[self.chosen]
        return tuple(live if one is held else one for one in here)

    def under_way(self) -> tuple[RegionKind, tuple[Point, ...]] | None:
        """Return what is being drawn."""
        return (self.tool, tuple(self._points)) if self.tool and self._points else None

    def is_holding(self) -> bool:
        """Tell whether the hand holds a mark."""
        return self._grip is not None

    def drop(self) -> None:
        """Give up what is under way."""
        self._points, self._is_floating = [], False
        self._grip, self._live, self.shift = None, None, (0, 0)

    def put(self, regions: tuple[Region, ...]) -> None:
        """Take other regions, as an undo brings them."""
        self.drop()
        self.handle = None  # another region may stand in the chosen one's place
        self.regions = regions
        if self.chosen is not None and self.chosen >= len(regions):
            self.choose(None)

    def choose(self, number: int | None) -> None:
        """Choose a region."""
        self.chosen, self.handle = number, None

    def press(self, at: Point, frame: int, reach: float) -> bool:
        """Set a point or take hold of a mark; tell whether there was something to do."""
        self._reach, self._frame = reach, frame
        if not self._points and self._takes_hold(at, frame):
            return True
        if self.tool is None or self.tool is RegionKind.MASK:
            return False
        self._set_point(clamped(at, self.size))
        return True

    def _takes_hold(self, at: Point, frame: int) -> bool:
        region, number = self.chosen_on(frame), self.chosen
        handle = None
        if region is not None:
            handle = None if region.is_locked else handle_at(region, at, self._reach)
            is_held = handle is not None or (self.tool is None and is_inside(region, at))
            if not is_held:
                region = None
        if region is None and self.tool is None:
            number = self._hits.near(self.regions, frame, at, self._reach)
            region = None if number is None else self.regions[number]
        if region is None:
            return False
        if number != self.chosen:
            self.choose(number)
        if not region.is_locked:
            self.handle = handle
            self._grip = _Grip(region, handle, at)
        return True

    def _set_point(self, at: Point) -> None:
        if self.tool is RegionKind.POLYGON:
            is_closing = len(self._points) > _LEAST_LINE
            if is_closing and math.dist(self._points[0], at) <= self._reach:
                self.finish()
            else:
                self._points[-1:] = [at, at]
                self._is_floating = True
            return
        self._starts_line = not self._is_floating
        if self._is_floating:
            self._points[-1] = at
        else:
            is_one = self.tool in (RegionKind.POINT, RegionKind.FREEHAND)
            self._points = [at] if is_one else [at, at]
            self._is_floating = True

    def move(self, at: Point) -> bool:
        """Let what is under way follow the hand; tell whether something did."""
        if self._grip is not None:
            self._drag(self._grip, at)
            return True
        if not self._is_floating:
            return False
        point = clamped(at, self.size)
        if self.tool is not RegionKind.FREEHAND:
            self._points[-1] = point
        elif math.dist(self._points[-1], point) >= self._reach * _STEP_SHARE:
            self._points.append(point)
        return True

    def _drag(self, grip: _Grip, at: Point) -> None:
        if grip.handle is not None:
            self._live = with_handle(grip.before, grip.handle, clamped(at, self.size))
            return
        by = at[0] - grip.start[0], at[1] - grip.start[1]
        if grip.before.mask is None:
            self._live = moved(grip.before, by, self.size)
        else:
            across, down = within(grip.before, by, self.size)
            self.shift = round(across), round(down)

    def release(self, *, is_click: bool) -> bool:
        """Take what the hand made; tell whether there was something."""
        if self._grip is not None:
            self._let_go(self._grip)
            return True
        if not self._is_floating:
            return False
        if self.tool is not RegionKind.POLYGON and not (is_click and self._waits_for_second()):
            self.finish()
        return True

    def _waits_for_second(self) -> bool:
        return self._starts_line and len(self._points) == 2

    def _let_go(self, grip: _Grip) -> None:
        live, shift = self._live, self.shift
        self.drop()
        if any(shift):
            live = moved(grip.before, shift, self.size)
        if live is not None and kept(live) != grip.before:
            self.change(kept(live))

    def finish(self) -> None:
        """Make a region of the points that are set, if they are enough."""
        points, tool = self._points, self.tool
        if tool is RegionKind.POLYGON:
            points = points[:-1]
        self.drop()
        if tool is None or (tool in LINES and len(points) < _LEAST_LINE) or not points:
            return
        region = kept(Region(tool, tuple(points[:MAX_POINTS]), self._frame))
        if is_drawn(region):
            self.add(region)

    def remove_point(self) -> None:
        """Take back the last corner of a polygon that is being drawn."""
        if len(self._points) > 2:
            del self._points[-2]
        else:
            self.drop()

    def add(self, region: Region) -> None:
        """Add a region and choose it."""
        first = 0 if self.most is None else max(0, len(self.regions) + 1 - self.most)
        self.regions = (*self.regions[first:], region)
        self.choose(len(self.regions) - 1)
        self._on_change(False)

    def change(self, region: Region, *, joins: bool = False) -> None:
        """Put another region in the place of the chosen one."""
        if self.chosen is not None and region != self.regions[self.chosen]:
            self.regions = (
                *self.regions[: self.chosen],
                region,
                *self.regions[self.chosen + 1 :],
            )
            self._on_change(joins)

    def remove(self) -> None:
        """Take the chosen region away; a locked one stays."""
        if self.chosen is not None and not self.regions[self.chosen].is_locked:
            self.regions = self.regions[: self.chosen] + self.regions[self.chosen + 1 :]
            self.choose(None)
            self._on_change(False)

    def nudge(self, across: float, down: float) -> None:
        """Move the chosen region, or its handle that keys move, by so many pixels."""
        region = None if self.chosen is None else self.regions[self.chosen]
        if region is None or region.is_locked:
            return
        if self.handle is None:
            self.change(kept(moved(region, (across, down), self.size)), joins=True)
            return
        # Not `kept`: corners that change places would change under the keys.
        x, y = handles(region)[self.handle]
        point = clamped((x + across, y + down), self.size)
        self.change(with_handle(region, self.handle, point), joins=True)

    def next_handle(self, count: int) -> None:
        """Let keys move the next handle, after the last one the whole."""
        following = 0 if self.handle is None else self.handle + 1
        self.handle = following if following < count else None

    def step(self, frame: int, by: int) -> bool:
        """Choose the next region of a frame; false beyond the last one, with none chosen."""
        here = [number for number, one in enumerate(self.regions) if one.frame == frame]
        if not here:
            return False
        if self.chosen in here:
            place = here.index(self.chosen) + by
        else:
            place = 0 if by > 0 else len(here) - 1
        is_there = 0 <= place < len(here)
        self.choose(here[place] if is_there else None)
        return is_there

    def click(self, at: Point, frame: int) -> None:
        """Choose the smallest region around a point; none where there is none."""
        self.choose(self._hits.around(self.regions, frame, at))

    def copy_to(self, frame: int) -> None:
        """Add the chosen region once more, on another frame."""
        if self.chosen is not None:
            self.add(replace(self.regions[self.chosen], frame=frame, is_locked=False))
