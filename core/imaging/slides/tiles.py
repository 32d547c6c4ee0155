"""Which tiles of a slide a screen needs, where they belong, and each one when it is wanted.

Places are counted in pixels of the overview, which is the slide's picture everywhere else.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

import cv2
import numpy as np

from core.domain.media import View
from core.imaging.display import Gray
from core.imaging.image import Frame, LoadedImage
from core.imaging.resample import Part, Viewport, visible_part
from core.imaging.slides.slide import Level, Slide

_ENOUGH: Final = 0.99
"""Pixels of a level for each pixel of the screen."""
_NORMAL_MICRON: Final = 10.0
"""A microscope's 1× shows so many micrometers on a pixel, as scanners count."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels of the overview."""

    left: float
    top: float
    right: float
    bottom: float


class Tile(NamedTuple):
    """One tile of a level, kept `shrink` times smaller where the screen needs no more.

    A tuple: a large screen looks up some five hundred of them at every move of a hand.
    """

    level: int
    row: int
    column: int
    shrink: int


@dataclass(frozen=True, slots=True)
class Span:
    """Rows and columns of tiles of one level, kept `shrink` times smaller."""

    level: int
    shrink: int
    rows: range
    columns: range

    def has(self, tile: Tile) -> bool:
        """Tell whether a tile is one of these."""
        is_alike = (tile.level, tile.shrink) == (self.level, self.shrink)
        return is_alike and tile.row in self.rows and tile.column in self.columns

    def way_from(self, before: "Span") -> tuple[int, int]:
        """Return to which side columns and rows went (-1, 0, 1), for whoever goes on so."""
        return _way(before.columns, self.columns), _way(before.rows, self.rows)


def overview_of(slide: Slide) -> Level:
    """Return the level that is the slide's picture."""
    return slide.overview


def span_in(slide: Slide, area: Area, scale: float) -> Span | None:
    """Return which tiles an area needs on a screen of `scale` pixels per overview pixel.

    None where the overview is fine enough.
    """
    number = _level_for(slide, scale)
    if number == slide.overview_level():
        return None
    level, fine = slide.levels[number], _finer(slide, number)
    shrink = 2 ** max(0, math.floor(math.log2(max(1.0, fine / scale))))
    columns = _span(area.left * fine, area.right * fine, level.tile_width, level.width)
    rows = _span(area.top * fine, area.bottom * fine, level.tile_height, level.height)
    return Span(number, shrink, rows, columns)


def tiles_of(span: Span) -> tuple[Tile, ...]:
    """Return the tiles of a span; those in the middle come first."""
    found = [
        Tile(span.level, row, column, span.shrink) for row in span.rows for column in span.columns
    ]
    middle = (span.rows.start + span.rows.stop - 1) / 2
    center = (span.columns.start + span.columns.stop - 1) / 2
    found.sort(key=lambda one: math.hypot(one.row - middle, one.column - center))
    return tuple(found)


def tiles_in(slide: Slide, area: Area, scale: float) -> tuple[Tile, ...]:
    """Return the tiles of an area, as `span_in` and `tiles_of` do; none where none are needed."""
    span = span_in(slide, area, scale)
    return () if span is None else tiles_of(span)


def tiles_beyond(slide: Slide, span: Span, way: tuple[int, int]) -> tuple[Tile, ...]:
    """Return the tiles next to a span on the side to which columns and rows go (-1, 0, 1)."""
    level = slide.levels[span.level]
    columns = _grown(span.columns, way[0], -(-level.width // level.tile_width))
    rows = _grown(span.rows, way[1], -(-level.height // level.tile_height))
    return tuple(
        Tile(span.level, row, column, span.shrink)
        for row in rows
        for column in columns
        if row not in span.rows or column not in span.columns
    )


def coarse_part(frame: Frame, view: View, port: Viewport) -> tuple[Gray, Part] | None:
    """Return the pixels of the overview that a screen sees, and where they belong on it."""
    mirrored = frame.stored[:, ::-1] if view.is_mirrored else frame.stored
    values = np.rot90(mirrored, -view.quarter_turns)
    part = visible_part(values, port)
    if part is None:
        return None
    return frame.shade(np.ascontiguousarray(values[part.rows, part.columns]), view), part


def area_of(slide: Slide, tile: Tile) -> Area:
    """Return where a tile belongs."""
    level, overview = slide.levels[tile.level], overview_of(slide)
    across, down = overview.width / level.width, overview.height / level.height
    left, top = tile.column * level.tile_width, tile.row * level.tile_height
    right = min(left + level.tile_width, level.width)
    bottom = min(top + level.tile_height, level.height)
    return Area(left * across, top * down, right * across, bottom * down)


def tile_of(image: LoadedImage, tile: Tile) -> Frame:
    """Return a tile's colors from memory, or decode them; raise `ImageError` when damaged."""
    assert image.slide is not None  # noqa: S101 - only slides have tiles
    return image.part(tile, partial(_read, image.slide, tile))


def magnification(slide: Slide, scale: float) -> float | None:
    """Return as what magnification a screen shows the slide; None without a size of pixels."""
    if not slide.micron:
        return None
    return _NORMAL_MICRON / (slide.micron * overview_of(slide).scale / scale)


def _level_for(slide: Slide, scale: float) -> int:
    """Return the coarsest level with a pixel for each one of the screen, at best the finest."""
    for number in range(slide.overview_level(), 0, -1):
        if _finer(slide, number) >= scale * _ENOUGH:
            return number
    return 0


def _finer(slide: Slide, number: int) -> float:
    return slide.levels[number].width / overview_of(slide).width


def _span(start: float, stop: float, tile: int, length: int) -> range:
    first = max(0, math.floor(start / tile))
    return range(first, max(first, math.ceil(min(stop, length) / tile)))


def _way(before: range, after: range) -> int:
    step = after.start + after.stop - before.start - before.stop
    return (step > 0) - (step < 0)


def _grown(span: range, step: int, limit: int) -> range:
    return range(max(0, span.start + min(step, 0)), min(limit, span.stop + max(step, 0)))


def _read(slide: Slide, tile: Tile) -> Frame:
    pixels = slide.tile(tile.level, tile.row, tile.column)
    if tile.shrink > 1:
        height, width = pixels.shape[:2]
        size = (-(-width // tile.shrink), -(-height // tile.shrink))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Frame(pixels, None)
