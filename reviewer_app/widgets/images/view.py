"""One image under a hand: window, zoom, frames and read-out by mouse, wheel and keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from reviewer_app.widgets.images.drags import Drag, RegionDrag, drag_for, is_left_press
from reviewer_app.widgets.images.keys import PRESETS, ImageKey, ImageKeys, preset_key
from reviewer_app.widgets.images.pinch import ZOOM_STEP, follow_pinch, wheel_factor
from reviewer_app.widgets.images.probe import value_text
from reviewer_app.widgets.images.steps import FRAME_KEYS, WheelSteps
from reviewer_app.widgets.images.tiles import pixel_scale
from reviewer_app.widgets.images.windowing import WindowingView
from reviewer_app.widgets.keys import PAN_SHARE, pan_of

_INCH_MM: Final = 25.4


class ImageView(WindowingView):
    """Shows the frames of one image use and does what a hand wants.

    Left drag: window and level (color: pan). Middle and right drag: pan. Wheel and Ctrl+left drag:
    frames. Ctrl+wheel, a pinch: zoom. Shift+left drag: window from a region. Double click: alone (a
    single image: 1:1). Arrows, Home, End, PgUp, PgDn: frames; arrows with Ctrl: pan. All other keys
    are those of `keys`.

    Signals: `probed(str)` with the value under the pointer; `alone_requested()` to fill the place
    of all images.
    """

    probed = Signal(str)
    alone_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.has_neighbors = False
        """Whether other images stand beside this one."""
        self._drag: Drag | None = None
        self._wheel = WheelSteps()
        self._wants_region = False
        self.keys = ImageKeys()
        """Which keys do what; the panel of the view puts the chosen ones here."""
        self._actions = self._key_actions()

    def ask_for_region(self) -> None:
        """Take the window from the region that is dragged next, as with Shift."""
        if self.shown_window() is not None:
            self._wants_region = True
            self._tell_probe(self.tr("Drag over what the window is to be taken from"))

    def true_size_scale(self) -> float | None:
        """Return the scale at which a millimeter is one on the screen; None where unknown."""
        spacing = self._spacing_mm()
        if spacing is None:
            return None
        return spacing * self.screen().physicalDotsPerInch() * self.devicePixelRatioF() / _INCH_MM

    def true_size_refusal(self) -> str:
        """Return why a picture cannot be shown as large as the body part is; empty where it can."""
        if self._image is None or self.true_size_scale() is not None:
            return ""
        reason = self._image.geometry.mm_refusal or self.tr("The pixels are of unequal size.")
        return self.tr("No true size: {0}").format(reason)

    def show_true_size(self) -> None:
        """Show the picture as large as the body part is; without its size, say why not."""
        scale = self.true_size_scale()
        if scale is not None:
            x, y = self._device(QPointF(self.width() / 2, self.height() / 2))
            self._move_camera(self._camera.scaled_to(scale, x, y))
            self._tell_probe(self.tr("True size, by what the screen says of its own"))
        elif self._image is not None:
            self._tell_probe(self.true_size_refusal())

    def reset(self) -> None:
        """Go back to the view the question was given, the whole image in sight."""
        self.try_again()
        self._move_camera(self._camera.fitted())
        self.set_view(self._use.view)

    def fit(self) -> None:
        """Show the whole image."""
        self._move_camera(self._camera.fitted())

    def toggle_zoom(self, at: QPointF | None = None) -> None:
        """Change between the whole image and 1:1 (one image pixel is one screen pixel)."""
        if not self._camera.fits:
            self.fit()
            return
        x, y = self._device(at or QPointF(self.width() / 2, self.height() / 2))
        self._move_camera(self._camera.scaled_to(pixel_scale(self._image), x, y))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget; around its middle without one."""
        x, y = self._device(at or QPointF(self.width() / 2, self.height() / 2))
        self._move_camera(self._camera.zoomed(factor, x, y))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by pixels of the widget."""
        ratio = self.devicePixelRatioF()
        self._move_camera(self._camera.panned(dx * ratio, dy * ratio))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a drag."""
        if self._image is None:
            super().mousePressEvent(event)
            return
        self._drag = drag_for(self, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or read out the value under the pointer."""
        if self._drag is None:
            self._read_out(event.position())
        else:
            self._drag.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if event.buttons() == Qt.MouseButton.NoButton:
            drag, self._drag = self._drag, None
            if drag is not None:
                drag.end()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Be alone among several images, or all again; a single one changes to 1:1 and back."""
        if self._image is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.has_neighbors:
            self.alone_requested.emit()
        else:
            self.toggle_zoom(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the value under the pointer."""
        super().leaveEvent(event)
        if not self._wants_region:
            self._tell_probe("")

    def event(self, event: QEvent) -> bool:
        """Zoom under two fingers of a touchpad; begin the region that was asked for."""
        if isinstance(event, QMouseEvent) and is_left_press(event) and self._wants_region:
            self._wants_region = False
            self._drag = RegionDrag(self, event.position())
            event.accept()
            return True
        return follow_pinch(self, event, self.zoom) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll frames; zoom with Ctrl; otherwise leave the wheel to what is around."""
        is_zoom = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._image is None or (self.frame_count() < 2 and not is_zoom):
            event.ignore()
            return
        if is_zoom:
            self.zoom(wheel_factor(event), event.position())
            event.accept()
            return
        steps = self._wheel.taken(event)
        if steps:
            self.show_place(self._place + steps)
            self._read_out(event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for; unknown keys go on to the window."""
        action = self._action_of(event) if self._image is not None else None
        away = pan_of(event, min(self.width(), self.height()) * PAN_SHARE)
        if action is None and away is not None:
            self.pan(*away)
        elif action is None:
            super().keyPressEvent(event)
        else:
            action()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def _action_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        for name in self.keys.meant(event):
            if name in self._actions:
                return self._actions[name]
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        steps = FRAME_KEYS.get(Qt.Key(event.key())) if is_plain else None
        return None if steps is None else partial(self._go_on, steps)

    def _key_actions(self) -> dict[str, Callable[[], None]]:
        presets = {preset_key(place): partial(self.use_preset, place) for place in range(PRESETS)}
        return presets | {
            ImageKey.PLAY: self.toggle_cine,
            ImageKey.FASTER: self.next_speed,
            ImageKey.RESET: self.reset,
            ImageKey.INVERT: self.invert,
            ImageKey.AUTO: self.find_window,
            ImageKey.TURN_RIGHT: self.turn,
            ImageKey.TURN_LEFT: partial(self.turn, -1),
            ImageKey.MIRROR: self.mirror,
            ImageKey.OVERLAY: self.toggle_overlay,
            ImageKey.SMOOTH: self.toggle_smooth,
            ImageKey.TRUE_SIZE: self.show_true_size,
            ImageKey.FIT: self.fit,
            ImageKey.ONE_TO_ONE: self.toggle_zoom,
            ImageKey.ZOOM_IN: partial(self.zoom, ZOOM_STEP),
            ImageKey.ZOOM_OUT: partial(self.zoom, 1 / ZOOM_STEP),
            ImageKey.HIDE: self._toggle_text,
            ImageKey.ALONE: self.alone_requested.emit,
        }

    def _go_on(self, steps: int) -> None:
        self.show_place(self._place + steps)

    def _toggle_text(self) -> None:
        self._has_text = not self._has_text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the region that is being drawn on top of everything."""
        super().paintEvent(event)
        if self._drag is not None:
            with QPainter(self) as painter:
                self._drag.paint(painter)

    def _read_out(self, point: QPointF) -> None:
        if self._frame is None or self._image is None or self._wants_region:
            return
        middle = point + QPointF(0.5, 0.5)  # of the screen pixel, which a turned edge would miss
        column, row = (int(part // 1) for part in self._stored_at(middle))
        if not (0 <= column < self._image.width and 0 <= row < self._image.height):
            self._tell_probe("")
            return
        where = self.tr("x {0}  y {1}").format(column, row)
        self._tell_probe(f"{where}  {value_text(self._image, self._frame, row, column)}")

    def _tell_probe(self, text: str) -> None:
        if text != self._probe:
            self._probe = text
            self.probed.emit(text)
            self.update()
