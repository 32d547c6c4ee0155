"""What a hand does to a mark, as functions: handles, moving, resizing; points in image pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from core.domain.region import MaskRuns, Point, Region, RegionKind

CORNERED: Final = (RegionKind.BOX, RegionKind.ELLIPSE)
LINES: Final = (RegionKind.POLYGON, RegionKind.FREEHAND)
_DECIMALS: Final = 2
"""A hundredth of a pixel is finer than any hand, and short in a file."""
_LEAST_SIDE: Final = 0.5
_MIDDLE_SHARE: Final = 0.125
"""Half of the width, as a share of what is in sight, of a mark that keys have made."""


def rounded(point: Point) -> Point:
    """Return a point as it is kept."""
    return round(point[0], _DECIMALS), round(point[1], _DECIMALS)


def kept(region: Region) -> Region:
    """Return a region as it is kept: short numbers, the first corner left and above."""
    points = tuple(rounded(point) for point in region.points)
    if region.kind in CORNERED:
        low, high = bounds_of(points)
        points = (low, high)
    return replace(region, points=points)


def is_drawn(region: Region) -> bool:
    """Tell whether a region has a size that is worth keeping."""
    if region.kind is RegionKind.POINT or region.mask is not None:
        return True
    (left, top), (right, bottom) = bounds_of(region.points)
    if region.kind in CORNERED:
        return min(right - left, bottom - top) >= _LEAST_SIDE
    return max(right - left, bottom - top) >= _LEAST_SIDE


def bounds_of(points: Iterable[Point]) -> tuple[Point, Point]:
    """Return the left upper and the right lower corner around points."""
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))


def extent(region: Region) -> tuple[Point, Point] | None:
    """Return the corners around a region; None for a mask without pixels."""
    return bounds_of(region.points) if region.mask is None else mask_extent(region.mask)


def mask_extent(mask: MaskRuns) -> tuple[Point, Point] | None:
    """Return the corners around the marked pixels of a mask."""
    left, right, top, bottom = mask.width, 0, mask.height, 0
    place = 0
    for number, run in enumerate(mask.runs):
        if number % 2 and run:
            first, last = place, place + run - 1
            top, bottom = min(top, first // mask.width), max(bottom, last // mask.width + 1)
            is_one_row = first // mask.width == last // mask.width
            left = min(left, first % mask.width if is_one_row else 0)
            right = max(right, last % mask.width + 1 if is_one_row else mask.width)
        place += run
    return None if right <= left else ((float(left), float(top)), (float(right), float(bottom)))


def handles(region: Region) -> tuple[Point, ...]:
    """Return the points by which a region is resized; a mask is painted instead."""
    if region.kind is RegionKind.FREEHAND:
        return _corners(*bounds_of(region.points))
    if region.kind in CORNERED:
        return _corners(region.points[0], region.points[1])
    return region.points


def _corners(one: Point, other: Point) -> tuple[Point, ...]:
    return one, (other[0], one[1]), other, (one[0], other[1])


def with_handle(region: Region, place: int, point: Point) -> Region:
    """Return a region after one of its handles was put elsewhere."""
    if region.kind is RegionKind.FREEHAND:
        return _stretched(region, place, point)
    if region.kind not in CORNERED:
        points = (*region.points[:place], point, *region.points[place + 1 :])
        return replace(region, points=points)
    (x, y), (u, v) = region.points
    x, u = (x, point[0]) if place in (1, 2) else (point[0], u)
    y, v = (y, point[1]) if place in (2, 3) else (point[1], v)
    return replace(region, points=((x, y), (u, v)))


def _stretched(region: Region, place: int, point: Point) -> Region:
    corners = _corners(*bounds_of(region.points))
    held, still = corners[place], corners[(place + 2) % 4]
    scales = [
        (point[axis] - still[axis]) / (held[axis] - still[axis])
        if held[axis] != still[axis]
        else 1.0
        for axis in (0, 1)
    ]
    # A line that was folded to nothing could never be unfolded.
    scales = [one if abs(one) > 1e-3 else math.copysign(1e-3, one) for one in scales]
    points = tuple(
        (still[0] + (x - still[0]) * scales[0], still[1] + (y - still[1]) * scales[1])
        for x, y in region.points
    )
    return replace(region, points=points)


def within(region: Region, by: Point, size: tuple[int, int]) -> Point:
    """Return how far a region goes towards `by` until an edge of the image stops it."""
    found = extent(region)
    if found is None:
        return 0.0, 0.0
    return tuple(
        min(max(step, min(0.0, -low)), max(0.0, most - high))
        for step, low, high, most in zip(by, *found, size, strict=True)
    )  # type: ignore[return-value]  # two axes


def moved(region: Region, by: Point, size: tuple[int, int]) -> Region:
    """Return a region elsewhere on an image of this size; masks move by whole pixels."""
    across, down = within(region, by, size)
    if region.mask is not None:
        from core.imaging.marks.mask import shifted

        return replace(region, mask=shifted(region.mask, round(across), round(down)))
    points = tuple((x + across, y + down) for x, y in region.points)
    return replace(region, points=points)


def clamped(point: Point, size: tuple[int, int]) -> Point:
    """Return the point of the image that is next to a point."""
    return min(max(point[0], 0.0), size[0]), min(max(point[1], 0.0), size[1])


def in_middle(kind: RegionKind, sight: tuple[Point, Point], frame: int) -> Region:
    """Return a region in the middle of what is in sight, for a hand without a mouse."""
    (left, top), (right, bottom) = sight
    x, y = (left + right) / 2, (top + bottom) / 2
    across, down = (right - left) * _MIDDLE_SHARE, (bottom - top) * _MIDDLE_SHARE
    points: Sequence[Point] = ((x - across, y - down), (x + across, y + down))
    if kind is RegionKind.POINT:
        points = ((x, y),)
    elif kind in LINES:
        turns = (math.tau * step / 6 for step in range(6))
        points = [(x + across * math.cos(one), y + down * math.sin(one)) for one in turns]
    return kept(Region(kind, tuple(points), frame))
