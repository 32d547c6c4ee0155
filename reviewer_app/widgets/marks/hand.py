"""A hand that draws, takes and moves marks, step by step; points and reach in image pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from core.domain.region import MAX_POINTS, Point, Region, RegionKind
from reviewer_app.widgets.marks.drawn import DrawnRegions
from reviewer_app.widgets.marks.edits import (
    LINES,
    clamped,
    is_drawn,
    kept,
    moved,
    with_handle,
    within,
)
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
    """The tool in the hand, and what it is doing: drawing a region, or moving a drawn one."""

    def __init__(self, drawn: DrawnRegions) -> None:
        self._drawn = drawn
        self._hits = Hits()
        self.tool: RegionKind | None = None
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
        region = self._live or self._drawn.chosen()
        return region if region is not None and region.frame == frame else None

    def on(self, frame: int) -> tuple[Region, ...]:
        """Return the regions on a frame, as the hand holds them."""
        here, held = self._drawn.sorted().on(frame), self._drawn.chosen()
        if self._live is None or held is None:
            return here
        live = self._live
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
        """Let go, and take other regions."""
        self.drop()
        self._drawn.put(regions)

    def press(self, at: Point, frame: int, reach: float) -> bool:
        """Set a point or take hold of a mark; tell whether there was something to do."""
        self._reach, self._frame = reach, frame
        if not self._points and self._takes_hold(at, frame):
            return True
        if self.tool is None or self.tool is RegionKind.MASK:
            return False
        self._set_point(clamped(at, self._drawn.size))
        return True

    def _takes_hold(self, at: Point, frame: int) -> bool:
        region, number = self.chosen_on(frame), self._drawn.number
        handle = None
        if region is not None:
            handle = None if region.is_locked else handle_at(region, at, self._reach)
            is_held = handle is not None or (self.tool is None and is_inside(region, at))
            if not is_held:
                region = None
        if region is None and self.tool is None:
            number = self._hits.near(self._drawn.all, frame, at, self._reach)
            region = None if number is None else self._drawn.all[number]
        if region is None:
            return False
        if number != self._drawn.number:
            self._drawn.choose(number)
        if not region.is_locked:
            self._drawn.handle = handle
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
        point = clamped(at, self._drawn.size)
        if self.tool is not RegionKind.FREEHAND:
            self._points[-1] = point
        elif math.dist(self._points[-1], point) >= self._reach * _STEP_SHARE:
            self._points.append(point)
        return True

    def _drag(self, grip: _Grip, at: Point) -> None:
        if grip.handle is not None:
            self._live = with_handle(grip.before, grip.handle, clamped(at, self._drawn.size))
            return
        by = at[0] - grip.start[0], at[1] - grip.start[1]
        if grip.before.mask is None:
            self._live = moved(grip.before, by, self._drawn.size)
        else:
            across, down = within(grip.before, by, self._drawn.size)
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
            live = moved(grip.before, shift, self._drawn.size)
        if live is not None and kept(live) != grip.before:
            self._drawn.change(kept(live))

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
            self._drawn.add(region)

    def remove_point(self) -> None:
        """Take back the last corner of a polygon that is being drawn."""
        if len(self._points) > 2:
            del self._points[-2]
        else:
            self.drop()

    def click(self, at: Point, frame: int) -> None:
        """Choose the smallest region around a point; none where there is none."""
        self._drawn.choose(self._hits.around(self._drawn.all, frame, at))
