"""Brings back lost images from wherever the same bytes still are."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from core.domain.ids import MediaId

if TYPE_CHECKING:
    from core.imaging.store import MediaStore
    from core.services.integrity.service import CheckReport

_BLOCK: Final = 2**20
_LARGEST: Final = 8 * 2**30
"""Larger members of a package are not read: no image is, but a hostile file may be."""


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was done, in sentences, and what is still wrong."""

    done: tuple[str, ...]
    left: CheckReport


def bring_back_media(
    store: MediaStore, lost: Sequence[MediaId], sources: Sequence[Path]
) -> Iterator[str]:
    """Store the lost images that any of the sources holds, and say of each how it went."""
    wanted = set(lost)
    for source in sources:
        if not source.exists():
            yield f"There is no {source}, so nothing was taken from it."
            continue
        if not wanted:
            break
        try:
            for name, opened in _files(source):
                found = _taken(store, opened, wanted)
                if found is not None:
                    wanted.discard(found)
                    yield f"The image {found[:12]}… was brought back from {name}."
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            yield f"{source.name} could not be read to its end ({_why(error)})."
    for media in sorted(wanted):
        yield f"The image {media[:12]}… could not be brought back: nothing given holds it."


def _taken(
    store: MediaStore, opened: Callable[[], IO[bytes]], wanted: set[MediaId]
) -> MediaId | None:
    try:
        with opened() as file:
            media = _hash(file)
        if media not in wanted:
            return None
        with opened() as file:
            return store.put_file(partial(_copy, file), _same_as(media), name=media[:12])
    except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError):
        return None  # one unreadable file; others may hold what is wanted


def _copy(file: IO[bytes], out: IO[bytes]) -> None:
    while block := _block(file):
        out.write(block)


def _block(file: IO[bytes]) -> bytes:
    """Read on; what cannot be read is no fault of the workspace, which `OSError` would mean."""
    try:
        return file.read(_BLOCK)
    except OSError as error:
        raise EOFError from error


def _same_as(wanted: MediaId) -> Callable[[Path, MediaId], MediaId]:
    def check(_: Path, media: MediaId) -> MediaId:
        if media != wanted:
            raise EOFError("it changed while it was read")
        return media

    return check


def _files(source: Path) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
    """Yield every file of a folder or package with a way to open it."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path), _opener(path)
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as package:
            for info in package.infolist():
                if not info.is_dir() and info.file_size <= _LARGEST:
                    yield f"{source.name} ({info.filename})", _member_opener(package, info)
    else:
        yield str(source), _opener(source)


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _member_opener(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: package.open(info)


def _hash(file: IO[bytes]) -> MediaId:
    digest, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        size += len(block)
        if size > _LARGEST:
            raise OSError("too large to be an image")
        digest.update(block)
    return MediaId(digest.hexdigest())


def _why(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
