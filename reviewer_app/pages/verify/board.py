"""The board of questions under verification: who agrees, what to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.domain.verification import NEEDED_VERIFICATIONS, Verdict
from reviewer_app import theme
from reviewer_app.widgets.keys import add_button_keys, add_keys
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.services.adjudication import BoardLine

_NUMBER, _STEM, _COUNT, _VERDICTS, _STATE = range(5)
_ID_ROLE: Final = Qt.ItemDataRole.UserRole


class Board(QWidget):
    """A table with one line a question.

    Signals: `accept_requested()` for all unanimous questions; `open_requested(str)` for one.
    """

    accept_requested = Signal()
    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, BoardLine] = {}
        self.agreement = QLabel(self)
        self.agreement.setWordWrap(True)
        theme.set_role(self.agreement, "hint")
        self.table = self._make_table()
        self.accept_button = QPushButton(self)
        self.accept_button.setToolTip(self.tr("Key A; verifies every question all agree on"))
        add_button_keys(self.accept_button, "A")
        self.open_button = QPushButton(self.tr("Decide the marked question (Enter)"), self)
        self.open_button.setToolTip(self.tr("Enter; you answer it first yourself"))
        theme.set_kind(self.open_button, "primary")
        add_keys(self, ("Return", "Enter"), self.open_button.click)
        buttons = QHBoxLayout()
        buttons.addWidget(self.agreement, 1)
        buttons.addWidget(self.accept_button)
        buttons.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.space(3))
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.accept_button.clicked.connect(self.accept_requested)
        self.open_button.clicked.connect(self._on_open_clicked)
        self.table.itemSelectionChanged.connect(self._update_buttons)
        self.table.doubleClicked.connect(self._on_open_clicked)

    def show_lines(self, lines: Sequence[BoardLine]) -> None:
        """Show the board; the marked question stays marked."""
        marked = self._marked()
        self._lines = {line.summary.id: line for line in lines}
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._fill_row(row, line)
            if line.summary.id == marked:
                self.table.selectRow(row)
        if lines and self._marked() is None:
            self.table.selectRow(0)
        count = sum(line.is_unanimous for line in lines)
        text = self.tr("Accept %1 unanimous (A)").replace("%1", str(count))
        self.accept_button.setText(text)
        self.accept_button.setEnabled(count > 0)
        self._update_buttons()

    def show_agreement(self, sentence: str) -> None:
        """Say how far the verifiers agree."""
        self.agreement.setText(sentence)

    def _fill_row(self, row: int, line: BoardLine) -> None:
        summary = line.summary
        number = QTableWidgetItem(str(summary.number))
        number.setData(_ID_ROLE, summary.id)
        number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setFont(theme.tabular_font())
        self.table.setItem(row, _NUMBER, number)
        stem = QTableWidgetItem(summary.stem)
        stem.setToolTip(summary.stem)
        self.table.setItem(row, _STEM, stem)
        count = self.tr("%1 of %2").replace("%1", str(len(line.verdicts)))
        item = QTableWidgetItem(count.replace("%2", str(NEEDED_VERIFICATIONS)))
        self.table.setItem(row, _COUNT, item)
        # Before all are in, a verdict could sway those who still have to answer.
        verdicts = ", ".join(self._verdict_word(one) for one in line.verdicts)
        self.table.setItem(row, _VERDICTS, QTableWidgetItem(verdicts if line.is_complete else "–"))
        word, icon, ink = self._state(line)
        state = QTableWidgetItem(word)
        state.setIcon(theme.icon(icon, ink))
        self.table.setItem(row, _STATE, state)

    def _state(self, line: BoardLine) -> tuple[str, str, str]:
        if line.is_unanimous:
            return self.tr("Unanimous"), "mdi6.check-all", "agreed"
        if line.is_complete:
            return self.tr("Conflict"), "mdi6.call-split", "conflict"
        return self.tr("Waits for verifiers"), "mdi6.progress-clock", "waiting"

    def _verdict_word(self, verdict: Verdict) -> str:
        names = {
            Verdict.ACCEPT: self.tr("accept"),
            Verdict.REVISE: self.tr("revise"),
            Verdict.REJECT: self.tr("reject"),
        }
        return names[verdict]

    def _marked(self) -> str | None:
        rows = self.table.selectionModel().selectedRows()
        item = self.table.item(rows[0].row(), _NUMBER) if rows else None
        return None if item is None else str(item.data(_ID_ROLE))

    def _update_buttons(self) -> None:
        line = self._lines.get(self._marked() or "")
        self.open_button.setEnabled(line is not None and line.is_complete)

    def _on_open_clicked(self) -> None:
        line = self._lines.get(self._marked() or "")
        if line is not None and line.is_complete:
            self.open_requested.emit(line.summary.id)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 5, self)
        table.setAccessibleName(self.tr("Questions under verification"))
        table.setToolTip(self.tr("Up and Down mark a question, Enter opens it"))
        names = ("No.", "Question", "Verified", "Verdicts", "State")
        table.setHorizontalHeaderLabels([self.tr(name) for name in names])
        settle_table(table, stretched=(_STEM,))
        return table
