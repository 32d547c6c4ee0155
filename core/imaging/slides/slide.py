"""Whole-slide pictures: pyramids of tiles, read where they are looked at, never as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.display import Gray
from core.imaging.geometry import MM_REFUSALS, Geometry
from core.imaging.image import MAX_PIXELS, Frame, LoadedImage
from core.imaging.quiet import image_error, translated

OVERVIEW_PIXELS: Final = 1 << 24
"""What is shown as the picture of a slide: the largest level of at most 16 megapixels."""
MAX_TILE: Final = 1 << 24
LEAST_TILE: Final = 16
"""Of smaller tiles a picture would need millions, each read on its own."""
_MOST_TILES: Final = 1 << 14
"""So many tiles are read for one picture: 134 megapixels in tiles of 128 × 128 have 8,192."""
_MAX_REGION: Final = 1 << 26
_MADE_TILE: Final = 512

ReadTile = Callable[[int, int, int], NDArray[np.uint8]]
"""Returns RGB of the tile of a level, a row and a column, also of what hangs over the edge."""


@dataclass(frozen=True, slots=True)
class Level:
    """One size of a slide; `scale` is how many times smaller than the whole it is."""

    width: int
    height: int
    scale: float
    tile_width: int
    tile_height: int

    @property
    def is_readable(self) -> bool:
        """Whether it may be read as a whole: tiny tiles would take minutes."""
        down, across = -(-self.height // self.tile_height), -(-self.width // self.tile_width)
        return down * across <= _MOST_TILES


@dataclass(frozen=True, eq=False)
class Slide:
    """A slide's levels, the largest first; `micron` is the size of a pixel of level 0."""

    name: str
    levels: tuple[Level, ...]
    micron: float | None
    read_tile: ReadTile

    def region(self, level: int, left: int, top: int, width: int, height: int) -> Gray:
        """Return RGB of a part of a level, white outside; raise `ImageError` when damaged."""
        if width < 1 or height < 1 or width * height > _MAX_REGION:
            raise image_error(self.name, f"a part of {width} × {height} pixels cannot be shown")
        own = self.levels[level]
        picture: Gray = np.full((height, width, 3), 255, np.uint8)
        first_row, first_column = max(0, top // own.tile_height), max(0, left // own.tile_width)
        for row in range(first_row, -(-min(own.height, top + height) // own.tile_height)):
            for column in range(first_column, -(-min(own.width, left + width) // own.tile_width)):
                tile = self.tile(level, row, column)
                _paste(picture, tile, row * own.tile_height - top, column * own.tile_width - left)
        return picture

    def tile(self, level: int, row: int, column: int) -> Gray:
        """Return RGB of one tile, at the edges only what belongs to the slide."""
        own = self.levels[level]
        with translated(self.name, "a tile of the slide is damaged"):
            pixels = self.read_tile(level, row, column)
        height, width = own.height - row * own.tile_height, own.width - column * own.tile_width
        return np.ascontiguousarray(pixels[:height, :width])

    @cached_property
    def overview(self) -> Level:
        """The level that is shown as the picture of the slide."""
        return self.levels[self.overview_level()]

    def overview_level(self) -> int:
        """Return the number of the level that is shown as the picture of the slide."""
        number = overview_number(self.levels)
        if _is_overview(self.levels[number]):
            return number
        raise image_error(
            self.name,
            f"{self.levels[0].width} × {self.levels[0].height} pixels without smaller copies "
            "(pyramid levels) are more than this program can show",
        )


def overview_number(levels: Sequence[Level]) -> int:
    """Return which level is small enough to be looked at as a whole, the last one if none is."""
    return next((n for n, level in enumerate(levels) if _is_overview(level)), len(levels) - 1)


def _is_overview(level: Level) -> bool:
    return level.width * level.height <= OVERVIEW_PIXELS and level.is_readable


def with_overview(slide: Slide) -> Slide:
    """Return a slide with one more level where none is small enough to be looked at as a whole.

    It is made of the smallest one, if that is no larger than pictures may be.
    """
    smallest = slide.levels[-1]
    is_middling = OVERVIEW_PIXELS < smallest.width * smallest.height <= MAX_PIXELS
    if not is_middling or not smallest.is_readable:
        return slide
    step = 2
    while smallest.width * smallest.height > OVERVIEW_PIXELS * step**2:
        step += 1
    number, made = len(slide.levels), (_MADE_TILE, _MADE_TILE)
    size = (max(1, smallest.width // step), max(1, smallest.height // step))
    level = Level(*size, slide.levels[0].width / size[0], *made)

    def read_tile(level: int, row: int, column: int) -> NDArray[np.uint8]:
        if level < number:
            return slide.read_tile(level, row, column)
        side = _MADE_TILE * step
        region = slide.region(number - 1, column * side, row * side, side, side)
        return np.asarray(cv2.resize(region, made, interpolation=cv2.INTER_AREA), np.uint8)

    return Slide(slide.name, (*slide.levels, level), slide.micron, read_tile)


def slide_image(slide: Slide, *, media_type: str, notes: tuple[str, ...] = ()) -> LoadedImage:
    """Return a slide as one picture of moderate size; its tiles hold the rest."""
    number = slide.overview_level()
    level, whole = slide.levels[number], slide.levels[0]
    spacing = slide.micron * level.scale / 1000 if slide.micron else None

    seen = (f"Readers and models see {level.width:,} × {level.height:,}.",) if number else ()

    def read_frame(_: int) -> Frame:
        return Frame(slide.region(number, 0, 0, level.width, level.height), None)

    return LoadedImage(
        name=slide.name,
        media_type=media_type,
        width=level.width,
        height=level.height,
        frame_count=1,
        is_color=True,
        read_frame=read_frame,
        modality="SM",
        spacing_mm=(spacing, spacing) if spacing else None,
        notes=(f"Whole slide: {whole.width:,} × {whole.height:,} pixels.", *seen, *notes),
        geometry=Geometry(mm_refusal=MM_REFUSALS["patient" if spacing else "unknown"]),
        slide=slide,
    )


def _paste(picture: Gray, tile: NDArray[np.uint8], top: int, left: int) -> None:
    inside = tile[max(0, -top) :, max(0, -left) :]
    target = picture[max(0, top) :, max(0, left) :]
    height = min(inside.shape[0], target.shape[0])
    width = min(inside.shape[1], target.shape[1])
    target[:height, :width] = inside[:height, :width]
