"""An image view that shows marks, those of the author and those that are drawn, by its API."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QPointF, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QWidget

from core.domain.media import ImageUse
from core.domain.region import Point, Region, RegionKind
from core.imaging.marks.shapes import ANSWER_COLOR, Rgb, label_colors
from reviewer_app import theme
from reviewer_app.widgets.images.measures import Tool
from reviewer_app.widgets.images.measuring import MeasuringView
from reviewer_app.widgets.images.picture import Sight
from reviewer_app.widgets.marks.brush import BrushSettings, Stroke, paint_ring
from reviewer_app.widgets.marks.drawn import DrawnRegions
from reviewer_app.widgets.marks.frames import FrameMarks
from reviewer_app.widgets.marks.hand import MarkHand
from reviewer_app.widgets.marks.painted import Chosen, MarkLayer
from reviewer_app.widgets.marks.words import spoken_choice, spoken_marks

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage

_SETTLED_MS: Final = 200
"""Marks that stay so long are kept as a sheet before a hand windows, not when it begins."""


class Board(Protocol):
    """Another widget on which the marks of a frame are shown and drawn for a while."""

    def transform(self) -> QTransform:
        """Return what leads from stored image pixels to the widget."""

    def frame(self) -> int | None:
        """Return the frame that can be drawn on there; None while none can."""

    def size(self) -> QSize:
        """Return the size of the widget."""

    def take_focus(self) -> None:
        """Let keys belong to the widget."""


class MarkedView(MeasuringView):
    """An image view with marks on two layers: the author's, and those that a hand draws.

    `set_kinds` says which a hand may draw, none without it. H hides all.

    Signals: `regions_changed(tuple[Region], joins)`, where `joins` goes on from the change before;
    `choice_changed()`; `kind_changed(RegionKind | None)`; `brush_changed(BrushSettings)`;
    `mark_refused(str)` with the reason in words.
    """

    regions_changed = Signal(object, bool)
    choice_changed = Signal()
    kind_changed = Signal(object)
    brush_changed = Signal(object)
    mark_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: frozenset[RegionKind] = frozenset()
        self._is_answer = False
        self._marks = FrameMarks()
        self._drawn = DrawnRegions(self._on_drawn)
        self._hand = MarkHand(self._drawn)
        self._below, self._layer, self._held_layer = MarkLayer(), MarkLayer(), MarkLayer()
        self._refine = self._timer(0, self.update)
        self._settle = self._timer(_SETTLED_MS, self.update)
        self._brush = BrushSettings()
        self._stroke: Stroke | None = None
        self._pointer: Point | None = None
        self._board: Board | None = None
        self.arrived.connect(self._on_image_arrived)

    def set_kinds(
        self,
        kinds: Collection[RegionKind],
        *,
        most: int | None = None,
        is_answer: bool = False,
    ) -> None:
        """Let a hand draw marks of these kinds, at most so many; none makes them read-only.

        What answers draw has a color of its own.
        """
        self._kinds, self._is_answer = frozenset(kinds), is_answer
        self._drawn.most = most
        self._hand.drop()
        if not kinds:
            self._drawn.choose(None)
        if self._hand.tool is not None and self._hand.tool not in self._kinds:
            self.set_kind(None)
        self._tell_choice()

    def draw_on(self, board: Board | None) -> None:
        """Let a hand draw on another widget; None is on this view again."""
        self._board, self._pointer = board, None
        self._hand.drop()
        self._tell_choice()

    def is_lent(self) -> bool:
        """Tell whether a hand draws on another widget."""
        return self._board is not None

    def focus_hand(self) -> None:
        """Let keys belong to where a hand draws."""
        if self._board is None:
            self.setFocus()
        else:
            self._board.take_focus()

    def layers(self) -> tuple[tuple[tuple[Region, ...], dict[str, Rgb]], ...]:
        """Return marks with the colors of their labels: the author's, and what is drawn."""
        drawn = self._drawn.all
        return (self._marks.all, self._marks.colors), (drawn, self._colors())

    def kinds(self) -> frozenset[RegionKind]:
        """Return what a hand may draw."""
        return self._kinds

    def is_answer(self) -> bool:
        """Tell whether what is drawn is an answer."""
        return self._is_answer

    def has_text(self) -> bool:
        """Tell whether marks and texts are shown over the image."""
        return self._has_text

    def toggle_text(self) -> None:
        """Show or hide marks, measures and texts."""
        self._toggle_text()

    def regions(self) -> tuple[Region, ...]:
        """Return what was drawn on this image, on all of its frames."""
        return self._drawn.all

    def set_regions(self, regions: Collection[Region]) -> None:
        """Show other drawn regions; this emits nothing."""
        if tuple(regions) != self._drawn.all:
            self._hand.put(tuple(regions))
            self._tell_choice()

    def set_marks(self, marks: Collection[Region]) -> None:
        """Show other marks that no hand changes."""
        self._marks = FrameMarks(marks)
        self._describe()

    def kind(self) -> RegionKind | None:
        """Return what is being drawn; None while the hand chooses and windows."""
        return self._hand.tool

    def set_kind(self, kind: RegionKind | None) -> None:
        """Choose what is drawn; the same again ends it."""
        kind = None if kind is self._hand.tool or kind not in self._kinds else kind
        self._hand.drop()
        self._hand.tool = kind
        if kind is not None and self.tool() is not None:
            super().set_tool(None)
        chosen = self.chosen()
        if kind is not None and (chosen is None or chosen.kind is not kind):
            self._drawn.choose(None)
        self._pointer = None
        self.kind_changed.emit(kind)
        self._tell_choice()

    def set_tool(self, tool: Tool | None) -> None:
        """Measure; a hand does one thing at a time."""
        if tool is not None and self._hand.tool is not None:
            self.set_kind(None)
        super().set_tool(tool)

    def brush(self) -> BrushSettings:
        """Return how the brush paints."""
        return self._brush

    def set_brush(self, brush: BrushSettings) -> None:
        """Change how the brush paints."""
        if brush != self._brush:
            self._brush = brush
            self.brush_changed.emit(brush)
            self.update()

    def chosen(self) -> Region | None:
        """Return the chosen region of the frame in sight."""
        return None if self._sight is None else self._hand.chosen_on(self._sight.index)

    def rename_chosen(self, label: str) -> None:
        """Give the chosen region another name."""
        region = self.chosen()
        if region is not None:
            self._drawn.change(replace(region, label=label), joins=True)

    def toggle_lock(self) -> None:
        """Keep the chosen region from being moved, or let it go."""
        region = self.chosen()
        if region is not None:
            self._drawn.change(replace(region, is_locked=not region.is_locked))

    def remove_chosen(self) -> None:
        """Take the chosen region away; a locked one stays and says so."""
        region = self.chosen()
        if region is not None and region.is_locked:
            self.mark_refused.emit(self.tr("This mark is locked; unlock it to remove it."))
        elif region is not None:
            self._drawn.remove()

    def copy_to_next(self) -> None:
        """Copy the chosen region to the next frame, and go there."""
        if self.chosen() is None or self._place + 1 >= self.frame_count():
            return
        self._drawn.copy_to(self._use.frames[self._place + 1])
        self.show_place(self._place + 1)

    def show_use(self, opener: Callable[[], LoadedImage], use: ImageUse, place: int = 0) -> None:
        """Show an image with its marks; what was drawn on the one before is not on it."""
        self._drawn.choose(None)
        self._hand.put(())
        self._stroke = None
        self._marks = FrameMarks(use.marks)
        super().show_use(opener, use, place)

    def _forget_image(self) -> None:
        """Let the pictures of marks go with the image that they lay on."""
        super()._forget_image()
        for layer in (self._below, self._layer, self._held_layer):
            layer.forget()

    def _paint_picture(self, painter: QPainter, sight: Sight) -> None:
        """Paint the marks between the picture and the texts."""
        super()._paint_picture(painter, sight)
        if self._has_text:
            self.paint_marks(painter, sight.index)

    def paint_marks(self, painter: QPainter, frame: int) -> None:
        """Paint the marks of a frame, and what the hand does to them."""
        place, font, hand = self._transform(), theme.tabular_font(), self._rest.isActive()
        shown, ink = self._marks.on(frame), self._marks.colors
        is_fine = self._below.paint(painter, place, shown, ink, font, is_hasty=hand)
        drawn = self._hand.on(frame)
        chosen = self._hand.chosen_on(frame)
        is_held = self._hand.is_holding()
        if chosen is not None and (self._stroke is not None or is_held):
            drawn = tuple(one for one in drawn if one is not chosen)
        colors = self._colors()
        is_fine &= self._layer.paint(painter, place, drawn, colors, font, is_hasty=hand)
        if not is_fine and not hand:
            self._refine.start()
        if self._below.is_pending() or self._layer.is_pending():
            self._settle.start()
        if self._stroke is not None:
            self._stroke.paint(painter, place)
        elif chosen is not None:
            shifted = QTransform.fromTranslate(*self._hand.shift) * place
            if is_held:
                self._held_layer.paint(painter, shifted, [chosen], colors, font)
            self._layer.paint_chosen(painter, shifted, Chosen(chosen, self._drawn.handle))
        self._paint_under_way(painter, place)

    def _paint_under_way(self, painter: QPainter, place: QTransform) -> None:
        under_way = self._hand.under_way()
        if under_way is not None:
            self._layer.paint_under_way(painter, place, *under_way, self._new_color())
        if self._hand.tool is RegionKind.MASK and self._pointer is not None:
            paint_ring(painter, place, self._pointer, self._brush.size_px)

    def _colors(self) -> dict[str, Rgb]:
        """Return the color of each label of what is drawn."""
        colors = self._drawn.sorted().colors
        return dict.fromkeys(colors, ANSWER_COLOR) if self._is_answer else colors

    def _new_color(self) -> Rgb:
        """Return the color of a mark that has no name yet."""
        marks = (*self._drawn.all, Region(RegionKind.POINT, ((0, 0),)))
        return ANSWER_COLOR if self._is_answer else label_colors(marks)[""]

    def _transform(self) -> QTransform:
        """Return what leads from stored image pixels to the widget on which a hand draws."""
        if self._board is not None:
            return self._board.transform()
        assert self._image is not None  # noqa: S101 - asked only with a picture on screen
        width, height = self._image.width, self._image.height
        start = self._placed((0, 0))
        across, down = self._placed((width, 0)) - start, self._placed((0, height)) - start
        return QTransform(
            across.x() / width,
            across.y() / width,
            down.x() / height,
            down.y() / height,
            start.x(),
            start.y(),
        )

    def _stored_at(self, point: QPointF) -> Point:
        """Return the stored column and row under a point of the widget on which a hand draws."""
        if self._board is None:
            return super()._stored_at(point)
        at = self._board.transform().inverted()[0].map(point)
        return at.x(), at.y()

    def _can_draw(self) -> bool:
        if self._sight is None or not (self._kinds and self._has_text):
            return False
        return self._board is None or self._board.frame() == self._sight.index

    @Slot()
    def _on_image_arrived(self) -> None:
        if self._image is not None:
            self._drawn.size = (self._image.width, self._image.height)

    def _on_drawn(self, joins: bool) -> None:
        self.regions_changed.emit(self._drawn.all, joins)
        self._tell_choice()

    def _tell_choice(self) -> None:
        self._describe()
        self.choice_changed.emit()

    def _spoken(self) -> tuple[str, ...]:
        """Add the marks to what a screen reader hears, the chosen one first."""
        if self._sight is None:
            return super()._spoken()
        index, chosen = self._sight.index, self.chosen()
        words = () if chosen is None else (spoken_choice(chosen, self._drawn.handle),)
        marks = [*self._marks.on(index), *self._hand.on(index)]
        return (*words, *super()._spoken(), *spoken_marks(marks))
