"""Whole-slide pictures in TIFF: which pages are levels, and where a tile of one is read.

tifffile reads Aperio, Hamamatsu, Leica, Philips and generic pyramids; openslide is not needed.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import tifffile
from numpy.typing import NDArray

from core.imaging.extent import Extent
from core.imaging.image import MAX_PIXELS
from core.imaging.quiet import image_error
from core.imaging.slides.ndpi import StripeTiles, is_beside, is_striped
from core.imaging.slides.slide import (
    LEAST_TILE,
    MAX_TILE,
    Level,
    Slide,
    overview_number,
    with_overview,
)
from core.imaging.slides.tiff_size import micron_of
from core.imaging.slides.tiff_tile import PageTiles, gray_table, is_deep, packing_refusal
from core.imaging.tiff_file import tiff_file

_SAME_SHAPE: Final = 0.02
_MOST_HALVINGS: Final = 16
_XMP: Final = 700
_OVERLAP: Final = re.compile(rb'Overlap[XY]="-?[1-9]')
_KIND: Final = ("photometric", "compression", "bitspersample", "sampleformat")
_GRAYS: Final = (
    "16-bit grays: black and white are the lowest and the highest value of the overview."
)
_HINT: Final = "Export the slide as DICOM, or as a TIFF pyramid of JPEG tiles."
_SHOWN: Final = (
    tifffile.PHOTOMETRIC.MINISWHITE,
    tifffile.PHOTOMETRIC.MINISBLACK,
    tifffile.PHOTOMETRIC.RGB,
    tifffile.PHOTOMETRIC.YCBCR,
)


class FoundSlide(NamedTuple):
    """A slide, and what is to be said of its file."""

    slide: Slide
    notes: tuple[str, ...]


class _Place(NamedTuple):
    """Which page of the file a level is, or which page below that one."""

    page: int
    sub_page: int | None


@dataclass(frozen=True, eq=False)
class _TiffTiles:
    """Reads tiles where the levels' pages say that they lie."""

    extent: Extent
    places: tuple[_Place, ...]
    levels: tuple[Level, ...]

    def read(self, level: int, row: int, column: int) -> NDArray[np.uint8]:
        """Return RGB of a tile, also of what hangs over the edge."""
        return self._tiles[level].read(row, column)

    @cached_property
    def _tiles(self) -> tuple[PageTiles | StripeTiles, ...]:
        """The tiles of each level; a description of 100,000 of them is read once."""
        with tiff_file(self.extent) as file:
            pages = tuple(_page_of(file, place) for place in self.places)
            for page in pages:
                _ = page.dataoffsets[0], page.databytecounts[0], page.jpegtables, page.decode
        tiles = tuple(_tiles_of(page, self.extent) for page in pages)
        return tuple(map(self._shown_by(tiles), tiles))

    def _shown_by(
        self, tiles: Sequence[PageTiles | StripeTiles]
    ) -> Callable[[PageTiles | StripeTiles], PageTiles | StripeTiles]:
        """Return what gives 16-bit grays the range of the overview, as other pictures have it."""
        number = overview_number(self.levels)
        overview = tiles[number]
        if not isinstance(overview, PageTiles) or not _is_deep_gray(overview.page):
            return lambda one: one
        lowest, highest = _range_of(overview, self.levels[number])
        grays = gray_table(overview.page, lowest, highest)
        return lambda one: replace(one, grays=grays) if isinstance(one, PageTiles) else one


def find_slide(file: tifffile.TiffFile, extent: Extent, *, name: str) -> FoundSlide | None:
    """Return the largest slide of a file, else None; raise `ImageError` for one out of reach."""
    first = file.pages[0]
    if not isinstance(first, tifffile.TiffPage) or not _may_hold_slide(first):
        return None
    pages = [one for one in _pages(file) if _is_tiled(one[0])]
    if not pages:
        return None
    whole = max(pages, key=lambda one: one[0].imagewidth * one[0].imagelength)[0]
    levels: dict[tuple[int, int], tuple[Level, _Place]] = {}
    for page, place in pages:
        if _is_level(page, whole):  # of several focal planes the first one counts
            levels.setdefault((page.imagewidth, page.imagelength), (_level(page, whole), place))
    refusal = _refusal(whole) or _overlap_refusal(first, whole)
    if not (first.is_bif or _is_slide(whole, count=0 if refusal else len(levels))):
        return None
    if refusal:
        raise image_error(name, refusal, hint=_HINT)
    found = sorted(levels.values(), key=lambda one: one[0].scale)
    sizes = tuple(level for level, _ in found)
    tiles = _TiffTiles(extent, tuple(place for _, place in found), sizes)
    slide = with_overview(Slide(name, sizes, micron_of(whole), tiles.read))
    used = {place.page for place in tiles.places}
    grays = (_GRAYS,) if _is_deep_gray(whole) else ()
    return FoundSlide(slide, (*grays, *_left_out(len(file.pages) - len(used))))


def _may_hold_slide(first: tifffile.TiffPage) -> bool:
    return bool(first.is_tiled or first.is_ndpi or first.is_bif)


