"""How many images stand side by side, and what they do together: a menu over a grid."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from core.domain.body import Body
from core.domain.links import Links
from core.domain.media import ImageRole, ImageUse
from reviewer_app.widgets.images.grid import SHAPES, ImageGrid


class LayoutMenu(QMenu):
    """Chooses shape and links of a grid.

    Signals: `shape_chosen(str)` with a name such as "1x2" and `links_chosen(Links)`, after a hand
    chose it.
    """

    shape_chosen = Signal(str)
    links_chosen = Signal(object)

    def __init__(self, grid: ImageGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        group = QActionGroup(self)
        for rows, columns in SHAPES:
            action = QAction(shape_text(rows, columns), self)
            self.addAction(action)
            action.setCheckable(True)
            action.setData(shape_name(rows, columns))
            action.triggered.connect(partial(self.shape_chosen.emit, action.data()))
            group.addAction(action)
        self.addSeparator()
        self.scrolls = self._link(self.tr("Scroll together"), "scrolls")
        self.zooms = self._link(self.tr("Zoom and move together"), "zooms")
        self.windows = self._link(self.tr("Window together"), "windows")
        self.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Show what holds."""
        for action in self.actions():
            if action.data():
                action.setChecked(action.data() == shape_name(*self._grid.shape()))
        links = self._grid.links()
        for action, holds in (
            (self.scrolls, links.scrolls),
            (self.zooms, links.zooms),
            (self.windows, links.windows),
        ):
            action.setChecked(holds)

    def _link(self, text: str, name: str) -> QAction:
        action = QAction(text, self)
        self.addAction(action)
        action.setCheckable(True)
        action.triggered.connect(lambda: self._set_link(name, holds=action.isChecked()))
        return action

    def _set_link(self, name: str, *, holds: bool) -> None:
        changed: dict[str, bool] = {name: holds}
        self.links_chosen.emit(replace(self._grid.links(), **changed))


def in_view(body: Body) -> tuple[tuple[ImageUse, ...], str, Links]:
    """Return all of a body that its images are shown by."""
    return body.images, body.layout, body.links


def shape_name(rows: int, columns: int) -> str:
    """Return what a shape is called in a question: "2x3"."""
    return f"{rows}x{columns}"


def shape_text(rows: int, columns: int) -> str:
    """Return a shape in words."""
    if (rows, columns) == (1, 1):
        return QCoreApplication.translate("LayoutMenu", "One image")
    if rows == 1:
        return QCoreApplication.translate("LayoutMenu", "Side by side")
    return QCoreApplication.translate("LayoutMenu", "{0} × {1} images").format(rows, columns)


def shape_for(images: tuple[ImageUse, ...], layout: str, width: int) -> tuple[int, int]:
    """Return the shape that a question wants; a prior stands beside its current image."""
    for shape in SHAPES:
        if shape_name(*shape) == layout:
            return shape
    roles = {one.role for one in images}
    is_compared = roles == {ImageRole.CURRENT, ImageRole.PRIOR}
    return (1, 2) if is_compared and width >= _ROOM_FOR_TWO_PX else (1, 1)


def first_cells(images: tuple[ImageUse, ...], cells: int) -> list[int]:
    """Return which images stand in the cells first: in order, or the current beside its prior."""
    priors = [place for place, one in enumerate(images) if one.role is ImageRole.PRIOR]
    if cells == 2 and priors and priors[0] > 1:
        return [0, priors[0]]
    return list(range(min(cells, len(images))))


def compared(images: tuple[ImageUse, ...], active: int) -> tuple[int, int] | None:
    """Return a current image and the prior to be seen beside it; None where one is missing.

    The active image is one of them; the other is the nearest after it, else the first.
    """
    pair = []
    for role in (ImageRole.CURRENT, ImageRole.PRIOR):
        places = [place for place, one in enumerate(images) if one.role is role]
        if not places:
            return None
        pair.append(next((place for place in places if place >= active), places[0]))
    return pair[0], pair[1]


_ROOM_FOR_TWO_PX: Final = 640
