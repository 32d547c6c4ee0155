"""Which tiles of a slide a screen needs, where they belong, and each one when it is wanted.

Places are counted in pixels of the overview, which is the slide's picture everywhere else.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Final

import cv2
import numpy as np

from core.imaging.image import Frame, LoadedImage
from core.imaging.slide import Level, Slide

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


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a level, kept `shrink` times smaller where the screen needs no more."""

    level: int
    row: int
    column: int
    shrink: int


def overview_of(slide: Slide) -> Level:
    """Return the level that is the slide's picture."""
    return slide.overview


def tiles_in(slide: Slide, area: Area, scale: float) -> tuple[Tile, ...]:
    """Return the tiles of an area for a screen of `scale` pixels per overview pixel.

    Those in the middle come first; there are none where the overview is fine enough.
    """
    number = _level_for(slide, scale)
    if number == slide.overview_level():
        return ()
    level, fine = slide.levels[number], _finer(slide, number)
    shrink = 2 ** max(0, math.floor(math.log2(max(1.0, fine / scale))))
    columns = _span(area.left * fine, area.right * fine, level.tile_width, level.width)
    rows = _span(area.top * fine, area.bottom * fine, level.tile_height, level.height)
    found = [Tile(number, row, column, shrink) for row in rows for column in columns]
    middle = (rows.start + rows.stop - 1) / 2, (columns.start + columns.stop - 1) / 2
    found.sort(key=lambda one: math.hypot(one.row - middle[0], one.column - middle[1]))
    return tuple(found)


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


def _read(slide: Slide, tile: Tile) -> Frame:
    pixels = slide.tile(tile.level, tile.row, tile.column)
    if tile.shrink > 1:
        height, width = pixels.shape[:2]
        size = (-(-width // tile.shrink), -(-height // tile.shrink))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Frame(pixels, None)