def _is_slide(whole: tifffile.TiffPage, *, count: int) -> bool:
    """Tell pyramids, and what is too large for a picture, from other pictures in tiles."""
    if whole.is_svs or whole.is_ndpi or count > 1:
        return True
    return whole.imagewidth * whole.imagelength > MAX_PIXELS


def _pages(file: tifffile.TiffFile) -> Iterator[tuple[tifffile.TiffPage, _Place]]:
    for number in range(len(file.pages)):
        page = file.pages[number]
        if not isinstance(page, tifffile.TiffPage):
            continue
        yield page, _Place(number, None)
        below: Sequence[Any] = page.pages or ()
        for sub, one in enumerate(below):
            if isinstance(one, tifffile.TiffPage):
                yield one, _Place(number, sub)


def _is_tiled(page: tifffile.TiffPage) -> bool:
    """Tell whether a page may be a level, also one of a kind that cannot be shown."""
    if min(page.imagewidth, page.imagelength) < 1 or not page.dataoffsets:
        return False
    return bool(page.is_tiled or page.is_ndpi) and not is_beside(page)


def _refusal(page: tifffile.TiffPage) -> str:
    """Return why a page cannot be shown by tiles; empty where it can."""
    bits, samples = page.bitspersample, page.samplesperpixel
    is_known = bits == 8 or is_deep(page)
    if not is_known or samples not in (1, 3, 4) or page.photometric not in _SHOWN:
        return f"slides of {samples} × {bits} bits a pixel in these colors are not supported"
    if page.is_ndpi and not is_striped(page) and len(page.dataoffsets) != 1:
        return "its restart markers do not lie in columns"
    width, height = _tiles_of(page).size
    if min(width, height) < LEAST_TILE or width * height > MAX_TILE:
        return f"tiles of {width} × {height} pixels cannot be shown"
    return packing_refusal(page)


def _is_level(page: tifffile.TiffPage, whole: tifffile.TiffPage) -> bool:
    if any(getattr(page, kind) != getattr(whole, kind) for kind in _KIND):
        return False
    if _refusal(page):
        return False
    if whole.is_philips:
        return _philips_step(page, whole) > 0
    across = whole.imagewidth / page.imagewidth
    return abs(whole.imagelength / page.imagelength / across - 1) < _SAME_SHAPE


def _philips_step(page: tifffile.TiffPage, whole: tifffile.TiffPage) -> int:
    """Return how many times smaller a page is than the whole; 0 where it is no level.

    Philips halves each level, then fills its last tiles up: the page is larger than the level.
    """
    size, tile = (page.imagewidth, page.imagelength), (page.tilewidth, page.tilelength)
    for step in (1 << number for number in range(_MOST_HALVINGS)):
        sides = (math.ceil(whole.imagewidth / step), math.ceil(whole.imagelength / step))
        if size == tuple(
            math.ceil(side / one) * one for side, one in zip(sides, tile, strict=True)
        ):
            return step
    return 0


def _level(page: tifffile.TiffPage, whole: tifffile.TiffPage) -> Level:
    width, height, scale = page.imagewidth, page.imagelength, whole.imagewidth / page.imagewidth
    if whole.is_philips:
        scale = _philips_step(page, whole)
        width, height = (math.ceil(side / scale) for side in (whole.imagewidth, whole.imagelength))
    return Level(width, height, scale, *_tiles_of(page).size)


def _tiles_of(page: tifffile.TiffPage, extent: Extent | None = None) -> PageTiles | StripeTiles:
    kind = StripeTiles if is_striped(page) else PageTiles
    return kind(page, extent or Extent(lambda _start, _length: b"", 0))


def _is_deep_gray(page: tifffile.TiffPage) -> bool:
    return is_deep(page) and page.samplesperpixel == 1


def _range_of(tiles: PageTiles, level: Level) -> tuple[int, int]:
    """Return the lowest and the highest value of a level, without what hangs over its edges."""
    lowest, highest = (1 << 16) - 1, 0
    for top in range(0, level.height, level.tile_height):
        for left in range(0, level.width, level.tile_width):
            stored = tiles.stored(top // level.tile_height, left // level.tile_width)
            seen = None if stored is None else stored[: level.height - top, : level.width - left]
            lowest = min(lowest, 0 if seen is None else int(seen.min()))
            highest = max(highest, 0 if seen is None else int(seen.max()))
    return lowest, highest


def _overlap_refusal(first: tifffile.TiffPage, whole: tifffile.TiffPage) -> str:
    """Return why tiles of a Ventana scanner cannot be laid side by side; empty where they can."""
    for page in (first, whole):
        told = page.tags.valueof(_XMP)
        if isinstance(told, bytes) and _OVERLAP.search(told):
            return "its tiles overlap each other (Ventana BIF), which is not supported"
    return ""


def _left_out(count: int) -> tuple[str, ...]:
    if count < 1:
        return ()
    what = "picture" if count == 1 else "pictures"
    return (f"Left out: {count} {what} beside the slide, such as its label.",)


def _page_of(file: tifffile.TiffFile, place: _Place) -> tifffile.TiffPage:
    page: Any = file.pages[place.page]
    if place.sub_page is not None:
        page = page.pages[place.sub_page]
    if not isinstance(page, tifffile.TiffPage):
        raise ValueError("a page has no tags of its own")
    return page
