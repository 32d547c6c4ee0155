"""Pictures that were drawn once, kept so that a run reads instead of drawing again.

A file is named by what was drawn: image, frame, view, marks and program version. It begins with the
SHA-256 of the rest; one that does not fit is drawn anew. The folder may be removed at any time.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Final

from core import VERSION
from core.domain.ids import MediaId
from core.domain.marks import marks_to_plain
from core.domain.media import ImageUse, View
from core.domain.plain import sha256_of

LIMIT_BYTES: Final = 4 << 30
_DIGEST_BYTES: Final = 32
_DRAWING: Final = 2
"""Counts changes of how pictures are drawn; 2: one window for a stack without its own."""


class DrawnPictures:
    """PNG files under `folder`, up to `limit_bytes` together."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._size_bytes: int | None = None
        self._lock = Lock()

    def get(self, use: ImageUse) -> list[bytes] | None:
        """Return the pictures of all frames; None unless every one is here and whole."""
        pictures = []
        for frame in use.frames:
            picture = _read(self._path(use, frame))
            if picture is None:
                return None
            pictures.append(picture)
        return pictures

    def put(self, use: ImageUse, pictures: Sequence[bytes]) -> None:
        """Keep pictures, one for each frame; does nothing where there is no room or right."""
        for frame, picture in zip(use.frames, pictures, strict=True):
            if self._takes(len(picture)):
                _write(self._path(use, frame), picture)

    def words(self, use: ImageUse) -> str | None:
        """Return in words how the pictures were made; None when that is not here."""
        kept = _read(self._words_path(use))
        return None if kept is None else kept.decode()

    def put_words(self, use: ImageUse, words: str) -> None:
        """Keep in words how the pictures are made."""
        data = words.encode()
        if self._takes(len(data)):
            _write(self._words_path(use), data)

    def glimpse(self, media: MediaId, frame: int, view: View) -> bytes | None:
        """Return a small picture of a frame; None when that is not here."""
        return _read(self._glimpse_path(media, frame, view))

    def put_glimpse(self, media: MediaId, frame: int, view: View, png: bytes) -> None:
        """Keep a small picture of a frame."""
        if self._takes(len(png)):
            _write(self._glimpse_path(media, frame, view), png)

    def _glimpse_path(self, media: MediaId, frame: int, view: View) -> Path:
        name = sha256_of([VERSION, _DRAWING, media, frame, asdict(view), "glimpse"])
        return self._folder / name[:2] / name

    def _words_path(self, use: ImageUse) -> Path:
        name = sha256_of([*_facts(use), list(use.frames), "words"])
        return self._folder / name[:2] / name

    def _path(self, use: ImageUse, frame: int) -> Path:
        name = sha256_of([*_facts(use), frame])
        return self._folder / name[:2] / name

    def _takes(self, size_bytes: int) -> bool:
        with self._lock:
            if self._size_bytes is None:
                self._size_bytes = sum(one.stat().st_size for one in self._folder.glob("*/*"))
            if self._size_bytes + size_bytes > self._limit_bytes:
                return False
            self._size_bytes += size_bytes
            return True


def _facts(use: ImageUse) -> list[object]:
    """Return what pictures of any frame depend on: all marks, as labels get colors in order."""
    return [VERSION, _DRAWING, use.media, asdict(use.view), marks_to_plain(use.marks)]


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    picture = data[_DIGEST_BYTES:]
    return picture if hashlib.sha256(picture).digest() == data[:_DIGEST_BYTES] else None


def _write(path: Path, picture: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(picture).digest())
            file.write(picture)
        os.replace(aside, path)
    except OSError:
        return
