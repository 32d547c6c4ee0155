"""What a merge would bring, item by item; each can be left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.domain.ids import QuestionId
from reviewer_app import theme
from reviewer_app.pages.packages.words import item_brings, item_state, item_title
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from core.services.merging.items import ItemLine

_BRINGS_COLUMN = 2
_DECISION_COLUMN = 3
_LOOKS = {
    "new": ("mdi6.plus-circle-outline", "agreed"),
    "known": ("mdi6.arrow-down-circle-outline", "accent"),
    "conflict": ("mdi6.alert-outline", "conflict"),
}


class ItemsTable(QTableWidget):
    """One row for each question, sitting, plan, run or person.

    Signals: `left_out(Item, bool)`; `decided(QuestionId, Choice)`.
    """

    left_out = Signal(object, bool)
    decided = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._lines: tuple[ItemLine, ...] = ()
        self.setAccessibleName(self.tr("What would come in"))
        self.setHorizontalHeaderLabels(
            [self.tr("Item"), self.tr("State"), self.tr("Brings"), self.tr("Decision")]
        )
        # By its contents the first column would forget the box beside the name.
        settle_table(self, stretched=(0, _BRINGS_COLUMN))
        fixed = QHeaderView.ResizeMode.Fixed
        self.horizontalHeader().setSectionResizeMode(_DECISION_COLUMN, fixed)
        self.verticalHeader().setDefaultSectionSize(theme.ROW_PX + theme.space(1))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMinimumHeight(4 * theme.ROW_PX)
        self.setToolTip(self.tr("Space takes an item or leaves it in its file"))
        self.itemChanged.connect(self._on_item_changed)

    def show_items(self, lines: Sequence[ItemLine]) -> None:
        """Show these items, all of them chosen."""
        if tuple(lines) == self._lines:
            return
        is_blocked = self.blockSignals(True)
        self._lines = tuple(lines)
        self.setRowCount(0)
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._fill(row, line)
        has_conflict = any(line.is_conflict for line in lines)
        self.setColumnHidden(_DECISION_COLUMN, not has_conflict)
        if lines:
            self.setCurrentCell(0, 0)
        self.blockSignals(is_blocked)

    def _fill(self, row: int, line: ItemLine) -> None:
        look = "conflict" if line.is_conflict else ("known" if line.is_here else "new")
        for column, text in enumerate((item_title(line), item_state(line), item_brings(line))):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            if column == 0:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked)
            if column == 1:
                item.setIcon(theme.icon(*_LOOKS[look]))
            self.setItem(row, column, item)
        if line.is_conflict:
            box = self._decision_box(line)
            self.setCellWidget(row, _DECISION_COLUMN, box)
            # By its contents the column would know of items only, not of the box in it.
            box.ensurePolished()
            self.setColumnWidth(_DECISION_COLUMN, box.sizeHint().width() + theme.space(4))

    def _decision_box(self, line: ItemLine) -> QComboBox:
        from core.services.merging.service import Choice

        box = QComboBox(self)
        box.setAccessibleName(self.tr("What becomes of %1").replace("%1", item_title(line)))
        for choice, text in (
            (Choice.BOTH, self.tr("Decide later")),
            (Choice.MINE, self.tr("Keep mine")),
            (Choice.THEIRS, self.tr("Take theirs")),
        ):
            box.addItem(text, choice)
        question = QuestionId(line.item.id)
        box.activated.connect(lambda _: self.decided.emit(question, Choice(box.currentData())))
        return box

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == 0:
            is_left_out = item.checkState() is not Qt.CheckState.Checked
            self.left_out.emit(self._lines[item.row()].item, is_left_out)
