"""Several image views side by side; one is active, and they may move and window together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.domain.body.body import LAYOUTS
from core.domain.links import Links
from core.domain.media import View
from reviewer_app import theme
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.keys import ImageKeys
from reviewer_app.widgets.marks.marking import MarkingView

SHAPES: Final = tuple((int(one[0]), int(one[2])) for one in LAYOUTS)
"""Rows and columns to choose from."""
_FOCUS: Final = (
    QEvent.Type.FocusIn,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.NativeGesture,
)


class ImageGrid(QWidget):
    """Rows and columns of `MarkingView`; views are made when a shape needs them first.

    Signals: `activated(int)` with the cell that the hand went to; `view_changed(int, View)` and
    `frame_changed(int, int)` with their cell; `arrived(int)`; `regions_changed(int, tuple, joins)`
    with what was drawn in a cell.
    """

    activated = Signal(int)
    view_changed = Signal(int, object)
    frame_changed = Signal(int, int)
    arrived = Signal(int)
    regions_changed = Signal(int, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: list[MarkingView] = []
        self._shape = (0, 0)
        self._active = 0
        self._is_alone = False
        self._links = Links()
        self._keys = ImageKeys()
        self._is_following = False
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.space(1) // 2)
        self.set_shape(1, 1)

    def views(self) -> tuple[MarkingView, ...]:
        """Return the views on screen, row by row."""
        return tuple(self._views[: self._shape[0] * self._shape[1]])

    def active(self) -> int:
        """Return the cell that keys and tools belong to."""
        return self._active

    def view(self) -> MarkingView:
        """Return the active view."""
        return self._views[self._active]

    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return self._shape

    def links(self) -> Links:
        """Return what the views do together."""
        return self._links

    def set_links(self, links: Links) -> None:
        """Choose what the views do together from now on."""
        self._links = links

    def use_keys(self, keys: ImageKeys) -> None:
        """Let other keys hold in all views."""
        self._keys = keys
        for view in self._views:
            view.keys = keys

    def set_shape(self, rows: int, columns: int) -> None:
        """Show so many views; those that are not needed show nothing."""
        if (rows, columns) == self._shape:
            return
        self._shape, self._is_alone = (rows, columns), False
        while len(self._views) < rows * columns:
            self._add_view()
        for place, view in enumerate(self._views):
            is_shown = place < rows * columns
            if is_shown:
                self._layout.addWidget(view, place // columns, place % columns)
            else:
                view.clear()
            number = f" {place + 1}" if rows * columns > 1 else ""
            view.setAccessibleName(self.tr("Image") + number)
            view.has_neighbors = rows * columns > 1
        self.activate(min(self._active, rows * columns - 1))
        self._spread()

    def is_alone(self) -> bool:
        """Tell whether the active view fills the place of all."""
        return self._is_alone

    def toggle_alone(self) -> None:
        """Let the active view fill the place of all, or show all again."""
        if len(self.views()) > 1:
            self._is_alone = not self._is_alone
            self._spread()
            self.view().setFocus()

    def _spread(self) -> None:
        """Give room to the views in sight, and none to the others."""
        rows, columns = self._shape
        for place, view in enumerate(self._views):
            is_alone = self._is_alone and place != self._active
            view.setVisible(place < rows * columns and not is_alone)
        alone = divmod(self._active, columns) if self._is_alone else None
        for row in range(self._layout.rowCount()):
            is_used = row < rows if alone is None else row == alone[0]
            self._layout.setRowStretch(row, int(is_used))
        for column in range(self._layout.columnCount()):
            is_used = column < columns if alone is None else column == alone[1]
            self._layout.setColumnStretch(column, int(is_used))

    def forget_measures(self) -> None:
        """Drop what was measured, in every view."""
        for view in self._views:
            view.forget_measures()

    def activate(self, cell: int) -> None:
        """Let keys and tools belong to a cell."""
        several = len(self.views()) > 1
        for place, view in enumerate(self._views):
            view.set_marked(is_marked=several and place == cell)
        if cell != self._active:
            self._active = cell
            if self._is_alone:
                self._spread()
            self.activated.emit(cell)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Activate the view that a hand goes to."""
        if event.type() in _FOCUS and watched in self._views:
            self.activate(self._views.index(watched))
        return False

    def _add_view(self) -> None:
        view, cell = MarkingView(self), len(self._views)
        view.keys = self._keys
        view.installEventFilter(self)
        view.view_changed.connect(partial(self._on_view_changed, cell))
        view.scrolled.connect(partial(self._on_scrolled, cell))
        view.frame_changed.connect(partial(self.frame_changed.emit, cell))
        view.camera_changed.connect(partial(self._on_camera_changed, cell))
        view.alone_requested.connect(self.toggle_alone)
        view.arrived.connect(partial(self.arrived.emit, cell))
        view.regions_changed.connect(partial(self.regions_changed.emit, cell))
        if self._views:
            self.setTabOrder(self._views[-1], view)
        self._views.append(view)

    def _others(self, cell: int) -> list[MarkingView]:
        """Return the views that follow a cell; none while they are following already."""
        if self._is_following:
            return []
        return [one for place, one in enumerate(self.views()) if place != cell and one.image()]

    def _on_view_changed(self, cell: int, view: View) -> None:
        self.view_changed.emit(cell, view)
        if self._links.windows:
            self._follow(cell, follow_window)

    def _on_scrolled(self, cell: int, steps: int) -> None:
        if self._links.scrolls:
            self._follow(cell, lambda _, one: one.show_place(one.place() + steps))

    def _on_camera_changed(self, cell: int, before: Camera, after: Camera) -> None:
        if self._links.zooms:
            self._follow(
                cell, lambda _, one: one.set_camera(follow_camera(one.camera(), before, after))
            )

    def _follow(self, cell: int, follow: Callable[[MarkingView, MarkingView], None]) -> None:
        others = self._others(cell)
        if not others:
            return
        self._is_following = True
        try:
            for one in others:
                follow(self._views[cell], one)
        finally:
            self._is_following = False


def follow_camera(camera: Camera, before: Camera, after: Camera) -> Camera:
    """Return a camera after the same zoom and the same way, by the size of its own image."""
    if after.fits:
        return camera.fitted()
    across = camera.image_width / after.image_width
    down = camera.image_height / after.image_height
    zoomed = replace(
        camera,
        scale=camera.scale * after.scale / before.scale,
        center_x=camera.center_x + (after.center_x - before.center_x) * across,
        center_y=camera.center_y + (after.center_y - before.center_y) * down,
        fits=False,
    )
    return zoomed.scaled_to(zoomed.scale, camera.area_width / 2, camera.area_height / 2)


def follow_window(leader: MarkingView, follower: MarkingView) -> None:
    """Give the same window to an image of the same unit; others would go black or white."""
    mine, other = leader.image(), follower.image()
    if mine is None or other is None or follower.shown_window() is None:
        return
    if (mine.unit, mine.modality) == (other.unit, other.modality):
        view = leader.view()
        window = leader.shown_window()
        follower.set_view(replace(follower.view(), window=window, is_inverted=view.is_inverted))
