"""A report in full sentences."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from core.domain.body import Asked, Option, Response, Written
from core.domain.plain import Plain
from reviewer_app.widgets.answer_widgets.base import AnswerWidget


class ReportAnswer(AnswerWidget):
    """Several lines of text; Enter is a new line, Ctrl+Enter submits, Tab leaves the field."""

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.field = QPlainTextEdit(self)
        self.field.setAccessibleName(self.tr("Your report"))
        self.field.setPlaceholderText(self.tr("Your report in full sentences"))
        self.field.setToolTip(self.tr("Enter starts a new line; Ctrl+Enter submits"))
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(160)
        self.field.textChanged.connect(self.changed)
        layout.addWidget(self.field)
        self.setFocusProxy(self.field)

    def response(self) -> Response | None:
        """Return the text without blanks around it."""
        text = self.field.toPlainText().strip()
        return Written(text) if text else None

    def show_response(self, response: Response | None) -> None:
        """Show an earlier text."""
        self.field.setPlainText(response.text if isinstance(response, Written) else "")

    def unsent(self) -> Plain | None:
        """Return what is written, blanks at its ends included."""
        text = self.field.toPlainText()
        return {"text": text} if text else None

    def show_unsent(self, entered: Plain) -> None:
        """Show what was written."""
        self.field.setPlainText(str(entered.get("text", "")))

    def problem(self) -> str:
        """Say that nothing is written yet."""
        return "" if self.response() is not None else self.tr("Write the report first.")

    def key_hint(self) -> str:
        """Say how to submit."""
        return self.tr("Enter starts a new line; Ctrl+Enter submits.")

    def set_locked(self, *, is_locked: bool) -> None:
        """Keep the text selectable."""
        self.field.setReadOnly(is_locked)
