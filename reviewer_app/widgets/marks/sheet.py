"""All marks of a layer as one sheet of pixels, kept while neither they nor their place change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from reviewer_app.widgets.images.screen import screen_parts
from reviewer_app.widgets.marks.dots import Dots, dots_of
from reviewer_app.widgets.marks.parts import drawn_parts

_CELL_PX: Final = 64
"""What is empty within a cell is blended in vain; smaller ones take more calls than they save."""
_MANY_PIXELS: Final = 1_500_000
"""From so many on, blending only what is painted saves more than its steps take."""
_MOST_KEPT: Final = 64
_MOST_BYTES: Final = 3 << 25
"""The sheets of twenty frames, fifty marks on each."""

_ROWS: Final = 256
"""A large sheet is painted in bands: memory that is new takes longer than to paint on it."""

Draw = Callable[[QPainter, QRect], None]
"""Paints what reaches into an area of the widget."""


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """The parts of a sheet that are not empty, as pictures with their places on the widget."""

    pictures: tuple[tuple[QPointF, QImage], ...]
    nbytes: int
    """The memory that they take."""

    def paint(self, painter: QPainter) -> None:
        """Paint all parts."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for at, one in self.pictures:
            painter.drawImage(at, one)


class MarkSheet:
    """Paints again what was painted before, fifty marks ten times as fast.

    Making a sheet takes longer than painting the marks once, so it is made when the same marks
    are wanted at the same place a second time, as while a hand windows or goes to and fro in a
    stack. What was wanted longest ago goes first.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[object, Strips | Dots | None]] = []

    def forget(self) -> None:
        """Drop what was kept."""
        self._kept.clear()

    def is_pending(self) -> bool:
        """Tell whether what was painted last would be made a sheet if it were painted again."""
        return bool(self._kept) and self._kept[-1][1] is None

    def paint(self, painter: QPainter, wanted: object, draw: Draw, *, is_passing: bool) -> None:
        """Paint what `draw` paints; equal `wanted` promise that it would paint the same.

        A picture that is passing, for a hand moves, is not worth being kept.
        """
        place = next((n for n, one in enumerate(self._kept) if one[0] == wanted), None)
        whole = painter.viewport()
        if place is None or (is_passing and self._kept[place][1] is None):
            draw(painter, whole)
            if not is_passing:
                self._keep(wanted, None)
            return
        sheet = self._kept.pop(place)[1] or _made(painter, draw)
        self._keep(wanted, sheet)
        if isinstance(sheet, Strips):
            sheet.paint(painter)
            return
        parts = screen_parts(painter)
        if parts is None or any(part.stride != sheet.stride for part in parts):
            draw(painter, whole)  # on other paper, as that of a printer
        else:
            for part in parts:
                sheet.paint(part)

    def _keep(self, wanted: object, sheet: Strips | Dots | None) -> None:
        self._kept.append((wanted, sheet))
        total = sum(one.nbytes for _, one in self._kept if one is not None)
        while len(self._kept) > _MOST_KEPT or (total > _MOST_BYTES and len(self._kept) > 1):
            gone = self._kept.pop(0)[1]
            total -= 0 if gone is None else gone.nbytes


def _made(painter: QPainter, draw: Draw) -> Strips | Dots:
    """Return what is painted on an area, in the form that is painted again soonest."""
    ratio, area = painter.device().devicePixelRatioF(), painter.viewport()
    width, height = round(area.width() * ratio), round(area.height() * ratio)
    parts = screen_parts(painter) if width * height > _MANY_PIXELS else None
    if parts:
        bands = _bands(QSize(width, height), ratio, draw)
        return dots_of(bands, QRect(0, 0, width, height), parts[0].stride)
    sheet = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    sheet.setDevicePixelRatio(ratio)
    sheet.fill(Qt.GlobalColor.transparent)
    with QPainter(sheet) as own:
        draw(own, area)
    pictures = tuple(
        (QPointF(one.x() / ratio, one.y() / ratio), sheet.copy(one))
        for one in drawn_parts(sheet, _CELL_PX)
    )
    return Strips(pictures, sum(one.sizeInBytes() for _, one in pictures))


def _bands(size: QSize, ratio: float, draw: Draw) -> Iterator[tuple[int, QImage]]:
    """Paint a sheet band by band, all on the same picture."""
    band = QImage(size.width(), _ROWS, QImage.Format.Format_ARGB32_Premultiplied)
    band.setDevicePixelRatio(ratio)
    for top in range(0, size.height(), _ROWS):
        band.fill(Qt.GlobalColor.transparent)
        with QPainter(band) as own:
            own.translate(0, -top / ratio)
            draw(own, QRectF(0, top / ratio, size.width() / ratio, _ROWS / ratio).toAlignedRect())
        rows = min(_ROWS, size.height() - top)
        yield top, band if rows == _ROWS else band.copy(0, 0, size.width(), rows)
