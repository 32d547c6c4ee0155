"""Whole-slide pictures in TIFF: which pages are levels, and a tile of one.

tifffile reads Aperio, Hamamatsu, Leica, Philips and generic pyramids; openslide is not needed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Final, NamedTuple

import numpy as np
import tifffile
from numpy.typing import NDArray
from pydicom.pixels.processing import convert_color_space

from core.imaging.decoder import run_codec
from core.imaging.image import MAX_PIXELS
from core.imaging.slide import LEAST_TILE, MAX_TILE, Level, Slide, with_overview

_LEAST_PIXELS: Final = 1 << 24
_MOST_SAMPLE_BYTES: Final = 8
_SAME_SHAPE: Final = 0.02
_MICRONS: Final = re.compile(r"MPP\s*=\s*([0-9.]+)")


class _Place(NamedTuple):
    """Which page of the file a level is, or which page below that one."""

    page: int
    sub_page: int | None


@dataclass(frozen=True, eq=False)
class _TiffTiles:
    """Reads tiles where the levels' pages say that they lie."""

    data: bytes
    levels: tuple[Level, ...]
    places: tuple[_Place, ...]

    def read(self, level: int, row: int, column: int) -> NDArray[np.uint8]:
        """Return RGB of a whole tile, also of what hangs over the edge."""
        return _tile(self._pages[level], self.data, self.levels[level], row, column)

    @cached_property
    def _pages(self) -> tuple[tifffile.TiffPage, ...]:
        """The page of each level; a description of 100,000 tiles is read once."""
        with tifffile.TiffFile(BytesIO(self.data)) as file:
            pages = tuple(_page_of(file, place) for place in self.places)
            for page in pages:
                _ = page.dataoffsets[0], page.databytecounts[0], page.jpegtables, page.decode
        return pages


def find_slide(file: tifffile.TiffFile, data: bytes, *, name: str) -> Slide | None:
    """Return a slide where the first page is large and tiled, else None."""
    first = file.pages[0]
    if not isinstance(first, tifffile.TiffPage) or not first.is_tiled:
        return None
    if first.imagewidth * first.imagelength < _LEAST_PIXELS:
        return None
    found = sorted(_levels(file, first), key=lambda one: one[0].scale)
    is_small = first.imagewidth * first.imagelength <= MAX_PIXELS
    if not found or (len(found) == 1 and is_small):
        return None
    levels = tuple(level for level, _ in found)
    tiles = _TiffTiles(data, levels, tuple(place for _, place in found))
    return with_overview(Slide(name, levels, _micron(first), tiles.read))


def _levels(file: tifffile.TiffFile, first: tifffile.TiffPage) -> list[tuple[Level, _Place]]:
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
                level = Level(*size, scale, one.tilewidth, one.tilelength)
                found.append((level, _Place(number, sub - 1 if sub else None)))
    return found


def _is_level(page: tifffile.TiffPage, first: tifffile.TiffPage) -> bool:
    if not page.is_tiled or page.photometric != first.photometric:
        return False
    if min(page.tilewidth, page.tilelength) < LEAST_TILE:
        return False
    if page.imagewidth < 1 or page.tilewidth * page.tilelength > MAX_TILE:
        return False
    if page.bitspersample != 8 or page.samplesperpixel not in (1, 3, 4):
        return False
    across = first.imagewidth / page.imagewidth
    return abs(first.imagelength / max(1, page.imagelength) / across - 1) < _SAME_SHAPE


def _page_of(file: tifffile.TiffFile, place: _Place) -> tifffile.TiffPage:
    page: Any = file.pages[place.page]
    if place.sub_page is not None:
        page = page.pages[place.sub_page]
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
    return np.asarray(colors, np.uint8)


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
