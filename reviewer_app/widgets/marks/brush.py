"""Painting a mask: a round brush that adds or erases, held to a range of stored values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QTransform

from core.domain.region import MaskRuns, Point, Region, RegionKind
from core.imaging.marks.shapes import Rgb
from reviewer_app.widgets.marks.edits import mask_extent

if TYPE_CHECKING:
    from core.imaging.image import Frame

LEAST_PX: Final = 1
MOST_PX: Final = 400
_GROWTH: Final = 1.25


@dataclass(frozen=True, slots=True)
class BrushSettings:
    """How the brush paints.

    `size_px` is its width in image pixels; `span` holds it to stored values that are at most so
    far from the value where the hand went down, None takes every pixel.
    """

    size_px: int = 12
    is_erasing: bool = False
    span: float | None = None


def larger(size_px: int) -> int:
    """Return the next size."""
    return min(MOST_PX, max(size_px + 1, round(size_px * _GROWTH)))


def smaller(size_px: int) -> int:
    """Return the size before."""
    return max(LEAST_PX, min(size_px - 1, round(size_px / _GROWTH)))


class Stroke:
    """The mask of one frame while the hand is down."""

    def __init__(
        self, frame: Frame, mask: MaskRuns | None, settings: BrushSettings, at: Point, color: Rgb
    ) -> None:
        import numpy as np

        from core.imaging.marks.mask import pixels_of

        self._stored = frame.stored
        self._settings = settings
        self._color = color
        height, width = frame.stored.shape[:2]
        self._size = width, height
        fits = mask is not None and (mask.width, mask.height) == (width, height)
        self._pixels: Any = (  # a numpy array, which this module does not import
            pixels_of(mask).copy() if fits and mask else np.zeros((height, width), np.bool_)
        )
        self._colors: Any = np.zeros((height, width, 4), np.uint8)
        self._image = QImage(
            self._colors.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
        )
        self.limits = _limits(frame, settings, at)
        """Lowest and highest stored value that is painted; None where all are."""
        painted = mask_extent(mask) if fits and mask else None
        if painted is not None:
            (left, top), (right, bottom) = painted
            self._color_box(int(left), int(top), int(right), int(bottom))
        self._last = at
        self.paint_to(at)

    def paint_to(self, at: Point) -> QRect:
        """Paint from the last place to another; return the pixels that may have changed."""
        import numpy as np

        radius = self._settings.size_px / 2
        (x, y), (u, v) = self._last, at
        self._last = at
        width, height = self._size
        left, right = max(0, int(min(x, u) - radius)), min(width, int(max(x, u) + radius) + 1)
        top, bottom = max(0, int(min(y, v) - radius)), min(height, int(max(y, v) + radius) + 1)
        if left >= right or top >= bottom:
            return QRect()
        columns = np.arange(left, right) + 0.5
        rows = (np.arange(top, bottom) + 0.5)[:, None]
        across, down = u - x, v - y
        length = across * across + down * down
        share = ((columns - x) * across + (rows - y) * down) / length if length else 0.0
        share = np.clip(share, 0, 1)
        away = (columns - x - share * across) ** 2 + (rows - y - share * down) ** 2
        is_hit = away <= max(radius, math.sqrt(0.5)) ** 2
        if self.limits is not None:
            values = self._stored[top:bottom, left:right]
            is_hit &= (values >= self.limits[0]) & (values <= self.limits[1])
        self._pixels[top:bottom, left:right][is_hit] = not self._settings.is_erasing
        self._color_box(max(0, left - 1), max(0, top - 1), right + 1, bottom + 1)
        return QRect(left - 1, top - 1, right - left + 2, bottom - top + 2)

    def _color_box(self, left: int, top: int, right: int, bottom: int) -> None:
        from core.imaging.marks.mask_colors import color_box

        color_box(self._colors, self._pixels, self._color, (left, top, right, bottom))

    def region(self, frame: int, label: str) -> Region | None:
        """Return what was painted; None where nothing is left. Raises `ValidationError`."""
        from core.imaging.marks.mask import runs_of

        if not self._pixels.any():
            return None
        return Region(RegionKind.MASK, frame=frame, label=label, mask=runs_of(self._pixels))

    def paint(self, painter: QPainter, place: QTransform) -> None:
        """Paint it over the picture."""
        painter.save()
        painter.setTransform(place, combine=True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, place.m11() < 1)
        painter.drawImage(QRectF(0, 0, *self._size), self._image)
        painter.restore()


def _limits(frame: Frame, settings: BrushSettings, at: Point) -> tuple[float, float] | None:
    height, width = frame.stored.shape[:2]
    column, row = int(at[0] // 1), int(at[1] // 1)
    is_there = 0 <= column < width and 0 <= row < height
    if settings.span is None or frame.gray is None or not is_there:
        return None
    value = frame.stored[row, column].item()
    return value - settings.span, value + settings.span


def paint_ring(painter: QPainter, place: QTransform, at: Point, size_px: int) -> None:
    """Paint the outline of the brush under the hand."""
    radius = size_px / 2
    circle = QRectF(at[0] - radius, at[1] - radius, size_px, size_px)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(Qt.GlobalColor.black, 3), QPen(Qt.GlobalColor.white, 1)):
        painter.setPen(pen)
        painter.drawEllipse(place.mapRect(circle))


def ring_rect(place: QTransform, at: Point, size_px: int) -> QRect:
    """Return the part of the widget that the outline of the brush needs."""
    radius = size_px / 2
    circle = QRectF(at[0] - radius, at[1] - radius, size_px, size_px)
    return place.mapRect(circle).toAlignedRect().adjusted(-3, -3, 3, 3)
