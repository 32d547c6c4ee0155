"""An image on which boxes are drawn that will be painted black in the cleared copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from core.domain.media import Blackout
from reviewer_app import theme
from reviewer_app.pages.blind.box_history import BoxHistory
from reviewer_app.widgets.images.pinch import ZOOM_STEP, follow_pinch, wheel_factor
from reviewer_app.widgets.images.steps import FRAME_KEYS, WheelSteps
from reviewer_app.widgets.keys import PAN_SHARE, pan_of

if TYPE_CHECKING:
    from core.imaging.display import Gray

_MIN_BOX_PX: Final = 4
"""A smaller drag on the screen is a click that selects."""
_MAX_ZOOM: Final = 16.0
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
    Signals: `changed()` when the boxes changed; `stepped(int)` over so many frames.
    """

    changed = Signal()
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
        self._history = BoxHistory()
        self._selected = -1
        self._zoom = 1.0
        self._shift = QPointF()
        self._drag_from: QPointF | None = None
        self._drag_to = QPointF()
        self._pan_from: QPoint | None = None
        self._is_locked = False
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
            self._zoom, self._shift = 1.0, QPointF()
        self._picture = picture
        self.update()

    def show_nothing(self) -> None:
        """Show no picture; boxes stay, for it may only be on its way."""
        self._picture = QImage()
        self.update()

    def set_locked(self, *, is_locked: bool) -> None:
        """Show only; nothing can be drawn."""
        self._is_locked = is_locked
        shape = Qt.CursorShape.ArrowCursor if is_locked else Qt.CursorShape.CrossCursor
        self.setCursor(shape)

    def boxes(self) -> tuple[Blackout, ...]:
        """Return the boxes in image pixels."""
        return self._history.now

    def set_boxes(self, boxes: tuple[Blackout, ...]) -> None:
        """Begin anew with these boxes."""
        self.set_history(BoxHistory(boxes))

    @property
    def history(self) -> BoxHistory:
        """The boxes with the steps that led to them."""
        return self._history

    def set_history(self, history: BoxHistory) -> None:
        """Go on with what was drawn before."""
        self._take(history, selected=-1)

    def undo(self) -> bool:
        """Take the last step of drawing back; False when there is none."""
        return self._step(self._history.back())

    def redo(self) -> bool:
        """Make the step undone last again; False when there is none."""
        return self._step(self._history.forth())

    def add_box(self) -> None:
        """Add a box in the middle and select it, for those who work with keys."""
        if not self._can_draw():
            return
        width, height = self._picture.width(), self._picture.height()
        self._append(QRectF(width / 4, height * 0.45, width / 2, max(height / 10, 1)))

    def _can_draw(self) -> bool:
        return not self._is_locked and not self._picture.isNull()

    def remove_selected(self) -> None:
        """Remove the selected box, or the newest when none is selected."""
        if self._is_locked or not self.boxes():
            return
        kept = list(self.boxes())
        del kept[self._selected]
        self._take(self._history.changed(kept), selected=-1)

    def to_screen(self, box: QRectF) -> QRectF:
        """Return where a rectangle in image pixels lies on this widget."""
        scale, origin = self._scale(), self._origin()
        return QRectF(origin + box.topLeft() * scale, box.size() * scale)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget; around its middle without one."""
        fixed = at or QPointF(self.rect().center())
        before = (fixed - self._origin()) / self._scale()
        self._zoom = min(max(self._zoom * factor, 1.0), _MAX_ZOOM)
        if self._zoom == 1.0:
            self._shift = QPointF()
        else:
            self._shift += fixed - (self._origin() + before * self._scale())
        self.update()

    def event(self, event: QEvent) -> bool:
        return follow_pinch(self, event, self.zoom) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("image"))
        if self._picture.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale() < 2)
        painter.drawImage(self.to_screen(QRectF(self._picture.rect())), self._picture)
        for place, box in enumerate(self.boxes()):
            self._paint_box(painter, self.to_screen(_as_rect(box)), place == self._selected)
        if self._drag_from is not None:
            self._paint_box(painter, QRectF(self._drag_from, self._drag_to).normalized(), True)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._pan_from = event.position().toPoint()
        elif event.button() is Qt.MouseButton.LeftButton and self._can_draw():
            self._drag_from = self._drag_to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._shift += QPointF(event.position().toPoint() - self._pan_from)
            self._pan_from = event.position().toPoint()
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
            self._select_at(event.position())
        else:
            scale, origin = self._scale(), self._origin()
            self._append(QRectF((drawn.topLeft() - origin) / scale, drawn.size() / scale))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(wheel_factor(event), event.position())
        elif self.has_frames:
            self.stepped.emit(self._wheel.taken(event))
        else:
            event.ignore()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        count = 0 if self._is_locked else len(self.boxes())
        start = self._selected if self._selected >= 0 else (-1 if is_next else count)
        following = start + (1 if is_next else -1)
        is_there = 0 <= following < count
        self._selected = following if is_there else -1
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
        elif step is not None and self._selected >= 0 and not self._is_locked:
            resizes = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(*step, resizes=resizes)
        elif self.has_frames and event.key() in FRAME_KEYS:
            self.stepped.emit(FRAME_KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_selected()
        elif event.key() == Qt.Key.Key_B:
            self.add_box()
        else:
            super().keyPressEvent(event)

    def _pan_step(self) -> float:
        return min(self.width(), self.height()) * PAN_SHARE

    def _pan(self, away: QPointF) -> None:
        if self._zoom > 1.0:
            self._shift += away
            self.update()

    def _scale(self) -> float:
        if self._picture.isNull():
            return 1.0
        fit = min(self.width() / self._picture.width(), self.height() / self._picture.height())
        return fit * self._zoom

    def _origin(self) -> QPointF:
        size = QPointF(self._picture.width(), self._picture.height()) * self._scale()
        return QPointF(self.width() - size.x(), self.height() - size.y()) / 2 + self._shift

    def _append(self, wanted: QRectF) -> None:
        inside = wanted.intersected(QRectF(self._picture.rect()))
        # Outwards to whole pixels: better a line too much than a readable edge.
        box = inside.toAlignedRect()
        if box.isEmpty():
            return
        added = Blackout(box.left(), box.top(), box.width(), box.height())
        self._take(self._history.changed((*self.boxes(), added)), selected=len(self.boxes()))

    def _step(self, history: BoxHistory) -> bool:
        if self._is_locked or history == self._history:
            return False
        self._take(history, selected=-1)
        return True

    def _take(self, history: BoxHistory, *, selected: int) -> None:
        self._history, self._selected = history, selected
        self.changed.emit()
        self.update()

    def _select_at(self, point: QPointF) -> None:
        hits = [
            place
            for place, box in enumerate(self.boxes())
            if self.to_screen(_as_rect(box)).contains(point)
        ]
        self._selected = hits[-1] if hits else -1

    def _nudge(self, right: int, down: int, *, resizes: bool) -> None:
        stride = max(round(self._picture.width() / 100), 1)
        boxes = list(self.boxes())
        box = _as_rect(boxes[self._selected])
        right, down = right * stride, down * stride
        if resizes:
            box.adjust(0, 0, right, down)
        else:
            box.translate(right, down)
        inside = box.intersected(QRectF(self._picture.rect())).toAlignedRect()
        if inside.isEmpty():
            return
        boxes[self._selected] = Blackout(
            inside.left(), inside.top(), inside.width(), inside.height()
        )
        self._take(self._history.changed(boxes), selected=self._selected)

    def _paint_box(self, painter: QPainter, box: QRectF, is_selected: bool) -> None:
        painter.fillRect(box, QColor(0, 0, 0, 215))
        pen = QPen(theme.color("focus" if is_selected else "conflict"), 2)
        if not is_selected:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)


def _as_rect(box: Blackout) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)
