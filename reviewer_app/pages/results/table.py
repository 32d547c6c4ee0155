"""The table of respondents: people beside models, every state of an answer apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.domain.score import ScoreState
from core.services.analysis.records import ResultAxis, ResultKind
from reviewer_app import theme
from reviewer_app.pages.results.figures import (
    NO_VALUE,
    accuracy_text,
    cell_words,
    percent,
    right_text,
    rouge_text,
    unscored_text,
)
from reviewer_app.pages.results.judged import (
    JudgedColumn,
    judged_cells,
    judged_columns,
    judged_text,
    judged_words,
)
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from core.services.analysis.records import RespondentResult, Results
    from core.services.judging.records import JudgedFigure

_ID_ROLE: Final = Qt.ItemDataRole.UserRole
_NAMES_PX: Final = 280
_ICONS: Final = {
    ResultKind.PERSON: "mdi6.account-outline",
    ResultKind.PANEL: "mdi6.account-group-outline",
    ResultKind.LLM: "mdi6.robot-outline",
    ResultKind.BUILT_IN: "mdi6.dice-5-outline",
}


class RespondentTable(QTableWidget):
    """One line for each respondent.

    Signals: `opened(str)`, the id of a respondent, on Enter or a double click.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("People beside models"))
        self._name_columns(())
        settle_table(self, stretched=(0,))
        figures = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(figures)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    def show_results(self, results: Results) -> None:
        """Show the respondents; the marked one stays marked."""
        marked = self._id_at(self.currentRow())
        judged = judged_columns(results)
        self._name_columns(judged.values())
        self.setRowCount(len(results.respondents))
        for number, row in enumerate(results.respondents):
            self._fill_row(number, row)
            self._fill_judged(number, judged_cells(results, row.id), judged)
            if row.id == marked:
                self.selectRow(number)
        self._fit_names()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def _fit_names(self) -> None:
        """Names have the room that is left, but never less than they need."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(column) for column in range(1, header.count()))
        needed = min(self.sizeHintForColumn(0), _NAMES_PX)
        if self.viewport().width() - others >= needed:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            return
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, needed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._open(self.currentRow())
            return
        super().keyPressEvent(event)

    def _columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Respondent"), self.tr("Enter or double click lists the answers")),
            (
                self.tr("Right / asked"),
                self.tr("Without reports, long texts, failed calls and what could not be put"),
            ),
            (
                self.tr("Accuracy (95%)"),
                self.tr("Mean over questions with Wilson's interval; refused is not right"),
            ),
            (
                self.tr("By specialty"),
                self.tr("Plain mean over specialties, each weighing the same"),
            ),
            (self.tr("Chance"), self.tr("Expected accuracy of a blind pick on these questions")),
            (
                self.tr("Constant"),
                self.tr("Best constant answer on these questions, always the same letter"),
            ),
            (self.tr("Refused"), self.tr("The model declined to answer")),
            (
                self.tr("No answer"),
                self.tr("Cannot tell, or no answer could be read out of the reply"),
            ),
            (self.tr("Failed"), self.tr("No reply came; asked again when the run is resumed")),
            (
                self.tr("Unscored"),
                self.tr(
                    "No scorer could decide; in brackets accuracy if all of these and the failed"
                    " were wrong, and if they were right"
                ),
            ),
            (
                self.tr("ROUGE-L"),
                self.tr("Mean F over reports and long texts; not part of accuracy"),
            ),
        )

    def _fill_row(self, number: int, row: RespondentResult) -> None:
        cell = row.overall
        is_drawn = row.kind is not ResultKind.BUILT_IN
        counts = (
            str(cell.count(state)) if is_drawn else NO_VALUE
            for state in (
                ScoreState.REFUSED,
                ScoreState.NO_ANSWER,
                ScoreState.FAILED,
            )
        )
        texts = (
            row.name,
            right_text(row),
            accuracy_text(cell),
            percent(row.plain_means.get(ResultAxis.SPECIALTY)),
            percent(cell.chance) if is_drawn else NO_VALUE,
            percent(cell.best_constant) if is_drawn else NO_VALUE,
            *counts,
            unscored_text(cell) if is_drawn else NO_VALUE,
            rouge_text(cell),
        )
        words = f"{row.name}: {cell_words(cell)}"
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(words)
            if column == 0:
                item.setData(_ID_ROLE, row.id)
                item.setIcon(theme.icon(_ICONS[row.kind]))
            else:
                item.setTextAlignment(
                    Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                )
                item.setFont(theme.tabular_font())
            self.setItem(number, column, item)

    def _name_columns(self, judged: Iterable[str]) -> None:
        tip = self.tr("Mean score of a judge that was accepted; unscored answers are left out")
        columns = (*self._columns(), *((name, tip) for name in judged))
        self.setColumnCount(len(columns))
        self.setHorizontalHeaderLabels([name for name, _ in columns])
        for column, (_, text) in enumerate(columns):
            item = self.horizontalHeaderItem(column)
            if item is not None:
                item.setToolTip(text)
        first = self.horizontalHeaderItem(0)
        if first is not None:
            first.setTextAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)

    def _fill_judged(
        self,
        number: int,
        cells: Mapping[JudgedColumn, JudgedFigure],
        columns: Iterable[JudgedColumn],
    ) -> None:
        for place, column in enumerate(columns, start=len(self._columns())):
            figure = cells.get(column)
            item = QTableWidgetItem(judged_text(figure))
            item.setToolTip("" if figure is None else judged_words(figure))
            item.setTextAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(theme.tabular_font())
            self.setItem(number, place, item)

    def _id_at(self, row: int) -> str:
        item = self.item(row, 0)
        return "" if item is None else str(item.data(_ID_ROLE))

    def _open(self, row: int) -> None:
        self.opened.emit(self._id_at(row))
