"""Lengths, angles, areas and statistics from stored samples; millimeters only where they are true.

Where the size of a pixel is unknown or only nominal, lengths are told in pixels with the reason.
Angles need only the shape of a pixel and are always right within the picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from core.domain.region import Point, Region, RegionKind
from core.errors import ImageError
from core.imaging.image import LoadedImage
from core.imaging.marks.mask import mask_of

_NO_LENGTH: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Measured:
    """A number, its unit (mm, mm², px, px² or °), and why it is not in millimeters."""

    value: float
    unit: str
    refusal: str = ""

    def __str__(self) -> str:
        return f"{self.value:.4g}{'' if self.unit == '°' else ' '}{self.unit}"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the pixels of a region hold, in calibrated units where `unit` is not empty.

    `sd` is that of these pixels (divided by their number); padding is left out.
    """

    count: int
    mean: float
    sd: float
    minimum: float
    maximum: float
    unit: str
    area: Measured


@dataclass(frozen=True, slots=True)
class _Scale:
    """Units per pixel across and down."""

    across: float
    down: float
    unit: str
    refusal: str

    def away(self, start: Point, end: Point) -> tuple[float, float]:
        return (end[0] - start[0]) * self.across, (end[1] - start[1]) * self.down


def length(image: LoadedImage, frame: int, start: Point, end: Point) -> Measured:
    """Return the distance of two image points."""
    scale = _scale(image, frame)
    return Measured(math.hypot(*scale.away(start, end)), scale.unit, scale.refusal)


def polyline_length(image: LoadedImage, frame: int, points: Sequence[Point]) -> Measured:
    """Return the length along a line of points."""
    scale = _scale(image, frame)
    parts = (math.hypot(*scale.away(one, other)) for one, other in pairwise(points))
    return Measured(math.fsum(parts), scale.unit, scale.refusal)


def angle(image: LoadedImage, frame: int, points: tuple[Point, Point, Point]) -> Measured:
    """Return the angle at the second of three points, 0 to 180 degrees."""
    scale = _scale(image, frame)
    first, corner, last = points
    return Measured(_between(scale.away(corner, first), scale.away(corner, last)), "°")


def cobb_angle(
    image: LoadedImage, frame: int, upper: tuple[Point, Point], lower: tuple[Point, Point]
) -> Measured:
    """Return the angle of two end-plate lines, 0 to 90 degrees, however each was drawn."""
    scale = _scale(image, frame)
    found = _between(scale.away(*upper), scale.away(*lower))
    return Measured(min(found, 180 - found), "°")


def area(image: LoadedImage, region: Region) -> Measured:
    """Return the area of a region; a drawn outline counts exactly, a mask by its pixels."""
    scale = _scale(image, region.frame)
    factor = scale.across * scale.down
    return Measured(_pixels(image, region) * factor, f"{scale.unit}²", scale.refusal)


def statistics(image: LoadedImage, region: Region) -> Statistics:
    """Return mean, SD and range of the stored samples whose centers lie inside a region.

    Raises `ImageError` for colors and where no pixel lies inside.
    """
    frame = image.frame(region.frame)
    if frame.gray is None:
        raise ImageError(
            f"“{image.name}” is in color: its pixels have no single value.",
            hint="Lengths, angles and areas can be measured.",
        )
    height, width = frame.stored.shape[:2]
    stored = frame.stored[mask_of(region, width, height)]
    stored = stored[~frame.gray.is_padding(stored)]
    if not len(stored):
        raise ImageError("The region holds no pixel of the picture.", hint="Draw it larger.")
    values = frame.gray.calibrate(stored)
    return Statistics(
        count=len(values),
        mean=float(values.mean()),
        sd=float(values.std()),
        minimum=float(values.min()),
        maximum=float(values.max()),
        unit=image.unit,
        area=area(image, region),
    )


def _scale(image: LoadedImage, frame: int) -> _Scale:
    """Return millimeters per pixel; else pixels of equal width and height."""
    plane = image.geometry.plane_of(frame)
    spacing = plane.spacing_mm if plane is not None else image.spacing_mm
    if spacing is not None and not image.geometry.mm_refusal:
        return _Scale(spacing[1], spacing[0], "mm", "")
    return _Scale(1.0, image.geometry.pixel_aspect, "px", image.geometry.mm_refusal)


def _between(one: tuple[float, float], other: tuple[float, float]) -> float:
    if math.hypot(*one) < _NO_LENGTH or math.hypot(*other) < _NO_LENGTH:
        raise ImageError("A line of no length has no angle.", hint="Draw the line longer.")
    cross = one[0] * other[1] - one[1] * other[0]
    return math.degrees(math.atan2(abs(cross), one[0] * other[0] + one[1] * other[1]))


def _pixels(image: LoadedImage, region: Region) -> float:
    """Return how many pixels' area a region has."""
    points = np.array(region.points, np.float64)
    match region.kind:
        case RegionKind.POINT | RegionKind.ARROW:
            return 0.0
        case RegionKind.BOX:
            return float(np.abs(points[1] - points[0]).prod())
        case RegionKind.ELLIPSE:
            return float(np.abs(points[1] - points[0]).prod()) * math.pi / 4
        case RegionKind.MASK:
            return float(np.count_nonzero(mask_of(region, image.width, image.height)))
        case _:
            x, y = (points - points[0]).T  # near zero: large coordinates would lose digits
            return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
