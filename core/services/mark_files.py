"""Marks of an image in and out of files that other programs read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ImageError

if TYPE_CHECKING:
    from pathlib import Path

    from core.clock import Clock
    from core.domain.marks import MarkFormat
    from core.domain.media import ImageUse
    from core.domain.region import Region
    from core.imaging.marks.files import MarkTarget
    from core.imaging.store import MediaStore
    from core.services.images import ImagesService


class MarkFilesService:
    """Reads and writes marks; what a question holds is changed by whoever asked."""

    def __init__(self, images: ImagesService, media: MediaStore, clock: Clock) -> None:
        self._images = images
        self._media = media
        self._clock = clock

    def read(self, path: Path, use: ImageUse, frame: int) -> tuple[Region, ...]:
        """Return the marks in a file; where it tells no frame, they lie on `frame`.

        Raises `ImageError` where it is no file of marks, or is one for another image, and
        `ExchangeError` where it cannot be read.
        """
        from core.exchange.safe_files import read_bounded
        from core.imaging.marks.files import read_marks

        return tuple(read_marks(read_bounded(path), self._target(use, frame), name=path.name))

    def write(self, path: Path, use: ImageUse, frame: int, wanted: MarkFormat) -> None:
        """Write the marks of an image; Pascal VOC and PNG hold those on `frame` only.

        Raises `ImageError` where the format cannot hold them, or the file cannot be written.
        """
        from core.imaging.marks.files import write_marks

        target = self._target(use, frame)
        data = write_marks(use.marks, target, wanted, made_at=self._clock.now())
        try:
            path.write_bytes(data)
        except OSError as error:
            raise ImageError(
                f"“{path.name}” could not be written: {error.strerror or error}.",
                hint="Choose a folder that may be written to.",
            ) from error

    def _target(self, use: ImageUse, frame: int) -> MarkTarget:
        from core.imaging.marks.files import MarkTarget

        info, image = self._images.info(use.media), self._images.open(use.media)
        data = self._media.read(use.media)
        size = image.width, image.height
        return MarkTarget(info.file_name, *size, image.frame_count, frame, data)
