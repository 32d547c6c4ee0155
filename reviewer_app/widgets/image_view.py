"""One image under a hand: window, zoom, frames and read-out by mouse, wheel and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from core.domain.media import View, Window
from reviewer_app.widgets.image_canvas import ImageCanvas
from reviewer_app.widgets.image_windows import Preset, dragged, number_text, presets_for

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage

_ZOOM_STEP: Final = 1.25
_NOTCH: Final = 120
_PAGE_FRAMES: Final = 10


class ImageView(ImageCanvas):
    """Shows the frames of one image use and does what a hand wants.

    Left drag: window and level (color: pan). Middle drag: pan. Wheel: frames. Ctrl+wheel: zoom.
    Double click and Z: fit or 1:1. Keys: arrows, Home, End, PgUp, PgDn for frames; R reset,
    I invert, F fit, + and - zoom, H text over the image, Alt+1 to 9 presets.

    Signals: `view_changed(View)` after window or inversion changed by hand; `probed(str)` with
    the value under the pointer.
    """

    view_changed = Signal(object)
    probed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag_from: QPointF | None = None
        self._drag_window = Window(0, 1)
        self._wheel = 0
        self._keys = self._key_table()

    def set_view(self, view: View) -> None:
        """Change window and inversion, as a hand would."""
        if view != self._view:
            self._view = view
            self._describe()
            self.view_changed.emit(view)

    def set_window(self, window: Window | None) -> None:
        """Change the window; None is what the file itself wants."""
        self.set_view(replace(self._view, window=window))

    def invert(self) -> None:
        """Swap black and white."""
        if self._image is not None:
            self.set_view(replace(self._view, is_inverted=not self._view.is_inverted))

    def reset(self) -> None:
        """Go back to the view the question was given, the whole image in sight."""
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
        self._move_camera(self._camera.scaled_to(1.0, x, y))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget; around its middle without one."""
        x, y = self._device(at or QPointF(self.width() / 2, self.height() / 2))
        self._move_camera(self._camera.zoomed(factor, x, y))

    def presets(self) -> tuple[Preset, ...]:
        """Return the windows to choose from, in the order of their keys."""
        return presets_for(self._image) if self._image is not None else ()

    def use_preset(self, place: int) -> None:
        """Use a preset by its place, from 0; nothing happens where there is none."""
        presets = self.presets()
        if 0 <= place < len(presets):
            self.set_window(presets[place].window)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a drag."""
        if self._image is None or event.button() == Qt.MouseButton.RightButton:
            super().mousePressEvent(event)
            return
        self._drag_from = event.position()
        self._drag_window = self.shown_window() or Window(0, 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or read out the value under the pointer."""
        if self._drag_from is None:
            self._read_out(event.position())
            return
        moved = event.position() - self._drag_from
        is_left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if is_left and self.shown_window() is not None:
            self.set_window(dragged(self._drag_window, moved.x(), moved.y()))
            return
        self._drag_from = event.position()
        ratio = self.devicePixelRatioF()
        self._move_camera(self._camera.panned(moved.x() * ratio, moved.y() * ratio))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if event.buttons() == Qt.MouseButton.NoButton:
            self._drag_from = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between fit and 1:1 around the pointer."""
        if self._image is not None and event.button() == Qt.MouseButton.LeftButton:
            self.toggle_zoom(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the value under the pointer."""
        super().leaveEvent(event)
        self._tell_probe("")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll frames; zoom with Ctrl; otherwise leave the wheel to what is around."""
        is_zoom = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._image is None or (self.frame_count() < 2 and not is_zoom):
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        notches, rest = divmod(abs(self._wheel), _NOTCH)
        direction = 1 if self._wheel > 0 else -1
        self._wheel = direction * rest
        if notches and is_zoom:
            self.zoom(_ZOOM_STEP ** (direction * notches), event.position())
        elif notches:
            self.show_place(self._place - direction * notches)
            self._read_out(event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for; unknown keys go on to the window."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        digit = event.key() - Qt.Key.Key_1
        if modifiers == Qt.KeyboardModifier.AltModifier and 0 <= digit < 9:
            self.use_preset(digit)
            return
        action = self._keys.get(Qt.Key(event.key()))
        plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if self._image is None or action is None or modifiers not in plain:
            super().keyPressEvent(event)
            return
        action()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def _key_table(self) -> dict[Qt.Key, Callable[[], None]]:
        def by(step: int) -> Callable[[], None]:
            return lambda: self.show_place(self._place + step)

        return {
            Qt.Key.Key_Up: by(-1),
            Qt.Key.Key_Left: by(-1),
            Qt.Key.Key_Down: by(1),
            Qt.Key.Key_Right: by(1),
            Qt.Key.Key_PageUp: by(-_PAGE_FRAMES),
            Qt.Key.Key_PageDown: by(_PAGE_FRAMES),
            Qt.Key.Key_Home: lambda: self.show_place(0),
            Qt.Key.Key_End: lambda: self.show_place(self.frame_count() - 1),
            Qt.Key.Key_R: self.reset,
            Qt.Key.Key_I: self.invert,
            Qt.Key.Key_F: self.fit,
            Qt.Key.Key_Z: self.toggle_zoom,
            Qt.Key.Key_Plus: lambda: self.zoom(_ZOOM_STEP),
            Qt.Key.Key_Equal: lambda: self.zoom(_ZOOM_STEP),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / _ZOOM_STEP),
            Qt.Key.Key_H: self._toggle_text,
        }

    def _toggle_text(self) -> None:
        self._has_text = not self._has_text
        self.update()

    def _read_out(self, point: QPointF) -> None:
        if self._frame is None or self._image is None:
            return
        column, row = (int(part // 1) for part in self._camera.image_point(*self._device(point)))
        if not (0 <= column < self._image.width and 0 <= row < self._image.height):
            self._tell_probe("")
            return
        where = self.tr("x {0}  y {1}").format(column, row)
        self._tell_probe(f"{where}  {_value_text(self._image, self._frame, row, column)}")

    def _tell_probe(self, text: str) -> None:
        if text != self._probe:
            self._probe = text
            self.probed.emit(text)
            self.update()


def _value_text(image: LoadedImage, frame: Frame, row: int, column: int) -> str:
    """Return a stored value, and what it means where that is something else."""
    if frame.gray is None:
        red, green, blue = (int(part) for part in frame.stored[row, column])
        return f"R {red}  G {green}  B {blue}"
    stored = frame.stored[row, column].item()
    meant = frame.calibrated(row, column)
    if image.unit or meant != stored:
        return f"{number_text(stored)} → {number_text(meant)} {image.unit}".strip()
    return number_text(stored)
