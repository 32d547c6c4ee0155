"""The names of marks, written once and then moved with the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QTransform

from core.domain.region import RegionKind
from core.imaging.marks.shapes import HALO, Rgb, label_place
from reviewer_app.widgets.marks.lines import HALO_PX

if TYPE_CHECKING:
    from reviewer_app.widgets.marks.painted import Shape

RADIUS_PX: Final = 5.0
"""Of the circle around a point."""
_MARGIN_PX: Final = 2
_MOST_KEPT: Final = 6_000
_HALO: Final = QColor(*HALO)


@dataclass(frozen=True, slots=True, eq=False)
class _Label:
    """A written name; `size` is its width and height in pixels of the widget."""

    picture: QImage
    size: tuple[float, float]


class MarkLabels:
    """Paints the name of each mark beside it, with a dark edge."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Rgb, float, str], _Label] = {}

    def forget(self) -> None:
        """Drop what was kept."""
        self._kept.clear()

    def paint(
        self,
        painter: QPainter,
        place: QTransform,
        seen: Sequence[tuple[Shape, Rgb]],
        area: QRect,
        font: QFont,
    ) -> None:
        """Paint the names of marks within an area of the widget."""
        ratio, font_key = painter.device().devicePixelRatioF(), font.key()
        room = (area.width(), area.height())
        for shape, color in seen:
            text = shape.region.label
            if not text or shape.bounds.isNull():
                continue
            key = (text, color, ratio, font_key)
            label = self._kept.get(key)
            if label is None:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                label = self._kept[key] = _written(text, color, ratio, font)
            x, y = label_place(_bounds(shape, place), label.size, room, HALO_PX)
            at = QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio)
            painter.drawImage(at, label.picture)


def _bounds(shape: Shape, place: QTransform) -> tuple[float, float, float, float]:
    bounds: QRectF = place.mapRect(shape.bounds)
    if shape.region.kind is RegionKind.POINT:
        bounds = bounds.adjusted(-RADIUS_PX, -RADIUS_PX, RADIUS_PX, RADIUS_PX)
    return bounds.left(), bounds.top(), bounds.right(), bounds.bottom()


def _written(text: str, color: Rgb, ratio: float, font: QFont) -> _Label:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    metrics, margin = QFontMetrics(bold), _MARGIN_PX
    width, height = metrics.horizontalAdvance(text) + 2 * margin, metrics.height() + 2 * margin
    picture = QImage(
        round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setFont(bold)
        start = QPointF(margin, margin + metrics.ascent())
        painter.setPen(_HALO)
        for across in (-1, 0, 1):
            for down in (-1, 0, 1):
                painter.drawText(start + QPointF(across, down), text)
        painter.setPen(QColor(*color))
        painter.drawText(start, text)
    size = picture.deviceIndependentSize()
    return _Label(picture, (size.width(), size.height()))
