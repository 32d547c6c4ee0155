"""A gray picture in place of an image: what a model answers without seeing anything."""

import struct
import zlib
from functools import lru_cache
from typing import Final

from core.errors import ImageError

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GRAY: Final = b"\x80"
_SIZE_AT: Final = 16
"""Width and height follow signature, length and name of the first chunk (PNG standard 11.2.1)."""


def blank_like(png: bytes) -> bytes:
    """Return an evenly gray PNG of the size of another one."""
    if not png.startswith(_SIGNATURE) or len(png) < _SIZE_AT + 8:
        raise ImageError("A picture to be blanked is no PNG file.")
    return _blank(*struct.unpack_from(">II", png, _SIZE_AT))


@lru_cache(maxsize=32)
def _blank(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + _GRAY * width) * height, 9)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
