"""The bar over the bin: what it is, and the way to empty it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.confirm_box import ConfirmBox
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from core.services.bin import DeletedQuestion


class BinBar(QFrame):
    """Says what stays and what goes when the bin is emptied, and asks once more.

    Signals: `emptying_asked()`, to look into the bin first; `empty_confirmed()`.
    """

    emptying_asked = Signal()
    empty_confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = QLabel(
            self.tr(
                "Deleted questions stay here as they were. Restore one to put it back where it "
                "stood."
            ),
            self,
        )
        self.hint.setWordWrap(True)
        theme.set_role(self.hint, "hint")
        self.empty_button = make_button(
            self.tr("Empty the bin…"),
            self,
            icon="mdi6.delete-empty-outline",
            kind="quiet",
            tip=self.tr("Says first what would go for ever"),
        )
        self.empty_button.clicked.connect(self.emptying_asked)
        self.confirm_box = ConfirmBox(self)
        self.confirm_box.confirmed.connect(self.empty_confirmed)
        self.confirm_box.refused.connect(self.empty_button.setFocus)
        row = QHBoxLayout()
        row.addWidget(self.hint, 1)
        row.addWidget(self.empty_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(row)
        column.addWidget(self.confirm_box)
        self.hide()

    def ask_to_empty(self, deleted: Sequence[DeletedQuestion]) -> None:
        """Say what emptying would do; where it would do nothing, say that instead."""
        staying = [one for one in deleted if one.stays]
        going = len(deleted) - len(staying)
        if not going:
            self.hint.setText(
                self.tr(
                    "Nothing here can be removed for ever: all of it was sent, blinded or "
                    "answered before, so records or other people may name it."
                )
            )
            return
        text = self.tr("Remove %1 for ever? Only drafts that never left go. A backup comes first.")
        text = text.replace("%1", question_count(going))
        if staying:
            kept = (
                self.tr("%1 stays here, because others may have it or records name it.")
                if len(staying) == 1
                else self.tr("%1 stay here, because others may have them or records name them.")
            )
            text = f"{text} {kept.replace('%1', question_count(len(staying)))}"
        self.confirm_box.ask(text, self.tr("Remove for ever"))
