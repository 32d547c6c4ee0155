"""The library's table: shows as many columns as fit, the important ones first."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from core.domain.question import QuestionSummary
from reviewer_app import theme
from reviewer_app.models.library import LibraryColumn, LibraryTableModel
from reviewer_app.widgets.status import StageDelegate
from reviewer_app.widgets.tables import settle_rows

# The longest text that must fit whole; measured in the font in use, so it grows with it.
_SAMPLES: Final = {
    LibraryColumn.NUMBER: "00000",
    LibraryColumn.STAGE: "In verification      ",
    LibraryColumn.FORMAT: "Several choices",
    LibraryColumn.STEM: "Which of these structures contains air in the second image?",
    LibraryColumn.SPECIALTY: "Gastroenterology",
    LibraryColumn.CAPACITY: "Anatomical perception",
    LibraryColumn.MODALITY: "Fluoroscopy",
    LibraryColumn.IMAGES: "Images 0",
    LibraryColumn.REVISION: "Rev. 0",
    LibraryColumn.VERIFICATIONS: "Verified by 0",
    LibraryColumn.UPDATED: "2026-00-00 00:00 0",
    LibraryColumn.FLAGS: "Flags 0",
}
_BY_IMPORTANCE: Final = (
    LibraryColumn.NUMBER,
    LibraryColumn.STEM,
    LibraryColumn.STAGE,
    LibraryColumn.FLAGS,
    LibraryColumn.SPECIALTY,
    LibraryColumn.CAPACITY,
    LibraryColumn.FORMAT,
    LibraryColumn.UPDATED,
    LibraryColumn.VERIFICATIONS,
    LibraryColumn.IMAGES,
    LibraryColumn.REVISION,
    LibraryColumn.MODALITY,
)


class LibraryTable(QTableView):
    """A table of questions.

    Signals: `chosen(str)`, just this row is selected (empty: none or several);
    `several_chosen(int)`, how many rows are, when it is more than one; `open_requested(str)`,
    Enter or double click on a row; `delete_requested()`, the key Delete.
    """

    chosen = Signal(str)
    several_chosen = Signal(int)
    open_requested = Signal(str)
    delete_requested = Signal()

    def __init__(self, table_model: LibraryTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table_model = table_model
        self._wanted: set[LibraryColumn] | None = None
        self.setModel(table_model)
        self.setAccessibleName(self.tr("Questions"))
        settle_rows(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSortingEnabled(True)
        self.sortByColumn(LibraryColumn.NUMBER, Qt.SortOrder.AscendingOrder)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setItemDelegateForColumn(LibraryColumn.STAGE, StageDelegate(self))
        header = self.horizontalHeader()
        header.setSectionResizeMode(LibraryColumn.STEM, QHeaderView.ResizeMode.Stretch)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu_requested)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.activated.connect(lambda index: self._open_row(index))

    def choose(self, question_id: str) -> bool:
        """Select a question and scroll to it; False where it is not shown."""
        row = self._table_model.row_of(question_id)
        if row is None:
            return False
        self.selectRow(row)
        self.scrollTo(self._table_model.index(row, 0))
        return True

    def chosen_count(self) -> int:
        """Return how many rows are selected."""
        # By ranges: all of 100,000 rows are one.
        return sum(one.height() for one in self._ranges())

    def chosen_lines(self) -> list[QuestionSummary]:
        """Return the selected questions, from top to bottom."""
        rows = {row for one in self._ranges() for row in range(one.top(), one.bottom() + 1)}
        return [self._table_model.line_at(row) for row in sorted(rows)]

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(place) for place in range(selection.count())]

    def choose_all_of(self, wanted: Collection[str]) -> None:
        """Select these questions, as far as they are shown, and no other."""
        selection, last = QItemSelection(), len(LibraryColumn) - 1
        for row in self._table_model.rows_of(wanted):
            index = self._table_model.index(row, 0)
            selection.select(index, self._table_model.index(row, last))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose nothing by the focus alone; the first arrow then chooses the first row."""
        was_chosen = self.currentIndex().isValid()
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            if not was_chosen:
                self.selectionModel().clearCurrentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open_row(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit()
            return
        if event.key() == Qt.Key.Key_Escape and self.chosen_count():
            self.clearSelection()
            return
        super().keyPressEvent(event)

    def _open_row(self, index: QModelIndex) -> None:
        self.open_requested.emit(self._table_model.line_at(index.row()).id)

    def fit_columns(self) -> None:
        """Show as many columns as fit; that of the flags where there are any."""
        room = self.viewport().width()
        metrics = self.fontMetrics()
        for column in _BY_IMPORTANCE:
            if column is LibraryColumn.FLAGS and not self._table_model.has_flags():
                self.setColumnHidden(column, True)
                continue
            width = metrics.horizontalAdvance(_SAMPLES[column]) + theme.space(6)
            room -= width
            fits = room >= 0 if self._wanted is None else column in self._wanted
            self.setColumnHidden(column, not fits and column is not LibraryColumn.STEM)
            if column is not LibraryColumn.STEM:
                self.setColumnWidth(column, width)

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        count = self.chosen_count()
        self.chosen.emit(self.chosen_lines()[0].id if count == 1 else "")
        if count > 1:
            self.several_chosen.emit(count)

    @Slot(QPoint)
    def _on_header_menu_requested(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in LibraryColumn:
            is_bare = column is LibraryColumn.FLAGS and not self._table_model.has_flags()
            if column is LibraryColumn.STEM or is_bare:
                continue
            title = self._table_model.headerData(column, Qt.Orientation.Horizontal)
            action = QAction(title, menu)
            menu.addAction(action)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda shown, one=column: self._want_column(one, shown=shown))
        menu.addSeparator()
        menu.addAction(self.tr("As many as fit"), self._want_fitting)
        menu.popup(self.horizontalHeader().mapToGlobal(where))

    def _want_column(self, column: LibraryColumn, *, shown: bool) -> None:
        wanted = {one for one in LibraryColumn if not self.isColumnHidden(one)}
        self._wanted = wanted | {column} if shown else wanted - {column}
        self.fit_columns()

    def _want_fitting(self) -> None:
        self._wanted = None
        self.fit_columns()
