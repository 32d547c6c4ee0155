"""All runs of the workspace, newest first: how they ended, and what can be done with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QModelIndex, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.answer import AnswerState
from core.domain.ids import RunId
from core.domain.score import ScoreState
from core.services.evaluation.records import RunSummary, Watch
from core.services.replies.records import NOT_RIGHT
from reviewer_app import theme
from reviewer_app.pages.evaluate.replies_presenter import RunList
from reviewer_app.pages.evaluate.tables import Column, RowsTableModel, make_table
from reviewer_app.pages.evaluate.wording import asked_name, run_look
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.keys import add_form_keys
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTHS = (20, 20, 20, 15, 9, 9, 11, 10, 11, 17)

_FIGURES = {
    4: ScoreState.CORRECT,
    5: ScoreState.INCORRECT,
    6: ScoreState.REFUSED,
    7: ScoreState.NO_ANSWER,
    8: ScoreState.FAILED,
}
"""Columns that count an end state."""


class RunsView(QWidget):
    """Signals: `resume_requested(RunSummary)`; `replies_requested(str, str)`, a run and the end
    state of the figure that was opened, empty for all; `comparison_requested(tuple)`, runs;
    `reading_requested(str)`, a run whose replies are to be read again.
    """

    resume_requested = Signal(object)
    replies_requested = Signal(str, str)
    comparison_requested = Signal(object)
    reading_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = RunList((), {})
        self._chosen_ids: tuple[RunId, ...] = ()
        self.resume_button = self._button(
            "mdi6.play-outline",
            self.tr("Resume"),
            self.tr("Ask what has no answer yet, and repeat what failed"),
        )
        self.replies_button = self._button(
            "mdi6.message-text-outline",
            self.tr("Replies (Enter)"),
            self.tr("Replies beside their questions; Enter on a figure shows those it counts"),
        )
        self.compare_button = self._button(
            "mdi6.compare",
            self.tr("Compare (C)"),
            self.tr("Two or more chosen runs side by side (Ctrl+click or Shift chooses several)"),
        )
        self.read_button = self._button(
            "mdi6.text-search",
            self.tr("Read again"),
            self.tr("Read the stored replies by the rules of this version; no call is made"),
        )
        self.table_model = RowsTableModel[RunSummary](self._columns(), self)
        self.table = make_table(
            self.table_model, self.tr("Runs"), widths=_WIDTHS, stretched=1, parent=self
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.note = QLabel(self)
        theme.set_role(self.note, "hint")
        self._lay_out()
        self._connect()
        self._update_buttons()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.note, 1)
        for button in (
            self.replies_button,
            self.compare_button,
            self.read_button,
            self.resume_button,
        ):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.table.activated.connect(self._on_cell_activated)
        self.resume_button.clicked.connect(self._resume)
        self.replies_button.clicked.connect(self._open_replies)
        self.compare_button.clicked.connect(self._compare)
        self.read_button.clicked.connect(self._read_again)
        add_form_keys(self.table, self.compare_button, QKeySequence("C").toString())

    def show_runs(self, runs: RunList) -> None:
        """Show all runs; the chosen ones stay chosen."""
        self._runs = runs
        selection, chosen = self.table.selectionModel(), self._chosen_ids
        blocked = selection.blockSignals(True)
        self.table_model.set_rows(runs.runs)
        flag = selection.SelectionFlag
        for row, summary in enumerate(runs.runs):
            if summary.run.id in chosen:
                selection.select(self.table_model.index(row, 0), flag.Select | flag.Rows)
        selection.blockSignals(blocked)
        if runs.runs and not self._marked():
            self.table.selectRow(0)
        self.table.viewport().update()
        self._update_buttons()

    def show_watch(self, moment: Watch) -> None:
        """Keep the line of the run under way up to date."""
        for row, summary in enumerate(self.table_model.rows()):
            if summary.is_active:
                self.table_model.replace_row(row, replace(summary, counts=moment.counts))

    def _columns(self) -> tuple[Column[RunSummary], ...]:
        return (
            Column(self.tr("Started"), lambda one: moment(one.run.created_at)),
            Column(self.tr("Model"), lambda one: one.run.spec.llm),
            Column(self.tr("Condition"), lambda one: asked_name(one.run.spec)),
            Column(self.tr("Done"), lambda one: f"{one.done:,} / {one.total:,}", is_number=True),
            Column(self.tr("Right"), self._right_words, is_number=True),
            Column(self.tr("Wrong"), self._counter(ScoreState.INCORRECT), is_number=True),
            Column(self.tr("Refused"), self._counter(ScoreState.REFUSED), is_number=True),
            Column(self.tr("Unread"), self._counter(ScoreState.NO_ANSWER), is_number=True),
            Column(
                self.tr("No reply"),
                lambda one: str(one.counts.get(AnswerState.FAILED, 0)),
                is_number=True,
            ),
            Column(self.tr("State"), lambda one: run_look(one).word, look=run_look),
        )

    def _counter(self, state: ScoreState) -> Callable[[RunSummary], str]:
        return lambda one: f"{self._runs.tally(one.run.id).states.get(state, 0):,}"

    def _right_words(self, summary: RunSummary) -> str:
        states = self._runs.tally(summary.run.id).states
        right = states.get(ScoreState.CORRECT, 0)
        asked = right + sum(states.get(one, 0) for one in NOT_RIGHT)
        return f"{100 * right / asked:.0f}%" if asked else "–"

    def _button(self, icon_name: str, text: str, tip: str) -> QPushButton:
        return make_button(text, self, icon=icon_name, tip=tip)

    def _marked(self) -> tuple[RunSummary, ...]:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return tuple(self.table_model.row_at(row) for row in rows)

    def _update_buttons(self) -> None:
        marked = self._marked()
        one = marked[0] if len(marked) == 1 else None
        self.replies_button.setEnabled(one is not None)
        self.resume_button.setEnabled(
            one is not None
            and one.done < one.total
            and not one.is_active
            and not one.run.spec.is_imported
        )
        self.compare_button.setEnabled(len(marked) > 1)
        is_ours = one is not None and not one.run.spec.is_imported
        self.read_button.setEnabled(is_ours and one is not None and not one.is_active)
        count = len(self.table_model.rows())
        words = self.tr("1 run") if count == 1 else self.tr("%1 runs").replace("%1", str(count))
        self.note.setText(words if count else self.tr("No model was asked yet."))

    @Slot()
    def _resume(self) -> None:
        if self.resume_button.isEnabled():
            self.resume_requested.emit(self._marked()[0])

    @Slot()
    def _open_replies(self) -> None:
        marked = self._marked()
        if len(marked) == 1:
            self.replies_requested.emit(marked[0].run.id, "")

    @Slot(QModelIndex)
    def _on_cell_activated(self, index: QModelIndex) -> None:
        run = self.table_model.row_at(index.row()).run.id
        state = _FIGURES.get(index.column())
        self.replies_requested.emit(run, "" if state is None else state.value)

    @Slot()
    def _read_again(self) -> None:
        self.reading_requested.emit(self._marked()[0].run.id)

    @Slot()
    def _compare(self) -> None:
        self.comparison_requested.emit(tuple(one.run.id for one in self._marked()))

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        self._chosen_ids = tuple(one.run.id for one in self._marked())
        self._update_buttons()
