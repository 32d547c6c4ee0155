"""Tables of the Evaluate page: replies and runs, with states as chips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.score_looks import Look
from reviewer_app.widgets.status import paint_chip
from reviewer_app.widgets.tables import settle_rows

Row = TypeVar("Row")
_LONGEST_TIP: Final = 400
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its title, the text of a row; a state as a chip or as an icon before the text.

    `tip` says more than the text to who points at it or has it read out.
    """

    title: str
    text: Callable[[Row], str]
    look: Callable[[Row], Look] | None = None
    icon: Callable[[Row], Look | None] | None = None
    is_number: bool = False
    tip: Callable[[Row], str] | None = None


class RowsTableModel(QAbstractTableModel, Generic[Row]):
    """Shows records as rows."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other records."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> None:
        """Show other records in other columns."""
        self.beginResetModel()
        self._columns, self._rows = tuple(columns), tuple(rows)
        self.endResetModel()

    def replace_row(self, row: int, record: Row) -> None:
        """Show another record in one row; selection and scrolling stay."""
        self._rows = (*self._rows[:row], record, *self._rows[row + 1 :])
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def rows(self) -> tuple[Row, ...]:
        """Return all records."""
        return self._rows

    def row_at(self, row: int) -> Row:
        """Return the record in a row."""
        return self._rows[row]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # what Qt's roles hold
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # as above
        column, row = self._columns[index.column()], self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(column.text(row).split())
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return (column.tip or column.text)(row)[:_LONGEST_TIP]
            case Qt.ItemDataRole.UserRole:
                return None if column.look is None else column.look(row)
            case Qt.ItemDataRole.DecorationRole if column.icon is not None:
                found = column.icon(row)
                return None if found is None else theme.icon(found.icon_name, found.ink)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(index.column())
            case Qt.ItemDataRole.FontRole if column.is_number:
                return theme.tabular_font()
            case _:
                return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        is_number = self._columns[column].is_number
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class LookDelegate(QStyledItemDelegate):
    """Draws a cell whose `UserRole` data is a `Look` as a chip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = index.data(Qt.ItemDataRole.UserRole)
        if look is None:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        style = widget.style() if widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        paint_chip(painter, option.rect.adjusted(theme.space(2), 0, -theme.space(1), 0), *look)


def make_table(
    table_model: RowsTableModel[Any],  # rows of any kind
    name: str,
    *,
    widths: Sequence[int],
    stretched: int,
    parent: QWidget | None = None,
) -> QTableView:
    """Return a view of rows; `widths` count average characters, one column takes the rest."""
    table = QTableView(parent)
    table.setModel(table_model)
    table.setAccessibleName(name)
    settle_rows(table)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.setItemDelegate(LookDelegate(table))
    size_columns(table, widths, stretched=stretched)
    return table


def size_columns(table: QTableView, widths: Sequence[int], *, stretched: int) -> None:
    """Give columns so many average characters; one takes the rest."""
    average = table.fontMetrics().averageCharWidth()
    header = table.horizontalHeader()
    for column, width in enumerate(widths):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        table.setColumnWidth(column, width * average + theme.space(4))
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
