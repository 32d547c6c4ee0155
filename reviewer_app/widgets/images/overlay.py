"""Text over an image: four corners, readable on black and on white."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from reviewer_app.colors import COLORS, Scheme

_GROUND: Final = QColor(0, 0, 0)
_MARGIN_PX: Final = 8
_MOST_PARTS: Final = 3
_ROOMY_PX: Final = 580
_CORNER_LINES: Final = 3
_PLATE: Final = QColor(0, 0, 0, 165)
"""Dark enough for 4.5 : 1 against white bone, light enough to see what lies under it."""
_INK: Final = QColor(242, 242, 242)
_FOCUS: Final = QColor(COLORS[Scheme.DARK]["focus"])
_MUTED: Final = QColor(190, 190, 190)
_KEPT: Final = re.compile(r"(?<=[A-Za-z]) (?=-?\d)|(?<=\d) (?=[%°/]|HU\b)|(?<=/) (?=\d)")
"""Blanks at which no line ends: between a number and its name or unit."""
_LEAST_NAME: Final = 4
"""Shorter names are sides of the patient and letters of a window: a number needs them."""
_GAP_PX: Final = 4
"""So far the scale bar keeps away from other texts."""
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_TOP, _BOTTOM = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
_COLUMNS: Final = (0, 1, 2, 1)
_ROWS: Final = (0, 1, 0, 2)
"""Where letters stand, from left over the top: places in the lists of x and y."""


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of text for the four corners."""

    top_left: Sequence[str] = ()
    top_right: Sequence[str] = ()
    bottom_left: Sequence[str] = ()
    bottom_right: Sequence[str] = ()


def paint_ground(painter: QPainter, area: QRect, covered: QRect | None = None) -> None:
    """Paint the ground around what the picture covers: at 4K, painting twice costs a millisecond.

    The rim of what is covered is painted, too, for a picture may end within a pixel.
    """
    inside = QRect() if covered is None else covered.adjusted(1, 1, -1, -1).intersected(area)
    if inside.isEmpty():
        painter.fillRect(area, _GROUND)
        return
    left, right, top, bottom = inside.left(), inside.right(), inside.top(), inside.bottom()
    painter.fillRect(QRect(area.left(), area.top(), area.width(), top - area.top()), _GROUND)
    painter.fillRect(QRect(area.left(), bottom + 1, area.width(), area.bottom() - bottom), _GROUND)
    painter.fillRect(QRect(area.left(), top, left - area.left(), bottom - top + 1), _GROUND)
    painter.fillRect(QRect(right + 1, top, area.right() - right, bottom - top + 1), _GROUND)


class Plate(NamedTuple):
    """A text on its dark ground."""

    spot: QRect
    text: str


class ScaleBar(NamedTuple):
    """A line of a known length in the body, and that length in words."""

    plate: Plate
    length_px: int


def paint_texts(
    painter: QPainter,
    area: QRect,
    letters: tuple[str, str, str, str],
    corners: Corners,
    font: QFont,
    px_per_mm: float | None,
) -> None:
    """Paint all texts over a picture: letters of the sides, scale bar where known, corners."""
    metrics = QFontMetrics(font)
    paint_letters(painter, area, letters, font)
    painter.setFont(font)
    upper, lower = upper_plates(area, corners, metrics), lower_plates(area, corners, metrics)
    if px_per_mm is not None:
        bar = scale_bar(area, px_per_mm, metrics, upper, lower)
        if bar is not None:
            _paint_scale_bar(painter, bar)
    _paint_plates(painter, (*upper, *lower))


def paint_corners(painter: QPainter, area: QRect, corners: Corners, font: QFont) -> None:
    """Paint the texts; a line that does not fit into its half goes on below."""
    painter.setFont(font)
    metrics = QFontMetrics(font)
    upper, lower = upper_plates(area, corners, metrics), lower_plates(area, corners, metrics)
    _paint_plates(painter, (*upper, *lower))


def _paint_plates(painter: QPainter, plates: Iterable[Plate]) -> None:
    for plate in plates:
        painter.fillRect(plate.spot, _PLATE)
        painter.setPen(_INK)
        painter.drawText(plate.spot, Qt.AlignmentFlag.AlignCenter, plate.text)


def upper_plates(area: QRect, corners: Corners, metrics: QFontMetrics) -> list[Plate]:
    """Return where the texts of the upper corners stand."""
    left = _block(area, corners.top_left, _LEFT | _TOP, metrics)
    return left + _block(area, corners.top_right, _RIGHT | _TOP, metrics)


def lower_plates(area: QRect, corners: Corners, metrics: QFontMetrics) -> list[Plate]:
    """Return where the texts of the lower corners stand."""
    left = _block(area, corners.bottom_left, _LEFT | _BOTTOM, metrics)
    return left + _block(area, corners.bottom_right, _RIGHT | _BOTTOM, metrics)


