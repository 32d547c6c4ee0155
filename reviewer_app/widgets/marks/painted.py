"""Marks as they are painted over a picture: kept as paths in image pixels, placed when painted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from core.domain.region import Point, Region, RegionKind
from core.imaging.marks.shapes import (
    HALO,
    MOST_LABELS,
    Rgb,
    arrow_head,
    outline,
)
from reviewer_app.widgets.marks.edits import extent, handles
from reviewer_app.widgets.marks.labels import RADIUS_PX, MarkLabels
from reviewer_app.widgets.marks.lines import HALO_PX, LINE_PX, MarkLines
from reviewer_app.widgets.marks.sheet import MarkSheet
from reviewer_app.widgets.marks.tiles import LineTiles

_HEAD_PX: Final = 14.0
_HANDLE_PX: Final = 4.0
_WHITE: Final = QColor(255, 255, 255)
_HALO: Final = QColor(*HALO)
_MOST_KEPT: Final = 6_000
_MOST_BYTES: Final = 1 << 27
"""Of masks that are not in sight: each stroke of a brush makes a new one, as large as an image."""
_COARSE_BELOW: Final = 0.5
_NAME_REACH_PX: Final = 80
"""A name stands so far from its mark at most, also in a large font."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A region ready to be painted, in image pixels."""

    region: Region
    line: QPolygonF
    is_closed: bool
    bounds: QRectF
    mask: tuple[MaskPicture, ...] = ()
    """The colored pixels of a mask: whole, then each time half as large."""

    @property
    def nbytes(self) -> int:
        """The memory that its mask takes."""
        return sum(int(level.pixels.nbytes) for level in self.mask)


@dataclass(frozen=True, slots=True, eq=False)
class MaskPicture:
    """A part of a mask as a QImage; `pixels` is the memory it looks at."""

    image: QImage
    pixels: Any  # a numpy array, which this module does not import


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mark under the hand and which of its handles keys move."""

    region: Region
    handle: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Many:
    """Very many marks made ready; `wanted` are the marks and the colors of their labels."""

    wanted: tuple[tuple[Region, ...], dict[str, Rgb]]
    lines: dict[tuple[int, Rgb], tuple[Shape, Rgb]]
    masks: tuple[Shape, ...]


class MarkLayer:
    """Paints the marks of one frame; what does not change with the place is kept."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[int, Rgb], Shape] = {}
        self._nbytes = 0
        self._many: _Many | None = None
        self._labels = MarkLabels()
        self._lines = MarkLines(traced)
        self._tiles = LineTiles()
        self._sheet = MarkSheet()

    def forget(self) -> None:
        """Drop what was kept."""
        self._shapes.clear()
        self._nbytes = 0
        self._many = None
        self._labels.forget()
        self._lines.forget()
        self._tiles.forget()
        self._sheet.forget()

    def is_pending(self) -> bool:
        """Tell whether painting the same once more keeps it for all later times."""
        return self._sheet.is_pending()

    def paint(
        self,
        painter: QPainter,
        place: QTransform,
        marks: Sequence[Region],
        colors: Mapping[str, Rgb],
        font: QFont,
        *,
        is_hasty: bool = False,
    ) -> bool:
        """Paint marks; `place` leads from image pixels to the widget.

        In haste, while a hand zooms, lines get no soft edges. False where very many are coarse
        still; painting again refines them.
        """
        if not marks:
            return True
        if len(self._shapes) > _MOST_KEPT or self._nbytes > _MOST_BYTES:
            self._keep_only(marks)
        if len(marks) > MOST_LABELS:
            return self._paint_many(painter, place, marks, colors, is_hasty=is_hasty)
        ratio, area = painter.device().devicePixelRatioF(), painter.viewport()
        wanted = (place, ratio, area, font.key(), tuple(marks), dict(colors))

        def draw(to: QPainter, part: QRect) -> None:
            seen = self._seen(place, marks, colors, part)
            to.setRenderHint(QPainter.RenderHint.Antialiasing)
            for shape, _ in seen:
                _paint_mask(to, place, shape)
            lines = [pair for pair in seen if pair[0].region.mask is None]
            self._lines.paint(to, place, lines, is_hasty=is_hasty, is_part=part != area)
            self._labels.paint(to, place, seen, area, font)

        self._sheet.paint(painter, wanted, draw, is_passing=is_hasty)
        return True

    def _seen(
        self,
        place: QTransform,
        marks: Iterable[Region],
        colors: Mapping[str, Rgb],
        area: QRect,
    ) -> list[tuple[Shape, Rgb]]:
        """Return the shapes that reach into an area of the widget."""
        far = _NAME_REACH_PX
        around = QRectF(area).adjusted(-far, -far, far, far)
        return [
            (shape, color)
            for shape, color in self._shapes_of(marks, colors)
            if place.mapRect(shape.bounds).adjusted(-1, -1, 1, 1).intersects(around)
        ]

    def _paint_many(
        self,
        painter: QPainter,
        place: QTransform,
        marks: Sequence[Region],
        colors: Mapping[str, Rgb],
        *,
        is_hasty: bool,
    ) -> bool:
        ratio = painter.device().devicePixelRatioF()
        wanted = (tuple(marks), dict(colors))
        if self._many is None or self._many.wanted != wanted:
            self._many = _many(wanted, list(self._shapes_of(marks, colors)))
        for shape in self._many.masks:
            _paint_mask(painter, place, shape)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        device = place * QTransform.fromScale(ratio, ratio)
        is_whole = self._tiles.paint(painter, device, self._many.lines, ratio, is_hasty=is_hasty)
        painter.restore()
        return is_whole

    def paint_chosen(self, painter: QPainter, place: QTransform, chosen: Chosen) -> None:
        """Paint the handles of the mark under the hand, the one that keys move filled."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        region = chosen.region
        found = extent(region)
        if found is not None and (region.mask is not None or region.kind is RegionKind.FREEHAND):
            corners = QRectF(QPointF(*found[0]), QPointF(*found[1]))
            for pen in (QPen(_HALO, 3), QPen(_WHITE, 1, Qt.PenStyle.DashLine)):
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolygon(place.map(QPolygonF(corners)))
        if region.is_locked:
            return
        painter.setPen(QPen(_HALO, 1.5))
        for number, point in enumerate(handles(region)):
            at = place.map(QPointF(*point))
            is_held = number == chosen.handle
            painter.setBrush(QColor(86, 180, 233) if is_held else _WHITE)
            side = _HANDLE_PX + 2 if is_held else _HANDLE_PX
            painter.drawRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side))

    def paint_under_way(
        self,
        painter: QPainter,
        place: QTransform,
        kind: RegionKind,
        points: Sequence[Point],
        color: Rgb,
    ) -> None:
        """Paint what is being drawn; polygons and freehand lines are still open."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if kind in (RegionKind.POLYGON, RegionKind.FREEHAND):
            line = place.map(QPolygonF([QPointF(*point) for point in points]))
            for pen in (QPen(_HALO, HALO_PX), QPen(QColor(*color), LINE_PX)):
                painter.setPen(pen)
                painter.drawPolyline(line)
            if kind is RegionKind.POLYGON:
                self.paint_chosen(painter, place, Chosen(Region(kind, (*points, points[0]))))
            return
        shape = _shape(Region(kind, tuple(points)), color)
        MarkLines(traced).paint(painter, place, [(shape, color)], is_hasty=False)

    def shape(self, region: Region, color: Rgb) -> Shape:
        """Return a region ready to be painted."""
        key = (id(region), color)
        kept = self._shapes.get(key)
        if kept is None or kept.region is not region:
            kept = self._shapes[key] = _shape(region, color)
            self._nbytes += kept.nbytes
        return kept

    def _keep_only(self, marks: Iterable[Region]) -> None:
        here = {id(mark) for mark in marks}
        self._shapes = {key: shape for key, shape in self._shapes.items() if key[0] in here}
        self._nbytes = sum(shape.nbytes for shape in self._shapes.values())

    def _shapes_of(
        self, marks: Iterable[Region], colors: Mapping[str, Rgb]
    ) -> Iterable[tuple[Shape, Rgb]]:
        for mark in marks:
            color = colors[mark.label]
            yield self.shape(mark, color), color


