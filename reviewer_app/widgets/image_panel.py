"""All images of a question: the view, the tools above it, the thumbnails below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from reviewer_app.widgets.image_strip import ImageStrip
from reviewer_app.widgets.image_tools import ImageTools
from reviewer_app.widgets.image_view import ImageView
from reviewer_app.widgets.keys import add_keys

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage

Opener = Callable[[MediaId], "LoadedImage"]


class ImagePanel(QWidget):
    """Shows a question's images, one at a time; views and frames are kept while switching.

    Reachable from the whole window while visible: R reset, I invert, Alt+1 to 9 presets, and
    PgUp / PgDn with Ctrl for the image before and after.

    Signals: `image_changed(int)` and `view_changed(int, View)`, both with the image's place;
    `removal_requested(int)` and `move_requested(int, int)` where it is editable.
    """

    image_changed = Signal(int)
    view_changed = Signal(int, object)
    removal_requested = Signal(int)
    move_requested = Signal(int, int)

    def __init__(self, parent: QWidget | None = None, *, is_editable: bool = False) -> None:
        super().__init__(parent)
        self._images: tuple[ImageUse, ...] = ()
        self._opener: Opener | None = None
        self._index = 0
        self._views: dict[int, View] = {}
        self._places: dict[int, int] = {}
        self.view = ImageView(self)
        self.tools = ImageTools(self.view, self)
        self.strip = ImageStrip(self, is_editable=is_editable)
        self.strip.image_chosen.connect(self.show_index)
        self.strip.removal_requested.connect(self.removal_requested)
        self.strip.move_requested.connect(self.move_requested)
        self.view.view_changed.connect(self._on_view_changed)
        self.view.frame_changed.connect(self._on_frame_changed)
        self.view.arrived.connect(self._on_arrived)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tools)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.strip)
        self._add_keys()
        self.clear()

    def show_body(self, images: tuple[ImageUse, ...], opener: Opener) -> None:
        """Show the images of a question, the first one large; errors are told in place."""
        self._images, self._opener = tuple(images), opener
        self._index, self._views, self._places = 0, {}, {}
        self.strip.show_uses(self._images, self._thumbnail)
        self.strip.setVisible(len(self._images) > 1)
        if self._images:
            self._show()
        else:
            self.view.clear(self.tr("This question has no image"))
            self.tools.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self.show_body((), _open_nothing)

    def index(self) -> int:
        """Return which image is shown large, from 0."""
        return self._index

    def uses(self) -> tuple[ImageUse, ...]:
        """Return the images with the views that a hand gave them."""
        return tuple(
            replace(use, view=self._views.get(index, use.view))
            for index, use in enumerate(self._images)
        )

    def show_index(self, index: int) -> None:
        """Show another image large."""
        if index == self._index or not 0 <= index < len(self._images):
            return
        self._index = index
        self.strip.choose(index)
        self._show()
        self.image_changed.emit(index)

    def _show(self) -> None:
        use, place = self._images[self._index], self._places.get(self._index, 0)
        view = self._views.get(self._index, use.view)
        self.view.show_use(partial(self._open, use.media), use, place)
        self.view.set_view(view)
        self.tools.refresh()

    def _open(self, media: MediaId) -> LoadedImage:
        assert self._opener is not None  # noqa: S101 - set together with the images
        return self._opener(media)

    def _thumbnail(self, use: ImageUse, size_px: int) -> bytes:
        from core.imaging.pictures import small_picture

        return small_picture(self._open(use.media), use, size_px=size_px)

    @Slot()
    def _on_arrived(self) -> None:
        """Open the next image of the question before it is asked for."""
        self.tools.refresh()
        if self._index + 1 < len(self._images):
            after = self._images[self._index + 1]
            opener = self._opener
            assert opener is not None  # noqa: S101 - set together with the images
            self.view.look_ahead(lambda: opener(after.media).frame(after.frames[0]))

    def _on_view_changed(self, view: View) -> None:
        self._views[self._index] = view
        self.view_changed.emit(self._index, view)

    def _on_frame_changed(self, place: int) -> None:
        self._places[self._index] = place

    def _add_keys(self) -> None:
        add_keys(self, ("R",), self.view.reset)
        add_keys(self, ("I",), self.view.invert)
        add_keys(self, ("Ctrl+PgUp",), lambda: self.show_index(self._index - 1))
        add_keys(self, ("Ctrl+PgDown",), lambda: self.show_index(self._index + 1))
        for place in range(9):
            add_keys(self, (f"Alt+{place + 1}",), partial(self.view.use_preset, place))


def _open_nothing(_: MediaId) -> LoadedImage:
    raise LookupError("an empty panel opens nothing")
