"""Pixels that are made of numbers go straight to where a painter paints, without a copy between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from core.imaging.display import Shading

_FORMATS: Final = (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied)
"""Opaque pixels are the same numbers in both."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A picture at screen resolution: its values, its place in device pixels, how it is shaded."""

    values: Any  # a numpy array, which this module does not import
    x: int
    y: int
    shading: Shading

    def area(self) -> QRect:
        """Return the device pixels that it covers."""
        height, width = self.values.shape[:2]
        return QRect(self.x, self.y, width, height)

    def rect(self, ratio: float) -> QRectF:
        """Return what it covers, in pixels of a widget."""
        area = self.area()
        size = area.width() / ratio, area.height() / ratio
        return QRectF(area.left() / ratio, area.top() / ratio, *size)

    def pixels(self) -> Any:
        """Return its opaque pixels as a numpy array."""
        return self.shading(self.values)

    def shade_into(self, out: Any, within: QRect) -> None:
        """Write the pixels of a part, counted like `area`, to an array of its size."""
        left, top = within.left() - self.x, within.top() - self.y
        rows, columns = slice(top, top + within.height()), slice(left, left + within.width())
        self.shading(self.values[rows, columns], out)


@dataclass(frozen=True, slots=True, eq=False)
class ScreenPart:
    """Opaque pixels that are about to be seen, as a numpy array to write to.

    `area` is where they lie, in device pixels of the widget. They are gone when painting ends.
    """

    area: QRect
    pixels: Any

    @property
    def stride(self) -> int:
        """How many pixels of the screen's memory lie between two rows."""
        return int(self.pixels.strides[0]) // 4

    def line(self) -> Any:
        """Return all pixels in one line, with those beside the part between its rows."""
        from numpy.lib.stride_tricks import as_strided

        height, width = self.pixels.shape
        return as_strided(self.pixels, ((height - 1) * self.stride + width,), (4,))


def paint_placed(painter: QPainter, placed: Placed, ratio: float) -> None:
    """Paint a picture at its place on a widget."""
    parts = screen_parts(painter)
    if parts is None:
        _draw(painter, placed, ratio)
        return
    for part in parts:
        seen = part.area.intersected(placed.area())
        if not seen.isEmpty():
            left, top = seen.left() - part.area.left(), seen.top() - part.area.top()
            bottom, right = top + seen.height(), left + seen.width()
            placed.shade_into(part.pixels[top:bottom, left:right], seen)


def screen_parts(painter: QPainter) -> list[ScreenPart] | None:
    """Return the pixels that are to be painted anew; None where they are out of reach.

    They are those of the window's picture in memory. A printer, or a painter that stretches or
    blends what it paints, has none.
    """
    engine = painter.paintEngine()
    device = engine.paintDevice()
    if not isinstance(device, QImage) or device.format() not in _FORMATS:
        return None
    place, ratio = painter.deviceTransform(), device.devicePixelRatio()
    is_stretched = place.isRotating() or (place.m11(), place.m22()) != (ratio, ratio)
    if is_stretched or painter.hasClipping() or painter.opacity() < 1:
        return None
    import numpy as np

    size = device.height(), device.bytesPerLine() // 4
    pixels = np.frombuffer(device.bits(), np.int32).reshape(size)
    start = math.floor(place.dx() + 0.5), math.floor(place.dy() + 0.5)
    region = engine.systemClip()
    wanted: list[QRect] = list(region)  # type: ignore[call-overload] # the stub lacks __iter__
    parts = [one.intersected(device.rect()) for one in wanted] or [device.rect()]
    return [
        ScreenPart(
            one.translated(-start[0], -start[1]),
            pixels[one.top() : one.bottom() + 1, one.left() : one.right() + 1],
        )
        for one in parts
    ]


def _draw(painter: QPainter, placed: Placed, ratio: float) -> None:
    pixels = placed.pixels()
    height, width = pixels.shape
    kind = QImage.Format.Format_RGB32
    picture = QImage(pixels.data, width, height, pixels.strides[0], kind)
    picture.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(placed.x / ratio, placed.y / ratio), picture)
