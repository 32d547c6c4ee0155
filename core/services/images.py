"""Images of a workspace: taking files in, opening them, and the pictures a model gets."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.ids import MediaId, PersonId
from core.domain.media import ImageUse, MediaInfo
from core.errors import ImageError
from core.imaging.decoding.frame_memory import FrameMemory
from core.services.images_sent import SentPictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.domain.body import Body
    from core.imaging.choices import Choice, Choices
    from core.imaging.drawn import DrawnPictures
    from core.imaging.glimpses import Glimpses
    from core.imaging.image import LoadedImage
    from core.imaging.series.finding import Found, Series
    from core.imaging.slides.tiles import Area
    from core.imaging.store import MediaStore
    from core.services.blind_ports import BlindDatabase
    from core.services.images_sent import PicturesOfNow

MAX_FILE_BYTES: Final = 8 << 30
"""Slides have 1 to 5 GB; each byte of an image is looked at whenever it is opened anew."""
OPENED_BYTES: Final = 512 << 20
"""Memory for images: opened files and decoded frames together. What is in sight always stays."""
_FILES_PART: Final = 2
"""Opened files may take one half of it; frames get what files leave, a quarter at least."""
_LEAST_FRAMES_PART: Final = 4
_MOST_OPENED: Final = 256
_WARM_HELPERS: Final = 2
"""One for the picture in sight, one for what lies beside it; more would only take memory."""
_CHOOSE_FILE: Final = "Choose a DICOM, NIfTI, PNG, JPEG, TIFF, WebP or BMP file."
_ME: Final = "me"


class ImagesService:
    """Imports, opens and draws images; blind to keys and sources."""

    def __init__(
        self,
        database: BlindDatabase,
        media: MediaStore,
        *,
        drawn: DrawnPictures | None = None,
        opened_bytes: int = OPENED_BYTES,
    ) -> None:
        self._database = database
        self._media = media
        self._drawn = drawn
        self._sent = SentPictures(database, media, drawn)
        self._opened_bytes = opened_bytes
        self._opened = _Opened(opened_bytes // _FILES_PART)
        self._frames = FrameMemory(_for_frames(opened_bytes, 0))

    def import_file(
        self,
        path: Path,
        *,
        person: PersonId | None = None,
        max_bytes: int = MAX_FILE_BYTES,
        on_bytes: Callable[[int, int], None] = lambda _, __: None,
    ) -> Outcome[MediaInfo]:
        """Keep a file as an image of this workspace; the same bytes are kept once.

        `on_bytes` gets how much was done and how much there is, and may raise to stop. Raises
        `ImageError` when the file cannot be read or its first frame cannot be shown; then, as
        after a stop, nothing was added.
        """
        from core.imaging.series.sources import single_file

        size = _checked_size(path, max_bytes)
        source, steps = single_file(path), _Steps(size, on_bytes)
        return self._take(
            lambda out: source.copy(out, on_bytes=steps.written), path.name, person, steps
        )

    def find_series(
        self, paths: Iterable[Path], *, on_file: Callable[[int], None] = lambda _: None
    ) -> Found:
        """Sort folders, ZIP files, DICOMDIRs and files into series by geometry; keeps nothing.

        `on_file` gets how many files were looked at. Raises `ImageError` when a path is unreadable.
        """
        from core.imaging.series.finding import find_series

        return find_series(paths, on_file=on_file)

    def find_choices(
        self, paths: Iterable[Path], *, on_file: Callable[[int], None] = lambda _: None
    ) -> Choices:
        """Look for images in folders, ZIP files, DICOMDIRs and files; keeps nothing.

        `on_file` gets how many files were looked at and may raise to stop. Raises `ImageError`
        when a path is unreadable.
        """
        from core.imaging.choices import find_choices

        return find_choices(paths, on_file=on_file)

    def import_choice(
        self,
        choice: Choice,
        *,
        person: PersonId | None = None,
        on_file: Callable[[int], None] = lambda _: None,
        on_bytes: Callable[[int, int], None] = lambda _, __: None,
    ) -> Outcome[MediaInfo]:
        """Keep a found image: a stack as one file with a frame for each slice.

        `on_file` gets how many files of several were read, `on_bytes` how much of a single one was
        done and how much there is; both may raise to stop. Then, and after an `ImageError`,
        nothing was added.
        """
        from core.imaging.choices import write_choice

        source = choice.single_file
        size = 0 if source is None else source.size_bytes()
        if size > MAX_FILE_BYTES:
            raise _too_large(choice.name, size, MAX_FILE_BYTES)
        steps = _Steps(size, on_bytes)
        return self._take(
            partial(write_choice, choice, on_file=on_file, on_bytes=steps.written),
            choice.name,
            person,
            steps,
        )

    def import_series(
        self, series: Iterable[Path] | Series, *, person: PersonId | None = None
    ) -> Outcome[MediaInfo]:
        """Keep a series as one image with a frame for each slice.

        Paths must hold exactly one series; choose with `find_series` where they hold more. Raises
        `ImageError` with the reason; then nothing was added.
        """
        from core.imaging.series.file import write_series
        from core.imaging.series.finding import Series

        chosen = series if isinstance(series, Series) else _only(self.find_series(series))
        return self._take(partial(write_series, chosen), chosen.title, person, _Steps())

    def import_part(
        self, media: MediaId, area: Area, *, person: PersonId | None = None
    ) -> Outcome[MediaInfo]:
        """Keep a part of a slide, given in pixels of its overview, as an image of its own.

        Raises `ImageError` when the image is no slide or a tile of it is damaged.
        """
        from core.imaging.pictures import describe
        from core.imaging.slides.part import part_of

        image = self.open(media)
        data = part_of(image, area)
        info = describe(data, name=f"{image.name}, part")
        self._media.put(data)
        return self._keep(info, person)

    def _take(
        self,
        write: Callable[[IO[bytes]], object],
        name: str,
        person: PersonId | None,
        steps: _Steps,
    ) -> Outcome[MediaInfo]:
        """Keep what `write` writes, if it is an image."""
        from core.imaging.pictures import describe_file

        info = self._media.put_file(
            write,
            lambda path, media: describe_file(path, media, name=name),
            name=name,
            size_bytes=steps.size_bytes,
            on_bytes=steps.read_back,
        )
        return self._keep(info, person)

    def _keep(self, info: MediaInfo, person: PersonId | None) -> Outcome[MediaInfo]:
        with self._database.write() as tx:
            tx.media.add(info)
            tx.audit.append(
                person=person or tx.settings.get(_ME),
                action="media.imported",
                subject=info.id,
                content=info.id,
            )
            kept = tx.media.get(info.id)
        return Outcome(kept, Changes.of(Kind.MEDIA, kept.id))

    def warm_up(self) -> None:
        """Start helper processes and let them load, so that the first stack need not wait.

        Not for the UI thread. What cannot be started is told by whoever needs it.
        """
        from core.imaging.decoding.pool import POOL

        with suppress(OSError):
            POOL.warm_up(_WARM_HELPERS)

    def info(self, media: MediaId) -> MediaInfo:
        """Return what is known about an image; raise `NotFoundError` when there is no such one."""
        with self._database.read() as tx:
            return tx.media.get(media)

    def open(self, media: MediaId) -> LoadedImage:
        """Return an opened image; raise `ImageError` when its bytes are missing or damaged."""
        kept = self._opened.get(media)
        if kept is not None:
            return kept
        info = self.info(media)
        image = replace(self._open(info), memory=self._frames, glimpses=self._glimpses(media))
        in_files = self._opened.put(
            media, image, info.size_bytes if image.source_bytes is None else image.source_bytes
        )
        self._frames.set_limit(_for_frames(self._opened_bytes, in_files))
        return image

    def _glimpses(self, media: MediaId) -> Glimpses | None:
        """Return the small pictures of a cleared image: of others no copy may be left behind."""
        if self._drawn is None:
            return None
        with self._database.read() as tx:
            if tx.media.clearance_of(media) is None:
                return None
        from core.imaging.glimpses import Glimpses

        return Glimpses(self._drawn, media)

    def _open(self, info: MediaInfo) -> LoadedImage:
        from core.imaging import tiff
        from core.imaging.dicom import clip as dicom_clip
        from core.imaging.load import open_file, open_image
        from core.imaging.series import file as series_file

        kind, is_large = info.media_type, info.size_bytes > dicom_clip.HELD_BYTES
        is_long = kind == dicom_clip.MEDIA_TYPE and is_large
        if is_long or kind in (series_file.MEDIA_TYPE, tiff.MEDIA_TYPE):
            return open_file(self._media.verified_path(info.id), name=info.file_name)
        return open_image(self._media.read(info.id), name=info.file_name)

    def thumbnail(self, use: ImageUse, size_px: int) -> bytes:
        """Return a PNG of the first frame of `use` under its view."""
        from core.imaging.pictures import small_picture

        return small_picture(self.open(use.media), use, size_px=size_px)

    def conversions(self, body: Body) -> list[str]:
        """Return in words how the pictures of each image are made: frames, window, orientation."""
        return self._sent.conversions(body)

    def pictures(self, body: Body) -> list[bytes]:
        """Return the PNGs a language model gets, one for each frame, in order.

        Raises `BlindingError` while one of the images has not been cleared of patient data, and
        `ImageError` when its bytes are missing or damaged. Nothing stays in memory.
        """
        return self._sent.pictures(body)

    def at_once(self, bodies: Iterable[Body]) -> PicturesOfNow:
        """Return a source of pictures for one short step of work on these bodies."""
        return self._sent.at_once(bodies)


def _for_frames(opened_bytes: int, in_files: int) -> int:
    """Return what frames may take of the memory; a tenth of it is what decoding itself needs."""
    return max(opened_bytes // _LEAST_FRAMES_PART, opened_bytes * 9 // 10 - in_files)


def _only(found: Found) -> Series:
    if len(found.series) == 1:
        return found.series[0]
    if found.series:
        titles = ", ".join(f"“{one.title}”" for one in found.series[:5])
        raise ImageError(
            f"There are {len(found.series)} series, not one: {titles}.", hint="Choose one of them."
        )
    reason = found.left_out[0].reason if found.left_out else "There are no files."
    raise ImageError(f"No series was found. {reason}", hint="Choose a folder of DICOM files.")


class _Opened:
    """Opened images without their frames, the one used last at the end, up to a number of bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[MediaId, tuple[LoadedImage, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, media: MediaId) -> LoadedImage | None:
        with self._lock:
            if media not in self._kept:
                return None
            self._kept.move_to_end(media)
            return self._kept[media][0]

    def put(self, media: MediaId, image: LoadedImage, size_bytes: int) -> int:
        """Keep an image and return how many bytes all files take that are kept."""
        with self._lock:
            self._kept[media] = (image, size_bytes)
            while len(self._kept) > 1 and (
                self._size_bytes() > self._limit_bytes or len(self._kept) > _MOST_OPENED
            ):
                self._kept.popitem(last=False)
            return self._size_bytes()

    def _size_bytes(self) -> int:
        return sum(size for _, size in self._kept.values())


class _Steps:
    """Tells how far a file is taken in: it is written, then read back for its id."""

    def __init__(
        self, size_bytes: int = 0, on_bytes: Callable[[int, int], None] = lambda _, __: None
    ) -> None:
        self.size_bytes = size_bytes
        self._on_bytes = on_bytes

    def written(self, count: int) -> None:
        self._on_bytes(count, 2 * self.size_bytes)

    def read_back(self, count: int) -> None:
        self._on_bytes(self.size_bytes + count, 2 * self.size_bytes)


def _too_large(name: str, size: int, max_bytes: int) -> ImageError:
    return ImageError(
        f"“{name}” is too large: {size / 2**20:,.0f} MB, at most {max_bytes / 2**20:,.0f} MB.",
        hint="Choose a part of it, such as single frames or a region of a slide.",
    )


def _checked_size(path: Path, max_bytes: int) -> int:
    """Return how large a file is that may be read, or raise `ImageError` with the reason."""
    if path.is_dir():
        raise ImageError(f"“{path.name}” is a folder, not an image.", hint=_CHOOSE_FILE)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ImageError(f"“{path.name}” is not a file.", hint=_CHOOSE_FILE)
        if size > max_bytes:
            raise _too_large(path.name, size, max_bytes)
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise ImageError(
            f"“{path.name}” is not there any more.", hint="Check the folder and the name."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageError(
            f"“{path.name}” cannot be read: {reason}.", hint="Check that you may open it."
        ) from error
    if not size:
        raise ImageError(f"“{path.name}” is empty.", hint=_CHOOSE_FILE)
    return size
