"""TIFF files: multi-page, up to 32 bits, and our own cleared pictures (`asclepius-picture`)."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from core.imaging.clearing.facts import Facts, geometry_of, number_of, read_facts, rule_of
from core.imaging.decoding.pool import run_tiff_page
from core.imaging.display import GrayRule, Values
from core.imaging.extent import extent_at, extent_of
from core.imaging.geometry import MM_REFUSALS, Geometry
from core.imaging.image import MAX_PIXELS, Frame, LoadedImage
from core.imaging.quiet import image_error, silence_logger, translated
from core.imaging.raster import IDENTITY
from core.imaging.series.stack import stack_notes
from core.imaging.shown import aspect_note
from core.imaging.slides.slide import slide_image
from core.imaging.slides.tiff import find_slide
from core.imaging.slides.tiff_size import micron_of
from core.imaging.tiff_file import tiff_file
from core.imaging.whole import read_whole

MEDIA_TYPE: Final = "image/tiff"
_DAMAGED: Final = "the TIFF file is damaged"
_GRAY: Final = (tifffile.PHOTOMETRIC.MINISWHITE, tifffile.PHOTOMETRIC.MINISBLACK)
_SIMPLE: Final = (1, 5, 8, 32773, 32946)
"""None, LZW, deflate and PackBits: small codecs without a history of crashes."""
_ORIENTATION: Final = 274
_MAX_PAGES: Final = 100_000

silence_logger("tifffile")


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages that are frames: the first one, their numbers in the file, and our facts."""

    first: tifffile.TiffPage
    numbers: tuple[int, ...]
    facts: tuple[Facts, ...]
    left_out: int

    @property
    def is_color(self) -> bool:
        return self.first.photometric not in _GRAY


def open_tiff(data: bytes, *, name: str) -> LoadedImage:
    """Open a TIFF file; pages of another size than the first (previews) are left out."""
    with translated(name, _DAMAGED), tifffile.TiffFile(BytesIO(data)) as file:
        found = find_slide(file, extent_of(data), name=name)
        if found is not None:
            return slide_image(found.slide, media_type=MEDIA_TYPE, notes=found.notes)
        pages = _pages(file, name)
        orientation = _orientation(pages.first)
        rule = None if pages.is_color else _gray_rule(pages.first, pages.facts[0])

    def read_frame(index: int) -> Frame:
        number = pages.numbers[index]
        reason = f"page {number + 1} of the TIFF file is damaged"
        with translated(name, reason), tifffile.TiffFile(BytesIO(data)) as file:
            page = _page(file, number)
            stored = _turned(_stored(page, _pixels(page, data, number)), orientation)
            return Frame(stored, None if pages.is_color else _gray_rule(page, pages.facts[index]))

    with translated(name, "its description is damaged"):
        return _described(name, pages, rule, read_frame, is_turned=orientation >= 5)


def open_tiff_at(path: Path, *, name: str) -> LoadedImage:
    """Open a TIFF file on the disk; of a slide, tiles are read when they are looked at."""
    with translated(name, _DAMAGED):
        extent = extent_at(path)
        with tiff_file(extent) as file:
            found = find_slide(file, extent, name=name)
    if found is None:
        return open_tiff(read_whole(path, name=name), name=name)
    image = slide_image(found.slide, media_type=MEDIA_TYPE, notes=found.notes)
    return replace(image, source_bytes=0)


def _pages(file: tifffile.TiffFile, name: str) -> _Pages:
    first = _page(file, 0)
    _check_size(first, name)
    count = len(file.pages)
    if count > _MAX_PAGES:
        raise image_error(name, f"{count:,} pages are more than can be shown")
    shown = tuple(i for i in range(count) if _page(file, i).shape == first.shape)
    facts = tuple(read_facts(_page(file, i).description) for i in shown)
    return _Pages(first, shown, facts, count - len(shown))


def _described(
    name: str,
    pages: _Pages,
    rule: GrayRule | None,
    read_frame: Callable[[int], Frame],
    *,
    is_turned: bool,
) -> LoadedImage:
    """Return the image of pages with what our own description says of it."""
    facts, geometry = pages.facts[0], geometry_of(pages.facts)
    spacing = facts.get("spacing_mm")
    micron = None if facts else micron_of(pages.first)
    if micron is not None:  # a piece of a slide, or what a camera on a microscope took
        spacing, geometry = (micron / 1000,) * 2, Geometry(mm_refusal=MM_REFUSALS["patient"])
    size = (pages.first.imagewidth, pages.first.imagelength)
    width, height = size[::-1] if is_turned else size
    return LoadedImage(
        name=name,
        media_type=MEDIA_TYPE,
        width=width,
        height=height,
        frame_count=len(pages.numbers),
        is_color=pages.is_color,
        read_frame=read_frame,
        modality=str(facts.get("modality", "")),
        body_part=str(facts.get("body_part", "")),
        spacing_mm=(float(spacing[0]), float(spacing[1])) if spacing else None,
        windows=rule.windows if rule else (),
        unit=str(facts.get("unit", "")),
        suv_factor=number_of(facts, "suv_factor"),
        frames_per_s=number_of(facts, "frames_per_s"),
        notes=_notes(pages, geometry),
        geometry=geometry,
    )


