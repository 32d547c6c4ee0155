"""Text over an image: four corners, readable on black and on white."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette

_MARGIN_PX: Final = 8
_PLATE: Final = QColor(0, 0, 0, 165)
"""Dark enough for 4.5 : 1 against white bone, light enough to see what lies under it."""
_INK: Final = QColor(242, 242, 242)
_MUTED: Final = QColor(190, 190, 190)


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of text for the four corners."""

    top_left: Sequence[str] = ()
    top_right: Sequence[str] = ()
    bottom_left: Sequence[str] = ()
    bottom_right: Sequence[str] = ()


def paint_corners(painter: QPainter, area: QRect, corners: Corners, font: QFont) -> None:
    """Paint the texts; a line that does not fit into its half is shortened."""
    painter.setFont(font)
    metrics = QFontMetrics(font)
    left, top = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignTop
    right, bottom = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignBottom
    for lines, alignment in (
        (corners.top_left, left | top),
        (corners.top_right, right | top),
        (corners.bottom_left, left | bottom),
        (corners.bottom_right, right | bottom),
    ):
        _paint_block(painter, area, [line for line in lines if line], alignment, metrics)


def _paint_block(
    painter: QPainter,
    area: QRect,
    lines: Sequence[str],
    alignment: Qt.AlignmentFlag,
    metrics: QFontMetrics,
) -> None:
    widest = area.width() // 2 - 2 * _MARGIN_PX
    shown = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, widest) for line in lines]
    y = area.top() + _MARGIN_PX
    if alignment & Qt.AlignmentFlag.AlignBottom:
        y = area.bottom() - _MARGIN_PX - len(shown) * (metrics.height() + 2) + 1
    for text in shown:
        width = metrics.horizontalAdvance(text) + 10
        x = area.left() + _MARGIN_PX
        if alignment & Qt.AlignmentFlag.AlignRight:
            x = area.right() - _MARGIN_PX - width + 1
        plate = QRect(x, y, width, metrics.height() + 2)
        painter.fillRect(plate, _PLATE)
        painter.setPen(_INK)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        y += metrics.height() + 2


def paint_message(painter: QPainter, area: QRect, heading: str, text: str, font: QFont) -> None:
    """Paint a message in the middle of the black ground."""
    box = area.adjusted(area.width() // 8, 0, -area.width() // 8, 0)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    bold_metrics, metrics = QFontMetrics(bold), QFontMetrics(font)
    gap = metrics.height() // 2 if text else 0
    head = bold_metrics.boundingRect(box, flags, heading).height()
    body = metrics.boundingRect(box, flags, text).height() if text else 0
    y = area.center().y() - (head + gap + body) // 2
    painter.setFont(bold)
    painter.setPen(_INK)
    painter.drawText(QRect(box.left(), y, box.width(), head), flags, heading)
    painter.setFont(font)
    painter.setPen(_MUTED)
    painter.drawText(QRect(box.left(), y + head + gap, box.width(), body), flags, text)


def paint_focus(painter: QPainter, area: QRect, palette: QPalette) -> None:
    """Paint the ring that tells which image the keys belong to."""
    pen = painter.pen()
    pen.setColor(palette.color(QPalette.ColorRole.Accent))
    pen.setWidth(2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))
