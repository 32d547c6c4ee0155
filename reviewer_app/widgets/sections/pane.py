"""One section of a volume under a hand: the cross, the slab, zoom and window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from core.domain.media import Window
from core.imaging.mpr.sections import Direction, depth_of, range_mm, step_mm
from reviewer_app.widgets.images.keys import ImageKey, ImageKeys
from reviewer_app.widgets.images.pinch import ZOOM_STEP, follow_pinch, wheel_factor
from reviewer_app.widgets.images.steps import WheelSteps
from reviewer_app.widgets.images.windows import dragged
from reviewer_app.widgets.keys import PAN_SHARE, pan_of
from reviewer_app.widgets.sections.canvas import SectionCanvas

_FAR_STEPS: Final = 10
_PLAIN: Final = Qt.KeyboardModifier.NoModifier


class SectionPane(SectionCanvas):
    """A section that mouse, wheel and keys move.

    Left drag: the point where the sections meet. Right drag, or Shift with the left: window.
    Middle drag: pan. Wheel: through the sections; with Ctrl, or a pinch: zoom. Arrows move the
    point, with Shift ten pixels, with Ctrl the picture; PgUp, PgDn, Home and End go through the
    sections. Keys of `keys` zoom.

    Signals: `cross_wanted(Vector)`; `window_wanted(Window)`; `enlarging_wanted()`.
    """

    cross_wanted = Signal(object)
    window_wanted = Signal(object)
    enlarging_wanted = Signal()

    def __init__(self, direction: Direction, parent: QWidget | None = None) -> None:
        super().__init__(direction, parent)
        self.keys = ImageKeys()
        """Which keys do what; the panel of the sections puts the chosen ones here."""
        self._step_keys = self._key_table()
        self._drag: Callable[[QPointF], None] | None = None
        self._drag_from = QPointF()
        self._wheel = WheelSteps()
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def event(self, event: QEvent) -> bool:
        """Zoom under two fingers; claim the keys of a mark under way before buttons get them."""
        if follow_pinch(self, event, self.zoom):
            return True
        if isinstance(event, QKeyEvent) and self._marks is not None:
            return self._marks.claim_key(event) or super().event(event)
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Go through the marks in sight before leaving the section."""
        is_mark = self._marks is not None and self._marks.step_mark(is_next=is_next)
        return is_mark or super().focusNextPrevChild(is_next)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw a mark, or start a drag."""
        if self._marks is not None and self._marks.take_press(event):
            return
        is_window = event.button() == Qt.MouseButton.RightButton or bool(
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        self._drag_from = event.position()
        if self._volume is None:
            self._drag = None
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._drag = self._pan
        elif is_window:
            start = self._state.grays(self._volume).window
            self._drag = None if start is None else (lambda at: self._drag_window(start, at))
        else:
            self._drag = lambda at: self.cross_wanted.emit(self.patient_mm(at))
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw a mark, or drag."""
        if self._marks is not None and self._drag is None and self._marks.take_move(event):
            return
        if self._drag is not None:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take a mark, or end a drag."""
        if self._marks is not None and self._marks.take_release(event):
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a polygon; show this section alone, or all three again."""
        if self._marks is not None and self._marks.take_double_click():
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.enlarging_wanted.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the brush away."""
        super().leaveEvent(event)
        if self._marks is not None:
            self._marks.take_away()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go through the sections; zoom with Ctrl."""
        event.accept()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(wheel_factor(event), event.position())
            return
        steps = self._wheel.taken(event)
        if steps:
            self._step_through(steps)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for; unknown keys go on."""
        if self._marks is not None and self._marks.take_key(event):
            return
        action = self._action_of(event) if self._volume is not None else None
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _action_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        meant = self.keys.meant(event)
        for name, factor in ((ImageKey.ZOOM_IN, ZOOM_STEP), (ImageKey.ZOOM_OUT, 1 / ZOOM_STEP)):
            if name in meant:
                return partial(self.zoom, factor)
        away = pan_of(event, min(self.width(), self.height()) * PAN_SHARE)
        if away is not None:
            return partial(self._move_by, *away)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_far = modifiers == Qt.KeyboardModifier.ShiftModifier
        step = self._step_keys.get(Qt.Key(event.key()))
        if step is None or not (is_far or modifiers == _PLAIN):
            return None
        return partial(step, _FAR_STEPS if is_far else 1)

    def _pan(self, at: QPointF) -> None:
        moved, self._drag_from = at - self._drag_from, at
        self._move_by(moved.x(), moved.y())

    def _move_by(self, across: float, down: float) -> None:
        ratio = self.devicePixelRatioF()
        self._move(self._camera.panned(across * ratio, down * ratio))

    def _drag_window(self, start: Window, at: QPointF) -> None:
        moved = at - self._drag_from
        self.window_wanted.emit(dragged(start, moved.x(), moved.y()))

    def _step_through(self, steps: float) -> None:
        if self._volume is not None:
            self._go_to(
                self._state.at_mm(self.direction) + steps * step_mm(self._volume, self.direction)
            )

    def _go_to_end(self, end: int) -> None:
        assert self._volume is not None  # noqa: S101 - asked only with a volume
        self._go_to(range_mm(self._volume, self.direction)[end])

    def _go_to(self, at_mm: float) -> None:
        point = list(self._state.cross_mm)
        point[depth_of(self.direction)] = at_mm
        self.cross_wanted.emit((point[0], point[1], point[2]))

    def _nudge(self, columns: int, rows: int) -> None:
        plane = self._plane()
        (x, y), _ = plane.image_point(self._state.cross_mm)
        self.cross_wanted.emit(plane.patient_mm((x + columns, y + rows)))

    def _key_table(self) -> dict[Qt.Key, Callable[[int], None]]:
        return {
            Qt.Key.Key_Left: lambda steps: self._nudge(-steps, 0),
            Qt.Key.Key_Right: lambda steps: self._nudge(steps, 0),
            Qt.Key.Key_Up: lambda steps: self._nudge(0, -steps),
            Qt.Key.Key_Down: lambda steps: self._nudge(0, steps),
            Qt.Key.Key_PageUp: lambda steps: self._step_through(-steps),
            Qt.Key.Key_PageDown: lambda steps: self._step_through(steps),
            Qt.Key.Key_Home: lambda _: self._go_to_end(0),
            Qt.Key.Key_End: lambda _: self._go_to_end(1),
        }
