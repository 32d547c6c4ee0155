"""Counts of a merge by kind of record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.pages.packages.words import kind_name
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from core.services.merging.plan import KindCount

_SHOWN_ROWS = 5


class CountsTable(QTableWidget):
    """One row for each kind: new, the same, brought up to date, waiting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 5, parent)
        self.setAccessibleName(self.tr("Counts by kind"))
        self.setHorizontalHeaderLabels(
            [
                self.tr("Records"),
                self.tr("New"),
                self.tr("The same"),
                self.tr("Brought up to date"),
                self.tr("Wait for others"),
            ]
        )
        settle_table(self, stretched=(0,))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)

    def show_counts(self, counts: Sequence[KindCount]) -> None:
        """Show these counts."""
        self.setRowCount(len(counts))
        for row, one in enumerate(counts):
            numbers = (one.new, one.same, one.changed, one.waiting)
            for column, text in enumerate((kind_name(one.kind), *(f"{n:,}" for n in numbers))):
                item = QTableWidgetItem(text)
                if column:
                    item.setFont(theme.tabular_font())
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                    )
                self.setItem(row, column, item)
        shown = min(_SHOWN_ROWS, len(counts))
        self.setFixedHeight((shown + 1) * theme.ROW_PX + theme.space(2))
