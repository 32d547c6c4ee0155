"""How slices lie to each other: order along the normal, spacing, tilt, and both in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.imaging.geometry import Plane, Vector

_PARALLEL: Final = 0.999
"""Cosine of 2.6 degrees: beyond it pictures are no stack."""
_SAME_PLACE_MM: Final = 0.01
_UNEVEN_PART: Final = 0.02
_UNEVEN_MM: Final = 0.02
_TILTED_DEGREES: Final = 0.5


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices in order: `order` numbers the given planes, `gaps_mm` lie between neighbors.

    `tilt_degrees` is the angle between the slices' normal and the line of their first pixels.
    """

    order: tuple[int, ...]
    gaps_mm: tuple[float, ...]
    tilt_degrees: float

    @property
    def spacing_mm(self) -> float:
        """The usual distance of two slices, 0 for a single one."""
        return float(np.median(self.gaps_mm)) if self.gaps_mm else 0.0

    @property
    def is_even(self) -> bool:
        """Whether all distances are the same, to 2 % or 0.02 mm."""
        most = max((abs(gap - self.spacing_mm) for gap in self.gaps_mm), default=0.0)
        return most <= max(_UNEVEN_MM, _UNEVEN_PART * self.spacing_mm)

    def notes(self) -> tuple[str, ...]:
        """Return sentences on what a reader must know of this stack."""
        notes = []
        if not self.is_even:
            low, high = min(self.gaps_mm), max(self.gaps_mm)
            notes.append(f"The slices are unevenly spaced: {low:.4g} to {high:.4g} mm apart.")
        if self.tilt_degrees >= _TILTED_DEGREES:
            notes.append(f"The gantry was tilted by {self.tilt_degrees:.3g}°.")
        return tuple(notes)


def stack_of(planes: Sequence[Plane | None]) -> Stack | None:
    """Return the order of parallel slices, None where they are no stack.

    Slices run to the head, to the back or to the left of the patient, whichever their normal is
    nearest to. Two slices in one place are no stack: they differ by something else.
    """
    known = [plane for plane in planes if plane is not None]
    if len(known) != len(planes) or not known:
        return None
    normal = stack_normal(known[0])
    if any(not _is_parallel(plane, known[0]) for plane in known):
        return None
    places = distances_mm(known, normal)
    order = np.argsort(places, kind="stable")
    gaps = np.diff(places[order])
    if len(gaps) and gaps.min() < _SAME_PLACE_MM:
        return None
    first, last = known[order[0]], known[order[-1]]
    return Stack(
        tuple(int(one) for one in order),
        tuple(round(float(gap), 6) for gap in gaps),
        _tilt_degrees(first, last, normal),
    )


def stack_normal(plane: Plane) -> Vector:
    """Return the normal that points to the left, the back or the head of the patient."""
    normal = np.asarray(plane.normal)
    turned = normal if normal[np.argmax(np.abs(normal))] > 0 else -normal
    return float(turned[0]), float(turned[1]), float(turned[2])


def distances_mm(planes: Sequence[Plane], normal: Vector) -> NDArray[np.float64]:
    """Return where planes lie along a normal."""
    origins = np.array([plane.origin_mm for plane in planes], np.float64)
    return np.asarray(origins @ np.asarray(normal), np.float64)


def stack_notes(planes: Sequence[Plane | None]) -> tuple[str, ...]:
    """Return the sentences on a stack, none where there is none."""
    stack = stack_of(planes) if len(planes) > 1 else None
    return stack.notes() if stack else ()


def _is_parallel(plane: Plane, first: Plane) -> bool:
    across = float(np.dot(plane.across, first.across))
    return across > _PARALLEL and float(np.dot(plane.down, first.down)) > _PARALLEL


def _tilt_degrees(first: Plane, last: Plane, normal: Vector) -> float:
    way = np.subtract(last.origin_mm, first.origin_mm)
    length = float(np.linalg.norm(way))
    if length < _SAME_PLACE_MM:
        return 0.0
    return float(np.degrees(np.arccos(min(1.0, abs(float(way @ np.asarray(normal))) / length))))
