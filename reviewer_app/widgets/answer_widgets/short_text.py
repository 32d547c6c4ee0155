"""A few words."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.domain.body import Asked, Option, Response, Written
from core.domain.plain import Plain
from reviewer_app.widgets.answer_widgets.base import AnswerWidget


class ShortTextAnswer(AnswerWidget):
    """One line of text."""

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.field = QLineEdit(self)
        self.field.setAccessibleName(self.tr("Your answer"))
        self.field.setPlaceholderText(self.tr("Your answer in a few words"))
        self.field.setToolTip(self.tr("Write a few words; Enter submits"))
        self.field.setMinimumHeight(36)
        self.field.setMaxLength(400)
        self.field.textChanged.connect(lambda _: self.changed.emit())
        layout.addWidget(self.field)
        self.setFocusProxy(self.field)

    def response(self) -> Response | None:
        """Return the text without blanks around it."""
        text = self.field.text().strip()
        return Written(text) if text else None

    def show_response(self, response: Response | None) -> None:
        """Show an earlier text."""
        self.field.setText(response.text if isinstance(response, Written) else "")

    def unsent(self) -> Plain | None:
        """Return what is written, blanks at its ends included."""
        text = self.field.text()
        return {"text": text} if text else None

    def show_unsent(self, entered: Plain) -> None:
        """Show what was written."""
        self.field.setText(str(entered.get("text", "")))

    def problem(self) -> str:
        """Say that nothing is written yet."""
        return "" if self.response() is not None else self.tr("Write an answer first.")

    def key_hint(self) -> str:
        """Say how to submit."""
        return self.tr("Write a few words, then Enter.")

    def set_locked(self, *, is_locked: bool) -> None:
        """Keep the text selectable."""
        self.field.setReadOnly(is_locked)
