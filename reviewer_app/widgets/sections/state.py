"""What three sections of a volume show together: the point, the slab, the grays."""

import math
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np

from core.domain.media import View
from core.imaging.geometry import Vector
from core.imaging.mpr.sections import Direction, Slab, depth_of, range_mm
from core.imaging.mpr.volume import Volume
from reviewer_app.widgets.images.windows import number_text

MOST_SLAB_MM: Final = 100.0
_SIDES: Final = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, slots=True)
class MprState:
    """The patient point where the sections meet, how thick they are, and how grays are made."""

    cross_mm: Vector
    view: View = field(default_factory=View)
    slab_mm: float = 0.0
    slab: Slab = Slab.MAXIMUM

    def at_mm(self, direction: Direction) -> float:
        """Return where the section of a direction lies."""
        return self.cross_mm[depth_of(direction)]

    def with_view(self, view: View) -> Self:
        """Take over window and inversion; sections stand as radiologists look at them."""
        return replace(self, view=replace(view, quarter_turns=0, is_mirrored=False))

    def grays(self, volume: Volume) -> View:
        """Return the view with its window written down, the same for all sections."""
        if self.view.window is not None or volume.rule.voi_tables:
            return self.view
        return replace(self.view, window=volume.window)


def inside(volume: Volume, point_mm: Vector) -> Vector:
    """Return the point of the volume's box that is nearest to a point."""
    ends = [range_mm(volume, direction) for direction in _ORDER]
    first, second, third = (
        min(max(part, low), high) for part, (low, high) in zip(point_mm, ends, strict=True)
    )
    return first, second, third


def middle_of(volume: Volume, slice_: int) -> Vector:
    """Return the middle of a slice."""
    _, rows, columns = volume.values.shape
    return volume.point_mm(slice_, (rows - 1) / 2, (columns - 1) / 2)


def slice_at(volume: Volume, point_mm: Vector) -> int:
    """Return the slice that lies nearest to a point."""
    place = float(volume.indices(np.asarray(point_mm))[0])
    return min(max(round(place), 0), len(volume.planes) - 1)


def place_text(point_mm: Vector, axis: int) -> str:
    """Return a patient coordinate with its side: “L 12.3”."""
    part = round(point_mm[axis], 1)
    return f"{_SIDES[axis][0 if part >= 0 else 1]} {abs(part):.1f}"


def reading(volume: Volume, point_mm: Vector, unit: str) -> tuple[str, ...]:
    """Return the value of the voxel at a point, as stored and calibrated, and its place."""
    left, back, up = (place_text(point_mm, axis) for axis in range(3))
    place = f"{left}  {back}", f"{up} mm"  # in two lines: a narrow section has no room for one
    found = volume.nearest(point_mm)
    if found is None:
        return ("", *place)
    stored = volume.values[found].item()
    meant = float(volume.rule.calibrate(np.array([stored]))[0])
    value = number_text(stored)
    if unit or not math.isclose(meant, stored):
        value = f"{value} → {number_text(meant)} {unit}".strip()
    return (value, *place)


_ORDER: Final = (Direction.SAGITTAL, Direction.CORONAL, Direction.AXIAL)
"""By the coordinate through their sections: x, y, z."""