def _notes(pages: _Pages, geometry: Geometry) -> tuple[str, ...]:
    notes = [str(note) for note in pages.facts[0].get("notes", ())]
    if geometry.pixel_aspect != 1:
        notes.append(aspect_note(geometry.pixel_aspect))
    notes += stack_notes([geometry.plane_of(index) for index in range(len(pages.numbers))])
    if pages.left_out:
        what = "page" if pages.left_out == 1 else "pages"
        notes.append(f"Left out: {pages.left_out} {what} of another size.")
    return tuple(notes)


def _page(file: tifffile.TiffFile, index: int) -> tifffile.TiffPage:
    page = file.pages[index]
    if not isinstance(page, tifffile.TiffPage):
        raise ValueError("a page has no tags of its own")
    return page


def _check_size(page: tifffile.TiffPage, name: str) -> None:
    width, height = page.imagewidth, page.imagelength
    if width < 1 or height < 1 or page.imagedepth != 1:
        raise image_error(name, f"it states a size of {width} × {height} × {page.imagedepth}")
    if width * height > MAX_PIXELS:
        raise image_error(name, f"{width} × {height} pixels are more than this program can show")
    if page.is_tiled and math.prod(page.chunked) > len(page.dataoffsets):
        raise image_error(name, "it states more tiles than it holds")
    if page.samplesperpixel > 4:
        raise image_error(name, f"{page.samplesperpixel} samples a pixel are no gray or color")


def _pixels(page: tifffile.TiffPage, data: bytes, index: int) -> NDArray[Any]:
    """Return a page's numbers; what needs a large native codec is decoded in a helper process."""
    if page.compression in _SIMPLE:
        return page.asarray()
    sample = max(1, page.bitspersample // 8) if isinstance(page.bitspersample, int) else 8
    most = page.imagewidth * page.imagelength * page.samplesperpixel * max(sample, 4)
    return run_tiff_page(data, index, most_bytes=most)


def _stored(page: tifffile.TiffPage, pixels: NDArray[Any]) -> Values:
    """Return gray numbers as they are, colors as 8-bit RGB."""
    if page.photometric in _GRAY:
        gray = pixels if pixels.ndim == 2 else pixels.reshape(*pixels.shape[:2], -1)[..., 0]
        gray = gray.astype(np.uint8) if gray.dtype == bool else gray
        if gray.dtype.kind not in "iuf" or gray.dtype.itemsize > 8:
            raise ValueError("no numbers that can be shown")
        gray = np.nan_to_num(gray) if gray.dtype.kind == "f" else gray
        return np.ascontiguousarray(gray, gray.dtype.newbyteorder("="))
    if page.photometric == tifffile.PHOTOMETRIC.PALETTE:
        if page.colormap is None:
            raise ValueError("the palette is missing")
        colors = (page.colormap[:, pixels] >> 8).astype(np.uint8)
        return np.ascontiguousarray(colors.transpose(1, 2, 0))
    if page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
        pixels = pixels.transpose(1, 2, 0)
    if pixels.ndim != 3 or pixels.shape[2] < 3 or pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError("no colors that can be shown")
    if pixels.dtype == np.uint16:
        pixels = pixels >> 8
    return np.ascontiguousarray(pixels[..., :3], np.uint8)


def _orientation(page: tifffile.TiffPage) -> int:
    tag = page.tags.get(_ORIENTATION)
    value = int(tag.value) if tag is not None else 1
    return value if 1 <= value <= 8 else 1


def _turned(pixels: Values, orientation: int) -> Values:
    """Return pixels upright (TIFF 6.0, Orientation)."""
    if orientation >= 5:
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _gray_rule(page: tifffile.TiffPage, facts: Facts) -> GrayRule:
    if not facts:
        windows = (IDENTITY,) if page.bitspersample == 8 else ()
        return GrayRule(
            windows=windows, is_inverse=page.photometric == tifffile.PHOTOMETRIC.MINISWHITE
        )
    return rule_of(facts)
