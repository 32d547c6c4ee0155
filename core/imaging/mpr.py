"""Sections through a volume: axial, coronal and sagittal, thin or as a slab, right in mm."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageError
from core.imaging.display import Values
from core.imaging.geometry import Plane, Vector
from core.imaging.image import Frame
from core.imaging.volume import Volume

_MAX_SIDE: Final = 8192
_MAX_SAMPLES: Final = 1024
_ALIGNED: Final = 1e-4
_BORDER: Final = 0.5
"""Half a voxel outside its outermost center a volume ends."""


class Direction(StrEnum):
    """What a section looks along."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


class Slab(StrEnum):
    """What is shown of the values through the thickness of a slab."""

    MEAN = "mean"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A made picture and where it lies; its pixels are squares."""

    frame: Frame
    plane: Plane


_AXES: Final[dict[Direction, tuple[Vector, Vector]]] = {
    # Toward what rows and columns run: the patient's right is at the left, the head at the top.
    Direction.AXIAL: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    Direction.CORONAL: ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    Direction.SAGITTAL: ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
}
_DEPTH: Final = {Direction.AXIAL: 2, Direction.CORONAL: 1, Direction.SAGITTAL: 0}


def range_mm(volume: Volume, direction: Direction) -> tuple[float, float]:
    """Return from where to where sections of a direction can lie."""
    low, high = volume.box_mm
    axis = _DEPTH[direction]
    return float(low[axis]), float(high[axis])


def section(
    volume: Volume,
    direction: Direction,
    at_mm: float,
    *,
    slab_mm: float = 0.0,
    slab: Slab = Slab.MEAN,
) -> Section:
    """Return the section at a patient coordinate, interpolated linearly.

    Its pixels are as large as the finest spacing within the slices. A slab reaches half of
    `slab_mm` to both sides. What lies outside the volume has its lowest value.
    """
    plane, shape = _grid(volume, direction, at_mm)
    step = plane.spacing_mm[0]
    count = min(_MAX_SAMPLES, max(1, round(slab_mm / step) + 1)) if slab_mm > 0 else 1
    depths = np.linspace(-slab_mm / 2, slab_mm / 2, count) if count > 1 else np.zeros(1)
    axis = np.eye(3)[_DEPTH[direction]]
    if _is_separable(volume):
        found = _separable(volume, plane, shape, depths[:, None] * axis, slab)
    else:
        found = _general(volume, plane, shape, depths[:, None] * axis, slab)
    if volume.values.dtype.kind in "iu":
        found = np.rint(found)
    return Section(Frame(found.astype(volume.values.dtype), volume.rule), plane)


def _grid(volume: Volume, direction: Direction, at_mm: float) -> tuple[Plane, tuple[int, int]]:
    low, high = volume.box_mm
    across, down = _AXES[direction]
    step = min(volume.planes[0].spacing_mm)
    origin = np.array(low)
    origin[_DEPTH[direction]] = at_mm
    if direction is not Direction.AXIAL:
        origin[2] = high[2]  # rows run from the head to the feet
    lengths = [abs(float((high - low) @ np.asarray(way))) for way in (down, across)]
    rows, columns = (int(length / step + 1e-6) + 1 for length in lengths)
    if max(rows, columns) > _MAX_SIDE:
        raise ImageError(
            f"A section of {columns:,} × {rows:,} pixels is too large.",
            hint="The places of the slices are very far apart; look at the slices themselves.",
        )
    place = (float(origin[0]), float(origin[1]), float(origin[2]))
    return Plane(place, across, down, (step, step)), (rows, columns)


def _is_separable(volume: Volume) -> bool:
    """Tell whether slices lie along the patient's axes, their first pixels in one line."""
    first = volume.planes[0]
    axes = np.abs(np.array([first.across, first.down, volume.normal]))
    if not np.all((axes < _ALIGNED) | (axes > 1 - _ALIGNED)):
        return False
    origins = np.array([plane.origin_mm for plane in volume.planes])
    inside = np.array([first.across, first.down])
    return bool(np.ptp(origins @ inside.T, axis=0).max() < _ALIGNED)


