"""Axial, coronal and sagittal sections of one image, which meet in a point of the patient."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedLayout, QVBoxLayout, QWidget

from core.domain.media import ImageUse, View
from core.errors import CoreError
from core.imaging.geometry import Vector
from core.imaging.image import LoadedImage
from core.imaging.mpr.sections import Direction, Slab
from core.imaging.mpr.volume import Volume, frames_around, hold, volume_of
from core.imaging.placing import auto_window
from core.tasks import CancelToken
from reviewer_app import theme
from reviewer_app.widgets.images.keys import ImageKey, ImageKeys
from reviewer_app.widgets.images.loader import ImageLoader
from reviewer_app.widgets.keys import keeps_key
from reviewer_app.widgets.sections.bar import SLABS, STEP_MM, MprBar
from reviewer_app.widgets.sections.drawing import direction_text
from reviewer_app.widgets.sections.marks import SectionMarks
from reviewer_app.widgets.sections.pane import SectionPane
from reviewer_app.widgets.sections.state import (
    MOST_SLAB_MM,
    MprState,
    inside,
    middle_of,
    reading,
    slice_at,
)
from reviewer_app.widgets.sections.waiting import MprWaiting

if TYPE_CHECKING:
    from reviewer_app.widgets.marks.marking import MarkingView

_WIDE: Final = 1.0
"""From this width by height on, two sections stand beside the first one, else below it."""
_TOLD_EVERY: Final = 8
_DIRECTIONS: Final = (Direction.AXIAL, Direction.CORONAL, Direction.SAGITTAL)


class MprView(QWidget):
    """Three sections with one point, one slab and one window, of exactly a use's frames.

    Esc leads back to the frames; all other keys are chosen, see `use_keys`.

    Signals: `closed(int)` with the frame nearest to the point, -1 for none;
    `window_wanted(Window)`; `drawable(bool)` after slices were read: a hand can draw on one of
    the sections.
    """

    closed = Signal(int)
    window_wanted = Signal(object)
    drawable = Signal(bool)
    _progressed = Signal(object, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: LoadedImage | None = None
        self._volume: Volume | None = None
        self._held: object = None
        """Keeps the volume in memory while it is in sight."""
        self._state = MprState((0, 0, 0))
        self._stop = CancelToken()
        self._loader = ImageLoader(self)
        self._alone: SectionPane | None = None
        self._marked: MarkingView | None = None
        self._keys = ImageKeys()
        self._actions = self._key_actions()
        self.bar = MprBar(self)
        self.waiting = MprWaiting(self)
        self.panes = tuple(SectionPane(direction, self) for direction in _DIRECTIONS)
        self._sections = QWidget(self)
        self._grid = QGridLayout(self._sections)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.space(1) // 2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self._sections)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._stack, 1)
        self._connect()
        self._arrange()

    def show_image(
        self,
        image: LoadedImage,
        use: ImageUse,
        place: int,
        view: View,
        marked: MarkingView | None = None,
    ) -> None:
        """Read the use's frames and show their sections through the frame at `place`.

        The marks of `marked` are shown upon them, and its hand draws there where it can.
        """
        self._let_go()
        self._marked = marked
        self._image, self._stop = image, CancelToken()
        self._state = MprState((0, 0, 0)).with_view(view)
        self.bar.setEnabled(False)
        self.waiting.show_progress(0, len(use.frames))
        self._stack.setCurrentWidget(self.waiting)
        self.waiting.button.setFocus()
        tell = partial(self._tell, self._stop)
        work = partial(_read, image, use.frames, place, self._stop, tell)
        self._loader.ask(work, partial(self._on_read, use.frames[place]), self._on_refused)

    def close_sections(self) -> None:
        """Go back to the frames, and let the memory go."""
        frame = -1
        if self._volume is not None:
            frame = self._volume.frames[slice_at(self._volume, self._state.cross_mm)]
        self._let_go()
        self.closed.emit(frame)

    def use_keys(self, keys: ImageKeys) -> None:
        """Let other keys hold."""
        self._keys = keys
        self.bar.show_keys(keys)
        for pane in self.panes:
            pane.keys = keys

    def set_view(self, view: View) -> None:
        """Show other grays."""
        self._change(self._state.with_view(view))

    def state(self) -> MprState:
        """Return what is shown."""
        return self._state

    def volume(self) -> Volume | None:
        """Return what the sections are made of; None before it is read."""
        return self._volume

    def is_settled(self) -> bool:
        """Tell whether all sections are on screen as they are wanted."""
        return self._loader.is_idle() and all(pane.is_settled() for pane in self.panes)

    def reading(self) -> tuple[str, ...]:
        """Return value and place of the point, for a person."""
        if self._volume is None or self._image is None:
            return ()
        return reading(self._volume, self._state.cross_mm, self._image.unit)

    def reset(self) -> None:
        """Put the point into the middle, all sections fitted and thin."""
        if self._volume is not None:
            middle = middle_of(self._volume, len(self._volume.planes) // 2)
            self.fit()
            self._change(replace(self._state, cross_mm=middle, slab_mm=0.0))

    def fit(self) -> None:
        """Show all sections whole."""
        for pane in self.panes:
            pane.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sections where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Keep Esc, by which a page leaves the question: sections are left first."""
        return keeps_key(event, Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for; unknown keys go on to the window."""
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_Escape and is_plain:
            self.close_sections()
            return
        meant = self._keys.meant(event) if self._volume is not None else ()
        action = next((self._actions[name] for name in meant if name in self._actions), None)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _key_actions(self) -> dict[str, Callable[[], None]]:
        return {
            ImageKey.THINNER: partial(self._thicken, -STEP_MM),
            ImageKey.THICKER: partial(self._thicken, STEP_MM),
            ImageKey.SLAB_KIND: self._next_slab,
            ImageKey.AUTO: self._find_window,
            ImageKey.FIT: self.fit,
            ImageKey.ALONE: lambda: self._enlarge(self._focused()),
            ImageKey.HIDE: self._toggle_text,
        }

    def _thicken(self, by_mm: float) -> None:
        self._set_slab(self._state.slab_mm + by_mm, self._state.slab)

    def _next_slab(self) -> None:
        following = SLABS[(SLABS.index(self._state.slab) + 1) % len(SLABS)]
        self._set_slab(self._state.slab_mm, following)

    def _connect(self) -> None:
        self.bar.slab_wanted.connect(self._set_slab)
        self.bar.centering_wanted.connect(self.reset)
        self.bar.closing_wanted.connect(self.close_sections)
        self.waiting.closing_wanted.connect(self.close_sections)
        self._progressed.connect(self._on_progressed)
        for pane in self.panes:
            pane.setAccessibleName(direction_text(pane.direction))
            pane.cross_wanted.connect(self._on_cross_wanted)
            pane.window_wanted.connect(self.window_wanted)
            pane.enlarging_wanted.connect(partial(self._enlarge, pane))
        for before, after in zip((self.bar.close_, *self.panes), self.panes, strict=False):
            self.setTabOrder(before, after)

    def _on_read(self, frame: int, volume: Volume) -> None:
        assert self._image is not None  # noqa: S101 - its answer would have been forgotten
        self._volume, self._held = volume, hold(self._image, volume)
        start = middle_of(volume, volume.frames.index(frame))
        self._state = replace(self._state, cross_mm=inside(volume, start))
        self.bar.setEnabled(True)
        self._stack.setCurrentWidget(self._sections)
        for pane in self.panes:
            pane.show_volume(volume, self._state)
        if self._marked is not None:
            self._show_marks(self._marked, volume)
        self._change(self._state)
        self.panes[0].setFocus()

    def _show_marks(self, marked: MarkingView, volume: Volume) -> None:
        for pane in self.panes:
            pane.set_marks(SectionMarks(pane, marked, volume))
            pane.has_text = marked.has_text()
        self.drawable.emit(marked.is_lent())

    def _on_refused(self, error: CoreError) -> None:
        self.waiting.show_error(error)

    @Slot(object, int, int)
    def _on_progressed(self, stop: CancelToken, done: int, total: int) -> None:
        if stop is self._stop:
            self.waiting.show_progress(done, total)

    def _tell(self, stop: CancelToken, done: int, total: int) -> None:
        """Tell of a slice that was read; runs beside the UI thread."""
        stop.raise_if_cancelled()
        if done % _TOLD_EVERY == 0:
            with suppress(RuntimeError):  # the window was closed meanwhile
                self._progressed.emit(stop, done, total)

    def _on_cross_wanted(self, point_mm: Vector) -> None:
        if self._volume is not None:
            self._change(replace(self._state, cross_mm=inside(self._volume, point_mm)))

    def _set_slab(self, slab_mm: float, slab: Slab) -> None:
        thickness = min(max(slab_mm, 0.0), MOST_SLAB_MM)
        self._change(replace(self._state, slab_mm=thickness, slab=slab))

    def _change(self, state: MprState) -> None:
        self._state = state
        self.bar.show_state(state)
        self.bar.show_note(self._drawing_note())
        texts = self.reading()
        for pane in self.panes:
            pane.set_state(state, texts)

    def _find_window(self) -> None:
        made = self._focused().made()
        if made is not None:
            self.window_wanted.emit(auto_window(made.section.frame))

    def _drawing_note(self) -> str:
        """Return where marks can be drawn, or why they cannot; empty where nobody draws."""
        if self._marked is None or not self._marked.kinds():
            return ""
        drawn_on = next((one for one in self.panes if one.has_slices()), None)
        if drawn_on is None:
            return self.tr(
                "Marks are drawn on the frames (Esc): these sections cross the slices, so that a "
                "mark drawn here would lie on none of them."
            )
        name = direction_text(drawn_on.direction).lower()
        if self._state.slab_mm > 0:
            return self.tr(
                "Marks are drawn on single slices: make the slab thin to draw in the {0} section."
            ).format(name)
        return self.tr(
            "Marks are drawn in the {0} section, on the slice in sight; the others show where "
            "they cut a mark, of an arrow that crosses them its tip."
        ).format(name)

    def _toggle_text(self) -> None:
        for pane in self.panes:
            pane.has_text = not pane.has_text
            pane.update()
        if self._marked is not None and self._marked.has_text() is not self.panes[0].has_text:
            self._marked.toggle_text()

    def _focused(self) -> SectionPane:
        return next((pane for pane in self.panes if pane.hasFocus()), self.panes[0])

    def _enlarge(self, pane: SectionPane) -> None:
        self._alone = None if self._alone is pane else pane
        self._arrange()
        pane.setFocus()

    def _arrange(self) -> None:
        first, second, third = self.panes
        is_wide = self.width() >= _WIDE * self.height()
        places = {first: (0, 0, 2, 1), second: (0, 1, 1, 1), third: (1, 1, 1, 1)}
        if not is_wide:
            places = {first: (0, 0, 1, 2), second: (1, 0, 1, 1), third: (1, 1, 1, 1)}
        for pane, place in places.items():
            self._grid.addWidget(pane, *place)
            pane.setVisible(self._alone in (None, pane))
        for line in (0, 1):
            self._grid.setColumnStretch(line, 3 - line if is_wide else 1)
            self._grid.setRowStretch(line, 1 if is_wide else 3 - line)

    def _let_go(self) -> None:
        self._stop.cancel()
        self._loader.forget()
        self._volume = self._image = self._alone = self._held = self._marked = None
        for pane in self.panes:
            pane.set_marks(None)
            pane.show_volume(None, self._state)
        self._arrange()


def _read(
    image: LoadedImage,
    frames: tuple[int, ...],
    place: int,
    stop: CancelToken,
    on_frame: Callable[[int, int], None],
) -> Volume:
    """Read a volume and what it is asked for at once; runs beside the UI thread."""
    stop.raise_if_cancelled()
    volume = volume_of(image, frames=frames_around(image, frames, place), on_frame=on_frame)
    _ = volume.window, volume.lowest
    return volume
