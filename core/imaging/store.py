"""The media folder: files named by the SHA-256 of their bytes, written once, never changed."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.domain.ids import MediaId
from core.errors import DamagedImageError, ImageError, MissingImageError, StorageError

_NAME: Final = re.compile(r"[0-9a-f]{64}")


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
        try:
            if target.is_file() and media_id_of(target.read_bytes()) == media:
                return media
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, data)
        except OSError as error:
            raise StorageError(
                f"The image {media[:12]}… could not be kept: {error.strerror or error}.",
                hint="Check that the disk is not full and that the workspace may be written to.",
            ) from error
        return media

    def path(self, media: MediaId) -> Path:
        """Return where the bytes lie or would lie; raise `ImageError` when it is no SHA-256."""
        if not _NAME.fullmatch(media):
            raise ImageError(f"“{media[:80]}” is not the name of an image.")
        return self._folder / media[:2] / media

    def has(self, media: MediaId) -> bool:
        """Tell whether a file of this name is there (its bytes are not looked at)."""
        return self.path(media).is_file()

    def read(self, media: MediaId) -> bytes:
        """Return the bytes; raise `ImageError` when they are missing, unreadable or changed."""
        with _told(media):
            data = self.path(media).read_bytes()
        if media_id_of(data) != media:
            raise _damaged(media)
        return data

    def verified_path(self, media: MediaId) -> Path:
        """Return where the bytes lie after looking at them all, for what is too large to hold.

        Raises `ImageError` as `read` does.
        """
        path = self.path(media)
        with _told(media), path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
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
                self.read(media)
            except ImageError as error:
                found.append((media, error.sentence))
        return found


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
    handle, aside = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
