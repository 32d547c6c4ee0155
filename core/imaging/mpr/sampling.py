"""Values of a section: read along the voxels' own axes as far as the stack allows, exactly.

An axis of the voxels that runs along one of the patient's stands alone: along it one linear
interpolation is enough, and a slab along it is read without sampling.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.display import Values
from core.imaging.geometry import Plane
from core.imaging.mpr.slab import BORDER, Slab, reduced
from core.imaging.mpr.volume import Volume

Places = NDArray[np.float64]
_ALIGNED: Final = 1e-4
_MAX_SAMPLES: Final = 1024
_BLOCK_ROWS: Final = 32
"""Rows whose numbers stay in a processor's cache while they are interpolated."""


def _nothing() -> None:
    """Go on."""


class Axis(NamedTuple):
    """An axis of the voxels (0 slices, 1 rows, 2 columns) that runs along one of the patient's."""

    source: int
    patient: int


@dataclass(frozen=True, eq=False)
class Sampling:
    """What to read of a volume: a grid in a plane along the patient's axes, a slab around it."""

    volume: Volume
    plane: Plane
    shape: tuple[int, int]
    slab_mm: float
    slab: Slab
    on_part: Callable[[], None] = _nothing
    """Called after every part of a long work; may raise to stop it."""

    def values(self) -> Values:
        """Return the values as (rows, columns); what lies outside has the volume's lowest."""
        axes = lone_axes(self.volume)
        depth = next((one for one in axes if one.patient == self.depth), None)
        if len(axes) == 3 and depth is not None:
            return self._by_lines(depth)
        if depth is not None:
            return self._by_plane(depth)
        return self._by_rows(axes[0]) if axes else self._by_points()

    @cached_property
    def depth(self) -> int:
        """The patient's axis through the section."""
        return int(np.argmax(np.abs(self.plane.normal)))

    @cached_property
    def _step(self) -> float:
        return self.plane.spacing_mm[0]

    @cached_property
    def _ways(self) -> tuple[Places, Places]:
        """From row to row and from column to column, in mm."""
        return np.asarray(self.plane.down) * self._step, np.asarray(self.plane.across) * self._step

    @cached_property
    def _depths(self) -> Places:
        """Where a slab is sampled where that is needed: as densely as the pixels lie."""
        if self.slab_mm <= 0:
            return np.zeros(1)
        count = min(_MAX_SAMPLES, int(np.ceil(self.slab_mm / self._step)) + 1)
        if self.slab is Slab.MEAN:
            return ((np.arange(count) + 0.5) / count - 0.5) * self.slab_mm
        return np.linspace(-self.slab_mm / 2, self.slab_mm / 2, count)

    def _reduced(self, depth: Axis) -> Values | None:
        at = self.plane.origin_mm[self.depth]
        span = (at - self.slab_mm / 2, at + self.slab_mm / 2)
        return reduced(
            self.volume.values, depth.source, _centers(self.volume, depth), span, self.slab
        )

    def _line(self, way: int) -> tuple[Places, ...]:
        """Return the voxel indices along the first row (1) or column (0) of the grid."""
        points = np.arange(self.shape[way])[:, None] * self._ways[way]
        return self.volume.indices(np.asarray(self.plane.origin_mm) + points)

    def _by_lines(self, depth: Axis) -> Values:
        """Interpolate rows, then columns: voxels lie along the patient's axes."""
        values = self._reduced(depth)
        if values is None:
            return self._outside()
        kept = [axis for axis in range(3) if axis != depth.source]
        patient = {one.source: one.patient for one in lone_axes(self.volume)}
        down = int(np.argmax(np.abs(self.plane.down)))
        first, second = kept if patient[kept[0]] == down else kept[::-1]
        values = values if first < second else values.T
        for way, source in enumerate((first, second)):
            values = along(values, self._line(way)[source], way)
        lengths = self.volume.values.shape
        is_inside = [
            _inside(self._line(way)[source], lengths[source])
            for way, source in enumerate((first, second))
        ]
        return self._masked(values, is_inside[0][:, None] & is_inside[1])

    def _by_plane(self, depth: Axis) -> Values:
        """Interpolate within a reduced plane: the voxels are tilted around the depth."""
        values = self._reduced(depth)
        if values is None:
            return self._outside()
        fields = self._fields(slice(None), 0.0)
        rows, columns = (fields[axis] for axis in range(3) if axis != depth.source)
        found = cv2.remap(
            np.ascontiguousarray(values, np.float32),
            columns.astype(np.float32),
            rows.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        height, width = values.shape
        return self._masked(found, _inside(rows, height) & _inside(columns, width))

    def _by_rows(self, lone: Axis) -> Values:
        """Interpolate whole lines of voxels: one axis of the picture is one of theirs."""
        lies_across = int(np.argmax(np.abs(self.plane.across))) == lone.patient
        way = 0 if lies_across else 1
        lines = np.moveaxis(self.volume.values, lone.source, -1)
        points = np.asarray(self.plane.origin_mm) + (
            np.arange(self.shape[way])[:, None] * self._ways[way]
        )
        kept = [axis for axis in range(3) if axis != lone.source]
        gathered = _Gathered((len(points), lines.shape[-1]), self.slab)
        for depth in self._depths:
            found = self.volume.indices(points + depth * np.eye(3)[self.depth])
            first, second = (found[axis] for axis in kept)
            is_inside = _inside(first, lines.shape[0]) & _inside(second, lines.shape[1])
            gathered.add(_bilinear_lines(lines, first, second), is_inside[:, None])
            self.on_part()
        own = self._line(1 - way)[lone.source]
        picture = along(gathered.result(), own, 1)
        is_inside = gathered.is_seen & _inside(own, lines.shape[-1])
        return self._masked(picture, is_inside) if way == 0 else self._masked(picture, is_inside).T

    def _by_points(self) -> Values:
        """Interpolate each point between its eight voxels: nothing runs along the patient."""
        picture = self._outside()
        for start in range(0, self.shape[0], _BLOCK_ROWS):
            rows = slice(start, min(self.shape[0], start + _BLOCK_ROWS))
            gathered = _Gathered(picture[rows].shape, self.slab)
            for fields in self._fields_through(rows):
                gathered.add(*_trilinear(self.volume.values, fields))
                self.on_part()
            np.copyto(picture[rows], gathered.result(), where=gathered.is_seen)
        return picture

    def _fields_through(self, rows: slice) -> Iterator[tuple[Places, Places, Places]]:
        """Yield the fields of every depth; in an even stack all move on by the same step."""
        if not self.volume.is_even or len(self._depths) == 1:
            yield from (self._fields(rows, float(depth)) for depth in self._depths)
            return
        middle = self._fields(rows, 0.0)
        step = self._fields(slice(0, 1), 1.0)
        start = self._fields(slice(0, 1), 0.0)
        steps = [float(one[0, 0] - other[0, 0]) for one, other in zip(step, start, strict=True)]
        for depth in self._depths:
            first, second, third = (
                field + depth * by for field, by in zip(middle, steps, strict=True)
            )
            yield first, second, third

    def _fields(self, rows: slice, depth_mm: float) -> tuple[Places, Places, Places]:
        """Return slice, row and column of every point in some rows of the grid."""
        first = self.volume.planes[0]
        start = np.asarray(self.plane.origin_mm) + depth_mm * np.eye(3)[self.depth]
        down = np.arange(self.shape[0])[rows, None] * self._ways[0]
        across = np.arange(self.shape[1])[:, None] * self._ways[1]

        def towards(way: tuple[float, float, float]) -> Places:
            vector = np.asarray(way)
            return np.asarray((start @ vector + down @ vector)[:, None] + across @ vector)

        normal = towards(self.volume.normal)
        between = first.spacing_mm
        places = [
            (towards(way) - self.volume.starts_mm(way, normal)) / gap
            for way, gap in zip((first.down, first.across), between, strict=True)
        ]
        return self.volume.slices_at(normal), places[0], places[1]

    def _outside(self) -> Values:
        return np.full(self.shape, self.volume.lowest, np.float32)

    def _masked(self, picture: Values, is_inside: NDArray[np.bool_]) -> Values:
        if is_inside.all():
            return picture
        return np.where(is_inside, picture, np.float32(self.volume.lowest))


class _Gathered:
    """Samples through a slab as they come; outside of the volume they do not count."""

    def __init__(self, shape: tuple[int, ...], slab: Slab) -> None:
        self._slab = slab
        self._shape = shape
        self._total: Values | None = None
        self._count: Values = np.zeros((1, 1), np.int32)

    @property
    def is_seen(self) -> NDArray[np.bool_]:
        """Where anything was inside."""
        return np.asarray(self._count > 0)

    def add(self, values: Values, is_inside: NDArray[np.bool_]) -> None:
        """Take one sample of every pixel."""
        outside = {Slab.MEAN: 0.0, Slab.MAXIMUM: -np.inf, Slab.MINIMUM: np.inf}[self._slab]
        if not is_inside.all():
            values = np.where(is_inside, values, np.float32(outside))
        self._count = self._count + is_inside
        if self._total is None:
            self._total = values
        elif self._slab is Slab.MEAN:
            self._total += values
        else:
            combine = np.maximum if self._slab is Slab.MAXIMUM else np.minimum
            combine(self._total, values, out=self._total)

    def result(self) -> Values:
        """Return what the slab shows, any finite number where nothing was inside."""
        assert self._total is not None  # noqa: S101 - at least one sample is always taken
        if self._slab is Slab.MEAN:
            return np.asarray(self._total / np.maximum(self._count, 1), np.float32)
        return np.where(self.is_seen, self._total, np.float32(0))


def lone_axes(volume: Volume) -> tuple[Axis, ...]:
    """Return the axes of the voxels that run along the patient's and share nothing with others."""
    first = volume.planes[0]
    ways = np.abs(np.array([volume.normal, first.down, first.across]))
    origins = np.array([plane.origin_mm for plane in volume.planes])
    moves = [
        False,
        *(np.ptp(origins @ np.asarray(w)) >= _ALIGNED for w in (first.down, first.across)),
    ]
    found = []
    for source, way in enumerate(ways):
        patient = int(np.argmax(way))
        is_alone = not any(moves) if source == 0 else not moves[source]
        if way[patient] > 1 - _ALIGNED**2 and is_alone:
            found.append(Axis(source, patient))
    # Columns first: their voxels are neighbors in memory.
    return tuple(reversed(found))


def _centers(volume: Volume, axis: Axis) -> Places:
    """Return where the voxels of a lone axis lie along the patient's."""
    first = volume.planes[0]
    if axis.source == 0:
        return np.asarray(volume.places_mm * np.sign(volume.normal[axis.patient]))
    way = (first.down, first.across)[axis.source - 1][axis.patient]
    steps = np.arange(volume.values.shape[axis.source]) * first.spacing_mm[axis.source - 1]
    return np.asarray(first.origin_mm[axis.patient] + steps * np.sign(way))


def _inside(places: Places, length: int) -> NDArray[np.bool_]:
    return (places >= -BORDER) & (places <= length - 1 + BORDER)


def _split(places: Places, length: int) -> tuple[NDArray[np.intp], Values]:
    """Return the voxel below each place and how far above it the place lies."""
    inside = np.clip(places, 0, length - 1)
    low = np.minimum(inside.astype(np.intp), max(0, length - 2))
    return low, (inside - low).astype(np.float32)


def along(values: Values, places: Places, axis: int) -> Values:
    """Interpolate a picture linearly at places along one axis, beyond the ends as at the ends."""
    length = values.shape[axis]
    low, part = _split(places, length)
    part[part < _ALIGNED] = 0
    part[part > 1 - _ALIGNED] = 1
    if not (part % 1).any():
        whole = low + part.astype(np.intp)
        if len(whole) == length and np.array_equal(whole, np.arange(length)):
            return np.asarray(values, np.float32)
        return np.asarray(values.take(whole, axis=axis), np.float32)
    weight = part[:, None] if axis == 0 else part
    lower = values.take(low, axis=axis).astype(np.float32)
    upper = values.take(np.minimum(low + 1, length - 1), axis=axis)
    difference = np.subtract(upper, lower, dtype=np.float32)
    difference *= weight
    lower += difference
    return lower


def _bilinear_lines(lines: Values, first: Places, second: Places) -> Values:
    """Return lines of the last axis between their four neighbors."""
    low, part = _split(first, lines.shape[0])
    left, share = _split(second, lines.shape[1])
    high, right = np.minimum(low + 1, lines.shape[0] - 1), np.minimum(left + 1, lines.shape[1] - 1)
    total = np.zeros((len(first), lines.shape[2]), np.float32)
    for rows, columns, weight in (
        (low, left, (1 - part) * (1 - share)),
        (low, right, (1 - part) * share),
        (high, left, part * (1 - share)),
        (high, right, part * share),
    ):
        if weight.any():
            total += np.multiply(_picked(lines, rows, columns), weight[:, None], dtype=np.float32)
    return total


def _picked(lines: Values, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Values:
    """Return lines by their places; slice by slice where lines run through all slices."""
    if lines.strides[2] < lines.strides[0]:
        return np.asarray(lines[rows, columns])
    slices = np.moveaxis(lines, 2, 0)
    width = slices.shape[2]
    picked = slices.reshape(len(slices), -1).take(rows * width + columns, axis=1, mode="clip")
    return np.asarray(picked.T)


def _trilinear(
    values: Values, fields: tuple[Places, Places, Places]
) -> tuple[Values, NDArray[np.bool_]]:
    """Return values between eight voxels, and which points lie inside."""
    shape = values.shape
    is_inside = np.ones(fields[0].shape, np.bool_)
    start: NDArray[np.intp] = np.zeros(fields[0].shape, np.intp)
    parts, highs = [], []
    steps = (shape[1] * shape[2], shape[2], 1)
    for places, length, step in zip(fields, shape, steps, strict=True):
        is_inside &= _inside(places, length)
        low, part = _split(places, length)
        start += low * step
        parts.append(part)
        highs.append(min(1, length - 1) * step)
    flat = values.reshape(-1)
    slices = []
    for first in (0, highs[0]):
        rows = []
        for second in (0, highs[1]):
            left, right = (
                flat[first + second + third :].take(start, mode="clip") for third in (0, highs[2])
            )
            rows.append(_between(left, right, parts[2]))
        slices.append(_between(rows[0], rows[1], parts[1]))
    return _between(slices[0], slices[1], parts[0]), is_inside


def _between(low: Values, high: Values, part: Values) -> Values:
    found = np.subtract(high, low, dtype=np.float32)
    found *= part
    found += low
    return found
