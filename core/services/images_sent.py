"""The pictures that language models get: drawn once, sent only while their images are cleared."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from core.domain.ids import MediaId
from core.domain.marks import marks_told
from core.errors import BlindingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.domain.body import Body
    from core.domain.media import ImageUse
    from core.imaging.drawn import DrawnPictures
    from core.imaging.store import MediaStore
    from core.services.blind_ports import BlindDatabase


class SentPictures:
    """Draws images for language models; nothing stays in memory."""

    def __init__(
        self, database: BlindDatabase, media: MediaStore, drawn: DrawnPictures | None
    ) -> None:
        self._database = database
        self._media = media
        self._drawn = drawn

    def conversions(self, body: Body) -> list[str]:
        """Return in words how the pictures of each image are made: frames, window, orientation."""
        return [
            f"Image {number}, {self._conversion(use)}"
            for number, use in enumerate(body.images, start=1)
        ]

    def pictures(self, body: Body) -> list[bytes]:
        """Return the PNGs a language model gets, one for each frame, in order.

        Raises `BlindingError` while one of the images has not been cleared of patient data, and
        `ImageError` when its bytes are missing or damaged.
        """
        return self.at_once([body]).pictures(body)

    def at_once(self, bodies: Iterable[Body]) -> PicturesOfNow:
        """Return a source for one short step of work: it looks up all clearances now."""
        media = {use.media for body in bodies for use in body.images}
        with self._database.read() as tx:
            return PicturesOfNow(self, media, tx.media.cleared_among(media))

    def draw(self, use: ImageUse) -> list[bytes]:
        """Return the PNGs of an image, whether it is cleared or not: nothing of it is sent here."""
        kept = self._drawn.get(use) if self._drawn is not None else None
        if kept is not None:
            # Looked at although the picture is here: what is not there any more, or was changed,
            # must not go out.
            self._media.verified_path(use.media)
            return kept
        from core.imaging.pictures import model_pictures

        data = self._media.read(use.media)
        pictures = model_pictures(data, name=self._name(use), use=use)
        if self._drawn is not None:
            self._drawn.put(use, pictures)
        return pictures

    def _conversion(self, use: ImageUse) -> str:
        kept = self._drawn.words(use) if self._drawn is not None else None
        if kept is not None:
            return kept
        from core.imaging.load import open_image
        from core.imaging.shown import conversions_told

        # Not through the images on the screen, which stay open: a run asks for very many.
        image = open_image(self._media.read(use.media), name=self._name(use))
        words = conversions_told(image, use.frames, use.view) + marks_told(use)
        if self._drawn is not None:
            self._drawn.put_words(use, words)
        return words

    def _name(self, use: ImageUse) -> str:
        with self._database.read() as tx:
            return tx.media.get(use.media).file_name


class PicturesOfNow:
    """`SentPictures` with the clearances of some images as they are at this moment."""

    def __init__(
        self, sent: SentPictures, looked_up: Collection[MediaId], cleared: Collection[MediaId]
    ) -> None:
        self._sent = sent
        self._looked_up = looked_up
        self._cleared = cleared

    def conversions(self, body: Body) -> list[str]:
        """Return in words how the pictures of each image are made: frames, window, orientation."""
        return self._sent.conversions(body)

    def pictures(self, body: Body) -> list[bytes]:
        """Return PNGs as `SentPictures.pictures` does, with its errors."""
        if any(use.media not in self._looked_up for use in body.images):
            return self._sent.pictures(body)
        for number, use in enumerate(body.images, start=1):
            if use.media not in self._cleared:
                raise BlindingError(
                    f"Image {number} has not been cleared of patient data.",
                    hint="Clear it on the Blind page; only cleared images leave.",
                )
        return [png for use in body.images for png in self._sent.draw(use)]

    def at_once(self, bodies: Iterable[Body]) -> PicturesOfNow:
        """Return a source that looks up clearances again."""
        return self._sent.at_once(bodies)