def _separable(
    volume: Volume,
    plane: Plane,
    shape: tuple[int, int],
    offsets: NDArray[np.float64],
    slab: Slab,
) -> Values:
    """Interpolate axis by axis, the depth first: few numbers are left after it."""
    origin, step = np.asarray(plane.origin_mm), plane.spacing_mm[0]
    lines = (
        origin + offsets,
        origin + np.arange(shape[0])[:, None] * step * np.asarray(plane.down),
        origin + np.arange(shape[1])[:, None] * step * np.asarray(plane.across),
    )
    found = [volume.indices(line) for line in lines]
    # An output axis is the source axis along which its indices change the most.
    ways = np.array([plane.normal, plane.down, plane.across])
    first = volume.planes[0]
    sources = np.argmax(
        np.abs(ways @ np.array([volume.normal, first.down, first.across]).T), axis=1
    )
    values, is_inside = volume.values, []
    for line, source in zip(found, sources, strict=True):
        places = line[int(source)]
        last = volume.values.shape[int(source)] - 1
        is_inside.append((places >= -_BORDER) & (places <= last + _BORDER))
        values = _along(values, places, int(source))
        if line is found[0]:
            usable = is_inside[0]
            if not usable.any():
                return np.full(shape, volume.lowest, np.float32)
            values = _reduced(values.compress(usable, axis=int(source)), slab, int(source))
            values = np.expand_dims(values, int(source))
    picture = np.squeeze(values, axis=int(sources[0]))
    kept = [int(source) for source in sources[1:]]
    picture = picture if kept[0] < kept[1] else picture.T
    outside = ~(is_inside[1][:, None] & is_inside[2][None, :])
    picture = np.array(picture, np.float32)
    picture[outside] = volume.lowest
    return picture


def _along(values: Values, places: NDArray[np.float64], axis: int) -> Values:
    last = values.shape[axis] - 1
    inside = np.clip(places, 0, last)
    low = np.minimum(inside.astype(np.intp), max(0, last - 1))
    part = (inside - low).astype(np.float32)
    if not part.any():
        return values.take(low, axis=axis)
    shape = [1] * values.ndim
    shape[axis] = len(part)
    weight = part.reshape(shape)
    lower = values.take(low, axis=axis).astype(np.float32)
    upper = values.take(np.minimum(low + 1, last), axis=axis)
    return np.asarray(lower + (upper - lower) * weight)


def _reduced(values: Values, slab: Slab, axis: int) -> Values:
    match slab:
        case Slab.MEAN:
            return np.asarray(values.mean(axis=axis, dtype=np.float32))
        case Slab.MAXIMUM:
            return np.asarray(values.max(axis=axis))
        case Slab.MINIMUM:
            return np.asarray(values.min(axis=axis))
        case _:
            assert_never(slab)


def _general(
    volume: Volume,
    plane: Plane,
    shape: tuple[int, int],
    offsets: NDArray[np.float64],
    slab: Slab,
) -> Values:
    """Interpolate each point between its eight voxels; outside a slab takes what is inside."""
    rows, columns = np.indices(shape, np.float64)
    step = plane.spacing_mm[0]
    points = (
        np.asarray(plane.origin_mm)
        + columns[..., None] * step * np.asarray(plane.across)
        + rows[..., None] * step * np.asarray(plane.down)
    )
    total = np.zeros(shape, np.float32)
    seen = np.zeros(shape, np.int32)
    for offset in offsets:
        values, is_inside = _trilinear(volume, points + offset)
        match slab:
            case Slab.MEAN:
                total += np.where(is_inside, values, 0)
            case Slab.MAXIMUM:
                total = np.where(is_inside & ((seen == 0) | (values > total)), values, total)
            case Slab.MINIMUM:
                total = np.where(is_inside & ((seen == 0) | (values < total)), values, total)
            case _:
                assert_never(slab)
        seen += is_inside
    if slab is Slab.MEAN:
        total /= np.maximum(seen, 1)
    return np.where(seen > 0, total, np.float32(volume.lowest))


def _trilinear(volume: Volume, points_mm: NDArray[np.float64]) -> tuple[Values, NDArray[np.bool_]]:
    shape = volume.values.shape
    found = volume.indices(points_mm)
    is_inside = np.ones(points_mm.shape[:-1], np.bool_)
    lows, parts = [], []
    for places, length in zip(found, shape, strict=True):
        is_inside &= (places >= -_BORDER) & (places <= length - 1 + _BORDER)
        inside = np.clip(places, 0, length - 1)
        low = np.minimum(inside.astype(np.intp), max(0, length - 2))
        lows.append(low)
        parts.append((inside - low).astype(np.float32))
    flat = volume.values.reshape(-1)
    steps = (shape[1] * shape[2], shape[2], 1)
    highs = [min(1, length - 1) * step for length, step in zip(shape, steps, strict=True)]
    start = sum(low * step for low, step in zip(lows, steps, strict=True))
    planes = []
    for first in (0, highs[0]):
        lines = []
        for second in (0, highs[1]):
            left = flat[start + (first + second)].astype(np.float32)
            right = flat[start + (first + second + highs[2])]
            lines.append(left + (right - left) * parts[2])
        planes.append(lines[0] + (lines[1] - lines[0]) * parts[1])
    return planes[0] + (planes[1] - planes[0]) * parts[0], is_inside
