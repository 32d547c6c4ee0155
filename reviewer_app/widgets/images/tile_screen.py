"""What is in sight of a slide, kept at the resolution of the screen: a pan draws only its rim.

The buffer is a torus: a pixel lies where its place in the whole picture, counted in device pixels
from where the screen first stood, falls modulo its size. A pan moves nothing in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from core.imaging.display import ScreenPixels
    from core.imaging.slides.spread import Size, Spread


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in device pixels of the whole picture, without its right and bottom edge."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.left >= self.right or self.top >= self.bottom

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top

    def scaled(self, factor: float) -> Box:
        """Return where it lies when everything is so much larger, on whole pixels."""
        edges = (self.left, self.top, self.right, self.bottom)
        return Box(*(round(edge * factor) for edge in edges))

    def grown(self, rim: int) -> Box:
        """Return it with a rim all around."""
        return Box(self.left - rim, self.top - rim, self.right + rim, self.bottom + rim)

    def slices(self, part: Box) -> tuple[slice, slice]:
        """Return rows and columns of a part of it, counted from its own top left corner."""
        rows = slice(part.top - self.top, part.bottom - self.top)
        return rows, slice(part.left - self.left, part.right - self.left)

    def misses(self, other: Box) -> bool:
        """Tell whether no pixel is in both."""
        return (
            self.left >= other.right
            or self.right <= other.left
            or self.top >= other.bottom
            or self.bottom <= other.top
        )

    def meet(self, other: Box) -> Box:
        """Return what both hold."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def without(self, other: Box) -> list[Box]:
        """Return at most four rectangles that hold the rest."""
        if self.misses(other):
            return [self]
        inner = self.meet(other)
        rest = [
            Box(self.left, self.top, self.right, inner.top),
            Box(self.left, inner.bottom, self.right, self.bottom),
            Box(self.left, inner.top, inner.left, inner.bottom),
            Box(inner.right, inner.top, self.right, inner.bottom),
        ]
        return [one for one in rest if not one.is_empty]

    def without_any(self, others: Iterable[Box]) -> list[Box]:
        """Return rectangles that hold what none of the others holds."""
        rest = [self]
        for other in others:
            rest = [part for one in rest for part in one.without(other)]
        return rest


class TileScreen:
    """The pixels of a window on a picture that is larger than the screen."""

    def __init__(self, window: Box, spare: TileScreen | None = None) -> None:
        """Begin with what the memory holds: of a `spare` screen that nobody needs any more."""
        import numpy as np

        from core.imaging.decoding.frame_room import ROOM

        self.window = window
        self._origin = (window.left, window.top)
        self._width, self._height = window.right - window.left, window.bottom - window.top
        shape = (self._height, self._width)
        kept = None if spare is None else spare._pixels
        if kept is None or kept.shape != shape:
            kept = ROOM.take(4 * self._width * self._height).view(np.int32).reshape(shape)
        self._pixels: ScreenPixels = kept
        self._image = QImage(
            self._pixels.data,
            self._width,
            self._height,
            self._pixels.strides[0],
            QImage.Format.Format_RGB32,
        )

    def move_to(self, window: Box) -> list[Box]:
        """Look at another part in the same scale and return what must be drawn anew."""
        before, self.window = self.window, window
        return window.without(before)

    def blacken(self, box: Box) -> None:
        """Paint a rectangle as what lies around pictures."""
        for spot in self._spots(box.meet(self.window)):
            self._pixels[spot.rows, spot.columns] = 0

    def draw(self, picture: Spread, place: Box, inside: Box) -> Box:
        """Draw a picture over `place`, as far as it lies `inside` a rectangle of the window.

        Return where that is.
        """
        seen = place.meet(inside).meet(self.window)
        for spot in self._spots(seen):
            target = self._pixels[spot.rows, spot.columns]
            picture.draw_part(place.size, *place.slices(spot.box), target)
        return seen

    def spread(self, pixels: ScreenPixels, place: Box, inside: Box) -> None:
        """Draw single pixels over `place` as far as it lies `inside`: coarse, and soon done."""
        from core.imaging.slides.spread import spread_into

        for mine in self._spots(place.meet(inside).meet(self.window)):
            target = self._pixels[mine.rows, mine.columns]
            spread_into(target, pixels, place.size, *place.slices(mine.box))

    def take_from(self, other: TileScreen, factor: float) -> list[Box]:
        """Take over another screen's picture in another scale, coarsely; return what is new."""
        for spot in other._spots(other.window):
            source = other._pixels[spot.rows, spot.columns]
            self.spread(source, spot.box.scaled(factor), self.window)
        return self.window.without(other.window.scaled(factor))

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Paint the window from its top left corner on; `ratio` is device by other pixels."""
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)  # pixel by pixel, which is also the quick way
        for spot in self._spots(self.window):
            at = QPointF(spot.x - self.window.left, spot.y - self.window.top)
            source = QRectF(spot.columns.start, spot.rows.start, spot.width, spot.height)
            painter.drawImage(at, self._image, source)
        painter.restore()

    def _spots(self, box: Box) -> Iterator[_Spot]:
        """Yield where a part of the window lies in memory: up to four rectangles."""
        if box.is_empty:
            return
        left, top = self._origin
        for y, rows in _wrapped(box.top - top, box.bottom - top, self._height):
            for x, columns in _wrapped(box.left - left, box.right - left, self._width):
                yield _Spot(x + left, y + top, rows, columns)


@dataclass(frozen=True, slots=True)
class _Spot:
    x: int
    y: int
    rows: slice
    columns: slice

    @property
    def width(self) -> int:
        return int(self.columns.stop - self.columns.start)

    @property
    def height(self) -> int:
        return int(self.rows.stop - self.rows.start)

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


def ready_screen(size: Size) -> TileScreen:
    """Return a screen whose memory was touched: fresh memory takes longer than any picture."""
    screen = TileScreen(Box(0, 0, *size))
    screen.blacken(screen.window)
    return screen


def _wrapped(start: int, stop: int, size: int) -> Iterable[tuple[int, slice]]:
    """Yield a span of places with the slices of memory that hold it."""
    while start < stop:
        begin = start % size
        length = min(stop - start, size - begin)
        yield start, slice(begin, begin + length)
        start += length
