"""A row of a list that keys go through; the one whose turn it is stands out."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStyle, QWidget

from reviewer_app import theme

_BAR_PX: Final = 3


class CurrentRow(QFrame):
    """Marks itself by a bar and a ground while it is current.

    Signal: `entered()` when the focus came into a widget that it is the event filter of.
    """

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_current = False

    def set_current(self, *, is_current: bool) -> None:
        """Say whether keys belong to this row."""
        self._is_current = is_current
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark the current row."""
        super().paintEvent(event)
        if not self._is_current:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("note_soft"))
        bar = QRect(0, 0, _BAR_PX, self.height())
        bar = QStyle.visualRect(self.layoutDirection(), self.rect(), bar)
        painter.fillRect(bar, theme.color("note"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the focus comes in."""
        if event.type() is QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)
