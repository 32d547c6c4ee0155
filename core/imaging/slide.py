"""Whole-slide pictures: pyramids of tiles, read where they are looked at, never as a whole.

tifffile reads Aperio, Hamamatsu, Leica, Philips and generic pyramids; openslide is not needed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray
from pydicom.pixels.processing import convert_color_space

from core.imaging.decoder import run_codec
from core.imaging.display import Gray
from core.imaging.image import MAX_PIXELS
from core.imaging.quiet import image_error, translated

OVERVIEW_PIXELS: Final = 1 << 24
"""What is shown as the picture of a slide: the largest level of at most 16 megapixels."""
_LEAST_PIXELS: Final = 1 << 24
_MAX_TILE: Final = 1 << 24
_MAX_REGION: Final = 1 << 26
_MOST_SAMPLE_BYTES: Final = 8
_SAME_SHAPE: Final = 0.02
_MICRONS: Final = re.compile(r"MPP\s*=\s*([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Level:
    """One size of a slide; `scale` is how many times smaller than the whole it is."""

    width: int
    height: int
    scale: float
    tile_width: int
    tile_height: int
    page: int
    sub_page: int | None


@dataclass(frozen=True, eq=False)
class Slide:
    """A slide's levels, the largest first; `micron` is the size of a pixel of level 0."""

    name: str
    data: bytes
    levels: tuple[Level, ...]
    micron: float | None

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
        with translated(self.name, "a tile of the slide is damaged"):
            return _tile(self._pages[level], self.data, self.levels[level], row, column)

    @cached_property
    def overview(self) -> Level:
        """The level that is shown as the picture of the slide."""
        return self.levels[self.overview_level()]

    @cached_property
    def _pages(self) -> tuple[tifffile.TiffPage, ...]:
        """The page of each level; a description of 100,000 tiles is read once."""
        with tifffile.TiffFile(BytesIO(self.data)) as file:
            pages = tuple(_page_of(file, level) for level in self.levels)
            for page in pages:
                _ = page.dataoffsets[0], page.databytecounts[0], page.jpegtables, page.decode
        return pages

    def overview_level(self) -> int:
        """Return the number of the level that is shown as the picture of the slide."""
        for number, level in enumerate(self.levels):
            if level.width * level.height <= OVERVIEW_PIXELS:
                return number
        raise image_error(
            self.name,
            f"{self.levels[0].width} × {self.levels[0].height} pixels without smaller copies "
            "(pyramid levels) are more than this program can show",
        )


def find_slide(file: tifffile.TiffFile, data: bytes, *, name: str) -> Slide | None:
    """Return a slide where the first page is large and tiled, else None."""
    first = file.pages[0]
    if not isinstance(first, tifffile.TiffPage) or not first.is_tiled:
        return None
    if first.imagewidth * first.imagelength < _LEAST_PIXELS:
        return None
    levels = _levels(file, first)
    if len(levels) == 1 and first.imagewidth * first.imagelength <= MAX_PIXELS:
        return None
    return Slide(name, data, tuple(levels), _micron(first))


def _levels(file: tifffile.TiffFile, first: tifffile.TiffPage) -> list[Level]:
    found = []
    for number in range(len(file.pages)):
        page = file.pages[number]
        if not isinstance(page, tifffile.TiffPage):
            continue
        candidates: Sequence[Any] = (page, *(page.pages or ())) if number == 0 else (page,)
        for sub, one in enumerate(candidates):
            if isinstance(one, tifffile.TiffPage) and _is_level(one, first):
                scale = first.imagewidth / one.imagewidth
                size = (one.imagewidth, one.imagelength)
                tile = (one.tilewidth, one.tilelength)
                found.append(Level(*size, scale, *tile, number, sub - 1 if sub else None))
    return sorted(found, key=lambda level: level.scale)


