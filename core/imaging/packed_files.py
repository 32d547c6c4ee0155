"""Files kept side by side in a plain ZIP, read where they lie, so that none stays in memory."""

import os
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Final, NamedTuple

from core.imaging.extent import Extent, extent_of

Source = bytes | Path
"""A ZIP as bytes, or where one lies whose bytes have been verified."""
_HEAD: Final = 30
"""Length of a local header without name and extra field (APPNOTE 4.3.7)."""


class _Member(NamedTuple):
    head: int
    length: int
    crc: int


@dataclass(frozen=True, slots=True)
class PackedFiles:
    """The members of a ZIP by name; one is read without looking at the others.

    Safe between threads. What is damaged raises `ValueError`, `BadZipFile` or `KeyError`.
    """

    source: Source
    members: dict[str, _Member]

    def read(self, name: str) -> bytes:
        """Return one file."""
        member = self.members[name]
        with _opened(self.source) as file:
            file.seek(_start_of(file, member))
            content = file.read(member.length)
        # What lies in a folder was verified as a whole when it was opened (SHA-256).
        is_known = isinstance(self.source, Path)
        if len(content) != member.length or not (is_known or zlib.crc32(content) == member.crc):
            raise zipfile.BadZipFile("a member was changed")
        return content

    def extent(self, name: str) -> Extent:
        """Return one file as bytes that are read where they lie."""
        if isinstance(self.source, bytes):
            return extent_of(self.read(name))
        source, member = self.source, self.members[name]
        with _opened(source) as file:
            begin = _start_of(file, member)

        def read(start: int, length: int) -> bytes:
            with _opened(source) as file:
                file.seek(begin + start)
                return file.read(length)

        return Extent(read, member.length)


def open_packed(source: Source) -> PackedFiles:
    """Read where the members of a ZIP lie; compressed ones are refused, for they could be bombs."""
    with _opened(source) as file:
        size = file.seek(0, os.SEEK_END)
        with zipfile.ZipFile(file) as archive:
            found = archive.infolist()
    for one in found:
        is_plain = one.compress_type == zipfile.ZIP_STORED and one.file_size == one.compress_size
        if not is_plain or one.header_offset + one.file_size > size:
            raise zipfile.BadZipFile("a member that is compressed or larger than the file")
    members = {one.filename: _Member(one.header_offset, one.file_size, one.CRC) for one in found}
    return PackedFiles(source, members)


def _start_of(file: IO[bytes], member: _Member) -> int:
    """Return where the content of a member begins."""
    file.seek(member.head)
    head = file.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(b"PK\3\4"):
        raise zipfile.BadZipFile("a member without a head")
    name_length, more = int.from_bytes(head[26:28], "little"), head[28:30]
    return member.head + _HEAD + name_length + int.from_bytes(more, "little")


def _opened(source: Source) -> IO[bytes]:
    # Without a buffer: a whole picture is read at once, and a buffer would copy it.
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb", buffering=0)
