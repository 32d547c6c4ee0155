"""Sections through a volume: axial, coronal and sagittal, thin or as a slab, right in mm."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from core.errors import ImageError
from core.imaging.geometry import Plane, Vector
from core.imaging.image import Frame
from core.imaging.mpr.sampling import Sampling
from core.imaging.mpr.slab import Slab
from core.imaging.mpr.volume import Volume

__all__ = ["Direction", "Section", "Slab", "depth_of", "grid_of", "range_mm", "section", "step_mm"]

_MAX_SIDE: Final = 8192


class Direction(StrEnum):
    """What a section looks along."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


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


def depth_of(direction: Direction) -> int:
    """Return which patient coordinate runs through the sections of a direction."""
    return _DEPTH[direction]


def step_mm(volume: Volume, direction: Direction) -> float:
    """Return how far the next section lies: a slice away along the slices, else a pixel."""
    if int(np.argmax(np.abs(volume.normal))) != _DEPTH[direction] or len(volume.planes) < 2:
        return min(volume.planes[0].spacing_mm)
    return float(np.median(np.diff(volume.places_mm)))


def section(
    volume: Volume,
    direction: Direction,
    at_mm: float,
    *,
    slab_mm: float = 0.0,
    slab: Slab = Slab.MEAN,
    coarse: int = 1,
    on_part: Callable[[], None] = lambda: None,
) -> Section:
    """Return the section at a patient coordinate, interpolated linearly.

    Its pixels are as large as the finest spacing within the slices, `coarse` times larger while a
    hand moves. A slab reaches half of `slab_mm` to both sides. What lies outside the volume has
    its lowest value. `on_part` is called now and then, and may raise to stop.
    """
    plane, shape = grid_of(volume, direction, at_mm, coarse)
    found = Sampling(volume, plane, shape, max(0.0, slab_mm), slab, on_part).values()
    if volume.values.dtype.kind in "iu":
        found = np.rint(found)
    return Section(Frame(found.astype(volume.values.dtype, copy=False), volume.rule), plane)


def grid_of(
    volume: Volume, direction: Direction, at_mm: float, coarse: int = 1
) -> tuple[Plane, tuple[int, int]]:
    """Return the plane of a section and its rows and columns, without making it."""
    low, high = volume.box_mm
    across, down = _AXES[direction]
    step = min(volume.planes[0].spacing_mm) * coarse
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
