"""All runs of the workspace, newest first, and the way to go on with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelection, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.domain.answer import AnswerState
from core.services.evaluation_records import RunSummary, Watch
from reviewer_app import theme
from reviewer_app.pages.evaluate.tables import Column, RowsTableModel, make_table
from reviewer_app.pages.evaluate.wording import condition_name, run_look
from reviewer_app.wording import moment


class RunsPanel(QWidget):
    """Signals: `chosen(RunSummary)`, `resume_requested(RunSummary)`."""

    chosen = Signal(object)
    resume_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_running = False
        self._chosen_id = ""
        heading = QLabel(self.tr("Runs"), self)
        theme.set_role(heading, "heading")
        self.resume_button = QPushButton(
            theme.icon("mdi6.play-outline", "text"), self.tr("Resume"), self
        )
        self.resume_button.setToolTip(
            self.tr("Ask what has no answer yet, and repeat what failed (Enter)")
        )
        self.table_model = RowsTableModel[RunSummary](self._columns(), self)
        self.table = make_table(
            self.table_model,
            self.tr("Runs"),
            widths=(21, 24, 18, 12, 10, 16),
            stretched=1,
            parent=self,
        )
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(self.resume_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(2), 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.table.activated.connect(lambda _: self._resume())
        self.resume_button.clicked.connect(self._resume)
        self._update_button()

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show all runs; the chosen one stays chosen, its replies are not fetched again."""
        selection = self.table.selectionModel()
        blocked = selection.blockSignals(True)
        self.table_model.set_rows(runs)
        for row, summary in enumerate(runs):
            if summary.run.id == self._chosen_id:
                self.table.selectRow(row)
        selection.blockSignals(blocked)
        self.table.viewport().update()
        self._update_button()

    def show_watch(self, moment: Watch) -> None:
        """Keep the line of the run under way up to date."""
        for row, summary in enumerate(self.table_model.rows()):
            if summary.is_active:
                self.table_model.replace_row(row, replace(summary, counts=moment.counts))

    def show_running(self, *, is_running: bool) -> None:
        """Rest while a run is under way."""
        self._is_running = is_running
        self._update_button()

    def _columns(self) -> tuple[Column[RunSummary], ...]:
        return (
            Column(self.tr("Started"), lambda one: moment(one.run.created_at)),
            Column(self.tr("Model"), lambda one: one.run.spec.llm),
            Column(self.tr("Condition"), lambda one: condition_name(one.run.spec.condition)),
            Column(self.tr("Done"), lambda one: f"{one.done} / {one.total}", is_number=True),
            Column(
                self.tr("Failed"),
                lambda one: str(one.counts.get(AnswerState.FAILED, 0)),
                is_number=True,
            ),
            Column(self.tr("State"), lambda one: run_look(one).word, look=run_look),
        )

    def _marked(self) -> RunSummary | None:
        rows = self.table.selectionModel().selectedRows()
        return self.table_model.row_at(rows[0].row()) if rows else None

    def _update_button(self) -> None:
        marked = self._marked()
        can_resume = marked is not None and marked.done < marked.total and not marked.is_active
        self.resume_button.setEnabled(can_resume and not self._is_running)

    @Slot()
    def _resume(self) -> None:
        marked = self._marked()
        if marked is not None and self.resume_button.isEnabled():
            self.resume_requested.emit(marked)

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        marked = self._marked()
        if marked is not None:
            self._chosen_id = marked.run.id
            self.chosen.emit(marked)
        self._update_button()
