"""How tables look and behave: rows of one height, chosen whole, and Tab goes past them."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from reviewer_app import theme


def settle_table(table: QTableView, *, stretched: Iterable[int] = ()) -> None:
    """Give a table of few rows the common look; `stretched` columns share what others leave.

    Those are as wide as what they hold. One row is chosen at a time and none is written in.
    Columns have to be there already.
    """
    settle_rows(table)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    for column in stretched:
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)


def settle_rows(table: QTableView) -> None:
    """Give the rows of a table the common look, and leave the columns to the caller."""
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.ROW_PX)
    table.horizontalHeader().setHighlightSections(False)
