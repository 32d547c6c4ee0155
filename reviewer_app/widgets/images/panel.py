"""All images of a question: the views, the tools above them, the thumbnails below them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.ids import MediaId
from core.domain.links import Links
from core.domain.marks import without_marks
from core.domain.media import ImageRole, ImageUse, View
from core.domain.region import Region, RegionKind
from reviewer_app.widgets.images.grid import SHAPES, ImageGrid
from reviewer_app.widgets.images.home import ImageHome
from reviewer_app.widgets.images.keys import (
    PRESETS,
    ImageKey,
    ImageKeyRing,
    ImageKeys,
    preset_key,
)
from reviewer_app.widgets.images.layout import (
    LayoutMenu,
    compared,
    first_cells,
    shape_for,
    shape_name,
)
from reviewer_app.widgets.images.sections import ImageSections
from reviewer_app.widgets.images.strip import ImageStrip
from reviewer_app.widgets.images.tools import ImageTools
from reviewer_app.widgets.keys import add_keys
from reviewer_app.widgets.marks.drawing import Drawing, ImageDrawing
from reviewer_app.widgets.marks.marking import MarkingView

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage

Opener = Callable[[MediaId], "LoadedImage"]
_USUAL: Final = Links()


class ImagePanel(ImageHome):
    """Shows a question's images, one or several at a time; views and frames are kept.

    Reachable from the whole window while visible: keys for reset, invert, presets, layouts, the
    current beside its prior, the window as numbers, sections, the image before and after. Which
    keys these are, the `ImageKeyRing` of the window says.

    Signals: `image_changed(int)` and `view_changed(int, View)`, both with the image's place;
    `layout_chosen(str)`; `links_chosen(Links)`; `removal_requested(int)` and
    `move_requested(int, int)` where it is editable; `regions_changed(int, tuple[Region], joins)`
    with an image's place and what a hand drew on it, after `draw_marks` or `ask_for_regions`.
    """

    image_changed = Signal(int)
    view_changed = Signal(int, object)
    layout_chosen = Signal(str)
    links_chosen = Signal(object)
    removal_requested = Signal(int)
    move_requested = Signal(int, int)
    regions_changed = Signal(int, object, bool)

    def __init__(self, parent: QWidget | None = None, *, is_editable: bool = False) -> None:
        super().__init__(parent)
        self._images: tuple[ImageUse, ...] = ()
        self._opener: Opener | None = None
        self._cells: list[int] = []
        """Which image stands in each cell."""
        self._views: dict[int, View] = {}
        self._places: dict[int, int] = {}
        self.grid = ImageGrid(self)
        self.drawing = ImageDrawing(self.grid, lambda: self._cells, self)
        self.sections = ImageSections(self.grid, self)
        self.tools = ImageTools(self.grid.view(), self)
        self.tools.add_button(self.drawing.menu)
        self.layout_menu = LayoutMenu(self.grid, self)
        self.tools.layout_button.setMenu(self.layout_menu)
        self.strip = ImageStrip(self, is_editable=is_editable)
        self._connect()
        layout = QVBoxLayout(self.board)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tools)
        layout.addWidget(self.drawing.bar)
        layout.addWidget(self.sections, 1)
        layout.addWidget(self.strip)
        self._keys = ImageKeys()
        self._ring: ImageKeyRing | None = None
        self._rested: set[QKeySequence] = set()
        self._shortcuts = self._make_shortcuts()
        self.clear()

    @property
    def view(self) -> MarkingView:
        """The view that keys and tools belong to."""
        return self.grid.view()

    def keys(self) -> ImageKeys:
        """Return the keys that hold here."""
        return self._keys

    def rest_key(self, key: str) -> None:
        """Let a key rest that the page around needs for something else.

        Two widgets in sight that want the same key get it both not: Qt calls that ambiguous.
        """
        self._rested.add(QKeySequence(key))
        self._use_keys(self._keys)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the keys of the window."""
        super().showEvent(event)
        self._find_ring()

    def show_body(
        self,
        images: tuple[ImageUse, ...],
        opener: Opener,
        layout: str = "",
        links: Links = _USUAL,
    ) -> None:
        """Show the images of a question, the first one active; errors are told in place."""
        self._find_ring()
        self._images, self._opener = tuple(images), opener
        self.grid.set_links(links)
        self._views, self._places = {}, {}
        self.grid.forget_measures()
        self.drawing.begin(self._images)
        self.strip.show_uses(self._images, self._thumbnail)
        self.strip.setVisible(len(self._images) > 1)
        self.tools.layout_button.setVisible(len(self._images) > 1)
        self.tools.compare.setVisible(compared(self._images, 0) is not None)
        self._arrange(shape_for(self._images, layout, self.board.width()))
        if not self._images:
            self.view.clear(self.tr("This question has no image"))
            self.tools.refresh()

    def draw_marks(self, kinds: Collection[RegionKind]) -> None:
        """Let a hand draw the marks of the images; no kinds make them read-only."""
        self.drawing.choose(Drawing(frozenset(kinds), is_of_author=True))

    def ask_for_regions(self, kinds: Collection[RegionKind], *, most: int | None = None) -> None:
        """Let a hand draw an answer over the images and their marks, at most so many an image.

        No kinds show what was drawn, read-only.
        """
        self.drawing.choose(Drawing(frozenset(kinds), is_of_author=False, most=most))

    def regions(self, index: int) -> tuple[Region, ...]:
        """Return what was drawn on an image: its marks, or the answer."""
        return self.drawing.regions(index)

    def set_regions(self, index: int, regions: Collection[Region]) -> None:
        """Show other drawn regions of an image; this emits nothing."""
        self.drawing.put(index, regions)

    def clear(self) -> None:
        """Show nothing."""
        self.show_body((), _open_nothing)

    def index(self) -> int:
        """Return which image keys and tools belong to, from 0."""
        cell = self.grid.active()
        return self._cells[cell] if cell < len(self._cells) else 0

    def uses(self) -> tuple[ImageUse, ...]:
        """Return the images with the views and marks that a hand gave them."""
        return tuple(
            replace(
                use,
                view=self._views.get(index, use.view),
                marks=self.drawing.marks(index),
            )
            for index, use in enumerate(self._images)
        )

    def show_index(self, index: int) -> None:
        """Go to another image: to its cell, or into the active cell when it is not in sight."""
        if index == self.index() or not 0 <= index < len(self._images):
            return
        if index in self._cells:
            self.sections.close_sections()
            self.grid.activate(self._cells.index(index))
            return
        self.sections.close_sections()
        cell = self.grid.active()
        self._cells[cell] = index
        self._show(cell)
        self._tell_index()

    def choose_shape(self, name: str) -> None:
        """Show the images in another layout, as a hand chose it."""
        self._arrange(shape_for(self._images, name, self.board.width()))
        self.layout_chosen.emit(name)

    def choose_links(self, links: Links) -> None:
        """Let the images do other things together, as a hand chose it."""
        self.grid.set_links(links)
        self.links_chosen.emit(links)

    def next_shape(self) -> None:
        """Go through the layouts that this number of images can fill."""
        count = len(self._images)
        useful = [one for one in SHAPES if one[0] * one[1] <= max(2, count)]
        if count > 1:
            here = useful.index(self.grid.shape()) if self.grid.shape() in useful else -1
            self.choose_shape(shape_name(*useful[(here + 1) % len(useful)]))

    def compare(self) -> None:
        """Show a current image beside its prior, or one image again."""
        pair = compared(self._images, self.index())
        if pair is None:
            return
        if self.grid.shape() == (1, 2) and tuple(self._cells) == pair:
            self.choose_shape(shape_name(1, 1))
            return
        self._arrange((1, 2), pair)
        self.layout_chosen.emit(shape_name(1, 2))

    def _arrange(self, shape: tuple[int, int], cells: Sequence[int] = ()) -> None:
        self.sections.close_sections()
        self._cells = []
        self.grid.set_shape(*shape)
        self._cells = list(cells) or first_cells(self._images, shape[0] * shape[1])
        self.grid.activate(0)
        for cell, view in enumerate(self.grid.views()):
            if cell < len(self._cells):
                self._show(cell)
            else:
                view.clear(self.tr("No further image"))
        self.tools.bind(self.view)
        self.drawing.bind(self.view)
        self.tools.refresh()

    def _show(self, cell: int) -> None:
        index = self._cells[cell]
        use, place = self._images[index], self._places.get(index, 0)
        view = self.grid.views()[cell]
        chosen = self._views.get(index, use.view)
        view.names_role = any(one.role is ImageRole.PRIOR for one in self._images)
        view.show_use(partial(self._open, use.media), use, place)
        view.set_view(chosen)
        self.drawing.show(cell)
        self.tools.refresh()

    def _open(self, media: MediaId) -> LoadedImage:
        assert self._opener is not None  # noqa: S101 - set together with the images
        return self._opener(media)

    def _thumbnail(self, use: ImageUse, size_px: int) -> bytes:
        from core.imaging.pictures import small_picture

        # Marks that are being drawn would not be followed by the thumbnail.
        shown = without_marks(use) if self.drawing.is_of_author() else use
        return small_picture(self._open(use.media), shown, size_px=size_px)

    def _tell_index(self) -> None:
        self.strip.choose(self.index())
        self.image_changed.emit(self.index())

    @Slot(int)
    def _on_activated(self, _: int) -> None:
        self.tools.bind(self.view)
        self.drawing.bind(self.view)
        if self._cells:
            self._tell_index()

    @Slot(int)
    def _on_arrived(self, cell: int) -> None:
        """Open the next image of the question before it is asked for."""
        self.tools.refresh()
        after = max(self._cells, default=0) + 1
        if cell == 0 and after < len(self._images):
            use = self._images[after]
            self.view.look_ahead(partial(_decode_first, partial(self._open, use.media), use))

    def _on_view_changed(self, cell: int, view: View) -> None:
        if cell < len(self._cells):
            self._views[self._cells[cell]] = view
            self.view_changed.emit(self._cells[cell], view)

    def _on_frame_changed(self, cell: int, place: int) -> None:
        if cell < len(self._cells):
            self._places[self._cells[cell]] = place

    def _connect(self) -> None:
        self.strip.image_chosen.connect(self.show_index)
        self.strip.removal_requested.connect(self.removal_requested)
        self.strip.move_requested.connect(self.move_requested)
        self.layout_menu.shape_chosen.connect(self.choose_shape)
        self.layout_menu.links_chosen.connect(self.choose_links)
        self.tools.compare.clicked.connect(self.compare)
        self.tools.more.full_screen.triggered.connect(self.toggle_full_screen)
        self.tools.more.apart.triggered.connect(self.toggle_apart)
        self.grid.activated.connect(self._on_activated)
        self.grid.view_changed.connect(self._on_view_changed)
        self.grid.frame_changed.connect(self._on_frame_changed)
        self.grid.arrived.connect(self._on_arrived)
        self.sections.toggled.connect(self._on_sections_toggled)
        self.sections.drawable.connect(self.drawing.set_enabled)
        self.tools.sections.clicked.connect(self.sections.toggle)
        self.drawing.regions_changed.connect(self.regions_changed)

    def _make_shortcuts(self) -> dict[str, QShortcut]:
        actions: dict[str, Callable[[], None]] = {
            ImageKey.RESET: self._reset,
            ImageKey.SECTIONS: self.sections.toggle,
            ImageKey.INVERT: lambda: self.view.invert(),
            ImageKey.LAYOUT: self.next_shape,
            ImageKey.COMPARE: self.compare,
            ImageKey.TYPE_WINDOW: self.tools.enter_window,
            ImageKey.BEFORE: lambda: self.show_index(self.index() - 1),
            ImageKey.AFTER: lambda: self.show_index(self.index() + 1),
        }
        for place in range(PRESETS):
            actions[preset_key(place)] = partial(self._use_preset, place)
        keys = self._keys
        return {name: add_keys(self, (keys.keys(name),), do)[0] for name, do in actions.items()}

    def _find_ring(self) -> None:
        """Follow the keys of the window, once the panel is in one."""
        ring = ImageKeyRing.of(self) if self._ring is None else None
        if ring is not None:
            self._ring = ring
            ring.changed.connect(self._on_keys_changed)
            self._on_keys_changed()

    @Slot()
    def _on_keys_changed(self) -> None:
        if self._ring is not None:
            self._use_keys(self._ring.keys())

    def _use_keys(self, keys: ImageKeys) -> None:
        self._keys = keys
        self.grid.use_keys(keys)
        self.sections.use_keys(keys)
        self.show_home_keys(keys)
        self.tools.show_keys(keys)
        self.drawing.show_keys(keys)
        for name, shortcut in self._shortcuts.items():
            shortcut.setKey(QKeySequence(keys.keys(name)))
            shortcut.setEnabled(shortcut.key() not in self._rested)

    def _reset(self) -> None:
        self.sections.reset()
        self.view.reset()

    @Slot(bool)
    def _on_sections_toggled(self, is_open: bool) -> None:
        self.tools.set_apart(is_apart=is_open)

    def _use_preset(self, place: int) -> None:
        self.view.use_preset(place)


def _decode_first(opener: Callable[[], LoadedImage], use: ImageUse) -> None:
    opener().frame(use.frames[0])


def _open_nothing(_: MediaId) -> LoadedImage:
    raise LookupError("an empty panel opens nothing")
