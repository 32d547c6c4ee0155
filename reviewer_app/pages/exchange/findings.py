"""The table of what a file holds that somebody should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.services.exchange.service import ImportReport

SHOWN: Final = 500
_Index = QModelIndex | QPersistentModelIndex
_LOOKS: Final = {
    "problem": ("mdi6.alert-circle", "error"),
    "conflict": ("mdi6.not-equal-variant", "conflict"),
    "duplicate": ("mdi6.content-copy", "waiting"),
    "note": ("mdi6.information-outline", "text_muted"),
}


class FindingsTable(QTableWidget):
    """Problems first, then conflicts, duplicates and notes; each with its place in the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setAccessibleName(self.tr("What to look at in the file"))
        self.setHorizontalHeaderLabels([self.tr("Kind"), self.tr("Where"), self.tr("What")])
        settle_table(self, stretched=(2,))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setWordWrap(True)
        # Sentences are read whole here, so rows grow with them.
        self.verticalHeader().setMinimumSectionSize(theme.ROW_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setItemDelegate(_RoomyDelegate(self))

    def show_report(self, report: ImportReport | None) -> None:
        """Show what a report found; at most `SHOWN` lines, then one that counts the rest."""
        lines = list(_lines(report)) if report is not None else []
        more = len(lines) - SHOWN
        if more > 0:
            lines = [
                *lines[:SHOWN],
                ("note", "", self.tr("… and %1 more").replace("%1", f"{more:,}")),
            ]
        self.setRowCount(len(lines))
        for row, (kind, where, what) in enumerate(lines):
            name = QTableWidgetItem(self._word(kind))
            name.setIcon(theme.icon(*_LOOKS[kind]))
            self.setItem(row, 0, name)
            for column, text in ((1, where), (2, what)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)

    def _word(self, kind: str) -> str:
        return {
            "problem": self.tr("Problem"),
            "conflict": self.tr("Conflict"),
            "duplicate": self.tr("Duplicate"),
            "note": self.tr("Note"),
        }[kind]


class _RoomyDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + theme.space(3))


def _lines(report: ImportReport) -> Iterator[tuple[str, str, str]]:
    for one in report.problems:
        yield "problem", one.where, one.sentence
    for one in report.conflicting:
        yield "conflict", one.where, one.sentence
    for one in report.duplicates:
        yield "duplicate", one.where, one.sentence
    for note in report.notes:
        yield "note", "", note
