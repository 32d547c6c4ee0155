"""The bar over the table while several questions are chosen: how many, and what to do with them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.pages.library.move_words import words_of
from reviewer_app.pages.library.moves import Move
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.reason_box import ReasonBox
from reviewer_app.wording import question_count


class BulkBar(QFrame):
    """Counts what is chosen and asks for the reason of a move.

    Signals: `confirmed(Move, str)` with the reason; `none_wanted()`, to choose nothing.
    """

    confirmed = Signal(object, str)
    none_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("The chosen questions"))
        self._open_to: Mapping[Move, int] = {}
        self._count = 0
        self._pending = Move.RETURN
        self.text = QLabel(self)
        theme.set_role(self.text, "heading")
        self.buttons = {move: self._button(move) for move in Move}
        self.none_button = QPushButton(self.tr("Choose none (Esc)"), self)
        theme.set_kind(self.none_button, "quiet")
        self.none_button.clicked.connect(self.none_wanted)
        self.reason_box = ReasonBox(self)
        self.reason_box.confirmed.connect(self._on_reason_confirmed)
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        row.addWidget(self.text)
        row.addStretch(1)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addWidget(self.none_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(3), theme.space(2), theme.space(3), theme.space(2))
        column.setSpacing(theme.space(2))
        column.addLayout(row)
        column.addWidget(self.reason_box)
        self.hide()

    def show_chosen(self, count: int, open_to: Mapping[Move, int]) -> None:
        """Show how many are chosen and how many of them each move is open to."""
        if (count, open_to) != (self._count, self._open_to):
            self.reason_box.hide()
        self._count, self._open_to = count, open_to
        self.text.setText(self.tr("%1 chosen").replace("%1", question_count(count)))
        for move, button in self.buttons.items():
            able = open_to.get(move, 0)
            button.setVisible(able > 0)
            words = words_of(move)
            part = self.tr("%1 of %2").replace("%1", f"{able:,}").replace("%2", f"{count:,}")
            button.setText(words.button if able == count else f"{words.button}  {part}")
        self.setVisible(count > 1)

    def ask(self, move: Move) -> None:
        """Ask for the reason of a move, or make it where none is needed."""
        able = self._open_to.get(move, 0)
        if not able:
            return
        words = words_of(move)
        if not words.question:
            self.confirmed.emit(move, "")
            return
        self._pending = move
        who = question_count(able)
        if able < self._count:
            who = self.tr("%1 of the %2 chosen; the others cannot take this step").replace(
                "%1", who
            )
            who = who.replace("%2", f"{self._count:,}")
        self.reason_box.ask(
            f"{who}. {words.question}",
            words.confirm,
            hint=words.hint,
            is_dangerous=move is not Move.RETURN,
            is_optional=not move.takes_reason,
        )

    def _button(self, move: Move) -> QPushButton:
        words = words_of(move)
        button = make_button(words.button, self, icon=words.icon, kind="quiet", tip=words.tip)
        button.clicked.connect(lambda: self.ask(move))
        return button

    @Slot(str)
    def _on_reason_confirmed(self, reason: str) -> None:
        self.confirmed.emit(self._pending, reason)
