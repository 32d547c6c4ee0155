"""One image, shown from its stored values: window, zoom, frames and read-out at hand speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.domain.ids import MediaId
from core.domain.media import ImageRole, ImageUse, View, Window
from core.errors import CoreError
from reviewer_app import theme
from reviewer_app.widgets.image_camera import Camera
from reviewer_app.widgets.image_overlay import Corners, paint_corners, paint_focus, paint_message
from reviewer_app.widgets.image_picture import FramePicture
from reviewer_app.widgets.image_windows import Preset, dragged, number_text, presets_for

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage

_ZOOM_STEP: Final = 1.25
_NOTCH: Final = 120
_PAGE_FRAMES: Final = 10
_GROUND: Final = QColor(0, 0, 0)
_NO_MEDIA: Final = MediaId("")


class ImageView(QWidget):
    """Shows the frames of one image use.

    Left drag: window and level (color: pan). Middle drag: pan. Wheel: frames. Ctrl+wheel: zoom.
    Double click and Z: fit or 1:1. Keys: arrows, Home, End, PgUp, PgDn for frames; R reset,
    I invert, F fit, + and - zoom, H text over the image, Alt+1 to 9 presets.

    Signals: `view_changed(View)` after window or inversion changed by hand; `frame_changed(int)`
    with the place within the use's frames; `probed(str)` with the value under the pointer.
    """

    view_changed = Signal(object)
    frame_changed = Signal(int)
    probed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: LoadedImage | None = None
        self._use = ImageUse(_NO_MEDIA)
        self._place = 0
        self._view = View()
        self._frame: Frame | None = None
        self._camera = Camera.fitting((1, 1), (1, 1))
        self._picture = FramePicture()
        self._error = self._probe = ""
        self._empty_text = self.tr("No image")
        self._has_text = True
        self._drag_from: QPointF | None = None
        self._drag_window = Window(0, 1)
        self._wheel = 0
        self._keys = self._key_table()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Image"))

    def show_image(self, image: LoadedImage, use: ImageUse) -> None:
        """Show the first frame of `use` under its view, fitted; errors are shown in place."""
        self._image, self._use, self._view = image, use, use.view
        self._place, self._error, self._probe = 0, "", ""
        self._camera = Camera.fitting((image.width, image.height), self._area())
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._load_frame()

    def clear(self, text: str = "") -> None:
        """Show no image; `text` says why."""
        self._image = self._frame = None
        self._empty_text = text or self.tr("No image")
        self._error = self._probe = ""
        self._picture.forget()
        self.unsetCursor()
        self._describe()

    def set_image_error(self, sentence: str) -> None:
        """Show a sentence in place of the image."""
        self.clear()
        self._error = sentence
        self._describe()

    def image(self) -> LoadedImage | None:
        """Return the image on screen."""
        return self._image

    def view(self) -> View:
        """Return window and inversion as they are now."""
        return self._view

    def shown_window(self) -> Window | None:
        """Return the window in use; None without an image and for color."""
        if self._frame is None or self._frame.gray is None:
            return None
        return self._view.window or self._frame.default_window

    def place(self) -> int:
        """Return which of the use's frames is shown, from 0."""
        return self._place

    def frame_count(self) -> int:
        """Return how many frames can be scrolled."""
        return len(self._use.frames) if self._image is not None else 0

    def zoom_percent(self) -> float:
        """Return device pixels per image pixel, times 100."""
        return self._camera.scale * 100

    def set_view(self, view: View) -> None:
        """Change window and inversion, as a hand would."""
        if view != self._view:
            self._view = view
            self._describe()
            self.view_changed.emit(view)

    def set_window(self, window: Window | None) -> None:
        """Change the window; None is what the file itself wants."""
        self.set_view(replace(self._view, window=window))

    def show_place(self, place: int) -> None:
        """Go to a place within the use's frames; beyond the ends it stays at the end."""
        place = max(0, min(place, self.frame_count() - 1))
        if place != self._place and self._image is not None:
            self._place = place
            self._load_frame()
            self.frame_changed.emit(place)

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

    def sizeHint(self) -> QSize:
        """Half of a laptop's screen."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        """As small as an image can still be told apart."""
        return QSize(160, 120)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, picture, texts and focus."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        if self._frame is None:
            heading = self.tr("This image cannot be shown") if self._error else self._empty_text
            paint_message(painter, self.rect(), heading, self._error, self.font())
        else:
            self._paint_picture(painter, self._frame)
            if self._has_text:
                paint_corners(painter, self.rect(), self._corners(), theme.tabular_font())
        if self.hasFocus():
            paint_focus(painter, self.rect(), self.palette())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep fitting, or keep the middle."""
        super().resizeEvent(event)
        self._camera = self._camera.resized(*self._area())

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

    def _load_frame(self) -> None:
        if self._image is None:
            return
        try:
            self._frame = self._image.frame(self._use.frames[self._place])
        except CoreError as error:
            self._frame, self._error = None, error.sentence
        self._describe()

    def _move_camera(self, camera: Camera) -> None:
        if self._image is not None and camera != self._camera:
            self._camera = camera
            self._describe()

    def _toggle_text(self) -> None:
        self._has_text = not self._has_text
        self.update()

    def _area(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _device(self, point: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return point.x() * ratio, point.y() * ratio

    def _paint_picture(self, painter: QPainter, frame: Frame) -> None:
        if (self._camera.area_width, self._camera.area_height) != self._area():
            self._camera = self._camera.resized(*self._area())  # moved to another screen
        placed = self._picture.make(frame, self._camera, self._view)
        if placed is not None:
            ratio = self.devicePixelRatioF()
            placed.image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(placed.x / ratio, placed.y / ratio), placed.image)

    def _corners(self) -> Corners:
        window = self.shown_window()
        lines = []
        if window is not None:
            center, width = number_text(window.center), number_text(window.width)
            unit = f" {self._image.unit}" if self._image and self._image.unit else ""
            lines.append(self.tr("C {0}  W {1}{2}").format(center, width, unit))
        if self._view.is_inverted:
            lines.append(self.tr("Inverted"))
        lines.append(self.tr("Zoom {0} %").format(round(self.zoom_percent())))
        return Corners(
            top_left=(self._role_text(), self._use.caption),
            top_right=self._image.notes if self._image is not None else (),
            bottom_left=(self._probe, self._frame_text()),
            bottom_right=lines,
        )

    def _role_text(self) -> str:
        if self._use.role is ImageRole.PRIOR:
            return " · ".join(part for part in (self.tr("Prior"), self._use.date) if part)
        return self._use.date

    def _frame_text(self) -> str:
        if self.frame_count() < 2:
            return ""
        return self.tr("Frame {0} / {1}").format(self._place + 1, self.frame_count())

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

    def _describe(self) -> None:
        """Tell a screen reader what is shown, and repaint."""
        if self._frame is None:
            self.setAccessibleDescription(self._error or self._empty_text)
        else:
            corners = self._corners()
            lines = (*corners.top_left, self._frame_text(), *corners.bottom_right)
            self.setAccessibleDescription(", ".join(line for line in lines if line))
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
