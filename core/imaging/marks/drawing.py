"""Marks drawn into the picture that a language model gets, where a reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain.marks import marks_on
from core.domain.media import ImageUse, View
from core.domain.region import Point, Region, RegionKind
from core.imaging.display import Gray, Mask
from core.imaging.image import LoadedImage
from core.imaging.marks.mask import mask_of
from core.imaging.marks.mask_colors import inner_part
from core.imaging.marks.shapes import (
    EDGE_ALPHA,
    FILL_ALPHA,
    HALO,
    MOST_LABELS,
    Rgb,
    Strokes,
    arrow_head,
    label_colors,
    label_place,
    outline,
    strokes_for,
)
from core.imaging.placing import shown_point, upright_size
from core.imaging.shown import Shown, show, stretched_mask, turned

_SUBPIXEL_BITS: Final = 4
_FONT: Final = "sans"
_WEIGHT: Final = 500
_LEAST_FOR_LABELS: Final = 128
"""Names on a smaller picture, such as a thumbnail, would hide it."""


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A picture of three colors under way, and how stored points come to lie on it."""

    pixels: Gray
    image: LoadedImage
    view: View
    strokes: Strokes
    scale: Point
    """Pixels of this picture for one of the picture in its full size, across and down."""

    def placed(self, points: Sequence[Point]) -> list[Point]:
        found = (shown_point(self.image, self.view, point) for point in points)
        return [(x * self.scale[0], y * self.scale[1]) for x, y in found]


def show_marked(image: LoadedImage, index: int, use: ImageUse) -> Shown:
    """Return what `show` does with the marks of `use` drawn on; in color only where there are."""
    bare = show(image, index, use.view)
    return Shown(with_marks(bare.picture, image, index, use), bare.conversion)


def with_marks(picture: Gray, image: LoadedImage, index: int, use: ImageUse) -> Gray:
    """Return a picture of a frame, of whatever size, with the marks on it; names if they fit."""
    marks = marks_on(use, index)
    if not marks:
        return picture
    pixels = picture
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    height, width = pixels.shape[:2]
    whole = upright_size(image, use.view)
    canvas = _Canvas(
        pixels.copy(),
        image,
        use.view,
        strokes_for(width, height),
        (width / whole[0], height / whole[1]),
    )
    colors = label_colors(use.marks)
    for mark in marks:
        _draw(canvas, mark, colors[mark.label])
    if len(marks) <= MOST_LABELS and max(width, height) >= _LEAST_FOR_LABELS:
        for mark in marks:
            _write_label(canvas, mark, colors[mark.label])
    return canvas.pixels


def _draw(canvas: _Canvas, mark: Region, color: Rgb) -> None:
    if mark.kind is RegionKind.MASK:
        _blend(canvas, _shown_mask(canvas, mark), color)
        return
    line, is_closed = outline(mark)
    points, strokes = canvas.placed(line), canvas.strokes
    for width, ink in ((strokes.halo, HALO), (strokes.line, color)):
        if mark.kind is RegionKind.POINT:
            _ring(canvas, points[0], width, ink)
            continue
        _polyline(canvas, points, width, ink, is_closed=is_closed)
        if mark.kind is RegionKind.ARROW:
            head = arrow_head(points[0], points[1], strokes.head)
            _polyline(canvas, head, width, ink, is_closed=True)
            cv2.fillPoly(canvas.pixels, [_fixed(head)], ink, cv2.LINE_AA, _SUBPIXEL_BITS)


def _fixed(points: Sequence[Point]) -> NDArray[np.int32]:
    # Here the center of the first pixel is (0.5, 0.5), for OpenCV it is (0, 0).
    return np.round((np.array(points) - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)


def _polyline(
    canvas: _Canvas, points: Sequence[Point], width: float, ink: Rgb, *, is_closed: bool
) -> None:
    cv2.polylines(
        canvas.pixels,
        [_fixed(points)],
        is_closed,
        ink,
        _thickness(width),
        cv2.LINE_AA,
        _SUBPIXEL_BITS,
    )


def _thickness(width: float) -> int:
    # The soft edges of OpenCV's lines make them a pixel wider.
    return max(1, round(width) - 1)


def _ring(canvas: _Canvas, at: Point, width: float, ink: Rgb) -> None:
    center = [int(part) for part in _fixed([at])[0]]
    radius = round(canvas.strokes.radius * (1 << _SUBPIXEL_BITS))
    thick = _thickness(width)
    cv2.circle(canvas.pixels, center, radius, ink, thick, cv2.LINE_AA, _SUBPIXEL_BITS)
    dot = round(width / 2 * (1 << _SUBPIXEL_BITS))
    cv2.circle(canvas.pixels, center, dot, ink, cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS)


def _shown_mask(canvas: _Canvas, mark: Region) -> Mask:
    """Return the pixels of a mask in the shape and the direction in which they are looked at."""
    stored = mask_of(mark, canvas.image.width, canvas.image.height)
    height, width = canvas.pixels.shape[:2]
    size = (height, width) if canvas.view.quarter_turns % 2 else (width, height)
    grown = stretched_mask(stored, size).astype(np.uint8)
    return turned(grown, canvas.view).astype(np.bool_)


def _blend(canvas: _Canvas, mask: Mask, color: Rgb) -> None:
    inner = inner_part(mask)
    for part, alpha in ((inner, FILL_ALPHA), (mask & ~inner, EDGE_ALPHA)):
        below = canvas.pixels[part].astype(np.float32)
        canvas.pixels[part] = np.round(below + (np.array(color) - below) * alpha)


def _write_label(canvas: _Canvas, mark: Region, color: Rgb) -> None:
    bounds = _bounds(canvas, mark) if mark.label else None
    if bounds is None:
        return
    height, width = canvas.pixels.shape[:2]
    font, size = cv2.FontFace(_FONT), round(canvas.strokes.text)
    box = cv2.getTextSize((width, height), mark.label, (0, 0), font, size, _WEIGHT)
    gap = canvas.strokes.halo
    x, y = label_place(bounds, (box[2], box[3]), (width, height), gap)
    start = round(x - box[0]), round(y - box[1])
    away = max(1, round(canvas.strokes.text / 13))
    for across in (-away, 0, away):
        for down in (-away, 0, away):
            place = start[0] + across, start[1] + down
            cv2.putText(canvas.pixels, mark.label, place, HALO, font, size, _WEIGHT)
    cv2.putText(canvas.pixels, mark.label, start, color, font, size, _WEIGHT)


def _bounds(canvas: _Canvas, mark: Region) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom of a mark on the picture; None for an empty mask."""
    if mark.kind is RegionKind.MASK:
        rows, columns = np.nonzero(_shown_mask(canvas, mark))
        if not len(rows):
            return None
        ends = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        return float(ends[0]), float(ends[1]), float(ends[2]), float(ends[3])
    points = np.array(canvas.placed(outline(mark)[0]))
    grown = canvas.strokes.radius if mark.kind is RegionKind.POINT else 0.0
    low, high = points.min(axis=0) - grown, points.max(axis=0) + grown
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
