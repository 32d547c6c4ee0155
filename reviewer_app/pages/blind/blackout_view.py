"""An image on which boxes are drawn that will be painted black in the cleared copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from reviewer_app import theme
from reviewer_app.pages.blind.box_hand import BoxHand, as_rect
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.pinch import ZOOM_STEP, follow_pinch, wheel_factor
from reviewer_app.widgets.images.steps import FRAME_KEYS, WheelSteps
from reviewer_app.widgets.keys import PAN_SHARE, pan_of

if TYPE_CHECKING:
    from core.imaging.display import Gray

_MIN_BOX_PX: Final = 4
"""A smaller drag on the screen is a click that selects."""
_ZOOM_KEYS: Final = {
    int(Qt.Key.Key_Plus): ZOOM_STEP,
    int(Qt.Key.Key_Equal): ZOOM_STEP,
    int(Qt.Key.Key_Minus): 1 / ZOOM_STEP,
}


class BlackoutView(QWidget):
    """Shows one frame; the left button draws boxes, Ctrl+wheel zooms, the middle button pans.

    Keys: B adds a box, Tab selects the next, arrows move the selected one, Shift+arrows resize it,
    Delete removes it; + and - zoom, Ctrl+arrows pan. Two fingers on a touchpad zoom, too. Where it
    `has_frames`, the wheel, PgUp and PgDn, and arrows without a selected box go through them.
    What is drawn, its `hand` knows. Signal: `stepped(int)` over so many frames.
    """

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(200, 160)
        self.setAccessibleName(self.tr("Image with boxes to black out"))
        self.setAccessibleDescription(
            self.tr(
                "B adds a box, Tab selects the next, arrows move it, Shift with arrows resizes it, "
                "Delete removes it; plus and minus zoom, Ctrl with arrows pans"
            )
        )
        self._picture = QImage()
        self.hand = BoxHand(self)
        self.hand.changed.connect(self.update)
        self._camera = Camera.fitting((1, 1), (1, 1))
        self._drag_from: QPointF | None = None
        self._drag_to = QPointF()
        self._pan_from: QPointF | None = None
        self.has_frames = False
        self._wheel = WheelSteps()

    def sizeHint(self) -> QSize:
        return QSize(420, 360)

    def show_pixels(self, pixels: Gray) -> None:
        """Show a picture; boxes stay, because they hold for every frame."""
        rows, columns = pixels.shape[:2]
        channels = 1 if pixels.ndim == 2 else 3
        kinds = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
        data = pixels.tobytes()
        # The copy owns its bytes; the picture over `data` would not.
        picture = QImage(data, columns, rows, columns * channels, kinds[channels]).copy()
        if picture.size() != self._picture.size():
            self._camera = Camera.fitting((columns, rows), (self.width(), self.height()))
        self._picture, self.hand.size = picture, picture.size()
        self.update()

    def show_nothing(self) -> None:
        """Show no picture; boxes stay, for it may only be on its way."""
        self._picture, self.hand.size = QImage(), QSize(0, 0)
        self.update()

    def set_locked(self, *, is_locked: bool) -> None:
        """Show only; nothing can be drawn."""
        self.hand.is_locked = is_locked
        shape = Qt.CursorShape.ArrowCursor if is_locked else Qt.CursorShape.CrossCursor
        self.setCursor(shape)

    def to_screen(self, box: QRectF) -> QRectF:
        """Return where a rectangle in image pixels lies on this widget."""
        camera = self._camera
        corner = (box.topLeft() - QPointF(camera.left, camera.top)) * camera.scale
        return QRectF(corner, box.size() * camera.scale)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget; around its middle without one."""
        fixed = at or QPointF(self.rect().center())
        zoomed, fitted = self._camera.zoomed(factor, *fixed.toTuple()), self._camera.fitted()
        self._camera = zoomed if zoomed.scale > fitted.scale else fitted
        self.update()

    def event(self, event: QEvent) -> bool:
        return follow_pinch(self, event, self.zoom) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._camera = self._camera.resized(self.width(), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("image"))
        if self._picture.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._camera.scale < 2)
        painter.drawImage(self.to_screen(QRectF(self._picture.rect())), self._picture)
        chosen = self.hand.chosen()
        for box in self.hand.boxes():
            self._paint_box(painter, self.to_screen(as_rect(box)), is_chosen=box is chosen)
        if self._drag_from is not None:
            drawn = QRectF(self._drag_from, self._drag_to).normalized()
            self._paint_box(painter, drawn, is_chosen=True)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._pan_from = event.position()
        elif event.button() is Qt.MouseButton.LeftButton and self.hand.can_draw():
            self._drag_from = self._drag_to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan(event.position() - self._pan_from)
            self._pan_from = event.position()
        elif self._drag_from is not None:
            self._drag_to = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pan_from = None
        if self._drag_from is None:
            return
        drawn = QRectF(self._drag_from, event.position()).normalized()
        self._drag_from = None
        if drawn.width() < _MIN_BOX_PX or drawn.height() < _MIN_BOX_PX:
            point = self._camera.image_point(*event.position().toTuple())
            self.hand.choose_at(QPointF(*point))
        else:
            self.hand.add(self._on_image(drawn))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(wheel_factor(event), event.position())
        elif self.has_frames:
            self.stepped.emit(self._wheel.taken(event))
        else:
            event.ignore()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        is_there = self.hand.step(is_next=is_next)
        self.update()
        return is_there or super().focusNextPrevChild(is_next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            int(Qt.Key.Key_Left): (-1, 0),
            int(Qt.Key.Key_Right): (1, 0),
            int(Qt.Key.Key_Up): (0, -1),
            int(Qt.Key.Key_Down): (0, 1),
        }
        step, away = steps.get(event.key()), pan_of(event, self._pan_step())
        if away is not None:
            self._pan(QPointF(*away))
        elif event.key() in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[event.key()])
        elif step is not None and self.hand.chosen() is not None and not self.hand.is_locked:
            resizes = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.hand.nudge(*step, resizes=resizes)
        elif self.has_frames and event.key() in FRAME_KEYS:
            self.stepped.emit(FRAME_KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.hand.remove()
        elif event.key() == Qt.Key.Key_B:
            self.hand.add_in_middle()
        else:
            super().keyPressEvent(event)

    def _pan_step(self) -> float:
        return min(self.width(), self.height()) * PAN_SHARE

    def _pan(self, away: QPointF) -> None:
        if not self._camera.fits:
            self._camera = self._camera.panned(*away.toTuple())
            self.update()

    def _on_image(self, box: QRectF) -> QRectF:
        start = QPointF(*self._camera.image_point(*box.topLeft().toTuple()))
        return QRectF(start, box.size() / self._camera.scale)

    def _paint_box(self, painter: QPainter, box: QRectF, *, is_chosen: bool) -> None:
        painter.fillRect(box, QColor(0, 0, 0, 215))
        pen = QPen(theme.color("focus" if is_chosen else "conflict"), 2)
        if not is_chosen:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
