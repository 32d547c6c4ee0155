"""Bytes that are read where they lie, a few at a time: large files need not be in memory."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_BUFFER_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Extent:
    """A file or a part of one; `read(start, length)` returns what there is of it.

    Safe between threads. `read` raises `OSError` or `ImageError` where it cannot be read.
    """

    read: Callable[[int, int], bytes]
    size: int
    held: bytes | None = None
    """The same bytes where they are in memory."""

    def file(self) -> IO[bytes]:
        """Return the same bytes as an open file."""
        if self.held is not None:
            return io.BytesIO(self.held)
        return io.BufferedReader(_Window(self), _BUFFER_BYTES)


def extent_of(data: bytes) -> Extent:
    """Return bytes that are in memory already."""
    return Extent(lambda start, length: data[start : start + length], len(data), data)


def extent_at(path: Path) -> Extent:
    """Return a file on the disk, opened for each piece that is read."""
    size = path.stat().st_size

    def read(start: int, length: int) -> bytes:
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            return file.read(max(0, min(length, size - start)))

    return Extent(read, size)


class _Window(io.RawIOBase):
    name = ""  # pydicom asks every reader for it

    def __init__(self, extent: Extent) -> None:
        super().__init__()
        self._extent = extent
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._extent.size}
        self._place = max(0, start[whence] + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer
        length = max(0, min(len(buffer), self._extent.size - self._place))
        content = self._extent.read(self._place, length)
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)
