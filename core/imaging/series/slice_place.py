"""Uncompressed slices: where their samples lie, so that they are read straight to their place."""

import struct
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from pydicom import uid

from core.errors import ImageError
from core.imaging.decoding.frame_room import ROOM
from core.imaging.dicom.frames import FramePlaces
from core.imaging.dicom.header import Header, read_first_part
from core.imaging.dicom.opening import checked_picture
from core.imaging.dicom.pixels import GRAY, Plain, frame_bytes, plain_kind, plain_values, stated_of
from core.imaging.display import Values
from core.imaging.extent import Extent
from core.imaging.series.packed_files import FilePart

_HEAD_BYTES: Final = 32 << 10
"""Longer headers are rare, and read with all the rest."""
_SYNTAX: Final = b"\2\0\x10\0UI"
_META: Final = slice(132, 1024)
_PLAIN: Final = (uid.ImplicitVRLittleEndian.encode(), uid.ExplicitVRLittleEndian.encode())


class Lying(NamedTuple):
    """Where in a file the samples of a slice begin, and what they are."""

    start: int
    kind: Plain


def find_plain(part: FilePart) -> tuple[Header, Lying] | None:
    """Return header and samples' place of an uncompressed gray slice, None for any other.

    What is damaged is such another: who reads it as a whole tells what is wrong.
    """
    try:
        return _found(part)
    except (ImageError, OSError, ValueError, struct.error):
        return None


def read_plain(path: Path, lying: Lying) -> Values:
    """Return the samples; raise `OSError` or `ValueError` where they are not there any more."""
    kind = lying.kind
    memory = ROOM.take(kind.rows * kind.columns * kind.bits // 8)
    with path.open("rb", buffering=0) as file:
        file.seek(lying.start)
        if file.readinto(memory.data) != memory.nbytes:
            raise ValueError("the file is shorter than it was")
    return plain_values(memory.view(kind.dtype), kind, is_shared=False)


def _found(part: FilePart) -> tuple[Header, Lying] | None:
    head, begin, size = part.begin(_HEAD_BYTES)
    if not _may_be_plain(head):
        return None
    file = BytesIO(head)
    header = read_first_part(file, head, name="slice")
    kind = plain_kind(header) if checked_picture(header) == 1 else None
    if kind is None or header.text("PhotometricInterpretation") not in GRAY:
        return None
    extent = Extent(lambda start, length: head[start : start + length], size)
    length = frame_bytes(stated_of(header))
    places = FramePlaces(header, extent, file.tell(), 1, frame_bytes=length)
    return header, Lying(begin + places.start, kind)


def _may_be_plain(head: bytes) -> bool:
    """Tell by the transfer syntax (0002,0010) alone, sooner than by all of the header."""
    _, found, rest = head[_META].partition(_SYNTAX)
    length = int.from_bytes(rest[:2], "little")
    return bool(found) and rest[2 : 2 + length].rstrip(b"\0") in _PLAIN
