"""The time line of backups: newest first, with age, reason and counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.domain.backup import Backup
from reviewer_app import theme
from reviewer_app.pages.backups.words import age_words, reason_words, size_words
from reviewer_app.widgets.tables import settle_table
from reviewer_app.wording import moment

_WHY_COLUMN = 2


class TimeLine(QTableWidget):
    """One row for each backup.

    Signals: `chosen(str)`, the name of a backup (empty: none).
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 6, parent)
        self._names: list[str] = []
        self.setAccessibleName(self.tr("Backups, newest first"))
        self.setHorizontalHeaderLabels(
            [
                self.tr("Taken"),
                self.tr("Age"),
                self.tr("Why"),
                self.tr("Questions"),
                self.tr("Answers"),
                self.tr("Size"),
            ]
        )
        settle_table(self, stretched=(_WHY_COLUMN,))
        self.currentCellChanged.connect(self._on_cell_changed)

    def show_backups(self, backups: Sequence[Backup], now: datetime) -> None:
        """Show these backups; the chosen one stays chosen while it is there."""
        before = self.current_name()
        is_blocked = self.blockSignals(True)
        self._names = [one.name for one in backups]
        self.setRowCount(len(backups))
        for row, backup in enumerate(backups):
            self._fill(row, backup, now)
        if before in self._names:
            self.setCurrentCell(self._names.index(before), 0)
        else:
            self.setCurrentCell(-1, -1)
        self.blockSignals(is_blocked)

    def choose_first(self) -> None:
        """Choose the newest backup."""
        if self._names:
            self.setCurrentCell(0, 0)

    def current_name(self) -> str:
        """Return the name of the chosen backup, or an empty string."""
        row = self.currentRow()
        return self._names[row] if 0 <= row < len(self._names) else ""

    def _fill(self, row: int, backup: Backup, now: datetime) -> None:
        cells = (
            moment(backup.taken_at),
            age_words(backup.taken_at, now),
            reason_words(backup),
            f"{backup.counts['questions']:,}" if "questions" in backup.counts else "–",
            f"{backup.counts['answers']:,}" if "answers" in backup.counts else "–",
            size_words(backup.size_bytes),
        )
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(f"{text}\n{backup.name}" if column == _WHY_COLUMN else text)
            if column > _WHY_COLUMN:
                item.setFont(theme.tabular_font())
                item.setTextAlignment(
                    Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                )
            self.setItem(row, column, item)

    @Slot(int, int, int, int)
    def _on_cell_changed(self, row: int, _column: int, row_before: int, _before: int) -> None:
        if row != row_before:
            self.chosen.emit(self.current_name())
