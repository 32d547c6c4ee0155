"""A last question asked in place, where a dialog would be too much."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reviewer_app import theme


class ConfirmBox(QFrame):
    """A sentence, a button that does it and one that does not.

    Signals: `confirmed()`; `refused()`.
    """

    confirmed = Signal()
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "warning")
        self.question = QLabel(self)
        self.question.setWordWrap(True)
        self.confirm_button = QPushButton(self)
        theme.set_kind(self.confirm_button, "danger")
        self.confirm_button.clicked.connect(self._on_confirmed)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        theme.set_kind(self.cancel_button, "quiet")
        self.cancel_button.setToolTip(self.tr("Leave everything as it is (Esc)"))
        self.cancel_button.clicked.connect(self._on_refused)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.confirm_button)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(self.question)
        column.addLayout(buttons)
        self.hide()

    def ask(self, question: str, confirm: str) -> None:
        """Show the box; the focus is on the button that does it."""
        self.question.setText(question)
        self.confirm_button.setText(confirm)
        self.confirm_button.setToolTip(f"{confirm} (Enter)")
        self.setAccessibleName(question)
        self.show()
        self.confirm_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_refused()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            (self.cancel_button if focused is self.cancel_button else self.confirm_button).click()
            return
        super().keyPressEvent(event)

    def _on_confirmed(self) -> None:
        self.hide()
        self.confirmed.emit()

    def _on_refused(self) -> None:
        self.hide()
        self.refused.emit()
