"""Reads members of a zip file that others made: bounded in number and size, zstd included."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

MAX_MEMBERS: Final = 500_000
MAX_TOTAL: Final = 2 * 2**30
MAX_MEMBER: Final = 128 * 2**20
_ZSTD: Final = 93
"""The method of APPNOTE 6.3.7 for Zstandard; Python's zipfile learned it in 3.14."""
_WINDOW: Final = 2**27
_LOCAL: Final = struct.Struct("<4s22xHH")


class UnreadableZipError(Exception):
    """The archive is damaged, encrypted, too large unpacked, or packed in an unknown way."""


class BoundedZip:
    """A zip file in memory."""

    def __init__(self, data: bytes) -> None:
        """Raise `UnreadableZipError` for what is no zip file or promises too much."""
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, struct.error) as error:
            raise UnreadableZipError("no zip file") from error
        members = self._zip.infolist()
        total = sum(one.file_size for one in members)
        if len(members) > MAX_MEMBERS or total > MAX_TOTAL:
            raise UnreadableZipError("too large unpacked")

    def names(self) -> Iterator[str]:
        """Yield the names of the members, in order."""
        return iter(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """Return a member; raise `UnreadableZipError` where that cannot be done safely."""
        try:
            info = self._zip.getinfo(name)
        except KeyError as error:
            raise UnreadableZipError(f"no member {name}") from error
        if info.file_size > MAX_MEMBER:
            raise UnreadableZipError(f"{name} is too large unpacked")
        if info.flag_bits & 1:
            raise UnreadableZipError("encrypted")
        if info.compress_type == _ZSTD:
            return self._read_zstd(info)
        try:
            with self._zip.open(info) as file:
                return file.read(MAX_MEMBER)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnreadableZipError(f"{name} is damaged") from error

    def _read_zstd(self, info: zipfile.ZipInfo) -> bytes:
        import zstandard

        try:
            signature, name_size, extra_size = _LOCAL.unpack_from(self._data, info.header_offset)
            start = info.header_offset + _LOCAL.size + name_size + extra_size
            packed = self._data[start : start + info.compress_size]
            reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(
                packed, read_across_frames=True
            )
            data = reader.read(info.file_size + 1)
        except (zstandard.ZstdError, struct.error, MemoryError) as error:
            raise UnreadableZipError(f"{info.filename} is damaged") from error
        is_whole = len(data) == info.file_size and zlib.crc32(data) == info.CRC
        if signature != b"PK\x03\x04" or not is_whole:
            raise UnreadableZipError(f"{info.filename} is damaged")
        return bytes(data)
