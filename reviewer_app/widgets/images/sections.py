"""The place of the images in a panel: the frames, or sections through the volume they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from core.domain.media import View
from reviewer_app.widgets.images.canvas import ImageCanvas
from reviewer_app.widgets.images.grid import ImageGrid
from reviewer_app.widgets.images.keys import ImageKeys

if TYPE_CHECKING:
    from reviewer_app.widgets.sections.view import MprView


class ImageSections(QWidget):
    """Shows a grid of images, and in its place sections of the active one.

    Sections have the window of the image and change it; they show the frames of its use and no
    others. Signals: `toggled(bool)` when sections came or went; `drawable(bool)` whether a hand
    can draw on what is shown.
    """

    toggled = Signal(bool)
    drawable = Signal(bool)

    def __init__(self, grid: ImageGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._mpr: MprView | None = None
        self._keys = ImageKeys()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(grid)
        grid.view_changed.connect(self._on_view_changed)

    def use_keys(self, keys: ImageKeys) -> None:
        """Let other keys hold in the sections."""
        self._keys = keys
        if self._mpr is not None:
            self._mpr.use_keys(keys)

    def mpr(self) -> MprView | None:
        """Return the sections on screen; None while frames are."""
        is_open = self._mpr is not None and self._stack.currentWidget() is self._mpr
        return self._mpr if is_open else None

    def toggle(self) -> None:
        """Show sections of the active image, or its frames again."""
        if self.mpr() is not None:
            self.close_sections()
        elif can_have_sections(self._grid.view()):
            self._open()

    def close_sections(self) -> None:
        """Show the frames again, the one nearest to the point of the sections."""
        mpr = self.mpr()
        if mpr is not None:
            mpr.close_sections()

    def reset(self) -> None:
        """Put sections back into the middle where they are on screen."""
        mpr = self.mpr()
        if mpr is not None:
            mpr.reset()

    def _open(self) -> None:
        if self._mpr is None:
            from reviewer_app.widgets.sections.view import MprView

            self._mpr = MprView(self)
            self._mpr.use_keys(self._keys)
            self._mpr.closed.connect(self._on_closed)
            self._mpr.drawable.connect(self.drawable)
            self._mpr.window_wanted.connect(lambda window: self._grid.view().set_window(window))
            self._stack.addWidget(self._mpr)
        view = self._grid.view()
        image = view.image()
        assert image is not None  # noqa: S101 - asked before
        self._stack.setCurrentWidget(self._mpr)
        self.drawable.emit(False)  # before slices are read: they may be there at once
        self._mpr.show_image(image, view.use(), view.place(), view.view(), view)
        self.toggled.emit(True)

    @Slot(int)
    def _on_closed(self, frame: int) -> None:
        view, focused = self._grid.view(), QApplication.focusWidget()
        is_here = focused is not None and self.isAncestorOf(focused)
        self._stack.setCurrentWidget(self._grid)
        if frame in view.use().frames:
            view.show_place(view.use().frames.index(frame))
        if is_here:
            view.setFocus()
        self.toggled.emit(False)
        self.drawable.emit(True)

    def _on_view_changed(self, cell: int, view: View) -> None:
        mpr = self.mpr()
        if mpr is not None and cell == self._grid.active():
            mpr.set_view(view)


def can_have_sections(view: ImageCanvas) -> bool:
    """Tell whether an image may be a volume; reading all its slices tells for certain."""
    image = view.image()
    if image is None or image.is_color or view.frame_count() < 2:
        return False
    return image.geometry.plane_of(view.use().frames[view.place()]) is not None
