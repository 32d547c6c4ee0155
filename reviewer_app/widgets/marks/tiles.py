"""Lines of very many marks as tiles of pixels, kept while a hand windows, pans or edits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from core.imaging.marks.shapes import HALO, Rgb
from reviewer_app.widgets.marks.coarse import (
    HEAD_PX,
    CoarseLines,
    Drawn,
    paint_coarsely,
    paint_line,
)

_LINE_PX: Final = 1.0
_EDGE_PX: Final = 3.0
"""Thinner than the lines of few marks: wide soft ones cost five times as much."""
_HALO: Final = QColor(*HALO)
_SIDE: Final = 512
_MARGIN_PX: Final = HEAD_PX + _EDGE_PX
_MOST_AT_ONCE: Final = 30
"""So many lines are drawn finely for one picture; a larger number would hold up the hand."""
_MOST_TILES: Final = 160
_TINY: Final = 1e-6
"""Reckoning leaves whole numbers a little too small."""

_FEW_PART: Final = 3
"""Less than a third of all marks are sooner painted one by one than all as paths."""

Tile = tuple[int, int]
Key = tuple[int, Rgb]


class LineTiles:
    """Paints lines of marks: finely from tiles that are kept, coarsely where a tile is missing.

    All coordinates are device pixels. A tile depends on the scale and the marks upon it, never on
    where the picture stands. The same mapping again promises the same marks.
    """

    def __init__(self) -> None:
        self._for: tuple[float, ...] = ()
        self._shapes: Mapping[Key, Drawn] = {}
        self._order: dict[Key, int] = {}
        """Later marks lie above earlier ones."""
        self._on: dict[Tile, list[Key]] = {}
        """Which marks have a part on a tile."""
        self._tiles: dict[Tile, QImage | None] = {}
        self._coarse: tuple[Mapping[Key, Drawn], CoarseLines] | None = None

    def forget(self) -> None:
        """Drop what was kept."""
        self._coarse = None
        self._drop_tiles()

    def _drop_tiles(self) -> None:
        self._for, self._shapes = (), {}
        self._tiles.clear()
        self._on.clear()

    def paint(
        self,
        painter: QPainter,
        place: QTransform,
        shapes: Mapping[Key, Drawn],
        ratio: float,
        *,
        is_hasty: bool,
    ) -> bool:
        """Paint all lines; false where some are coarse still, and painting again refines them."""
        start = QPoint(math.floor(place.dx() + _TINY), math.floor(place.dy() + _TINY))
        still = place * QTransform.fromTranslate(-start.x(), -start.y())
        area = painter.transform().inverted()[0].mapRect(QRectF(painter.viewport()))
        wanted = _numbers(still, ratio)
        if is_hasty and wanted != self._for:
            self._coarse_lines(shapes).paint(painter, place, area, ratio)
            return False
        self._take(wanted, still, shapes, ratio)
        missing = self._paint_tiles(painter, still, start, area, ratio)
        if missing:
            painter.save()
            painter.setClipRect(_around(missing).translated(start))
            keys = dict.fromkeys(key for tile in missing for key in self._on[tile])
            if len(keys) > len(shapes) // _FEW_PART:
                self._coarse_lines(shapes).paint(painter, place, area, ratio)
            else:
                paint_coarsely(painter, place, [shapes[key] for key in keys], ratio)
            painter.restore()
        return not missing

    def _coarse_lines(self, shapes: Mapping[Key, Drawn]) -> CoarseLines:
        if self._coarse is None or self._coarse[0] is not shapes:
            self._coarse = (shapes, CoarseLines(shapes.values()))
        return self._coarse[1]

    def _paint_tiles(
        self, painter: QPainter, still: QTransform, start: QPoint, area: QRectF, ratio: float
    ) -> list[Tile]:
        """Paint the tiles that are there or can be drawn now; return those that are missing."""
        budget, missing = _MOST_AT_ONCE, []
        for tile in _tiles_in(area.toAlignedRect().translated(-start)):
            keys = self._on.get(tile)
            if not keys:
                continue
            if tile not in self._tiles and budget > 0:
                budget -= len(keys)
                self._tiles[tile] = self._image(tile, still, ratio)
            image = self._tiles.get(tile)
            if image is None:
                missing.append(tile)
            else:
                painter.drawImage(_rect_of(tile).topLeft() + start, image)
        return missing

    def _take(
        self,
        wanted: tuple[float, ...],
        still: QTransform,
        shapes: Mapping[Key, Drawn],
        ratio: float,
    ) -> None:
        """Drop the tiles on which something is not as it was."""
        if wanted != self._for:
            self._drop_tiles()
            self._for = wanted
        elif len(self._tiles) > _MOST_TILES:
            self._tiles.clear()
        if shapes is self._shapes:
            return
        for key in self._shapes.keys() - shapes.keys():
            for tile in _tiles_of(self._shapes[key], still, ratio):
                self._on[tile].remove(key)
                self._tiles.pop(tile, None)
        for key in [key for key in shapes if key not in self._shapes]:
            for tile in _tiles_of(shapes[key], still, ratio):
                self._on.setdefault(tile, []).append(key)
                self._tiles.pop(tile, None)
        self._shapes = shapes
        self._order = {key: place for place, key in enumerate(shapes)}

    def _image(self, tile: Tile, still: QTransform, ratio: float) -> QImage:
        rect = _rect_of(tile)
        image = QImage(rect.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            painter.translate(-rect.topLeft())
            keys = sorted(self._on[tile], key=self._order.__getitem__)
            _paint_finely(painter, still, [self._shapes[key] for key in keys], ratio)
        return image


def _numbers(still: QTransform, ratio: float) -> tuple[float, ...]:
    """Return what tiles depend on; tiny differences come from reckoning."""
    parts = (still.m11(), still.m12(), still.m21(), still.m22(), still.dx(), still.dy(), ratio)
    return tuple(round(part, 4) for part in parts)


def _paint_finely(
    painter: QPainter, place: QTransform, seen: Sequence[Drawn], ratio: float
) -> None:
    """Paint all dark edges, then all lines: a mark must be seen on bone and on air."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    lines = [(place.map(shape.line), shape, color) for shape, color in seen]
    painter.setPen(_pen(_HALO, _EDGE_PX * ratio))
    for line, shape, _ in lines:
        paint_line(painter, line, shape, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line, shape, color in lines:
        painter.setPen(_pen(QColor(*color), _LINE_PX * ratio))
        paint_line(painter, line, shape, ratio)


def _pen(color: QColor, width: float) -> QPen:
    style, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap
    return QPen(color, width, style, cap, Qt.PenJoinStyle.BevelJoin)


def _tiles_of(drawn: Drawn, place: QTransform, ratio: float) -> Iterable[Tile]:
    far = _MARGIN_PX * ratio
    return _tiles_in(place.mapRect(drawn[0].bounds).adjusted(-far, -far, far, far).toAlignedRect())


def _tiles_in(area: QRect) -> Iterable[Tile]:
    for row in range(area.top() // _SIDE, area.bottom() // _SIDE + 1):
        for column in range(area.left() // _SIDE, area.right() // _SIDE + 1):
            yield column, row


def _rect_of(tile: Tile) -> QRect:
    return QRect(tile[0] * _SIDE, tile[1] * _SIDE, _SIDE, _SIDE)


def _around(tiles: Iterable[Tile]) -> QRect:
    whole = QRect()
    for tile in tiles:
        whole = whole.united(_rect_of(tile))
    return whole
