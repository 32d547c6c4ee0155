"""Lines of very many marks in one go while a hand moves: thin, and without soft edges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from core.domain.region import RegionKind
from core.imaging.marks.shapes import Rgb, arrow_head

if TYPE_CHECKING:
    from reviewer_app.widgets.marks.painted import Shape

Drawn = tuple["Shape", Rgb]

_RADIUS_PX: Final = 5.0
_DOT_PX: Final = 1.0
HEAD_PX: Final = 14.0
_SIZED: Final = (RegionKind.POINT, RegionKind.ARROW)
"""Parts of these are as large on the screen at any zoom."""


class CoarseLines:
    """All lines of a color as one path in image pixels: twice as fast as mark by mark.

    Where lines of two colors cross, the order of the colors counts, not that of the marks.
    """

    def __init__(self, drawn: Iterable[Drawn]) -> None:
        self._paths: dict[Rgb, QPainterPath] = {}
        self._sized: list[Drawn] = []
        for shape, color in drawn:
            if shape.region.kind in _SIZED:
                self._sized.append((shape, color))
                continue
            path = self._paths.setdefault(color, QPainterPath())
            path.addPolygon(shape.line)
            if shape.is_closed:
                path.closeSubpath()

    def paint(self, painter: QPainter, place: QTransform, area: QRectF, ratio: float) -> None:
        """Paint what lies in an area; `place` leads from image pixels to it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setTransform(place, combine=True)
        for color, path in self._paths.items():
            painter.strokePath(path, QPen(QColor(*color), 0))
        painter.restore()
        far = HEAD_PX * ratio
        seen = place.inverted()[0].mapRect(area.adjusted(-far, -far, far, far))
        sized = [one for one in self._sized if seen.intersects(one[0].bounds)]
        paint_coarsely(painter, place, sized, ratio)


def paint_coarsely(
    painter: QPainter, place: QTransform, drawn: Iterable[Drawn], ratio: float
) -> None:
    """Paint marks one by one, as few of many are."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    color: Rgb | None = None
    for shape, own in drawn:
        if own != color:
            painter.setPen(QPen(QColor(*own), 0))
            color = own
        paint_line(painter, place.map(shape.line), shape, ratio)


def paint_line(painter: QPainter, line: QPolygonF, shape: Shape, ratio: float) -> None:
    """Paint a line of device pixels with the pen that the painter has."""
    kind = shape.region.kind
    if kind is RegionKind.POINT:
        radius = _RADIUS_PX * ratio
        painter.drawEllipse(line.at(0), radius, radius)
        _fill(painter, None, line.at(0), ratio)
    elif shape.is_closed:
        painter.drawPolygon(line)
    else:
        painter.drawPolyline(line)
    if kind is RegionKind.ARROW:
        tail, tip = line.at(0), line.at(1)
        head = arrow_head((tail.x(), tail.y()), (tip.x(), tip.y()), HEAD_PX * ratio)
        _fill(painter, QPolygonF([QPointF(*point) for point in head]), tip, ratio)


def _fill(painter: QPainter, head: QPolygonF | None, at: QPointF, ratio: float) -> None:
    """Fill the head of an arrow or the dot of a point with the color of the line."""
    painter.setBrush(painter.pen().color())
    if head is not None:
        painter.drawPolygon(head)
    else:
        dot = _DOT_PX * ratio
        painter.drawEllipse(at, dot, dot)
    painter.setBrush(Qt.BrushStyle.NoBrush)
