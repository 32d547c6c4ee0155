"""What answers in words have in common, whatever field they are written into."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from core.domain.body import Asked, Option, Response, Written
from core.domain.plain import Plain
from reviewer_app.widgets.answer_widgets.base import AnswerWidget


class TextAnswer(AnswerWidget):
    """A text in one field, which `_make_field` of the kind makes."""

    def __init__(
        self, asked: Asked, options: Sequence[Option] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(asked, options, parent)
        self.field = self._make_field()
        self.field.textChanged.connect(lambda *_: self.changed.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field)
        self.setFocusProxy(self.field)

    def response(self) -> Response | None:
        """Return the text without blanks around it."""
        text = self._text().strip()
        return Written(text) if text else None

    def show_response(self, response: Response | None) -> None:
        """Show an earlier text."""
        self._show_text(response.text if isinstance(response, Written) else "")

    def unsent(self) -> Plain | None:
        """Return what is written, blanks at its ends included."""
        text = self._text()
        return {"text": text} if text else None

    def show_unsent(self, entered: Plain) -> None:
        """Show what was written."""
        self._show_text(str(entered.get("text", "")))

    def set_locked(self, *, is_locked: bool) -> None:
        """Keep the text selectable."""
        self.field.setReadOnly(is_locked)

    def _make_field(self) -> QLineEdit | QPlainTextEdit:
        raise NotImplementedError

    def _text(self) -> str:
        field = self.field
        return field.text() if isinstance(field, QLineEdit) else field.toPlainText()

    def _show_text(self, text: str) -> None:
        field = self.field
        if isinstance(field, QLineEdit):
            field.setText(text)
        else:
            field.setPlainText(text)
