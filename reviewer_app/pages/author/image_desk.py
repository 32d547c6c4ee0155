"""The images of a draft: shown large, with caption, role, frames and view below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import Body, Localization
from core.domain.ids import MediaId
from core.domain.links import Links
from core.domain.media import MAX_IMAGES, ImageRole, ImageUse
from core.domain.region import Region, RegionKind
from reviewer_app import theme
from reviewer_app.pages.author.image_buttons import ImageButtons
from reviewer_app.widgets.answer_widgets.region import on_frames, on_pictures
from reviewer_app.widgets.dropping import paths_of
from reviewer_app.widgets.editors.region import KEY_KINDS
from reviewer_app.widgets.form import Field, LineText
from reviewer_app.widgets.images.chooser import ImageChooser
from reviewer_app.widgets.images.drop import ImageDrop
from reviewer_app.widgets.images.frames_text import FramesError, frames_from_text, frames_to_text
from reviewer_app.widgets.images.panel import ImagePanel, Opener
from reviewer_app.widgets.images.tile_look import area_in_sight

if TYPE_CHECKING:
    from core.imaging.choices import Choice, Choices

__all__ = ["ImageDesk", "KeyDrawing"]


@dataclass(frozen=True, slots=True)
class KeyDrawing:
    """The right regions of a question, and on which of its images they lie."""

    image: int
    regions: tuple[Region, ...]


class ImageDesk(QWidget):
    """Shows and edits a draft's images; files can be dropped anywhere on it.

    Signals: `files_dropped(tuple[Path, ...])`; `chosen(tuple[Choice, ...], bool)` of those offered,
    true where stacks are wanted whole; `images_changed(tuple[ImageUse, ...])`, added to, moved,
    removed or given a view; `use_edited(index, ImageUse, field)`, typed by hand;
    `part_wanted(ImageUse, Area)` of a slide; `marks_drawn(index, ImageUse, joins)`;
    `key_drawn(Localization, tuple[Region])`, the image and its right regions; `layout_chosen(str)`;
    `links_chosen(Links)`.
    """

    files_dropped = Signal(object)
    chosen = Signal(object, bool)
    images_changed = Signal(object)
    use_edited = Signal(int, object, str)
    part_wanted = Signal(object, object)
    marks_drawn = Signal(int, object, bool)
    key_drawn = Signal(object, object)
    layout_chosen = Signal(str)
    links_chosen = Signal(object)

    def __init__(
        self, opener: Opener, frame_count: Callable[[MediaId], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._opener = opener
        self._frame_count = frame_count
        self._images: tuple[ImageUse, ...] = ()
        self._layout, self._links = "", Links()
        self._is_editable = True
        self._is_offering = False
        self._key: KeyDrawing | None = None
        self.setAcceptDrops(True)
        self.drop = ImageDrop(self)
        self.drop.files_dropped.connect(self.files_dropped)
        self.chooser = ImageChooser(self)
        self.chooser.chosen.connect(self._on_chosen)
        self.chooser.cancelled.connect(self._close_offer)
        self.panel = ImagePanel(self, is_editable=True)
        self.panel.image_changed.connect(lambda _: self._show_fields())
        self.panel.view_changed.connect(lambda *_: self._show_view_state())
        self.panel.regions_changed.connect(self._on_regions_changed)
        self.panel.layout_chosen.connect(self._on_layout_chosen)
        self.panel.links_chosen.connect(self._on_links_chosen)
        self.panel.removal_requested.connect(self.remove)
        self.panel.move_requested.connect(self.move_image)
        self.caption = LineText(self.tr("Caption"), self)
        self.role_box = QComboBox(self)
        self.date = LineText(self.tr("Date"), self)
        self.frames = LineText(self.tr("Frames"), self)
        self.frames_field = Field(self.tr("Frames"), self.frames, self)
        self.buttons = ImageButtons(self)
        self._facts = QFrame(self)
        self._lay_out()
        self._connect()

    def show_body(self, body: Body, *, is_editable: bool) -> None:
        """Show the images of a draft."""
        images, layout = body.images, body.layout
        self._is_editable = is_editable
        before, self._images = self._images, images
        if not self._is_offering:
            self._stack.setCurrentIndex(1 if images else 0)
        self.drop.setEnabled(is_editable)
        is_other = layout != self._layout
        self._layout, self._links = layout, body.links
        self._choose_hand()
        if is_other or [_shown(one) for one in before] != [_shown(one) for one in images]:
            index = _first_shown(before, images, self.panel.index())
            self.panel.show_body(images, self._opener, layout, body.links)
            self.panel.show_index(index)
        self.panel.grid.set_links(body.links)
        self._show_drawn()
        self._show_fields()

    def draw_key(self, key: KeyDrawing | None) -> None:
        """Let the hand draw the right region of the question; None lets it draw the marks."""
        if key != self._key:
            self._key = key
            self._choose_hand()
            self._show_drawn()

    def offer(self, found: Choices, *, room: int) -> None:
        """Let a person choose among the images that were found."""
        self._is_offering = True
        self.chooser.offer(found, room=room)
        focused = QApplication.focusWidget()
        is_here = focused is None or self.isAncestorOf(focused)
        self._stack.setCurrentWidget(self.chooser)
        if is_here:  # not while somebody writes: a Space would tick
            self.chooser.focus_list()

    def remove(self, index: int) -> None:
        """Take an image out of the question; its bytes stay in the workspace."""
        if self._is_editable:
            self.images_changed.emit(self._images[:index] + self._images[index + 1 :])

    def move_image(self, start: int, end: int) -> None:
        """Change the order."""
        if self._is_editable and 0 <= end < len(self._images):
            images = list(self._images)
            images.insert(end, images.pop(start))
            self.images_changed.emit(tuple(images))
            self.panel.show_index(end)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._is_editable and paths_of(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = paths_of(event)
        if self._is_editable and paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def _name_facts(self) -> None:
        for role, text in (
            (ImageRole.CURRENT, self.tr("Current")),
            (ImageRole.PRIOR, self.tr("Prior")),
        ):
            self.role_box.addItem(text, role)
        self.role_box.setAccessibleName(self.tr("Role"))
        self.date.setPlaceholderText(self.tr("3 months earlier"))
        self.date.setToolTip(self.tr("When it was taken, for example: 3 months earlier"))

    def _lay_out(self) -> None:
        self._name_facts()
        self._lay_out_facts()
        filled = QWidget(self)
        whole = QVBoxLayout(filled)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panel, 1)
        whole.addWidget(self._facts)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.drop)
        self._stack.addWidget(filled)
        self._stack.addWidget(self.chooser)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _lay_out_facts(self) -> None:
        grid = QGridLayout(self._facts)
        grid.setContentsMargins(theme.space(3), theme.space(2), theme.space(3), theme.space(3))
        grid.setHorizontalSpacing(theme.space(3))
        grid.addWidget(self.buttons, 0, 0, 1, 4)
        fields = (
            (Field(self.tr("Caption"), self.caption, self), 4),
            (self.frames_field, 3),
            (Field(self.tr("Role"), self.role_box, self), 2),
            (Field(self.tr("Date"), self.date, self), 3),
        )
        for column, (field, stretch) in enumerate(fields):
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, stretch)
        theme.set_role(self._facts, "panel")

    def _connect(self) -> None:
        self.buttons.add.setMenu(self.drop.make_menu(self))
        self.buttons.view.clicked.connect(self._on_view_taken)
        self.buttons.part.clicked.connect(self._on_part_taken)
        self.panel.grid.arrived.connect(lambda _: self._show_view_state())
        self.buttons.remove.clicked.connect(lambda: self.remove(self.panel.index()))
        self.buttons.back.clicked.connect(
            lambda: self.move_image(self.panel.index(), self.panel.index() - 1)
        )
        self.buttons.forth.clicked.connect(
            lambda: self.move_image(self.panel.index(), self.panel.index() + 1)
        )
        self.caption.edited.connect(lambda text: self._edit("caption", caption=text))
        self.date.edited.connect(lambda text: self._edit("date", date=text))
        self.role_box.activated.connect(
            lambda _: self._edit("role", role=ImageRole(self.role_box.currentData()))
        )
        self.frames.edited.connect(self._on_frames_edited)

    def _show_fields(self) -> None:
        if not self._images:
            return
        index = self.panel.index()
        use = self._images[index]
        count = self._frame_count(use.media)
        self.caption.show_text(use.caption)
        self.date.show_text(use.date)
        self.role_box.setCurrentIndex(self.role_box.findData(use.role))
        if not self._frames_say(use.frames, count):
            self.frames.show_text(frames_to_text(use.frames, count))
            self.frames_field.show_problem("")
        self.frames.setEnabled(self._is_editable and count > 1)
        self.frames_field.set_caption(self.tr("Frames of %1").replace("%1", str(count)))
        self.frames.setToolTip(self.tr("“1, 5, 10-12” or “all”, counted from 1"))
        for widget in (self.caption, self.date, self.role_box, self.buttons.remove):
            widget.setEnabled(self._is_editable)
        self.buttons.add.setEnabled(self._is_editable and len(self._images) < MAX_IMAGES)
        for widget in (self.buttons.back, self.buttons.forth):
            widget.setVisible(len(self._images) > 1)
        self.buttons.back.setEnabled(self._is_editable and index > 0)
        self.buttons.forth.setEnabled(self._is_editable and index < len(self._images) - 1)
        self._show_view_state()

    def _frames_say(self, frames: tuple[int, ...], count: int) -> bool:
        """Tell whether the text names these frames already, however it is written."""
        try:
            return frames_from_text(self.frames.text(), count) == frames
        except FramesError:
            return False

    def _show_view_state(self) -> None:
        index = self.panel.index()
        if index < len(self._images):
            is_other = self.panel.view.view() != self._images[index].view
            self.buttons.view.setEnabled(self._is_editable and is_other)
            image = self.panel.view.image()
            self.buttons.part.setVisible(image is not None and image.slide is not None)
            self.buttons.part.setEnabled(self._is_editable and len(self._images) < MAX_IMAGES)

    @Slot()
    def _close_offer(self) -> None:
        self._is_offering = False
        self.chooser.close_offer()
        self._stack.setCurrentIndex(1 if self._images else 0)

    @Slot(object, bool)
    def _on_chosen(self, choices: tuple[Choice, ...], is_whole: bool) -> None:
        self._close_offer()
        self.chosen.emit(choices, is_whole)

    def _choose_hand(self) -> None:
        if self._key is not None:
            self.panel.ask_for_regions(KEY_KINDS if self._is_editable else ())
        else:
            self.panel.draw_marks(tuple(RegionKind) if self._is_editable else ())

    def _show_drawn(self) -> None:
        """Show the marks of every image, or the right region of the one that has it."""
        for place, use in enumerate(self._images):
            shown = use.marks
            if self._key is not None:
                here = self._key.regions if place == self._key.image else ()
                shown = on_frames(here, use.frames)
            # What is there stays, with the mark that the hand holds.
            if self.panel.regions(place) != shown:
                self.panel.set_regions(place, shown)

    def _tell_key(self, index: int, regions: tuple[Region, ...]) -> None:
        from core.imaging.shown import true_size

        use = self._images[index]
        image = self._opener(use.media)
        width, height = true_size(image.width, image.height, image.geometry.pixel_aspect)
        asked = Localization(
            image=index,
            width=image.width,
            height=image.height,
            shown_width=width,
            shown_height=height,
            frames=len(use.frames),
        )
        self.key_drawn.emit(asked, on_pictures(regions, use.frames))

    def _on_regions_changed(self, index: int, regions: tuple[Region, ...], joins: bool) -> None:
        if self._key is not None:
            self._tell_key(index, regions)
            return
        use = replace(self._images[index], marks=regions)
        self._images = (*self._images[:index], use, *self._images[index + 1 :])
        self.marks_drawn.emit(index, use, joins)

    @Slot(str)
    def _on_layout_chosen(self, layout: str) -> None:
        if self._is_editable:
            self._layout = layout
            self.layout_chosen.emit(layout)

    @Slot(object)
    def _on_links_chosen(self, links: Links) -> None:
        if self._is_editable:
            self._links = links
            self.links_chosen.emit(links)

    @Slot()
    def _on_view_taken(self) -> None:
        index = self.panel.index()
        use = replace(self._images[index], view=self.panel.view.view())
        images = (*self._images[:index], use, *self._images[index + 1 :])
        self.images_changed.emit(images)

    @Slot()
    def _on_part_taken(self) -> None:
        view = self.panel.view
        image = view.image()
        if image is not None:
            area = area_in_sight(image, view.camera(), view.view())
            use = replace(self._images[self.panel.index()], view=view.view())
            self.part_wanted.emit(use, area)

    @Slot(str)
    def _on_frames_edited(self, text: str) -> None:
        use = self._images[self.panel.index()]
        try:
            frames = frames_from_text(text, self._frame_count(use.media))
        except FramesError as error:
            self.frames_field.show_problem(str(error))
            return
        self.frames_field.show_problem("")
        self._edit("frames", frames=frames)

    def _edit(self, field: str, **values: object) -> None:
        index = self.panel.index()
        # The values are those of the one field that a widget edits.
        use = replace(self._images[index], **values)  # type: ignore[arg-type]
        images = list(self._images)
        images[index] = use
        if field == "frames":
            shown = Body(images=tuple(images), layout=self._layout, links=self._links)
            self.show_body(shown, is_editable=self._is_editable)
        else:
            self._images = tuple(images)
        self.use_edited.emit(index, use, field)


def _first_shown(before: tuple[ImageUse, ...], images: tuple[ImageUse, ...], index: int) -> int:
    """Return which image to show: the one that was added, else the one there, else the first."""
    were, are = [one.media for one in before], [one.media for one in images]
    if before and are[:-1] == were:
        return len(images) - 1
    is_other_question = not set(were) & set(are)
    return 0 if is_other_question else min(index, len(images) - 1)


def _shown(use: ImageUse) -> tuple[object, ...]:
    """Return what an image is opened anew for; a caption or a mark must not redraw it."""
    return use.media, use.frames, use.view
