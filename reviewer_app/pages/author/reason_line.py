"""What changed in a question since its last revision, in the words of its author."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from core.domain.plain import Plain
from reviewer_app.widgets.form import LineText

_PLACE: Final = "author.reason"


class ReasonLine(LineText):
    """One line for the history; keeps what was typed for each question until it is finished."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("What changed, for the history"))
        self.setPlaceholderText(self.tr("What did you change? (optional)"))
        self.setToolTip(self.tr("Stands in the history beside the new revision"))
        self._question: str | None = None
        self._typed: dict[str, str] = {}
        self.textChanged.connect(self._on_text_changed)

    def show_for(self, question_id: str) -> None:
        """Show what was typed for a question."""
        self._question = question_id
        self.setText(self._typed.get(question_id, ""))

    def unsent(self) -> dict[tuple[str, str], Plain]:
        """Return what was typed and not used yet, by place and question."""
        return {(_PLACE, one): {"text": text} for one, text in self._typed.items() if text}

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        """Take what was typed before the last end or crash."""
        self._typed = {
            record: str(content.get("text", ""))
            for (place, record), content in unsent.items()
            if place == _PLACE
        }

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        if self._question is not None:
            self._typed[self._question] = text
