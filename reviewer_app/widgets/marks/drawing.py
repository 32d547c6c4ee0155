"""What a hand draws on the images of a panel: marks of the author, or an answer above them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from reviewer_app.widgets.images.grid import ImageGrid
from reviewer_app.widgets.images.keys import ImageKeys
from reviewer_app.widgets.marks.bar import MarkBar
from reviewer_app.widgets.marks.marking import MarkingView
from reviewer_app.widgets.marks.menu import MarkMenu


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a hand may draw, and at most how many of them."""

    kinds: frozenset[RegionKind] = frozenset()
    is_of_author: bool = False
    most: int | None = None


class ImageDrawing(QObject):
    """Keeps what is drawn on each image, whichever view shows it; has the menu and the bar.

    `cells` tells which image stands in each cell of the grid. Signal: `regions_changed(int,
    tuple[Region], joins)` with the image's place; `mark_refused(str)` with the reason in words.
    """

    regions_changed = Signal(int, object, bool)
    mark_refused = Signal(str)

    def __init__(
        self, grid: ImageGrid, cells: Callable[[], Sequence[int]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._cells = cells
        self._images: tuple[ImageUse, ...] = ()
        self._drawing = Drawing()
        self._drawn: dict[int, tuple[Region, ...]] = {}
        self._is_bar_wanted = False
        self._view = grid.view()
        self.menu = MarkMenu(self._view)
        self.bar = MarkBar(self._view)
        self._connect_view()
        grid.regions_changed.connect(self._on_regions_changed)
        self._show_tools()

    def begin(self, images: tuple[ImageUse, ...]) -> None:
        """Take the images of another question."""
        self._images, self._drawn = images, {}
        self._is_bar_wanted = any(use.marks for use in images)
        self._view.set_kind(None)
        self._show_tools()

    def is_of_author(self) -> bool:
        """Tell whether a hand draws the marks themselves."""
        return self._drawing.is_of_author

    def bind(self, view: MarkingView) -> None:
        """Let menu and bar belong to another view."""
        if view is not self._view:
            self._view.kind_changed.disconnect(self._on_kind_changed)
            self._view.mark_refused.disconnect(self.mark_refused)
            self._view = view
            self._connect_view()
            self.menu.bind(view)
            self.bar.bind(view)

    def choose(self, drawing: Drawing) -> None:
        """Change what a hand may draw."""
        if drawing == self._drawing:
            return
        if drawing.is_of_author is not self._drawing.is_of_author:
            self._drawn = {}
        self._drawing = drawing
        for cell in range(min(len(self._cells()), len(self._grid.views()))):
            self.show(cell)
        self._show_tools()

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        self.menu.show_keys(keys)
        self.bar.show_keys(keys)

    @Slot(bool)
    def set_enabled(self, is_enabled: bool) -> None:
        """Let tools rest where nothing can be drawn."""
        self.menu.setEnabled(is_enabled)
        self.bar.setEnabled(is_enabled)

    def regions(self, index: int) -> tuple[Region, ...]:
        """Return what was drawn on an image: its marks, or the answer."""
        if self._drawing.is_of_author and index not in self._drawn:
            return self._images[index].marks
        return self._drawn.get(index, ())

    def put(self, index: int, regions: Collection[Region]) -> None:
        """Show other drawn regions of an image."""
        self._drawn[index] = tuple(regions)
        for cell, view in self._cells_of(index):
            view.set_regions(self._drawn[self._cells()[cell]])

    def marks(self, index: int) -> tuple[Region, ...]:
        """Return the author's marks on an image, as they were drawn by now."""
        own = self._images[index].marks
        return self.regions(index) if self._drawing.is_of_author else own

    def extend(self, index: int, regions: Collection[Region]) -> bool:
        """Add regions as a hand would; false where nothing can be drawn."""
        if not self._drawing.kinds or index >= len(self._images):
            return False
        self.put(index, (*self.regions(index), *regions))
        self._is_bar_wanted = True
        self._show_tools()
        self.regions_changed.emit(index, self._drawn[index], False)
        return True

    def show(self, cell: int) -> None:
        """Show the author's marks below what a hand draws, or let the hand draw the marks."""
        index, drawing = self._cells()[cell], self._drawing
        view = self._grid.views()[cell]
        view.set_marks(() if drawing.is_of_author else self._images[index].marks)
        view.set_kinds(drawing.kinds, most=drawing.most, is_answer=not drawing.is_of_author)
        view.set_regions(self.regions(index))

    def _connect_view(self) -> None:
        self._view.kind_changed.connect(self._on_kind_changed)
        self._view.mark_refused.connect(self.mark_refused)

    def _cells_of(self, index: int) -> list[tuple[int, MarkingView]]:
        shown = zip(self._cells(), self._grid.views(), strict=False)
        return [(cell, view) for cell, (own, view) in enumerate(shown) if own == index]

    def _on_regions_changed(self, cell: int, regions: tuple[Region, ...], joins: bool) -> None:
        if cell >= len(self._cells()):
            return
        index = self._cells()[cell]
        self._drawn[index] = regions
        for other, view in self._cells_of(index):
            if other != cell:
                view.set_regions(regions)
        self.regions_changed.emit(index, regions, joins)

    @Slot(object)
    def _on_kind_changed(self, kind: RegionKind | None) -> None:
        if kind is not None and not self._is_bar_wanted:
            # It stays: a row that comes and goes would move the image under the hand.
            self._is_bar_wanted = True
            self._show_tools()

    def _show_tools(self) -> None:
        can_draw = bool(self._drawing.kinds and self._images)
        self.menu.setVisible(can_draw)
        self.menu.set_files(has_files=self._drawing.is_of_author)
        is_asked = self._is_bar_wanted or not self._drawing.is_of_author
        self.bar.setVisible(can_draw and is_asked)
        self.bar.refresh()
