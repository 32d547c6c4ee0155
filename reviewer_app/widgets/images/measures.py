"""Measures that a hand draws on a frame: points, what they say, how they are painted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from core.domain.region import Region, RegionKind
from core.errors import ImageError

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage

Point = tuple[float, float]

_INK: Final = QColor(86, 180, 233)
"""Sky blue of the palette that color-blind eyes tell apart; no tissue has it."""
_EDGE: Final = QColor(0, 0, 0, 200)
_PLATE: Final = QColor(0, 0, 0, 165)
_TEXT: Final = QColor(242, 242, 242)
_HANDLE_PX: Final = 4.0
_AWAY_PX: Final = 10.0
_EDGE_PX: Final = 4.0


class Tool(StrEnum):
    """What can be measured."""

    LENGTH = "length"
    ANGLE = "angle"
    COBB = "cobb"
    ELLIPSE = "ellipse"
    OUTLINE = "outline"


POINTS_OF: Final = {Tool.LENGTH: 2, Tool.ANGLE: 3, Tool.COBB: 4, Tool.ELLIPSE: 2}
"""How many points end a measure; an outline ends when the hand lets go."""
_REGIONS: Final = {Tool.ELLIPSE: RegionKind.ELLIPSE, Tool.OUTLINE: RegionKind.FREEHAND}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure in stored image coordinates, and its lines of text."""

    tool: Tool
    points: tuple[Point, ...]
    texts: tuple[str, ...] = ()


def measured(image: LoadedImage, frame: int, tool: Tool, points: Sequence[Point]) -> Measure:
    """Return a measure with what it says; a line of no length says nothing."""
    try:
        texts = _texts(image, frame, tool, tuple(points))
    except ImageError as error:
        texts = (error.sentence,)
    return Measure(tool, tuple(points), texts)


def _texts(
    image: LoadedImage, frame: int, tool: Tool, points: tuple[Point, ...]
) -> tuple[str, ...]:
    from core.imaging.marks import measure

    match tool:
        case Tool.LENGTH:
            found = measure.length(image, frame, points[0], points[1])
            return tuple(one for one in (str(found), found.refusal) if one)
        case Tool.ANGLE:
            return (str(measure.angle(image, frame, (points[0], points[1], points[2]))),)
        case Tool.COBB:
            lines = (points[0], points[1]), (points[2], points[3])
            return (f"Cobb {measure.cobb_angle(image, frame, *lines)}",)
        case Tool.ELLIPSE | Tool.OUTLINE:
            return _statistics(image, Region(_REGIONS[tool], points, frame))


def _statistics(image: LoadedImage, region: Region) -> tuple[str, ...]:
    from core.imaging.marks import measure

    size = measure.area(image, region)
    if image.is_color:
        return tuple(one for one in (str(size), size.refusal) if one)
    found = measure.statistics(image, region)
    translate = QCoreApplication.translate
    mean = translate("ImageMeasures", "mean {0:.4g}  SD {1:.3g}").format(found.mean, found.sd)
    ends = translate("ImageMeasures", "min {0:.4g}  max {1:.4g}").format(
        found.minimum, found.maximum
    )
    unit = f" {found.unit}" if found.unit else ""
    return tuple(one for one in (str(size), mean + unit, ends + unit, size.refusal) if one)


def paint_measure(
    painter: QPainter, one: Measure, place: Callable[[Point], QPointF], font: QFont
) -> None:
    """Paint a measure; `place` gives where an image point lies on the widget."""
    points = [place(point) for point in one.points]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # A dark edge first: the line must be seen on bone and on air.
    for pen in (QPen(_EDGE, 4), QPen(_INK, 2)):
        painter.setPen(pen)
        _paint_shape(painter, one, points, place)
    if one.tool is not Tool.OUTLINE:
        for point in points:
            painter.drawEllipse(point, _HANDLE_PX, _HANDLE_PX)
    if one.texts:
        _paint_texts(painter, one.texts, points, font)


def _paint_shape(
    painter: QPainter, one: Measure, points: list[QPointF], place: Callable[[Point], QPointF]
) -> None:
    match one.tool:
        case Tool.ELLIPSE if len(points) == 2:
            painter.drawPolygon(QPolygonF([place(point) for point in _ellipse(one.points)]))
        case Tool.COBB:
            for start in range(0, len(points) - 1, 2):
                painter.drawLine(points[start], points[start + 1])
        case Tool.OUTLINE if one.texts:
            painter.drawPolygon(QPolygonF(points))
        case _:
            painter.drawPolyline(QPolygonF(points))


def _ellipse(corners: tuple[Point, ...]) -> list[Point]:
    """Return points of an ellipse in the image, which may be turned on the screen."""
    (left, top), (right, bottom) = corners
    middle = (left + right) / 2, (top + bottom) / 2
    half = (right - left) / 2, (bottom - top) / 2
    turns = [2 * math.pi * step / 72 for step in range(72)]
    return [
        (middle[0] + half[0] * math.cos(one), middle[1] + half[1] * math.sin(one)) for one in turns
    ]


def _paint_texts(
    painter: QPainter, texts: Sequence[str], points: list[QPointF], font: QFont
) -> None:
    painter.setFont(font)
    metrics = QFontMetrics(font)
    area = painter.viewport()
    widest = min(area.width() / 2, max(metrics.horizontalAdvance(one) for one in texts) + 14.0)
    height = metrics.height() * len(texts) + 4.0
    anchor = max(points, key=lambda one: (one.x(), one.y()))
    plate = _plate(anchor, QSizeF(widest, height), QSizeF(area.size()))
    painter.fillRect(plate, _PLATE)
    painter.setPen(_TEXT)
    for row, text in enumerate(texts):
        line = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(widest - 10))
        baseline = plate.top() + 2 + row * metrics.height() + metrics.ascent()
        painter.drawText(QPointF(plate.left() + 5, baseline), line)


def _plate(anchor: QPointF, size: QSizeF, area: QSizeF) -> QRectF:
    """Return where text stands beside a point; below or above it where there is no room."""
    x, y = anchor.x() + _AWAY_PX, anchor.y() - size.height() / 2
    if x + size.width() > area.width() - _EDGE_PX:
        below, above = anchor.y() + _AWAY_PX, anchor.y() - _AWAY_PX - size.height()
        y = below if below + size.height() <= area.height() - _EDGE_PX else above
    x = min(max(_EDGE_PX, x), area.width() - size.width() - _EDGE_PX)
    y = min(max(_EDGE_PX, y), area.height() - size.height() - _EDGE_PX)
    return QRectF(QPointF(x, y), size)
