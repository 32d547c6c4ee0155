"""A tile of a TIFF page as RGB, whatever it is packed with; large codecs run in a helper."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray
from pydicom.pixels.processing import convert_color_space

from core.imaging.decoding.codecs import bare_jpeg_2000, read_stream
from core.imaging.decoding.pool import run_codec
from core.imaging.display import Gray, GrayRule, full_window
from core.imaging.extent import Extent

_SIMPLE: Final = (1, 5, 8, 32773, 32946, 34925, 50000)
"""None, LZW, deflate, PackBits, LZMA and zstd: small codecs without a history of crashes."""
_JPEG: Final = (7, 33007)
_YBR_JPEG_2000: Final = 33003
_CODECS: Final = {
    _YBR_JPEG_2000: "jpeg2k",
    33005: "jpeg2k",
    34712: "jpeg2k",
    22610: "jpegxr",
    34934: "jpegxr",
    50001: "webp",
    34927: "webp",
    50002: "jpegxl",
    52546: "jpegxl",
}
_MOST_SAMPLE_BYTES: Final = 8
_WHITE: Final = 255
_MOST_DEPTH: Final = 2
"""Bytes of a sample."""


@dataclass(frozen=True, eq=False)
class PageTiles:
    """The tiles of a page; a page of a single strip is one tile.

    `grays` is the table of a page of 16-bit grays, which cannot be shown without.
    """

    page: tifffile.TiffPage
    extent: Extent
    grays: Gray | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a tile."""
        page = self.page
        if page.is_tiled:
            return page.tilewidth, page.tilelength
        return page.imagewidth, page.imagelength

    def read(self, row: int, column: int) -> NDArray[np.uint8]:
        """Return RGB of a whole tile, also of what hangs over the edge."""
        stored = self.stored(row, column)
        if stored is None and self.grays is None:
            return np.full((*self.size[::-1], 3), _WHITE, np.uint8)
        if self.grays is not None:
            empty = np.zeros((*self.size[::-1], 1), np.uint16)
            return _shaded(empty if stored is None else stored, self.grays)
        return _colors(self.page, np.asarray(stored))

    def stored(self, row: int, column: int) -> NDArray[Any] | None:
        """Return a whole tile as (rows, columns, samples); None where the file holds none."""
        page, (width, height) = self.page, self.size
        across, down = -(-page.imagewidth // width), -(-page.imagelength // height)
        first = row * across + column
        planes = page.samplesperpixel if is_in_planes(page) else 1
        numbers = [first + plane * across * down for plane in range(planes)]
        if not all(page.databytecounts[number] for number in numbers):  # background
            return None
        parts = [self._part(number) for number in numbers]
        return parts[0] if planes == 1 else np.concatenate(parts, axis=2)

    def _part(self, index: int) -> NDArray[Any]:
        """Return the samples of a stored tile as (rows, columns, samples)."""
        start, count = self.page.dataoffsets[index], self.page.databytecounts[index]
        count = max(0, min(count, self.extent.size - start))
        pixels = self._decoded(self.extent.read(start, count), index)
        rows, columns = pixels.shape[-3:-1] if pixels.ndim > 2 else pixels.shape
        return pixels.reshape(int(rows), int(columns), -1)

    def _decoded(self, stream: bytes, index: int) -> NDArray[Any]:
        page, (width, height) = self.page, self.size
        packing = int(page.compression)
        most = width * height * _MOST_SAMPLE_BYTES
        if packing in _JPEG:
            return decode_jpeg(page, stream, most_bytes=most)
        if (codec := _CODECS.get(packing)) is not None:
            pixels = run_codec(codec, stream, most_bytes=most)
            is_ybr = packing == _YBR_JPEG_2000 and pixels.ndim == 3
            if is_ybr and not read_stream(bare_jpeg_2000(stream)).has_fewer_colors:
                return convert_color_space(pixels, "YBR_FULL", "RGB")
            return pixels
        decoded, _, _ = page.decode(stream, index)
        if decoded is None:
            raise ValueError("an empty tile")
        return np.asarray(decoded)


def is_deep(page: tifffile.TiffPage) -> bool:
    """Tell whether samples are unsigned numbers of 16 bits."""
    is_whole = page.sampleformat == tifffile.SAMPLEFORMAT.UINT
    return page.bitspersample == 8 * _MOST_DEPTH and is_whole


def gray_table(page: tifffile.TiffPage, lowest: int, highest: int) -> Gray:
    """Return the grays of all 16-bit values where black and white are the ends of a range."""
    rule = GrayRule(is_inverse=page.photometric == tifffile.PHOTOMETRIC.MINISWHITE)
    values = np.arange(1 << 16, dtype=np.uint16)
    return rule.shade(values, full_window(lowest, highest), is_inverted=False)


def _shaded(stored: NDArray[Any], grays: Gray) -> NDArray[np.uint8]:
    if stored.dtype.kind != "u" or stored.dtype.itemsize > _MOST_DEPTH or stored.shape[2] != 1:
        raise ValueError("a tile of another kind")
    return np.asarray(np.repeat(grays[stored], 3, axis=2), np.uint8)


def packing_refusal(page: tifffile.TiffPage) -> str:
    """Return why the tiles of a page cannot be unpacked; empty where they can."""
    packing = int(page.compression)
    if packing in (*_SIMPLE, *_JPEG, *_CODECS):
        return ""
    name = page.compression.name if isinstance(page.compression, tifffile.COMPRESSION) else packing
    return f"its tiles are packed with “{name}”, which is not supported"


def is_in_planes(page: tifffile.TiffPage) -> bool:
    """Tell whether red, green and blue lie in tiles of their own."""
    return page.samplesperpixel > 1 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE


def decode_jpeg(page: tifffile.TiffPage, stream: bytes, *, most_bytes: int) -> NDArray[Any]:
    """Return what a JPEG stream of a page holds, colors as RGB."""
    options: dict[str, str | bytes] = {"tables": page.jpegtables} if page.jpegtables else {}
    if page.samplesperpixel == 3 and not is_in_planes(page):
        options["outcolorspace"] = "RGB"
        is_rgb = page.photometric == tifffile.PHOTOMETRIC.RGB
        if is_rgb and stream[6:10] != b"JFIF":  # as Aperio writes them; JFIF is always YCbCr
            options["colorspace"] = "RGB"
    return run_codec("jpeg8", stream, most_bytes=most_bytes, **options)


def _colors(page: tifffile.TiffPage, pixels: NDArray[Any]) -> NDArray[np.uint8]:
    samples = pixels.shape[2]
    if pixels.dtype.kind != "u" or pixels.dtype.itemsize > _MOST_DEPTH or samples not in (1, 3, 4):
        raise ValueError("a tile of another kind")
    if pixels.dtype.itemsize == _MOST_DEPTH:  # as in other pictures of 16-bit colors
        pixels = pixels >> 8
    colors = pixels[..., :3] if samples > 1 else np.repeat(pixels, 3, axis=2)
    if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
        colors = 255 - colors
    return np.asarray(colors, np.uint8)