def _block(
    area: QRect, lines: Sequence[str], alignment: Qt.AlignmentFlag, metrics: QFontMetrics
) -> list[Plate]:
    widest = area.width() // 2 - 4 * _MARGIN_PX  # a letter stands in the middle
    shown = [part for line in lines if line for part in _fitted(line, widest, metrics)]
    # Letters of the patient's sides stand in the middle of the edge: nothing goes over them.
    height = metrics.height() + 2
    most = max(1, (area.height() // 2 - height // 2 - _MARGIN_PX - 2) // height)
    y = area.top() + _MARGIN_PX
    shown = shown[:most]
    if alignment & _BOTTOM:
        y = area.bottom() - _MARGIN_PX - len(shown) * height + 1
    plates = []
    for place, text in enumerate(shown):
        width = metrics.horizontalAdvance(text) + 10
        x = area.left() + _MARGIN_PX
        if alignment & _RIGHT:
            x = area.right() - _MARGIN_PX - width + 1
        plates.append(Plate(QRect(x, y + place * height, width, height), text))
    return plates


def _fitted(line: str, widest: int, metrics: QFontMetrics) -> list[str]:
    """Return a line in at most three that fit; what is still too long is shortened or left out."""
    if metrics.horizontalAdvance(line) <= widest:
        return [line]
    parts = [""]
    for word in _words(line):
        longer = f"{parts[-1]} {word}".strip()
        if metrics.horizontalAdvance(longer) <= widest or len(parts) == _MOST_PARTS:
            parts[-1] = longer
        else:
            parts.append(word)
    shortened = (_shortened(one, widest, metrics) for one in parts if one)
    return [one for one in shortened if one]


def _shortened(part: str, widest: int, metrics: QFontMetrics) -> str:
    """Return a part that fits; a number is whole or not there, for half of one is another."""
    words = part.split(" ")
    while len(words) > 1 and metrics.horizontalAdvance(" ".join(words)) > widest:
        words = [*words[:-2], "…"] if words[-1] == "…" else [*words[:-1], "…"]
    part = " ".join(words)
    if metrics.horizontalAdvance(part) <= widest:
        return "" if part == "…" else part
    if not any(one.isdigit() for one in part):
        return metrics.elidedText(part, Qt.TextElideMode.ElideRight, widest)
    name, _, number = part.partition("\u00a0")
    part = number if number and len(name) >= _LEAST_NAME else part
    for shorter in (part, part.removesuffix("\u00a0HU")):
        if metrics.horizontalAdvance(shorter) <= widest:
            return shorter
    return ""


def _words(line: str) -> list[str]:
    """Return what may stand on lines of its own: a number stays with its name and its unit."""
    return _KEPT.sub("\u00a0", line).split(" ")


def paint_letters(
    painter: QPainter, area: QRect, letters: tuple[str, str, str, str], font: QFont
) -> None:
    """Paint the anatomical directions at the middle of left, upper, right and lower edge."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    painter.setFont(bold)
    metrics = QFontMetrics(bold)
    center = area.center()
    for place, text in enumerate(letters):
        width, height = metrics.horizontalAdvance(text) + 10, metrics.height() + 2
        x = (area.left() + _MARGIN_PX, center.x() - width // 2, area.right() - _MARGIN_PX - width)
        y = (center.y() - height // 2, area.top() + _MARGIN_PX, area.bottom() - _MARGIN_PX - height)
        spot = QRect(x[_COLUMNS[place]], y[_ROWS[place]], width, height)
        if text:
            painter.fillRect(spot, _PLATE)
            painter.setPen(_INK)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)


def scale_bar(
    area: QRect,
    px_per_mm: float,
    metrics: QFontMetrics,
    upper: Iterable[Plate],
    lower: Iterable[Plate],
) -> ScaleBar | None:
    """Return a bar of a round length in the middle of the lower part, clear of other texts.

    It takes at most a quarter of the width; None where there is no room.
    """
    longest_mm = area.width() / 4 / px_per_mm
    if longest_mm <= 0:
        return None
    power = 10.0 ** math.floor(math.log10(longest_mm))
    length_mm = next(step * power for step in (5, 2, 1) if step * power <= longest_mm)
    text, length = _length_text(length_mm), round(length_mm * px_per_mm)
    width = max(length, metrics.horizontalAdvance(text)) + 12
    if width > area.width() // 3:
        return None
    spot = QRect(0, 0, width, metrics.height() + 8)
    spot.moveCenter(area.center())
    # Above the letter; in a narrow view also above most lines in the corners beside it, so that
    # it does not jump whenever the pointer tells a value there.
    is_crowded = area.width() < _ROOMY_PX and area.height() > _ROOMY_PX // 2
    lines = _CORNER_LINES if is_crowded else 1
    spot.moveBottom(area.bottom() - _MARGIN_PX - lines * (metrics.height() + 2) - 8)
    for other in sorted(lower, key=lambda one: -one.spot.top()):
        if spot.adjusted(-_GAP_PX, -_GAP_PX, _GAP_PX, _GAP_PX).intersects(other.spot):
            spot.moveBottom(other.spot.top() - _GAP_PX - 1)
    is_below_letter = spot.top() > area.top() + _MARGIN_PX + metrics.height() + _GAP_PX
    is_free = is_below_letter and not any(spot.intersects(one.spot) for one in upper)
    return ScaleBar(Plate(spot, text), length) if is_free else None


def _paint_scale_bar(painter: QPainter, bar: ScaleBar) -> None:
    spot, text = bar.plate
    painter.fillRect(spot, _PLATE)
    painter.setPen(_INK)
    painter.drawText(spot.adjusted(0, 0, 0, -6), Qt.AlignmentFlag.AlignCenter, text)
    left, y = spot.center().x() - bar.length_px // 2, spot.bottom() - 4
    painter.drawLine(left, y, left + bar.length_px, y)
    for x in (left, left + bar.length_px):
        painter.drawLine(x, y - 3, x, y + 3)


def _length_text(length_mm: float) -> str:
    if length_mm >= 10:
        return f"{length_mm / 10:g} cm"
    return f"{length_mm:g} mm" if length_mm >= 0.5 else f"{length_mm * 1000:g} µm"


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


def paint_focus(painter: QPainter, area: QRect) -> None:
    """Paint the ring that tells which image the keys belong to.

    In either theme it is light with a dark line within: it is seen on air and on bone.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width, inset in ((Qt.GlobalColor.black, 1, 2.5), (_FOCUS, 2, 1)):
        pen = QPen(color, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(QRectF(area).adjusted(inset, inset, -inset, -inset))
