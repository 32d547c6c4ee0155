"""Tells whether bytes are a cleared picture: pixels and the listed facts, and not one byte more.

A claim that an image is cleared comes from outside with every set and package. It is believed
only of bytes that could have been written by `clear`: whatever else a file holds may be a name.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import ImageError
from core.imaging.clearing.facts import SCHEMAS, page_facts
from core.imaging.image import MAX_PIXELS, LoadedImage
from core.imaging.tiff import open_tiff

_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_PNG_SAMPLES: Final = {0: 1, 2: 3}
"""Samples a pixel by color type: gray and RGB."""
_TIFF_START: Final = b"II*\0"
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
_READ: Final = {1: "B", 2: "c", 3: "H", 4: "I", 5: "Q"}
_ONE_TO_ONE: Final = 1 | 1 << 32
_FIXED: Final[Mapping[int, tuple[int, ...]]] = {
    254: (0, 2),  # kind of page
    259: (8,),  # deflate
    262: (1, 2),  # gray or RGB
    277: (1, 3),
    282: (_ONE_TO_ONE,),
    283: (_ONE_TO_ONE,),
    284: (1,),
    296: (1,),
}
_WIDTH, _HEIGHT, _BITS, _SAMPLES, _TEXT = 256, 257, 258, 277, 270
_STARTS, _ROWS, _COUNTS, _NUMBERS = 273, 278, 279, 339
_ALLOWED: Final = {*_FIXED, _WIDTH, _HEIGHT, _BITS, _TEXT, _STARTS, _ROWS, _COUNTS, _NUMBERS}
_DAMAGED: Final = (ArithmeticError, ImageError, LookupError, ValueError, struct.error, zlib.error)

Span = tuple[int, int]


def is_bare(data: bytes) -> bool:
    """Tell whether these bytes hold nothing but a picture, as `clear` writes it."""
    try:
        if data.startswith(_PNG_START):
            return _is_bare_png(data)
        return data.startswith(_TIFF_START) and data[128:132] != b"DICM" and _is_bare_tiff(data)
    except _DAMAGED:
        return False


def _is_bare_png(data: bytes) -> bool:
    """Tell whether there are only IHDR, IDAT and IEND, and every byte of them is a pixel's."""
    chunks = list(_png_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if kinds != [b"IHDR", *[b"IDAT"] * (len(kinds) - 2), b"IEND"] or chunks[-1][1]:
        return False
    width, height, depth, color, *ways = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or color not in _PNG_SAMPLES or any(ways):
        return False
    length = height * (1 + width * _PNG_SAMPLES[color])
    return _unpacks_to(b"".join(content for _, content in chunks[1:-1]), length)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG_START)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        content = data[place + 8 : end - 4]
        if struct.unpack(">I", data[end - 4 : end]) != (zlib.crc32(kind + content),):
            raise ValueError("a damaged chunk")
        yield kind, content
        place = end


def _unpacks_to(packed: bytes, length: int) -> bool:
    if not 0 < length <= 8 * MAX_PIXELS:
        return False
    unpacking = zlib.decompressobj()
    is_right = len(unpacking.decompress(packed, length + 1)) == length
    return is_right and unpacking.eof and not unpacking.unused_data


def _is_bare_tiff(data: bytes) -> bool:
    """Tell whether each byte belongs to a page of pixels or is zero, and descriptions are ours."""
    pages = list(_pages(data))
    spans = [(0, 8), *(span for page in pages for span in page.spans)]
    if not all(page.is_bare(data) for page in pages) or not _fill(spans, data):
        return False
    image = open_tiff(data, name="picture")
    return image.frame_count == len(pages) and all(
        page.text in _every_schema(image, place) for place, page in enumerate(pages)
    )


def _every_schema(image: LoadedImage, place: int) -> list[str]:
    rule = image.frame(place).gray
    return [page_facts(image, rule, place, schema=schema) for schema in SCHEMAS]


def _fill(spans: list[Span], data: bytes) -> bool:
    place = 0
    for start, end in sorted(spans):
        if end > len(data) or any(data[place:start]):
            return False
        place = max(place, end)
    return not any(data[place:])


@dataclass(frozen=True, slots=True)
class _Page:
    """The entries of one page by number, and which bytes they take."""

    entries: Mapping[int, tuple[int, ...]]
    text: str
    spans: tuple[Span, ...]

    def is_bare(self, data: bytes) -> bool:
        """Tell whether only known entries with fixed values are there, and strips are whole."""
        if not set(self.entries) <= _ALLOWED:
            return False
        if any(self.entries.get(tag, (known[0],))[0] not in known for tag, known in _FIXED.items()):
            return False
        width, left = self.entries[_WIDTH][0], self.entries[_HEIGHT][0]
        row = width * sum(self.entries[_BITS]) // 8
        for start, count in zip(self.entries[_STARTS], self.entries[_COUNTS], strict=True):
            rows = min(left, self.entries[_ROWS][0])
            if not _unpacks_to(data[start : start + count], rows * row):
                return False
            left -= rows
        return left == 0


def _pages(data: bytes) -> Iterator[_Page]:
    place, seen = struct.unpack_from("<I", data, 4)[0], set[int]()
    while place:
        if place in seen:
            raise ValueError("pages in a circle")
        seen.add(place)
        page, place = _page(data, place)
        yield page


def _page(data: bytes, place: int) -> tuple[_Page, int]:
    (count,) = struct.unpack_from("<H", data, place)
    end = place + 2 + 12 * count
    spans: list[Span] = [(place, end + 4)]
    entries: dict[int, tuple[int, ...]] = {}
    text = ""
    for at in range(place + 2, end, 12):
        tag, kind, number = struct.unpack_from("<HHI", data, at)
        size = _SIZES[kind] * number
        start = at + 8 if size <= 4 else struct.unpack_from("<I", data, at + 8)[0]
        if size < 4 and any(data[at + 8 + size : at + 12]):
            raise ValueError("bytes behind a value")
        if tag in entries or size > len(data):
            raise ValueError("an entry twice, or larger than the file")
        spans.append((start, start + size))
        if tag == _TEXT:
            text = data[start : start + size].decode("ascii").removesuffix("\0")
            entries[tag] = (number,)
        else:
            entries[tag] = struct.unpack_from(f"<{number}{_READ[kind]}", data, start)
    strips = zip(entries[_STARTS], entries[_COUNTS], strict=True)
    spans += [(start, start + length) for start, length in strips]
    return _Page(entries, text, tuple(spans)), struct.unpack_from("<I", data, end)[0]
