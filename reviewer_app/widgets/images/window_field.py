"""A number of a window: typed, taken by Enter, and never mistaken for an answer."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from reviewer_app import theme
from reviewer_app.widgets.keys import keeps_key

_LARGEST: Final = 1e7
_TAKE: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LEAVE: Final = (*_TAKE, Qt.Key.Key_Escape)


class WindowField(QDoubleSpinBox):
    """Center or width as a number. Signal: `left()` after Enter took it, or Esc gave it up."""

    left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-_LARGEST, _LARGEST)
        self.setDecimals(0)
        self.setKeyboardTracking(False)
        self.setFont(theme.tabular_font())
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("-10000") + theme.space(11))
        theme.indent_number(self)
        self.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:
        """Keep Enter and Esc: to the page they mean an answer, or the way back."""
        return keeps_key(event, *_LEAVE) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take or give up what was typed."""
        if event.key() not in _LEAVE:
            super().keyPressEvent(event)
            return
        if event.key() in _TAKE:
            self.interpretText()
        else:
            self.lineEdit().setText(self.textFromValue(self.value()))
        event.accept()
        self.left.emit()
