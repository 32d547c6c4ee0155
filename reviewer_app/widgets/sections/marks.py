"""The marks of an image upon one section: drawn where it shows whole slices, else what it cuts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QTransform

from core.domain.region import Region
from core.imaging.mpr.marks import shows_slices, traces
from core.imaging.mpr.sections import depth_of, range_mm
from core.imaging.mpr.volume import Volume
from reviewer_app import theme
from reviewer_app.widgets.marks.painted import MarkLayer
from reviewer_app.widgets.marks.words import spoken_marks
from reviewer_app.widgets.sections.state import slice_at

if TYPE_CHECKING:
    from reviewer_app.widgets.marks.marking import MarkingView
    from reviewer_app.widgets.sections.pane import SectionPane

_Key = tuple[float, float, tuple[Region, ...]]


class SectionMarks(QObject):
    """Shows the marks of a view on a section, and lets the view's hand draw on it.

    The hand is that of the view, which follows to the frame in sight: what is drawn here is bound
    to image and frame as if it were drawn there.
    """

    def __init__(self, pane: SectionPane, view: MarkingView, volume: Volume) -> None:
        super().__init__(pane)
        self._pane, self._view, self._volume = pane, view, volume
        self._layers = [MarkLayer() for _ in view.layers()]
        self._cut: list[tuple[_Key, tuple[Region, ...]]] = []
        self.has_slices = shows_slices(volume, pane.direction)
        if self.has_slices:
            view.draw_on(self)
            view.frame_changed.connect(self._on_frame_changed)
        for changed in self._changes():
            changed.connect(self._on_changed)

    def let_go(self) -> None:
        """Give the hand back to the view."""
        view = self._view
        for changed in self._changes():
            changed.disconnect(self._on_changed)
        if self.has_slices:
            view.frame_changed.disconnect(self._on_frame_changed)
            view.draw_on(None)
        self.deleteLater()

    def is_thin(self) -> bool:
        """Tell whether one slice is in sight and no slab of several."""
        return self._pane.state().slab_mm == 0

    def follow(self) -> None:
        """Let the view go to the slice in sight, where a hand may draw on it."""
        frames, frame = self._view.use().frames, self.frame()
        if self._view.kinds() and frame is not None:
            self._view.show_place(frames.index(frame))

    def transform(self) -> QTransform:
        """Return what leads from the pixels of the slice in sight to the section."""
        return self._placing(slice_at(self._volume, self._pane.state().cross_mm))

    def frame(self) -> int | None:
        """Return the frame in sight; None while a slab or no whole slice is."""
        if not (self.has_slices and self.is_thin()):
            return None
        return self._volume.frames[slice_at(self._volume, self._pane.state().cross_mm)]

    def size(self) -> QSize:
        """Return the size of the section on screen."""
        return self._pane.size()

    def take_focus(self) -> None:
        """Let keys belong to the section."""
        self._pane.setFocus()

    def paint(self, painter: QPainter) -> None:
        """Paint all marks that the section shows."""
        frame = self.frame()
        if frame is not None:
            self._view.paint_marks(painter, frame)
        elif self.has_slices:
            self._paint_slab(painter)
        else:
            self._paint_cut(painter)

    def spoken(self) -> tuple[str, ...]:
        """Return what a screen reader is told of the marks in sight."""
        return spoken_marks([mark for marks in self._in_sight() for mark in marks])

    def take_press(self, event: QMouseEvent) -> bool:
        """Draw, or take hold of a mark; false where the press is for the section."""
        is_ours = self.has_slices and self._view.take_press(event)
        if is_ours:
            self._settle()
        return self._updated(is_ours)

    def take_move(self, event: QMouseEvent) -> bool:
        """Let the mark under way follow the hand; false where there is none."""
        return self._updated(self.has_slices and self._view.take_move(event))

    def take_release(self, event: QMouseEvent) -> bool:
        """Take the mark; false where none was held."""
        return self._updated(self.has_slices and self._view.take_release(event))

    def take_double_click(self) -> bool:
        """End a polygon; false where nothing is drawn."""
        return self._updated(self.has_slices and self._view.take_double_click())

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key does to marks; false for other keys."""
        if not self.has_slices:
            return self._take_tool_key(event)
        is_ours = self._view.take_key(event)
        if is_ours and self._view.kind() is not None:
            self._settle()
        return self._updated(is_ours)

    def claim_key(self, event: QKeyEvent) -> bool:
        """Claim a key that a mark under way needs; tell whether it is one."""
        return self.has_slices and self._view.claim_key(event)

    def step_mark(self, *, is_next: bool) -> bool:
        """Choose the next or previous mark in sight; tell whether there is one."""
        return self._updated(self.has_slices and self._view.step_mark(is_next=is_next))

    def take_away(self) -> None:
        """Take the brush away from under the pointer."""
        if self.has_slices:
            self._view.take_away()
            self._pane.update()

    def _updated(self, is_ours: bool) -> bool:
        # The view repaints itself, and is out of sight.
        self._pane.update()
        return is_ours

    def _take_tool_key(self, event: QKeyEvent) -> bool:
        """Choose a tool from a section that cannot be drawn on, and go to the one that can."""
        is_ours = self._view.is_lent() and self._view.take_tool_key(event)
        if is_ours:
            self._view.focus_hand()
        return is_ours

    def _settle(self) -> None:
        """Go to the middle of the slice, so that what is seen is what is drawn on."""
        place = slice_at(self._volume, self._pane.state().cross_mm)
        axis = depth_of(self._pane.direction)
        point = list(self._pane.state().cross_mm)
        low, high = range_mm(self._volume, self._pane.direction)
        point[axis] = min(max(self._volume.planes[place].origin_mm[axis], low), high)
        if point[axis] != self._pane.state().cross_mm[axis]:
            self._pane.cross_wanted.emit((point[0], point[1], point[2]))

    def _changes(self) -> tuple[SignalInstance, ...]:
        view = self._view
        return view.choice_changed, view.kind_changed, view.brush_changed, view.arrived

    def _on_changed(self, *_: object) -> None:
        self._pane.tell_marks()

    @Slot(int)
    def _on_frame_changed(self, place: int) -> None:
        """Follow the view to another frame, as when a mark is copied to the next one."""
        frame = self._view.use().frames[place]
        if self.frame() in (None, frame) or frame not in self._volume.frames:
            return
        axis = depth_of(self._pane.direction)
        point = list(self._pane.state().cross_mm)
        point[axis] = self._volume.planes[self._volume.frames.index(frame)].origin_mm[axis]
        self._pane.cross_wanted.emit((point[0], point[1], point[2]))

    def _placing(self, place: int) -> QTransform:
        _, rows, columns = self._volume.values.shape
        corners = ((0, 0), (columns, 0), (0, rows))
        start, right, lower = (
            self._pane.placed(self._volume.planes[place].patient_mm(one)) for one in corners
        )
        across, down = (right - start) / columns, (lower - start) / rows
        return QTransform(across.x(), across.y(), down.x(), down.y(), start.x(), start.y())

    def _in_sight(self) -> Iterable[Iterable[Region]]:
        """Return the marks of each layer that the section shows, on slices or as cut."""
        layers = [marks for marks, _ in self._view.layers()]
        if not self.has_slices:
            return [self._cut_of(number, marks) for number, marks in enumerate(layers)]
        frames = {self._volume.frames[place] for place in self._slices()}
        return [[mark for mark in marks if mark.frame in frames] for marks in layers]

    def _slices(self) -> list[int]:
        """Return the slices within the section: one, or those of a slab."""
        state, axis = self._pane.state(), depth_of(self._pane.direction)
        nearest = slice_at(self._volume, state.cross_mm)
        away = [abs(plane.origin_mm[axis] - state.cross_mm[axis]) for plane in self._volume.planes]
        within = [place for place, one in enumerate(away) if one <= state.slab_mm / 2]
        return sorted({nearest, *within})

    def _paint_slab(self, painter: QPainter) -> None:
        font = theme.tabular_font()
        for layer, (marks, colors) in zip(self._layers, self._view.layers(), strict=True):
            for place in self._slices():
                frame = self._volume.frames[place]
                shown = [mark for mark in marks if mark.frame == frame]
                layer.paint(painter, self._placing(place), shown, colors, font)

    def _paint_cut(self, painter: QPainter) -> None:
        font, place = theme.tabular_font(), self._pane.transform()
        for number, (marks, colors) in enumerate(self._view.layers()):
            shown = self._cut_of(number, marks)
            self._layers[number].paint(painter, place, shown, colors, font)

    def _cut_of(self, number: int, marks: tuple[Region, ...]) -> tuple[Region, ...]:
        """Return what the section cuts of the marks of a layer; kept until something moves."""
        state, direction = self._pane.state(), self._pane.direction
        key = state.at_mm(direction), state.slab_mm, marks
        while len(self._cut) <= number:
            self._cut.append(((0.0, 0.0, ()), ()))
        if self._cut[number][0] != key:
            cut = partial(traces, self._volume, marks, direction, slab_mm=state.slab_mm)
            self._cut[number] = key, cut(state.at_mm(direction))
        return self._cut[number][1]