def traced(shape: Shape, place: QTransform) -> tuple[QPainterPath, QPainterPath]:
    """Return the line of a mark and what of it is filled, on the widget."""
    line, heads = QPainterPath(), QPainterPath()
    _add_line(line, heads, place.map(shape.line), shape)
    return line, heads


def _add_line(path: QPainterPath, heads: QPainterPath, line: QPolygonF, shape: Shape) -> None:
    if shape.region.kind is RegionKind.POINT:
        path.addEllipse(line.at(0), RADIUS_PX, RADIUS_PX)
        heads.addEllipse(line.at(0), LINE_PX / 2, LINE_PX / 2)
        return
    path.addPolygon(line)
    if shape.is_closed:
        path.closeSubpath()
    if shape.region.kind is RegionKind.ARROW:
        tail, tip = line.at(0), line.at(1)
        head = arrow_head((tail.x(), tail.y()), (tip.x(), tip.y()), _HEAD_PX)
        heads.addPolygon(QPolygonF([QPointF(*point) for point in head]))
        heads.closeSubpath()


def _many(
    wanted: tuple[tuple[Region, ...], dict[str, Rgb]], drawn: Sequence[tuple[Shape, Rgb]]
) -> _Many:
    lines = {
        (id(shape.region), color): (shape, color)
        for shape, color in drawn
        if shape.region.mask is None
    }
    return _Many(wanted, lines, tuple(shape for shape, _ in drawn if shape.mask))


def _paint_mask(painter: QPainter, place: QTransform, shape: Shape) -> None:
    if not shape.mask:
        return
    scale = abs(place.determinant()) ** 0.5
    level = 0
    while scale * 2**level < _COARSE_BELOW and level + 1 < len(shape.mask):
        level += 1
    painter.save()
    painter.setTransform(place, combine=True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(shape.bounds, shape.mask[level].image)
    painter.restore()


def _shape(region: Region, color: Rgb) -> Shape:
    found = extent(region)
    bounds = QRectF() if found is None else QRectF(QPointF(*found[0]), QPointF(*found[1]))
    if region.mask is not None:
        return Shape(region, QPolygonF(), False, bounds, _mask_pictures(region, color, bounds))
    line, is_closed = outline(region)
    # A rectangle without a side counts as empty, and would never be in sight.
    grown = bounds.adjusted(-0.01, -0.01, 0.01, 0.01)
    return Shape(region, QPolygonF([QPointF(*point) for point in line]), is_closed, grown)


def _mask_pictures(region: Region, color: Rgb, bounds: QRectF) -> tuple[MaskPicture, ...]:
    if region.mask is None or bounds.isNull():
        return ()
    from core.imaging.marks.mask import pixels_of
    from core.imaging.marks.mask_colors import colored, with_smaller

    rows = slice(int(bounds.top()), int(bounds.bottom()))
    columns = slice(int(bounds.left()), int(bounds.right()))
    found = colored(pixels_of(region.mask)[rows, columns], color)
    return tuple(_picture(level) for level in with_smaller(found))


def _picture(pixels: Any) -> MaskPicture:  # a numpy array
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return MaskPicture(QImage(pixels.data, width, height, pixels.strides[0], kind), pixels)
