"""The media folder: files named by the SHA-256 of their bytes, written once, never changed."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, TypeVar

from core.domain.ids import MediaId
from core.errors import DamagedImageError, ImageError, MissingImageError, StorageError

MOST_HELD_BYTES: Final = (2 << 30) + (64 << 20)
"""More is never read as a whole; a packed series has two gigabytes and its list at most."""
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_ASIDE: Final = ".writing-"
_BLOCK: Final = 4 << 20
_LEFT_S: Final = 24 * 3600
"""What was written aside so long ago is of a program that was killed."""
_ROOM_BYTES: Final = 64 << 20
"""What stays free on the disk beside a file that is taken in, for the database."""
_PART: Final = "Choose a part of it, such as a region of the slide, and use that."
T = TypeVar("T")


def media_id_of(data: bytes) -> MediaId:
    """Return the identity of these bytes."""
    return MediaId(hashlib.sha256(data).hexdigest())


class MediaStore:
    """Content-addressed files under `folder`, as `ab/abcdef…`.

    Equal bytes are kept once. A file appears whole or not at all: it is written aside, flushed to
    the disk, then renamed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> MediaId:
        """Keep these bytes and return their id; a damaged copy of them is replaced.

        Raises `StorageError` when the folder cannot be written to.
        """
        media = media_id_of(data)
        target = self.path(media)
        with _kept(f"The image {media[:12]}…"):
            if not _is_whole(target, media):
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(target, data)
        return media

    def put_file(
        self,
        write: Callable[[IO[bytes]], object],
        check: Callable[[Path, MediaId], T],
        *,
        name: str,
        size_bytes: int = 0,
        on_bytes: Callable[[int], None] = lambda _: None,
    ) -> T:
        """Keep what `write` writes, which need not fit into memory; return what `check` returns.

        `check` gets where the bytes lie and their id before they are kept; whatever it, `write` or
        `on_bytes` raises keeps nothing. `on_bytes` gets how many were read back for the id.
        `size_bytes` is how large it will be, where that is known. Raises `StorageError` where
        there is no room for it.
        """
        with _kept(f"“{name}”"):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._require_room(name, size_bytes)
            handle, text = tempfile.mkstemp(prefix=_ASIDE, dir=self._folder)
            aside = Path(text)
            try:
                media = _written(handle, write, on_bytes)
                _remove_left_behind(aside)
                checked = check(aside, media)
                target = self.path(media)
                if not _is_whole(target, media):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(aside, target)
            finally:
                aside.unlink(missing_ok=True)
        return checked

    def _require_room(self, name: str, size_bytes: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if size_bytes and size_bytes + _ROOM_BYTES > free:
            raise StorageError(
                f"“{name}” has {size_bytes / 2**20:,.0f} MB, and the disk of the workspace has "
                f"{free / 2**20:,.0f} MB left.",
                hint="Make room on the disk, then add it again.",
            )

    def path(self, media: MediaId) -> Path:
        """Return where the bytes lie or would lie; raise `ImageError` when it is no SHA-256."""
        if not _NAME.fullmatch(media):
            raise ImageError(f"“{media[:80]}” is not the name of an image.")
        return self._folder / media[:2] / media

    def has(self, media: MediaId) -> bool:
        """Tell whether a file of this name is there (its bytes are not looked at)."""
        return self.path(media).is_file()

    def read(self, media: MediaId) -> bytes:
        """Return the bytes; raise `ImageError` when they are missing, unreadable or changed.

        So it is with more than `MOST_HELD_BYTES`: the memory is not filled with them.
        """
        path = self.path(media)
        with _told(media):
            size = path.stat().st_size
            data = path.read_bytes() if size <= MOST_HELD_BYTES else b""
        if size > MOST_HELD_BYTES:
            raise ImageError(
                f"The image {media[:12]}… has {size / 2**20:,.0f} MB: this needs it in memory as a "
                f"whole, which is done up to {MOST_HELD_BYTES / 2**20:,.0f} MB.",
                hint=_PART,
            )
        if media_id_of(data) != media:
            raise _damaged(media)
        return data

    def verified_path(self, media: MediaId) -> Path:
        """Return where the bytes lie after looking at them all, for what is too large to hold.

        Raises `ImageError` as `read` does.
        """
        path = self.path(media)
        with _told(media):
            found = _id_of_file(path)
        if found != media:
            raise _damaged(media)
        return path

    def ids(self) -> Iterator[MediaId]:
        """Yield the ids of all files, in order; what is not named by a SHA-256 is passed over."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            if _NAME.fullmatch(path.name) and path.parent.name == path.name[:2]:
                yield MediaId(path.name)

    def damaged(self) -> list[tuple[MediaId, str]]:
        """Read every file and return those that do not hold what their name says, and why."""
        found = []
        for media in self.ids():
            try:
                self.verified_path(media)
            except ImageError as error:
                found.append((media, error.sentence))
        return found


@contextmanager
def _kept(what: str) -> Iterator[None]:
    """Turn the errors of writing a file into sentences."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{what} could not be kept: {error.strerror or error}.",
            hint="Check that the disk is not full and that the workspace may be written to.",
        ) from error


def _written(
    handle: int, write: Callable[[IO[bytes]], object], on_bytes: Callable[[int], None]
) -> MediaId:
    """Write a file to the disk and return the id of what can be read there."""
    with os.fdopen(handle, "w+b") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return _id_of(file, on_bytes)


def _id_of(file: IO[bytes], on_bytes: Callable[[int], None] = lambda _: None) -> MediaId:
    digest, done = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        digest.update(block)
        done += len(block)
        on_bytes(done)
    return MediaId(digest.hexdigest())


def _id_of_file(path: Path) -> MediaId:
    with path.open("rb", buffering=0) as file:
        return _id_of(file)


def _is_whole(path: Path, media: MediaId) -> bool:
    return path.is_file() and _id_of_file(path) == media


def _remove_left_behind(aside: Path) -> None:
    """Remove what a killed program left where large files are written aside."""
    now = aside.stat().st_mtime
    for other in aside.parent.glob(f"{_ASIDE}*"):
        if now - other.stat().st_mtime > _LEFT_S:
            other.unlink(missing_ok=True)


@contextmanager
def _told(media: MediaId) -> Iterator[None]:
    """Turn the errors of reading a file into sentences."""
    try:
        yield
    except FileNotFoundError as error:
        raise MissingImageError(
            f"The image {media[:12]}… is missing from the workspace.",
            hint="Restore the media folder from a backup, or add the image again.",
        ) from error
    except OSError as error:
        raise ImageError(
            f"The image {media[:12]}… cannot be read: {error.strerror or error}."
        ) from error


def _damaged(media: MediaId) -> DamagedImageError:
    return DamagedImageError(
        f"The image {media[:12]}… is damaged: its bytes have changed.",
        hint="Restore the media folder from a backup, or add the image again.",
    )


def _write_whole(target: Path, data: bytes) -> None:
    handle, aside = tempfile.mkstemp(prefix=_ASIDE, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
