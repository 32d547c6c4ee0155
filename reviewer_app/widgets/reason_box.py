"""A reason asked for in place, where a dialog would be too much."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme


class ReasonBox(QFrame):
    """One line for a reason, a button that does it and one that does not.

    Signals: `confirmed(str)` with the reason.
    """

    confirmed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "note")
        self._is_optional = False
        self._begun: dict[str, str] = {}
        self._asked = ""
        self._question = QLabel(self)
        self._question.setWordWrap(True)
        self.reason_edit = QLineEdit(self)
        self.reason_edit.setAccessibleName(self.tr("Reason"))
        self.reason_edit.returnPressed.connect(self._on_confirmed)
        self.reason_edit.textChanged.connect(self._on_text_changed)
        self.confirm_button = QPushButton(self)
        self.confirm_button.clicked.connect(self._on_confirmed)
        cancel = QPushButton(self.tr("Cancel"), self)
        theme.set_kind(cancel, "quiet")
        cancel.setToolTip(self.tr("Leave everything as it is (Esc)"))
        cancel.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.confirm_button)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(self._question)
        column.addWidget(self.reason_edit)
        column.addLayout(buttons)
        self.hide()

    def ask(
        self,
        question: str,
        confirm: str,
        *,
        hint: str,
        is_dangerous: bool = False,
        is_optional: bool = False,
        about: str = "",
    ) -> None:
        """Show the box with the cursor in it; `is_optional` lets the reason be empty.

        A reason begun before for the same question `about` the same record is there again.
        """
        self._asked = f"{about} {question}"
        self._is_optional = is_optional
        self._question.setText(question)
        self.confirm_button.setText(confirm)
        self.confirm_button.setToolTip(f"{confirm} (Enter)")
        theme.set_kind(self.confirm_button, "danger" if is_dangerous else "primary")
        self.reason_edit.setPlaceholderText(hint)
        self.reason_edit.setText(self._begun.get(self._asked, ""))
        self._on_text_changed(self.reason_edit.text())
        self.show()
        self.reason_edit.setFocus()

    def begun(self) -> dict[str, str]:
        """Return reasons that were begun and not confirmed, by what was asked."""
        return {question: text for question, text in self._begun.items() if text}

    def take_begun(self, begun: Mapping[str, str]) -> None:
        """Take reasons that were begun before; each is shown when it is asked for again."""
        self._begun.update(begun)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.confirm_button.setEnabled(self._is_optional or bool(text.strip()))
        if self._asked:
            self._begun[self._asked] = text

    @Slot()
    def _on_confirmed(self) -> None:
        reason = self.reason_edit.text().strip()
        if reason or self._is_optional:
            self._begun.pop(self._asked, None)
            self.hide()
            self.confirmed.emit(reason)
