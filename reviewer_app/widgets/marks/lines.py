"""The lines of marks, kept while a hand moves the picture, and then moved with it.

Antialiased lines of fifty marks take longer than a moving hand forgives, so each is kept as small
pictures: only the parts of its bounding box that the line goes through. To keep a line takes twice
as long as to paint it, so many that are looked at once, as on the next slice, are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from core.imaging.marks.shapes import HALO, Rgb
from reviewer_app.widgets.marks.parts import drawn_parts

if TYPE_CHECKING:
    from reviewer_app.widgets.marks.painted import Shape

LINE_PX: Final = 2.0
HALO_PX: Final = 4.0
_CELL_PX: Final = 128
"""Smaller parts would leave out more of what is empty, and each takes a call."""
_MOST_PIXELS: Final = 1 << 23
"""A larger line is painted directly: little of it is in sight, and so few marks are."""
_MOST_KEPT: Final = 1_000
_MOST_BYTES: Final = 3 << 25
"""Fifty large lines on a large screen; a stack may have as many on each of its frames."""
_FEW: Final = 12
"""So many lines are painted finely between two refreshes."""
_MADE_IN_HASTE: Final = 1
"""So many more lines are kept each time that a hand moves the picture."""
_STEPS: Final = 32
"""Lines are kept for so many positions within a pixel."""
_HALO: Final = QColor(*HALO)

Trace = Callable[["Shape", QTransform], tuple[QPainterPath, QPainterPath]]
"""Returns the line of a mark and what of it is filled, on the widget."""
_Key = tuple[int, Rgb, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Small pictures and where they lie, in device pixels from where the image begins."""

    shape: Shape
    tiles: tuple[tuple[int, int, QImage], ...]
    nbytes: int


class MarkLines:
    """Paints lines with dark edges: a mark must be seen on bone and on air."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._kept: dict[_Key, _Line] = {}
        self._zoom: tuple[float, ...] = ()

    def forget(self) -> None:
        """Drop what was kept."""
        self._kept.clear()

    def paint(
        self,
        painter: QPainter,
        place: QTransform,
        seen: Sequence[tuple[Shape, Rgb]],
        *,
        is_hasty: bool,
        is_part: bool = False,
    ) -> None:
        """Paint lines; while a hand moves, those that are not kept get no soft edges.

        A part of what is in sight tells nothing of how many there are; none are kept for it.
        """
        ratio = painter.device().devicePixelRatioF()
        zoom = (place.m11(), place.m12(), place.m21(), place.m22(), ratio)
        is_moved = zoom == self._zoom
        if not is_moved:
            self._kept.clear()
            self._zoom = zoom
        affordable = len(seen) if len(seen) <= _FEW else _MADE_IN_HASTE * (is_hasty and is_moved)
        affordable = 0 if is_part else affordable
        is_hasty = is_hasty and len(seen) > _FEW
        way = place.dx() * ratio, place.dy() * ratio
        x, y = round(way[0]), round(way[1])
        steps = round((way[0] - x) * _STEPS), round((way[1] - y) * _STEPS)
        keys = [(id(shape), color, *steps) for shape, color in seen]
        room = self._room_beside(keys)
        # Pictures that meet the pixels of the screen need no interpolation, which is slow.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for key, (shape, color) in zip(keys, seen, strict=True):
            line = self._kept.get(key)
            if line is None and affordable and room > 0:
                affordable -= 1
                line = self._made(shape, color, place, ratio)
                if line is not None:
                    self._kept[key] = line
                    room -= line.nbytes
            if line is None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_hasty)
                _draw(painter, self._trace(shape, place), color)
                continue
            for left, top, tile in line.tiles:
                painter.drawImage(QPointF((x + left) / ratio, (y + top) / ratio), tile)

    def _room_beside(self, keys: Sequence[_Key]) -> int:
        """Return how many bytes may still be kept; where there are none, keep what is in sight."""
        room = _MOST_BYTES - sum(one.nbytes for one in self._kept.values())
        if room > 0 and len(self._kept) <= _MOST_KEPT:
            return room
        self._kept = {key: self._kept[key] for key in keys if key in self._kept}
        return _MOST_BYTES - sum(one.nbytes for one in self._kept.values())

    def _made(self, shape: Shape, color: Rgb, place: QTransform, ratio: float) -> _Line | None:
        traced = self._trace(shape, place)
        bounds = traced[0].boundingRect().united(traced[1].boundingRect())
        grown = bounds.adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX)
        left, top = int(grown.left() * ratio // 1), int(grown.top() * ratio // 1)
        width, height = (int(side * ratio) + 2 for side in (grown.width(), grown.height()))
        if width * height > _MOST_PIXELS:
            return None
        picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(Qt.GlobalColor.transparent)
        picture.setDevicePixelRatio(ratio)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-left / ratio, -top / ratio)
            _draw(painter, traced, color)
        x, y = round(place.dx() * ratio), round(place.dy() * ratio)
        tiles = tuple(
            (left - x + one.x(), top - y + one.y(), picture.copy(one))
            for one in drawn_parts(picture, _CELL_PX)
        )
        return _Line(shape, tiles, sum(tile.sizeInBytes() for _, _, tile in tiles))


def _draw(painter: QPainter, traced: tuple[QPainterPath, QPainterPath], color: Rgb) -> None:
    line, filled = traced
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, ink in ((HALO_PX, _HALO), (LINE_PX, QColor(*color))):
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        pen = QPen(ink, width, Qt.PenStyle.SolidLine, cap, join)
        painter.strokePath(line, pen)
        if not filled.isEmpty():
            painter.strokePath(filled, pen)
            painter.fillPath(filled, ink)
