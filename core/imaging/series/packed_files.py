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


class Member(NamedTuple):
    """Where the local header of a member lies, how long its content is, and its checksum."""

    head: int
    length: int
    crc: int


@dataclass(frozen=True, slots=True)
class PackedFiles:
    """The members of a ZIP by name; one is read without looking at the others.

    Safe between threads. What is damaged raises `ValueError`, `BadZipFile` or `KeyError`.
    """

    source: Source
    members: dict[str, Member]

    def read(self, name: str) -> bytes:
        """Return one file."""
        member = self.members[name]
        with _opened(self.source) as file:
            content = _content(file, member)
        # What lies in a folder was verified as a whole when it was opened (SHA-256).
        if not (isinstance(self.source, Path) or zlib.crc32(content) == member.crc):
            raise zipfile.BadZipFile("a member was changed")
        return content

    def part(self, name: str) -> "FilePart | None":
        """Return where one file lies on the disk; None where the ZIP is in memory."""
        if isinstance(self.source, bytes) or name not in self.members:
            return None
        return FilePart(self.source, self.members[name])

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


class FilePart(NamedTuple):
    """Bytes on the disk: a file of its own, or a member of a ZIP that was verified."""

    path: Path
    member: Member | None = None

    def read(self, most_bytes: int) -> bytes:
        """Return the bytes, of a file of its own no more than `most_bytes`."""
        with _opened(self.path) as file:
            if self.member is not None:
                return _content(file, self.member)
            size = os.fstat(file.fileno()).st_size  # without it, room is made for all that may be
            return file.read(min(most_bytes, size))

    def begin(self, most_bytes: int) -> tuple[bytes, int, int]:
        """Return the first bytes, where in the file they lie, and how many there are in all."""
        with _opened(self.path) as file:
            start = 0 if self.member is None else _start_of(file, self.member)
            size = os.fstat(file.fileno()).st_size if self.member is None else self.member.length
            file.seek(start)
            return file.read(min(most_bytes, size)), start, size


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
    members = {one.filename: Member(one.header_offset, one.file_size, one.CRC) for one in found}
    return PackedFiles(source, members)


def _content(file: IO[bytes], member: Member) -> bytes:
    file.seek(_start_of(file, member))
    content = file.read(member.length)
    if len(content) != member.length:
        raise zipfile.BadZipFile("a member was changed")
    return content


def _start_of(file: IO[bytes], member: Member) -> int:
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
