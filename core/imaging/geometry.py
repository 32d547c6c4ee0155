"""Where a picture lies: planes in patient millimeters (PS3.3 C.7.6.2), letters, pixel shape.

Patient coordinates are DICOM's: x to the left, y to the back, z to the head. Image coordinates
count from the top left corner of the first pixel, so that its center is (0.5, 0.5).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.domain.media import View

Vector = tuple[float, float, float]
Point = tuple[float, float]
"""Column and row in image coordinates."""

UNKNOWN_SPACING: Final = "The file does not say how large a pixel is."
MM_REFUSALS: Final = {
    "patient": "",
    "unknown": UNKNOWN_SPACING,
    "detector": (
        "The spacing is that of the detector: what lies away from it is enlarged by an unknown "
        "factor."
    ),
    "unit": "The file does not name the unit of its lengths.",
    "scanned": "The spacing is that of a scanner or a captured screen, not of the patient.",
}
"""Why lengths must not be given in millimeters, by the word that files keep for it."""
_LETTERS: Final = (("L", "R"), ("P", "A"), ("H", "F"))
_OPPOSITE: Final = {"L": "R", "R": "L", "P": "A", "A": "P", "H": "F", "F": "H"}
_LEAST_PART: Final = 0.2
"""Below a sine of 0.2 (12 degrees) a direction is not worth a letter."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A frame in the patient: center of its first pixel, unit vectors, spacing.

    `across` points along a row to higher columns, `down` along a column to higher rows;
    `spacing_mm` is (between rows, between columns).
    """

    origin_mm: Vector
    across: Vector
    down: Vector
    spacing_mm: tuple[float, float]

    @property
    def normal(self) -> Vector:
        """The unit vector out of the plane."""
        first, second, third = np.cross(self.across, self.down).tolist()
        return first, second, third

    def patient_mm(self, point: Point) -> Vector:
        """Return an image point in the patient."""
        between_rows, between_columns = self.spacing_mm
        x, y = (point[0] - 0.5) * between_columns, (point[1] - 0.5) * between_rows
        first, second, third = (
            start + x * across + y * down
            for start, across, down in zip(self.origin_mm, self.across, self.down, strict=True)
        )
        return first, second, third

    def image_point(self, patient_mm: Vector) -> tuple[Point, float]:
        """Return the nearest image point of this plane, and the distance along its normal."""
        away = np.subtract(patient_mm, self.origin_mm)
        between_rows, between_columns = self.spacing_mm
        x = float(away @ np.asarray(self.across)) / between_columns + 0.5
        y = float(away @ np.asarray(self.down)) / between_rows + 0.5
        return (x, y), float(away @ np.asarray(self.normal))


@dataclass(frozen=True, slots=True)
class Letters:
    """The anatomical directions at the four edges of what is shown; empty where unknown."""

    left: str = ""
    top: str = ""
    right: str = ""
    bottom: str = ""


def no_plane(_: int) -> Plane | None:
    """Return None: the place in the patient is not known."""
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """What is known of size and place.

    `pixel_aspect` is height by width of a pixel; `mm_refusal` says why lengths must not be given
    in millimeters and is empty where they may; `plane_of` tells a frame's place;
    `patient_orientation` is toward what rows and columns run (letters such as "A" and "FR").
    """

    pixel_aspect: float = 1.0
    mm_refusal: str = UNKNOWN_SPACING
    plane_of: Callable[[int], Plane | None] = no_plane
    patient_orientation: tuple[str, str] = ("", "")
    laterality: str = ""

    def letters(self, frame: int, view: View) -> Letters:
        """Return the letters at the edges of a frame as it is shown under a view."""
        plane = self.plane_of(frame)
        across, down = self.patient_orientation
        if plane is not None:
            across, down = direction_letters(plane.across), direction_letters(plane.down)
        edges = [_opposite(across), _opposite(down), across, down]
        if view.is_mirrored:
            edges[0], edges[2] = edges[2], edges[0]
        for _ in range(view.quarter_turns % 4):
            edges = [edges[3], *edges[:3]]  # clockwise: what was at the bottom is at the left
        return Letters(*edges)


def direction_letters(direction: Vector) -> str:
    """Return toward what a vector points, the strongest first: "L", "PH"."""
    parts = sorted(range(3), key=lambda axis: -abs(direction[axis]))
    strong = [axis for axis in parts if abs(direction[axis]) > _LEAST_PART]
    return "".join(_LETTERS[axis][0 if direction[axis] > 0 else 1] for axis in strong)


def _opposite(letters: str) -> str:
    return "".join(_OPPOSITE.get(letter, "") for letter in letters)


def unit_vector(numbers: tuple[float, ...]) -> Vector | None:
    """Return a vector of length 1, None unless three numbers are nearly one."""
    length = math.hypot(*numbers)
    if len(numbers) != 3 or not 0.9 < length < 1.1:
        return None
    return numbers[0] / length, numbers[1] / length, numbers[2] / length


def make_plane(
    origin_mm: tuple[float, ...], cosines: tuple[float, ...], spacing_mm: tuple[float, float] | None
) -> Plane | None:
    """Return the plane of DICOM's six direction cosines, None where they are no plane."""
    across, down = unit_vector(cosines[:3]), unit_vector(cosines[3:])
    if len(origin_mm) != 3 or across is None or down is None or spacing_mm is None:
        return None
    if abs(float(np.dot(across, down))) > 0.01 or len(cosines) != 6:
        return None
    return Plane((origin_mm[0], origin_mm[1], origin_mm[2]), across, down, spacing_mm)


def as_array(vector: Vector) -> NDArray[np.float64]:
    """Return a vector for arithmetic."""
    return np.asarray(vector, np.float64)


UNKNOWN_GEOMETRY: Final = Geometry()
"""Square pixels of unknown size and place."""
