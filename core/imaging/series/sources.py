"""Files of a folder, a ZIP or a DICOMDIR, whatever they are called; nothing is unpacked to disk."""

import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from core.errors import ImageError
from core.imaging.dicom.header import read_header
from core.imaging.extent import Extent, extent_of
from core.imaging.quiet import image_error, translated
from core.imaging.whole import WHOLE_BYTES, too_large

MAX_FILES: Final = 50_000
MAX_MEMBER_BYTES: Final = WHOLE_BYTES
_BLOCK: Final = 4 << 20
_DIRECTORY: Final = "1.2.840.10008.1.3.10"
"""Media Storage Directory Storage: what a DICOMDIR is."""
_ZIP_START: Final = b"PK\3\4"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may be a picture; `name` is its path below what the person chose.

    `place` tells it from files of the same name elsewhere; `path` is where its bytes lie as a
    file of their own.
    """

    name: str
    open: Callable[[], IO[bytes]]
    place: str
    path: Path | None = None

    def read(self) -> bytes:
        """Return all bytes; raise `ImageError` when there are too many or they are unreadable."""
        with translated(self.name, "it cannot be read", *ZIP_ERRORS), self.open() as file:
            data = file.read(MAX_MEMBER_BYTES + 1)
        if len(data) > MAX_MEMBER_BYTES:
            raise self._too_large()
        return data

    def copy(self, out: IO[bytes], *, on_bytes: Callable[[int], None] = lambda _: None) -> None:
        """Write all bytes to a file, a few at a time; `on_bytes` gets how many were written."""
        with ExitStack() as stack:
            with translated(self.name, "it cannot be read", *ZIP_ERRORS):
                file = stack.enter_context(self.open())
            done = 0
            while block := self._block(file):
                done += len(block)
                if self.path is None and done > MAX_MEMBER_BYTES:
                    raise self._too_large()
                out.write(block)
                on_bytes(done)

    def size_bytes(self) -> int:
        """Return how large a file of its own is, 0 for one out of a ZIP."""
        with translated(self.name, "it cannot be read"):
            return 0 if self.path is None else self.path.stat().st_size

    def _block(self, file: IO[bytes]) -> bytes:
        with translated(self.name, "it cannot be read", *ZIP_ERRORS):
            return file.read(_BLOCK)

    def _too_large(self) -> ImageError:
        if self.path is not None:
            return too_large(self.name)
        return image_error(
            self.name,
            f"out of a ZIP only files of at most {MAX_MEMBER_BYTES >> 20:,} MB are read",
            hint="Unpack the ZIP, then choose the folder.",
        )

    def extent(self) -> Extent:
        """Return the bytes as they are read where they lie; those out of a ZIP stay in memory."""
        with translated(self.name, "it cannot be read", *ZIP_ERRORS), self.open() as file:
            if isinstance(file, BytesIO):
                return extent_of(self.read())
            size = file.seek(0, os.SEEK_END)

        def read(start: int, length: int) -> bytes:
            with translated(self.name, "it cannot be read"), self.open() as file:
                file.seek(start)
                return file.read(length)

        return Extent(read, size)

    def head(self, length: int) -> bytes:
        """Return the first bytes."""
        with translated(self.name, "it cannot be read", *ZIP_ERRORS), self.open() as file:
            return file.read(length)


ZIP_ERRORS: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError)


def source_files(paths: Iterable[Path]) -> Iterator[SourceFile]:
    """Yield every file of these paths, each once, in the order of their names.

    A DICOMDIR stands for the files that it lists. Raises `ImageError` where a path cannot be read
    or there are too many files.
    """
    seen = set[str]()
    for path in paths:
        for source in _of_path(path):
            if source.place not in seen:
                seen.add(source.place)
                yield source
            if len(seen) > MAX_FILES:
                raise image_error(path.name, f"it holds more than {MAX_FILES:,} files")


def single_file(path: Path) -> SourceFile:
    """Return a file that stands for itself."""
    return _file(path, path.parent)


def _of_path(path: Path) -> Iterator[SourceFile]:
    if path.is_dir():
        directory = next((one for one in _folder(path) if one.name.upper() == "DICOMDIR"), None)
        listed = list(_listed(directory)) if directory is not None else []
        files = listed or _folder(path)
        yield from (_file(one, path) for one in files if one.name.upper() != "DICOMDIR")
        return
    if not path.is_file():
        raise image_error(path.name, "it is not there any more")
    head = _file(path, path.parent).head(len(_ZIP_START))
    if head == _ZIP_START:
        yield from _zipped(path)
    elif path.name.upper().startswith("DICOMDIR"):
        yield from (_file(one, path.parent) for one in _listed(path))
    else:
        yield _file(path, path.parent)


def _file(path: Path, root: Path) -> SourceFile:
    name = os.fspath(path.relative_to(root)) if path.is_relative_to(root) else path.name
    return SourceFile(name, lambda: path.open("rb"), os.path.realpath(path), path)


def _folder(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file() and path.stat().st_size:
                yield path


def _listed(directory: Path) -> Iterator[Path]:
    """Yield the files that a DICOMDIR lists and that are there, never one outside its folder."""
    data = _file(directory, directory.parent).read()
    header = read_header(data, name=directory.name)
    if header.text("MediaStorageSOPClassUID", header.dataset.file_meta) != _DIRECTORY:
        raise image_error(directory.name, "it is no directory of DICOM files")
    folder = directory.parent.resolve()
    for record in header.items("DirectoryRecordSequence"):
        parts = header.text("ReferencedFileID", record).split("\\")
        path = folder.joinpath(*parts)
        found = path if path.is_file() else _without_case(folder, parts)
        if parts != [""] and found is not None and found.resolve().is_relative_to(folder):
            yield found


def _without_case(folder: Path, parts: list[str]) -> Path | None:
    """Return a file whose name differs in case only: discs are copied by all sorts of programs."""
    place = folder
    for part in parts:
        if not place.is_dir():
            return None
        found = [one for one in place.iterdir() if one.name.upper() == part.upper()]
        if not found:
            return None
        place = found[0]
    return place if place.is_file() else None


def _zipped(path: Path) -> Iterator[SourceFile]:
    with translated(path.name, "the ZIP file is damaged", *ZIP_ERRORS):
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_wanted(one)]
        if any(one.flag_bits & 1 for one in members):
            raise ImageError(
                f"“{path.name}” cannot be opened: it is protected by a password.",
                hint="Unpack it with its password, then choose the folder.",
            )
    for member in sorted(members, key=lambda one: one.filename):
        place = os.path.join(os.path.realpath(path), member.filename)
        yield SourceFile(member.filename, partial(_open_member, path, member.filename), place)


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    name = member.filename.rsplit("/", 1)[-1]
    is_file = bool(name) and not name.startswith(".") and member.file_size > 0
    return is_file and not member.filename.startswith("__MACOSX/") and name.upper() != "DICOMDIR"


def _open_member(path: Path, name: str) -> IO[bytes]:
    """Return a member's bytes as a file, read no further than a file may be long."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as member:
        return BytesIO(member.read(MAX_MEMBER_BYTES + 1))
