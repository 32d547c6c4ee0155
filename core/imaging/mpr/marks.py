"""Marks as sections cut them: a mark fills the voxels of its slice, and sections show voxels."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.region import Region, RegionKind
from core.imaging.display import Mask
from core.imaging.geometry import Plane
from core.imaging.marks.mask import mask_of, mask_region
from core.imaging.mpr.sections import Direction, depth_of, grid_of
from core.imaging.mpr.volume import Volume

_PARALLEL: Final = math.cos(math.radians(0.1))
"""Closer to parallel, a slice leaves the section by less than a millimeter over half a meter."""
_MOST_LAYERS: Final = 32
"""A thicker slab is looked through in larger steps."""
_LEAST_SHAFT: Final = 4.0
"""A shorter shaft, in pixels of the section, tells no direction."""
_TIPS: Final = (RegionKind.POINT, RegionKind.ARROW)

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels."""


def shows_slices(volume: Volume, direction: Direction) -> bool:
    """Tell whether sections of a direction lie as the slices do, each pixel within one slice."""
    return abs(volume.normal[depth_of(direction)]) >= _PARALLEL


def traces(
    volume: Volume,
    marks: Iterable[Region],
    direction: Direction,
    at_mm: float,
    *,
    slab_mm: float = 0.0,
) -> tuple[Region, ...]:
    """Return what a section cuts of marks on slices, in pixels of that section, labels kept.

    A pixel belongs to a mark if the voxel nearest to it does. Points come back as a point, arrows
    as the part of them that lies in the section with the tip: often the tip alone, as a point.
    Marks that are not cut, or lie on frames outside the volume, are left out.
    """
    slices = {frame: place for place, frame in enumerate(volume.frames)}
    plane, size = grid_of(volume, direction, at_mm)
    offsets = _offsets(volume, direction, slab_mm)
    found = []
    for mark in marks:
        place = slices.get(mark.frame)
        pixels = None if place is None else _pixels(volume, mark, place)
        if place is None or pixels is None:
            continue
        box = _box(volume, pixels, place, plane, size)
        cut = _cut(volume, pixels, place, plane, box, offsets)
        if cut.any():
            arrow = _arrow(volume, mark, place, plane, slab_mm)
            found.append(arrow or _as_region(mark, cut, box, size))
    return tuple(found)


def _offsets(volume: Volume, direction: Direction, slab_mm: float) -> NDArray[np.float64]:
    """Return how far the layers of a slab lie from its middle, as vectors."""
    step = min(volume.planes[0].spacing_mm)
    count = min(_MOST_LAYERS, math.ceil(slab_mm / step)) + 1
    found = np.zeros((count, 3))
    if count > 1:
        found[:, depth_of(direction)] = np.linspace(-slab_mm / 2, slab_mm / 2, count)
    return found


def _pixels(volume: Volume, mark: Region, place: int) -> Mask | None:
    """Return which pixels of its slice a mark holds; None where there are none."""
    _, rows, columns = volume.values.shape
    pixels = mask_of(mark, columns, rows)
    return pixels if pixels.any() else None


def _box(volume: Volume, pixels: Mask, place: int, plane: Plane, size: tuple[int, int]) -> Box:
    """Return where in a section a mark can show at most."""
    down, across = (np.nonzero(pixels.any(axis=axis))[0] for axis in (1, 0))
    normal = np.asarray(volume.normal)
    reach = float(np.diff(volume.places_mm).max(initial=min(volume.planes[0].spacing_mm)))
    points = [
        plane.image_point(tuple(np.asarray(corner) + side * reach * normal))[0]
        for corner in (
            volume.planes[place].patient_mm((x, y))
            for x in (across[0] - 1.0, across[-1] + 2.0)
            for y in (down[0] - 1.0, down[-1] + 2.0)
        )
        for side in (-1, 1)
    ]
    (left, top), (right, bottom) = (
        tuple(step(part) for part in end(points, axis=0))
        for step, end in ((math.floor, np.min), (math.ceil, np.max))
    )
    rows, columns = size
    return (
        min(max(0, left), columns),
        min(max(0, top), rows),
        min(max(0, right), columns),
        min(max(0, bottom), rows),
    )


def _cut(
    volume: Volume,
    pixels: Mask,
    place: int,
    plane: Plane,
    box: Box,
    offsets: NDArray[np.float64],
) -> Mask:
    """Return which pixels within a box of a section show a voxel of a mark."""
    left, top, right, bottom = box
    between_rows, between_columns = plane.spacing_mm
    across = np.arange(left, right)[None, :, None] * between_columns * np.asarray(plane.across)
    down = np.arange(top, bottom)[:, None, None] * between_rows * np.asarray(plane.down)
    points = np.asarray(plane.origin_mm) + across + down
    found = np.zeros(points.shape[:2], np.bool_)
    for offset in offsets:
        slices, rows, columns = (np.rint(one) for one in volume.indices(points + offset))
        is_in = (slices == place) & (rows >= 0) & (columns >= 0)
        is_in &= (rows < pixels.shape[0]) & (columns < pixels.shape[1])
        found[is_in] |= pixels[rows[is_in].astype(np.intp), columns[is_in].astype(np.intp)]
    return found


def _arrow(volume: Volume, mark: Region, place: int, plane: Plane, slab_mm: float) -> Region | None:
    """Return the part of an arrow within a section; None where too little of it is seen."""
    if mark.kind is not RegionKind.ARROW:
        return None
    (tail, tail_away), (tip, tip_away) = (
        plane.image_point(volume.planes[place].patient_mm(point)) for point in mark.points
    )
    half = (slab_mm + min(volume.planes[0].spacing_mm)) / 2
    if abs(tip_away) > half:
        return None
    share = 1.0
    if abs(tail_away) > half:
        share = (math.copysign(half, tail_away) - tip_away) / (tail_away - tip_away)
    across, down = ((end - start) * share for start, end in zip(tip, tail, strict=True))
    if math.hypot(across, down) < _LEAST_SHAFT:
        return None
    return Region(RegionKind.ARROW, ((tip[0] + across, tip[1] + down), tip), label=mark.label)


def _as_region(mark: Region, cut: Mask, box: Box, size: tuple[int, int]) -> Region:
    left, top, right, bottom = box
    if mark.kind in _TIPS:
        rows, columns = np.nonzero(cut)
        middle = left + float(columns.mean()) + 0.5, top + float(rows.mean()) + 0.5
        return Region(RegionKind.POINT, (middle,), label=mark.label)
    whole = np.zeros(size, np.bool_)
    whole[top:bottom, left:right] = cut
    return mask_region(whole, label=mark.label)
