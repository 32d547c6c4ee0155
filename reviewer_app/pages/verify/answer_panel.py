"""A blind question and the button that locks its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from core.domain.body import GRADED_FORMATS, AnswerFormat
from reviewer_app import theme
from reviewer_app.widgets.keys import SUBMIT_KEYS, add_button_keys
from reviewer_app.widgets.question_card import QuestionCard

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion
    from core.domain.plain import Plain


class AnswerPanel(QWidget):
    """Takes the blind answer.

    Signals: `lock_requested(Response)` with a complete answer.
    """

    lock_requested = Signal(object)

    def __init__(self, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = QuestionCard(self)
        self.button = QPushButton(self.tr("Lock answer (Enter)"), self)
        self.button.setToolTip(self.tr("Enter; Ctrl+Enter from a longer text"))
        theme.set_kind(self.button, "primary")
        add_button_keys(self.button, *SUBMIT_KEYS)
        self._note = QLabel(note, self)
        self._note.setWordWrap(True)
        theme.set_role(self._note, "hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.space(2), 0, 0, 0)
        layout.setSpacing(theme.space(2))
        layout.addWidget(self.card, 1)
        layout.addWidget(self._note)
        layout.addWidget(self.button)
        self.button.clicked.connect(self._on_clicked)

    def show_question(self, blind: BlindQuestion) -> None:
        """Show a question and wait for its answer."""
        self.card.show_question(blind)
        # Enter is a new line in a longer text, and the next corner of what is drawn.
        needs_both = blind.body.format in (*GRADED_FORMATS, AnswerFormat.REGION)
        keys = self.tr("Ctrl+Enter") if needs_both else self.tr("Enter")
        self.button.setText(self.tr("Lock answer (%1)").replace("%1", keys))
        self.card.focus_answer()

    def said(self) -> tuple[str, ...]:
        """Return in short what is shown here: the question, what is chosen, what is missing."""
        blind = self.card.blind
        number = "" if blind is None else self.tr("Question %1").replace("%1", str(blind.number))
        keys = self.button.text() if self.button.isEnabled() else self.tr("Locked")
        return number, self.card.chosen_words(), self.card.problem.text() or keys

    def unsent(self) -> Plain | None:
        """Return what was entered and not locked; None when nothing was."""
        widget = self.card.answer_widget
        is_open = widget is not None and self.button.isEnabled()
        return widget.unsent() if widget is not None and is_open else None

    def show_unsent(self, entered: Plain) -> None:
        """Show what was entered before."""
        if self.card.answer_widget is not None:
            self.card.answer_widget.show_unsent(entered)

    def undo(self) -> bool:
        """Take the last step of an answer that is still open back; tell whether there was one."""
        return self._is_open() and self.card.undo()

    def redo(self) -> bool:
        """Make the step undone last again; tell whether there was one."""
        return self._is_open() and self.card.redo()

    def _is_open(self) -> bool:
        return self.isVisible() and self.button.isEnabled()

    def set_locked(self, *, is_locked: bool) -> None:
        """Let the answer be read only, while the key is on its way."""
        self.button.setEnabled(not is_locked)
        if self.card.answer_widget is not None:
            self.card.answer_widget.set_locked(is_locked=is_locked)

    def _on_clicked(self) -> None:
        widget = self.card.answer_widget
        if widget is None:
            return
        response = widget.response()
        if response is None:
            self.card.show_problem(widget.problem())
            self.card.focus_answer()
            return
        self.lock_requested.emit(response)
