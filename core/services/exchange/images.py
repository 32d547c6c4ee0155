"""Images of an import: looked at before anything is stored, stored whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.domain.binding import binding_hash
from core.domain.body import Localization
from core.domain.ids import MediaId, PersonId
from core.domain.marks import cleared_use, mark_fits
from core.domain.media import Clearance, ImageUse, MediaInfo
from core.errors import ExchangeError, ImageError
from core.exchange.imported import ImportedImage, ImportedQuestion, ReadFile, RowProblem
from core.exchange.safe_files import MAX_IMAGE_BYTES, read_bounded
from core.exchange.table_regions import region_problem, sized
from core.tasks import CancelToken, Progress, ProgressCallback

if TYPE_CHECKING:
    from core.clock import Clock
    from core.imaging.store import MediaStore
    from core.services.ports import Transaction

_NOT_BARE: Final = "It holds more than a picture, so it counts as not cleared of patient data."
"""A manifest can be written by anybody; bytes that `clear` would not write are not believed."""


@dataclass(slots=True)
class StoredImages:
    """Records of the images that were stored, and how the questions use them once cleared."""

    infos: dict[MediaId, MediaInfo] = field(default_factory=dict)
    clearances: dict[MediaId, Clearance] = field(default_factory=dict)
    cleared_uses: dict[ImageUse, ImageUse] = field(default_factory=dict)

    def add_records(self, tx: Transaction) -> None:
        """Record the images and the clearances that are not known yet."""
        for info in self.infos.values():
            tx.media.add(info)
        for clearance in self.clearances.values():
            if tx.media.clearance_of(clearance.cleared) is None:
                tx.media.add_clearance(clearance)
                tx.audit.append(
                    person=clearance.cleared_by,
                    action="image.cleared",
                    subject=clearance.cleared,
                    content=binding_hash(clearance),
                )

    def cleared(self, uses: tuple[ImageUse, ...]) -> tuple[ImageUse, ...]:
        """Return these uses with each image replaced by its cleared copy where there is one."""
        return tuple(self.cleared_uses.get(use, use) for use in uses)


class ImageIntake:
    """Takes in the image files of one import; each file is decoded once."""

    def __init__(self, media: MediaStore, cancel: CancelToken, progress: ProgressCallback) -> None:
        self._media = media
        self._cancel = cancel
        self._progress = progress
        self._infos: dict[Path, MediaInfo] = {}
        self._unreadable: dict[Path, str] = {}
        self._bare: set[Path] = set()

    def look_at(self, read: ReadFile) -> list[ImportedQuestion]:
        """Return the questions with media ids; a bad image adds a problem to `read`."""
        questions = []
        for done, one in enumerate(read.questions):
            self._cancel.raise_if_cancelled()
            self._progress(Progress(done, len(read.questions), "Looking at images"))
            images = tuple(self._look(image, one.where, read) for image in one.images)
            questions.append(self._sized(replace(one, images=images), read))
        return questions

    @contextmanager
    def storing(
        self,
        questions: Sequence[ImportedQuestion],
        person: PersonId,
        clock: Clock,
        *,
        confirms: bool,
    ) -> Iterator[StoredImages]:
        """Store the files of these questions; an error in the block removes what is new."""
        stored = StoredImages()
        new: list[MediaId] = []
        try:
            for done, one in enumerate(questions):
                self._cancel.raise_if_cancelled()
                self._progress(Progress(done, len(questions), "Storing images"))
                for image in one.images:
                    clears = confirms and not image.is_cleared
                    new += self._store(image, stored, person, clock, clears=clears)
            yield stored
        except BaseException:
            for media in new:
                self._media.path(media).unlink(missing_ok=True)
            raise

    def _look(self, image: ImportedImage, where: str, read: ReadFile) -> ImportedImage:
        name = image.path.name
        known = self._facts(image.path)
        if known is None:
            sentence = self._unreadable[image.path]
            read.problems.append(RowProblem(f"{where}, image “{name}”", sentence))
            return image
        if image.use.media and image.use.media != known.id:
            sentence = "Its bytes are not those that the question names."
            read.problems.append(RowProblem(f"{where}, image “{name}”", sentence))
        if max(image.use.frames, default=0) >= known.frame_count or min(image.use.frames) < 0:
            sentence = f"It has {known.frame_count} frames; the question names another one."
            read.problems.append(RowProblem(f"{where}, image “{name}”", sentence))
        if not all(mark_fits(mark, known) for mark in image.use.marks):
            sentence = "A mark lies on a frame or on pixels that it does not have."
            read.problems.append(RowProblem(f"{where}, image “{name}”", sentence))
        if known.frame_count > 1 and not image.has_chosen_frames:
            read.notes.append(f"{where}: only frame 1 of {known.frame_count} of “{name}” is used.")
        if image.is_cleared and image.path not in self._bare:
            read.notes.append(f"{where}, image “{name}”: {_NOT_BARE}")
        return replace(
            image,
            use=replace(image.use, media=known.id),
            is_cleared=image.is_cleared and image.path in self._bare,
        )

    def _sized(self, one: ImportedQuestion, read: ReadFile) -> ImportedQuestion:
        """Give a region that a table holds the size of its image, and check it there."""
        asked = one.body.asked
        if not isinstance(asked, Localization) or asked.width:
            return one
        if asked.image >= len(one.images):
            sentence = f"The region lies on image {asked.image + 1} of {len(one.images)}."
            read.problems.append(RowProblem(one.where, sentence))
            return one
        image = one.images[asked.image]
        info = self._infos.get(image.path)
        if info is None:
            return one  # told as a problem of the image
        asked = sized(asked, info, shown=self._shown_size(image), frames=len(image.use.frames))
        found = [sentence for _, sentence in asked.problems() + one.key.problems(asked)]
        found += filter(None, [region_problem(one.key.right, asked)])
        read.problems += [RowProblem(f"{one.where}, column key", sentence) for sentence in found]
        return replace(one, body=replace(one.body, asked=asked))

    def _shown_size(self, image: ImportedImage) -> tuple[int, int]:
        from core.imaging.pictures import shown_size

        data = read_bounded(image.path, limit=MAX_IMAGE_BYTES)
        return shown_size(data, name=image.path.name)

    def _facts(self, path: Path) -> MediaInfo | None:
        """Decode a file once; None means unreadable."""
        from core.imaging.clearing.bare import is_bare
        from core.imaging.pictures import describe

        if path not in self._infos and path not in self._unreadable:
            try:
                data = read_bounded(path, limit=MAX_IMAGE_BYTES)
                self._infos[path] = describe(data, name=path.name)
                if is_bare(data):
                    self._bare.add(path)
            except (ImageError, ExchangeError) as error:
                self._unreadable[path] = str(error)
        return self._infos.get(path)

    def _store(
        self,
        image: ImportedImage,
        stored: StoredImages,
        person: PersonId,
        clock: Clock,
        *,
        clears: bool,
    ) -> list[MediaId]:
        """Store one image, and its cleared copy if `clears`; return what was not here before."""
        use, info = image.use, self._infos[image.path]
        new: list[MediaId] = []
        if use.media not in stored.infos:
            data = read_bounded(image.path, limit=MAX_IMAGE_BYTES)
            new += self._put(data, expected=use.media, name=image.path.name)
            stored.infos[use.media] = info
        if image.is_cleared:
            stored.clearances[use.media] = Clearance(use.media, use.media, person, clock.now())
        if clears and use not in stored.cleared_uses:
            new += self._clear(use, info, stored, person, clock)
        return new

    def _put(self, data: bytes, *, expected: MediaId | None, name: str) -> list[MediaId]:
        from core.imaging.store import media_id_of

        media = media_id_of(data)
        if expected is not None and media != expected:
            raise ExchangeError(f"The image “{name}” changed while it was imported.")
        was_here = self._media.has(media)
        self._media.put(data)
        return [] if was_here else [media]

    def _clear(
        self, use: ImageUse, info: MediaInfo, stored: StoredImages, person: PersonId, clock: Clock
    ) -> list[MediaId]:
        from core.imaging.clearing.deidentify import clear
        from core.imaging.store import media_id_of

        result = clear(self._media.read(use.media), name=info.file_name, use=use, blackouts=())
        media = media_id_of(result.data)
        new = self._put(result.data, expected=None, name=result.file_name)
        stored.infos[media] = replace(
            info,
            id=media,
            file_name=result.file_name,
            media_type=result.media_type,
            size_bytes=len(result.data),
            frame_count=len(use.frames),
        )
        stored.clearances[media] = Clearance(
            use.media, media, person, clock.now(), findings=result.removed
        )
        stored.cleared_uses[use] = cleared_use(use, media)
        return new
