"""Where the frames of a DICOM file lie, so that one is read without the others."""

import struct
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.imaging.dicom.header import Header
from core.imaging.extent import Extent

_PIXEL_DATA: Final = b"\xe0\x7f\x10\x00"
_ITEM: Final = b"\xfe\xff\x00\xe0"
_ITEM_HEAD: Final = 8
_MOST_FRAGMENTS: Final = 1 << 16
_UNDEFINED: Final = 0xFFFFFFFF


class FramePlaces:
    """Finds the bytes of frames; `start` is where the element of the pixels begins.

    The attribute `start` is where its value does. `frame_bytes` is the length of an uncompressed
    frame, 0 for packed ones. Raises `ValueError` and `struct.error` where the file is not as it
    says.
    """

    def __init__(
        self, header: Header, extent: Extent, start: int, count: int, *, frame_bytes: int
    ) -> None:
        self._header = header
        self._extent = extent
        self._count = count
        self._frame_bytes = frame_bytes
        head = extent.read(start, 12)
        is_implicit = bool(header.dataset.original_encoding[0])
        length_at = 4 if is_implicit else 8
        if not head.startswith(_PIXEL_DATA) or len(head) < length_at + 4:
            raise ValueError("there are no pixels")
        (length,) = struct.unpack_from("<I", head, length_at)
        self.start = start + length_at + 4
        rest = extent.size - self.start
        if frame_bytes and min(length, rest) < count * frame_bytes:
            raise ValueError("the pixels end too early")
        if not frame_bytes and (length != _UNDEFINED or count * _ITEM_HEAD > rest):
            raise ValueError("the packed pixels cannot hold so many frames")

    def find(self) -> None:
        """Look for all frames now; raises where it is not said which bytes belong to a frame."""
        if not self._frame_bytes:
            _ = self._bounds

    def read(self, index: int) -> bytes:
        """Return what a frame holds; empty where a packed one holds nothing."""
        if not 0 <= index < self._count:
            raise ValueError("there is no such frame")
        if self._frame_bytes:
            place = self.start + index * self._frame_bytes
            return self._extent.read(place, self._frame_bytes)
        place = int(self._places[index])
        later = np.searchsorted(self._bounds, place, side="right")
        end = int(self._bounds[later]) if later < len(self._bounds) else self._extent.size
        return b"".join(self._fragments(place, end))

    def _fragments(self, place: int, end: int) -> list[bytes]:
        found: list[bytes] = []
        while place < end and len(found) < _MOST_FRAGMENTS:
            head = self._extent.read(place, _ITEM_HEAD)
            if len(head) < _ITEM_HEAD or not head.startswith(_ITEM):
                break
            (length,) = struct.unpack_from("<I", head, 4)
            if length > end - place - _ITEM_HEAD:
                raise ValueError("a fragment is longer than the file")
            found.append(self._extent.read(place + _ITEM_HEAD, length))
            place += _ITEM_HEAD + length
        if not found:
            raise ValueError("there is no fragment where one should be")
        return found

    @cached_property
    def _bounds(self) -> NDArray[np.int64]:
        return np.unique(self._places)

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """Where the first fragment of each frame lies, by a table or else by looking."""
        head = self._extent.read(self.start, _ITEM_HEAD)
        (length,) = struct.unpack_from("<I", head, 4)
        first = self.start + _ITEM_HEAD + length
        if not head.startswith(_ITEM) or first > self._extent.size:
            raise ValueError("the table of frames is damaged")
        wide = self._header.value("ExtendedOffsetTable")
        if isinstance(wide, bytes) and len(wide) >= 8 * self._count:
            return np.asarray(np.frombuffer(wide, "<i8", self._count) + first, np.int64)
        if length >= 4 * self._count:
            table = self._extent.read(self.start + _ITEM_HEAD, 4 * self._count)
            return np.asarray(np.frombuffer(table, "<u4").astype(np.int64) + first, np.int64)
        return self._walked(first)

    def _walked(self, place: int) -> NDArray[np.int64]:
        found: list[int] = []
        with self._extent.file() as file:
            while place < self._extent.size and len(found) <= self._count:
                file.seek(place)
                head = file.read(_ITEM_HEAD)
                if len(head) < _ITEM_HEAD or not head.startswith(_ITEM):
                    break
                found.append(place)
                place += _ITEM_HEAD + int(struct.unpack_from("<I", head, 4)[0])
        if self._count == 1:
            found = found[:1]  # all fragments belong to the only frame
        if len(found) != self._count:
            raise ValueError("which fragments belong to a frame is not said")
        return np.array(found, np.int64)
