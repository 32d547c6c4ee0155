"""A reader's sittings as rows with one button each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.status import StatusChip

if TYPE_CHECKING:
    from core.services.baseline import SittingLine


_KEY: Final = "S"
"""Starts the first sitting that is not finished."""


class SittingList(QWidget):
    """One card for each plan dealt to me.

    Signals: `open_requested(str)` with the plan's id.
    """

    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[QWidget] = []
        self.buttons: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space(2))

    def show_lines(self, lines: Sequence[SittingLine], *, can_start: bool) -> None:
        """Show the sittings, unfinished ones first; without registration none can start."""
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards, self.buttons = [], {}
        for line in sorted(lines, key=lambda one: one.is_finished):
            card = self._card(line, can_start=can_start)
            self._cards.append(card)
            self._column.addWidget(card)
            # Else it is shown, and its key works, only at the next turn of the event loop.
            card.show()

    def focus_first(self) -> None:
        """Put the focus on the first sitting that can start."""
        button = next(iter(self.buttons.values()), None)
        if button is not None and button.isEnabled():
            button.setFocus()

    def _card(self, line: SittingLine, *, can_start: bool) -> QWidget:
        card = QFrame(self)
        theme.set_role(card, "card")
        total = len(line.plan.revisions)
        name = QLabel(line.plan.name, card)
        theme.set_role(name, "strong")
        count = QLabel(
            self.tr("%1 of %2 answered").replace("%1", str(line.answered)).replace("%2", str(total))
        )
        theme.set_role(count, "hint")
        bar = QProgressBar(card)
        bar.setRange(0, max(total, 1))
        bar.setValue(line.answered)
        bar.setTextVisible(False)
        bar.setAccessibleName(count.text())
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        for widget in (name, count, bar):
            words.addWidget(widget)
        row = QHBoxLayout(card)
        row.setContentsMargins(*[theme.space(3)] * 4)
        row.setSpacing(theme.space(4))
        row.addLayout(words, 1)
        if line.is_finished:
            row.addWidget(StatusChip(self.tr("Finished"), "mdi6.check", "agreed", card))
            return card
        text = self.tr("Continue") if line.sitting is not None else self.tr("Start")
        button = QPushButton(text, card)
        if not self.buttons:
            button.setText(f"{text} ({_KEY})")
            add_button_keys(button, _KEY)
        button.setAccessibleName(f"{text}: {line.plan.name}")
        button.setToolTip(self.tr("Shows the rules first"))
        button.setEnabled(can_start)
        theme.set_kind(button, "primary")
        plan = line.plan.id
        button.clicked.connect(lambda: self.open_requested.emit(plan))
        self.buttons[plan] = button
        row.addWidget(button)
        return card
