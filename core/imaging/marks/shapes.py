"""How marks look, on screens and in sent pictures alike: lines, colors, sizes; plain numbers."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.domain.region import Point, Region, RegionKind

Rgb = tuple[int, int, int]

COLORS: Final[tuple[Rgb, ...]] = (
    (240, 228, 66),
    (0, 158, 115),
    (230, 159, 0),
    (213, 94, 0),
)
"""Of the palette of Okabe and Ito, which color-blind eyes tell apart; sky blue is for measures."""
ANSWER_COLOR: Final[Rgb] = (204, 121, 167)
"""What whoever answers draws, so that it differs from what the author drew."""
HALO: Final[Rgb] = (0, 0, 0)
FILL_ALPHA: Final = 0.35
"""How much of a mask hides the picture below it."""
EDGE_ALPHA: Final = 0.9
MOST_LABELS: Final = 200
"""More names on one frame would hide the picture and each other; none is written then."""
HEAD_ANGLE: Final = math.radians(24)
_ELLIPSE_STEPS: Final = 72


@dataclass(frozen=True, slots=True)
class Strokes:
    """Sizes of a drawing in pixels of what it is drawn on."""

    line: float
    halo: float
    radius: float
    """Of the ring around a point."""
    head: float
    """Length of the head of an arrow."""
    text: float


def strokes_for(width: int, height: int) -> Strokes:
    """Return sizes at which a picture of this size, shown on a screen, looks as it does there."""
    unit = max(0.6, max(width, height) / 700)
    line = max(1, round(2 * unit))
    return Strokes(line, line + 2 * max(1, round(unit)), 5 * unit, 14 * unit, 13 * unit)


def outline(region: Region) -> tuple[Sequence[Point], bool]:
    """Return the line of a region in stored coordinates, and whether it closes itself."""
    match region.kind:
        case RegionKind.POINT | RegionKind.ARROW:
            return region.points, False
        case RegionKind.BOX:
            (left, top), (right, bottom) = region.points
            return ((left, top), (right, top), (right, bottom), (left, bottom)), True
        case RegionKind.ELLIPSE:
            return _ellipse(region.points), True
        case _:
            return region.points, True


def box_of(points: Sequence[Point]) -> tuple[Point, Point] | None:
    """Return left upper and right lower corner of a closed line; None where it is no box."""
    ends = zip(points, [*points[1:], *points[:1]], strict=True)
    is_level = all(x == u or y == v for (x, y), (u, v) in ends)
    if len(points) != 4 or len(set(points)) != 4 or not is_level:
        return None
    (left, top), (right, bottom) = min(points), max(points)
    return ((left, top), (right, bottom)) if left < right and top < bottom else None


def _ellipse(corners: Sequence[Point]) -> list[Point]:
    (left, top), (right, bottom) = corners
    x, y = (left + right) / 2, (top + bottom) / 2
    across, down = (right - left) / 2, (bottom - top) / 2
    turns = (2 * math.pi * step / _ELLIPSE_STEPS for step in range(_ELLIPSE_STEPS))
    return [(x + across * math.cos(one), y + down * math.sin(one)) for one in turns]


def arrow_head(tail: Point, tip: Point, length: float) -> tuple[Point, Point, Point]:
    """Return the triangle at the tip of an arrow, in the coordinates of its ends."""
    angle = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    left, right = (
        (
            tip[0] - length * math.cos(angle + turn),
            tip[1] - length * math.sin(angle + turn),
        )
        for turn in (HEAD_ANGLE, -HEAD_ANGLE)
    )
    return left, tip, right


def label_colors(marks: Iterable[Region]) -> dict[str, Rgb]:
    """Return the color of each label, in the order in which labels come first."""
    labels = dict.fromkeys(mark.label for mark in marks)
    return {label: COLORS[place % len(COLORS)] for place, label in enumerate(labels)}


def label_place(
    bounds: tuple[float, float, float, float],
    text: tuple[float, float],
    area: tuple[float, float],
    gap: float,
) -> tuple[float, float]:
    """Return the left upper corner of a label beside a mark's bounds (left, top, right, bottom).

    It stands above the mark, below it where there is no room, and always within the area.
    """
    left, top, _, bottom = bounds
    y = top - gap - text[1]
    if y < 0:
        y = bottom + gap
    return (
        min(max(0.0, left), max(0.0, area[0] - text[0])),
        min(max(0.0, y), max(0.0, area[1] - text[1])),
    )