def _is_level(page: tifffile.TiffPage, first: tifffile.TiffPage) -> bool:
    if not page.is_tiled or page.photometric != first.photometric:
        return False
    if page.imagewidth < 1 or page.tilewidth * page.tilelength > _MAX_TILE:
        return False
    if page.bitspersample != 8 or page.samplesperpixel not in (1, 3, 4):
        return False
    across = first.imagewidth / page.imagewidth
    return abs(first.imagelength / max(1, page.imagelength) / across - 1) < _SAME_SHAPE


def _page_of(file: tifffile.TiffFile, level: Level) -> tifffile.TiffPage:
    page: Any = file.pages[level.page]
    if level.sub_page is not None:
        page = page.pages[level.sub_page]
    if not isinstance(page, tifffile.TiffPage):
        raise ValueError("a page has no tags of its own")
    return page


def _tile(
    page: tifffile.TiffPage, data: bytes, level: Level, row: int, column: int
) -> NDArray[np.uint8]:
    across = -(-level.width // level.tile_width)
    index = row * across + column
    start, count = page.dataoffsets[index], page.databytecounts[index]
    if not count:  # a tile without data is background
        return np.full((level.tile_height, level.tile_width, 3), 255, np.uint8)
    pixels = _decoded(page, data[start : start + count], index, level)
    rows, columns, samples = (int(one) for one in pixels.shape[-3:])
    if pixels.dtype != np.uint8 or samples not in (1, 3, 4):
        raise ValueError("a tile of another kind")
    colors = pixels.reshape(rows, columns, samples)[..., :3]
    colors = np.repeat(colors, 3, axis=2) if samples == 1 else colors
    height, width = level.height - row * level.tile_height, level.width - column * level.tile_width
    return np.ascontiguousarray(colors[:height, :width], np.uint8)


def _decoded(page: tifffile.TiffPage, stream: bytes, index: int, level: Level) -> NDArray[Any]:
    """Return a tile's samples; large native codecs run in a helper process."""
    most = level.tile_width * level.tile_height * _MOST_SAMPLE_BYTES
    match page.compression:
        case tifffile.COMPRESSION.JPEG:
            is_ybr = page.photometric == tifffile.PHOTOMETRIC.YCBCR
            options: dict[str, str | bytes] = {"tables": page.jpegtables} if page.jpegtables else {}
            if page.samplesperpixel == 3:
                options |= {"colorspace": "YCBCR" if is_ybr else "RGB", "outcolorspace": "RGB"}
            return run_codec("jpeg8", stream, most_bytes=most, **options)
        case tifffile.COMPRESSION.APERIO_JP2000_RGB | tifffile.COMPRESSION.JPEG2000:
            return run_codec("jpeg2k", stream, most_bytes=most)
        case tifffile.COMPRESSION.APERIO_JP2000_YCBC:
            ybr = run_codec("jpeg2k", stream, most_bytes=most)
            return convert_color_space(ybr, "YBR_FULL", "RGB")
        case tifffile.COMPRESSION.WEBP:
            return run_codec("webp", stream, most_bytes=most)
        case _:
            decoded, _, _ = page.decode(stream, index)
            if decoded is None:
                raise ValueError("an empty tile")
            return np.asarray(decoded)


def _paste(picture: Gray, tile: NDArray[np.uint8], top: int, left: int) -> None:
    inside = tile[max(0, -top) :, max(0, -left) :]
    target = picture[max(0, top) :, max(0, left) :]
    height = min(inside.shape[0], target.shape[0])
    width = min(inside.shape[1], target.shape[1])
    target[:height, :width] = inside[:height, :width]


def _micron(page: tifffile.TiffPage) -> float | None:
    """Return the size of a pixel: Aperio writes it as text, others as resolution."""
    told = _MICRONS.search(page.description)
    if told is not None:
        return float(told.group(1)) or None
    tag, unit = page.tags.get("XResolution"), page.tags.get("ResolutionUnit")
    if tag is None or unit is None or int(unit.value) != tifffile.RESUNIT.CENTIMETER:
        return None
    numerator, denominator = tag.value
    per_cm = numerator / denominator if denominator else 0
    return 10_000 / per_cm if per_cm > 100 else None  # 100 a cm would be a photograph
