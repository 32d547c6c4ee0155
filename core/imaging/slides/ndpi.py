"""Hamamatsu NDPI: a level is one JPEG of any size, cut where its restart markers lie.

Between two restart markers JPEG remembers nothing, so stretches of one column of the picture form
a stream of their own under a head that states their size.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from core.imaging.extent import Extent
from core.imaging.slides.tiff_tile import decode_jpeg

_LENS: Final = 65421
"""Magnification of a page; below 0 where it shows the whole glass or where the tissue lies."""
_TILE_HEIGHT: Final = 256
_TILE_PIXELS: Final = 1 << 20
_FRAME: Final = 0xC0
_RESTART: Final = range(0xD0, 0xD8)
_END: Final = b"\xff\xd9"
_SAMPLE_BYTES: Final = 4


def is_beside(page: tifffile.TiffPage) -> bool:
    """Tell whether a page shows the glass with its label, or a map of the tissue."""
    return bool(page.is_ndpi) and float(page.tags.valueof(_LENS, 0) or 0) < 0


def is_striped(page: tifffile.TiffPage) -> bool:
    """Tell whether a page is one JPEG that restart markers cut into columns."""
    return page.jpegheader is not None and len(page.dataoffsets) == math.prod(_grid(page))


def _grid(page: tifffile.TiffPage) -> tuple[int, int]:
    """Return how many stretches lie below and beside each other."""
    return -(-page.imagelength // page.tilelength), -(-page.imagewidth // page.tilewidth)


@dataclass(frozen=True, eq=False)
class StripeTiles:
    """Tiles of several stretches below each other: one of 8 rows is not worth a decoder's call."""

    page: tifffile.TiffPage
    extent: Extent

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a tile."""
        return self.page.tilewidth, self.page.tilelength * self._stretches

    @property
    def _stretches(self) -> int:
        width, height = self.page.tilewidth, self.page.tilelength
        return max(2, min(_TILE_HEIGHT // height, _TILE_PIXELS // (width * height)))

    def read(self, row: int, column: int) -> NDArray[np.uint8]:
        """Return RGB of a tile, at the lower edge only of as many stretches as there are."""
        page = self.page
        across, down = (
            -(-page.imagewidth // page.tilewidth),
            -(-page.imagelength // page.tilelength),
        )
        first = row * self._stretches
        numbers = range(first, min(first + self._stretches, down))
        parts = [self._stretch(number * across + column) for number in numbers]
        height = page.tilelength * len(parts)
        stream = _headed(page.jpegheader or b"", height) + _joined(parts)
        most = page.tilewidth * height * _SAMPLE_BYTES
        pixels = decode_jpeg(page, stream, most_bytes=most)
        if pixels.dtype != np.uint8 or pixels.shape != (height, page.tilewidth, 3):
            raise ValueError("a tile of another kind")
        return np.asarray(pixels)

    def _stretch(self, index: int) -> bytes:
        start, count = self.page.dataoffsets[index], self.page.databytecounts[index]
        stream = self.extent.read(start, max(0, min(count, self.extent.size - start)))
        is_marked = stream[-2:-1] == b"\xff" and (stream[-1] in _RESTART or stream[-2:] == _END)
        return stream[:-2] if is_marked else stream


def _joined(parts: list[bytes]) -> bytes:
    """Return stretches with restart markers in order between them, and the end."""
    marks = [bytes((0xFF, _RESTART[number % 8])) for number in range(len(parts) - 1)]
    return b"".join(part + mark for part, mark in zip(parts, [*marks, _END], strict=True))


def _headed(head: bytes, height: int) -> bytes:
    """Return a JPEG head that states another height (ITU-T T.81, B.2.2)."""
    place = 2
    while place + 9 <= len(head):
        marker, length = head[place + 1], int.from_bytes(head[place + 2 : place + 4], "big")
        if marker == _FRAME:
            return head[: place + 5] + struct.pack(">H", height) + head[place + 7 :]
        place += 2 + length
    raise ValueError("a head without a frame")
