"""An option as a row that is given a place: key, place, text; dragged by hand."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from reviewer_app import theme
from reviewer_app.widgets.answer_widgets.option_button import OptionButton

_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ROUND_PX: Final = 24


class RankRow(OptionButton):
    """An option with its place, if it has one; checked means placed.

    Signals: `dragged(QPoint)`, where on the screen the row is held; `move_pressed(int)`, one
    place up (-1) or down by Alt and an arrow key.
    """

    dragged = Signal(QPoint)
    move_pressed = Signal(int)

    def __init__(self, text: str, *, key: str, parent: QWidget | None = None) -> None:
        super().__init__(text, key=key, is_exclusive=True, parent=parent)
        self._text = text
        self._place = 0
        self._pressed_at: QPoint | None = None
        self._is_dragging = False

    @property
    def place(self) -> int:
        """The place from 1; 0 without one."""
        return self._place

    def show_place(self, place: int) -> None:
        """Show the place from 1, or 0 for none."""
        self._place = place
        self.setChecked(place > 0)
        spoken = self.tr("Place %1: %2") if place else self.tr("No place yet: %2")
        self.setAccessibleName(spoken.replace("%1", str(place)).replace("%2", self._text))
        self.update()

    def nextCheckState(self) -> None:
        """Leave the state to the list, which knows the places."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.globalPosition().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.globalPosition().toPoint()
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = (where - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if far or self._is_dragging:
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(where)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragging, self._is_dragging, self._pressed_at = self._is_dragging, False, None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if was_dragging:
            self.setDown(False)
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and key in _STEPS:
            self.move_pressed.emit(_STEPS[key])
            return
        super().keyPressEvent(event)

    def _paint_mark(self, painter: QPainter, box: QRect) -> None:
        is_placed = self._place > 0
        center = QRectF(box).center()
        mark = QRectF(0, 0, _ROUND_PX, _ROUND_PX)
        mark.moveCenter(center)
        pen = QPen(theme.color("accent" if is_placed else "line_strong"), 1.5)
        pen.setStyle(Qt.PenStyle.SolidLine if is_placed else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color("accent_fill" if is_placed else "field"))
        painter.drawEllipse(mark)
        if is_placed:
            painter.setPen(theme.color("on_accent"))
            font = self.font()
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(mark, int(Qt.AlignmentFlag.AlignCenter.value), str(self._place))
            painter.setFont(self.font())
