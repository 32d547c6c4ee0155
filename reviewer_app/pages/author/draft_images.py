"""The images of the draft on the desk: taken in, ordered, described, marked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from core.domain.ids import MediaId
from core.domain.links import Links
from core.domain.media import MAX_IMAGES, ImageUse, MediaInfo
from reviewer_app.context import AppContext
from reviewer_app.pages.author.draft_desk import DraftDesk
from reviewer_app.pages.author.image_intake import ImageIntake

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage
    from core.imaging.slides.tiles import Area


class DraftImages(QObject):
    """Turns what is done with images into edits of the draft."""

    def __init__(self, context: AppContext, desk: DraftDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._infos: dict[MediaId, MediaInfo] = {}
        self.intake = ImageIntake(context, self)
        self.intake.taken.connect(self._on_image_taken)

    def add_files(self, paths: tuple[Path, ...]) -> None:
        """Look for images in files and folders, and take them into workspace and draft."""
        opened = self._desk.opened
        if opened is None or opened.refusal:
            return
        if not self.room():
            self._context.messages.warn(
                self.tr("A question has at most %1 images.").replace("%1", str(MAX_IMAGES))
            )
            return
        self.intake.look_through(paths, opened.question.id, room=self.room())

    def cut_out(self, use: ImageUse, area: Area) -> None:
        """Add a part of a slide to the question."""
        if self._desk.opened is not None and self.room():
            self.intake.cut_out(use, area, self._desk.opened.question.id)

    def room(self) -> int:
        """Return how many images the question on the desk can still take."""
        opened = self._desk.opened
        return 0 if opened is None else MAX_IMAGES - len(opened.draft.body.images)

    def set_images(self, images: tuple[ImageUse, ...]) -> None:
        """Change the images or how they are used."""
        if self._desk.opened is not None:
            draft = self._desk.opened.draft
            changed = replace(draft, body=replace(draft.body, images=images))
            self._desk.replace_draft(changed, "images")

    def set_layout(self, layout: str) -> None:
        """Change how the images stand side by side for whoever answers."""
        if self._desk.opened is not None:
            draft = self._desk.opened.draft
            self._desk.edit(replace(draft, body=replace(draft.body, layout=layout)), "layout")

    def set_links(self, links: Links) -> None:
        """Change what the images do together for whoever answers."""
        if self._desk.opened is not None:
            draft = self._desk.opened.draft
            linked = replace(draft, body=replace(draft.body, links=links))
            self._desk.edit(linked, "links", joins=False)

    def edit_image(self, index: int, use: ImageUse, field: str, *, joins: bool = True) -> None:
        """Take an edited caption, role, date, frames or marks of one image."""
        if self._desk.opened is None:
            return
        draft = self._desk.opened.draft
        images = tuple(
            use if place == index else one for place, one in enumerate(draft.body.images)
        )
        edited = replace(draft, body=replace(draft.body, images=images))
        self._desk.edit(edited, f"{field} {index}", joins=joins)

    def edit_marks(self, index: int, use: ImageUse, joins: bool) -> None:
        """Take what was drawn on one image; `joins` goes on from the step before."""
        self.edit_image(index, use, "marks", joins=joins)

    def load(self, media: MediaId) -> LoadedImage:
        """Open an image; raises `ImageError` when it cannot be shown."""
        return self._context.workspace.images.open(media)

    def frame_count(self, media: MediaId) -> int:
        """Return how many frames an image has; 1 when that cannot be found out."""
        if media not in self._infos:
            info = self._context.operations.ask(
                self.tr("Looking at an image"), lambda: self._context.workspace.images.info(media)
            )
            if info is None:
                return 1
            self._infos[media] = info
        return self._infos[media].frame_count

    @Slot(object, object, str)
    def _on_image_taken(self, info: MediaInfo, use: ImageUse, question: str) -> None:
        self._infos[info.id] = info
        opened = self._desk.opened
        if opened is not None and opened.question.id == question and self.room():
            self.set_images((*opened.draft.body.images, use))
