"""Which mark lies under a hand; points and reach in image pixels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Final

from core.domain.region import MaskRuns, Point, Region, RegionKind
from core.imaging.marks.shapes import outline
from reviewer_app.widgets.marks.edits import extent, handles

_MOST_KEPT: Final = 6_000


class Hits:
    """Finds marks by place; the extents of long lines are worked out once."""

    def __init__(self) -> None:
        self._extents: dict[int, tuple[Region, tuple[Point, Point] | None]] = {}

    def near(self, regions: Sequence[Region], frame: int, at: Point, reach: float) -> int | None:
        """Return the uppermost region whose line passes within reach, or whose mask is there."""
        for number in reversed(range(len(regions))):
            region = regions[number]
            if region.frame != frame or not self._is_close(region, at, reach):
                continue
            if _has_pixel(region, at) or _distance(region, at) <= reach:
                return number
        return None

    def around(self, regions: Sequence[Region], frame: int, at: Point) -> int | None:
        """Return the smallest closed region that holds a point."""
        found = [
            (self._size(region), number)
            for number, region in enumerate(regions)
            if region.frame == frame and self._is_close(region, at, 0) and is_inside(region, at)
        ]
        return min(found)[1] if found else None

    def _size(self, region: Region) -> float:
        found = self._extent(region)
        if found is None:
            return 0.0
        (left, top), (right, bottom) = found
        return (right - left) * (bottom - top)

    def _is_close(self, region: Region, at: Point, reach: float) -> bool:
        found = self._extent(region)
        if found is None:
            return False
        low, high = found
        return all(
            first - reach <= part <= last + reach
            for first, part, last in zip(low, at, high, strict=True)
        )

    def _extent(self, region: Region) -> tuple[Point, Point] | None:
        kept = self._extents.get(id(region))
        if kept is None or kept[0] is not region:
            if len(self._extents) >= _MOST_KEPT:
                self._extents.clear()
            kept = self._extents[id(region)] = (region, extent(region))
        return kept[1]


def handle_at(region: Region, at: Point, reach: float) -> int | None:
    """Return the handle of a region within reach."""
    places = [(math.dist(point, at), number) for number, point in enumerate(handles(region))]
    away, number = min(places, default=(math.inf, 0))
    return number if away <= reach else None


def is_inside(region: Region, at: Point) -> bool:
    """Tell whether a closed region holds a point."""
    if region.kind in (RegionKind.POINT, RegionKind.ARROW):
        return False
    if region.mask is not None:
        return _has_pixel(region, at)
    line, _ = outline(region)
    is_in = False
    for (x, y), (u, v) in _sides(line, is_closed=True):
        if (y > at[1]) != (v > at[1]) and at[0] < x + (at[1] - y) * (u - x) / (v - y):
            is_in = not is_in
    return is_in


def _has_pixel(region: Region, at: Point) -> bool:
    mask = region.mask
    if mask is None:
        return False
    column, row = math.floor(at[0]), math.floor(at[1])
    if not (0 <= column < mask.width and 0 <= row < mask.height):
        return False
    return _is_marked(mask, row * mask.width + column)


def _is_marked(mask: MaskRuns, place: int) -> bool:
    for number, run in enumerate(mask.runs):
        place -= run
        if place < 0:
            return number % 2 == 1
    return False


def _distance(region: Region, at: Point) -> float:
    if region.mask is not None:
        return math.inf
    line, is_closed = outline(region)
    if len(line) == 1:
        return math.dist(line[0], at)
    return min(_to_side(at, one, other) for one, other in _sides(line, is_closed=is_closed))


def _sides(line: Sequence[Point], *, is_closed: bool) -> Iterable[tuple[Point, Point]]:
    yield from itertools.pairwise(line)
    if is_closed:
        yield line[-1], line[0]


def _to_side(at: Point, one: Point, other: Point) -> float:
    across, down = other[0] - one[0], other[1] - one[1]
    length = across * across + down * down
    share = ((at[0] - one[0]) * across + (at[1] - one[1]) * down) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.dist(at, (one[0] + share * across, one[1] + share * down))
