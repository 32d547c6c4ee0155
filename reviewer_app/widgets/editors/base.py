"""What the form expects of an editor of one answer format."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.body import Asked
from core.domain.key import KeyPart
from reviewer_app import theme


class FormatEditor(QWidget):
    """Edits what is asked and the right answer to it.

    Signals: `edited(Asked, KeyPart, field)`; the field is "options" or "key".
    """

    edited = Signal(object, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.space(3))

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        """Show both parts without a signal."""
        raise NotImplementedError

    def show_problems(self, problems: dict[str, str]) -> None:
        """Mark what is wrong; fields without a sentence are right."""
        raise NotImplementedError

    def focus_field(self, field: str) -> None:
        """Put the focus where `field` ("options" or "key") is entered."""
        raise NotImplementedError
