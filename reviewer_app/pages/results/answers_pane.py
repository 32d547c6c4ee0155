"""The answers behind one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.domain.score import ScoreState
from reviewer_app import theme
from reviewer_app.pages.results.figures import state_word
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.score_looks import score_look
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from core.services.analysis.records import AnswerLine
    from reviewer_app.pages.results.presenter import Opened

_ID_ROLE: Final = Qt.ItemDataRole.UserRole
_FLAGS: Final = 5
_EXPECTED_LOOK: Final = ("mdi6.dice-5-outline", "text_muted")


class AnswersPane(QWidget):
    """Lists answers beside the key.

    Signals: `closed()`; `question_requested(str)`, a question on Enter or a double click.
    """

    closed = Signal()
    question_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        theme.set_role(self.title, "heading")
        self.close_button = make_button(
            self.tr("Back to the figure (Esc)"),
            self,
            icon="mdi6.arrow-left",
            kind="quiet",
            tip=self.tr("Esc"),
        )
        add_button_keys(self.close_button, "Escape")
        self.close_button.clicked.connect(self.closed)
        self.table = self._make_table()
        head = QHBoxLayout()
        head.addWidget(self.close_button)
        head.addSpacing(theme.space(3))
        head.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def show_answers(self, opened: Opened) -> None:
        """Show the answers behind a figure and take the keys."""
        count = self.tr("answers: %1").replace("%1", str(len(opened.lines)))
        self.title.setText(" · ".join(one for one in (opened.name, opened.place, count) if one))
        self.table.setRowCount(len(opened.lines))
        flags = opened.flags or {}
        for row, line in enumerate(opened.lines):
            self._fill_row(row, line)
            self.table.setItem(row, _FLAGS, _flag_item(flags.get(line.question, 0)))
        self.table.setColumnHidden(_FLAGS, opened.flags is None)
        if opened.lines:
            self.table.selectRow(0)
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.table.currentRow() >= 0:
            self._on_row_opened(self.table.currentRow())
            return
        super().keyPressEvent(event)

    def _fill_row(self, row: int, line: AnswerLine) -> None:
        word = state_word(line.state)
        if line.value is not None and line.state in (ScoreState.PARTIAL, None):
            word = f"{word} {line.value:.2f}"
        if line.check:
            word = self.tr("%1, check %2").replace("%1", word).replace("%2", ", ".join(line.check))
        number, state = _item(str(line.number)), _item(word)
        number.setData(_ID_ROLE, line.question)
        _align_as_number(number)
        look = _EXPECTED_LOOK if line.state is None else score_look(line.state)[1:]
        state.setIcon(theme.icon(*look))
        texts = (_item(text) for text in (line.response, line.right, line.stem))
        for column, item in enumerate((number, state, *texts)):
            self.table.setItem(row, column, item)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 6, self)
        table.setAccessibleName(self.tr("Answers behind the figure"))
        names = (
            self.tr("No."),
            self.tr("Result"),
            self.tr("Answer"),
            self.tr("Key"),
            self.tr("Question"),
        )
        table.setHorizontalHeaderLabels(names)
        flags = QTableWidgetItem(self.tr("Flags"))
        flags.setToolTip(
            self.tr("How many readers flagged the question as it is now; the Library says why")
        )
        table.setHorizontalHeaderItem(_FLAGS, flags)
        settle_table(table, stretched=(2, 3, 4))
        table.doubleClicked.connect(lambda index: self._on_row_opened(index.row()))
        return table

    def _on_row_opened(self, row: int) -> None:
        item = self.table.item(row, 0)
        if item is not None:
            self.question_requested.emit(str(item.data(_ID_ROLE)))


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(" ".join(text.split()))
    item.setToolTip(text)
    return item


def _flag_item(count: int) -> QTableWidgetItem:
    """Return how many readers flagged a question; nothing where nobody did."""
    item = QTableWidgetItem(str(count) if count else "")
    _align_as_number(item)
    if count:
        item.setIcon(theme.icon("mdi6.flag", "waiting"))
        text = QCoreApplication.translate("results", "Readers who flagged this question: %1")
        item.setToolTip(text.replace("%1", str(count)))
    return item


def _align_as_number(item: QTableWidgetItem) -> None:
    item.setFont(theme.tabular_font())
    item.setTextAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
