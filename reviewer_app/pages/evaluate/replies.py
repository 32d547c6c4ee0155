"""What comes back: progress, how many in each state, errors in words, the last replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.answer import AnswerState
from core.services.evaluation_records import LatestReply, RunSummary, Watch
from reviewer_app import theme
from reviewer_app.pages.evaluate.tables import Column, RowsTableModel, make_table
from reviewer_app.pages.evaluate.wording import condition_name, state_look
from reviewer_app.widgets.status import StatusChip

_SHOWN_FAILURES = 3


class RepliesPanel(QWidget):
    """A run while it goes on, or one of the past. Signals: `cancel_requested()`."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self.tr("No run chosen"), self)
        theme.set_role(self._title, "strong")
        self.count = QLabel(self)
        self.count.setFont(theme.tabular_font())
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Questions done"))
        self.cancel_button = QPushButton(theme.icon("mdi6.stop", "text"), self.tr("Cancel"), self)
        self.cancel_button.setToolTip(self.tr("Stop the run; what is finished is kept"))
        self.cancel_button.hide()
        self.chips = {state: StatusChip(*state_look(state), self) for state in AnswerState}
        self.stop_reason = self._error_label()
        self.errors = self._error_label()
        self.table_model = RowsTableModel[LatestReply](self._columns(), self)
        self.table = make_table(
            self.table_model,
            self.tr("Replies"),
            widths=(11, 22, 30, 11),
            stretched=2,
            parent=self,
        )
        self.whole = QPlainTextEdit(self)
        self.whole.setReadOnly(True)
        self.whole.setTabChangesFocus(True)
        self.whole.setMaximumHeight(theme.space(24))
        self.whole.setAccessibleName(self.tr("The chosen reply"))
        self.whole.setPlaceholderText(self.tr("Choose a reply to read it here."))
        self._lay_out()
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self._show_counts({})
        self._show_errors(())

    def show_watch(self, moment: Watch) -> None:
        """Show a running run at this moment."""
        self._show_counts(moment.counts)
        self._show_progress(_done(moment.counts), moment.total)
        self._show_errors(moment.failures)
        if moment.latest:
            self._show_replies(moment.latest)

    def show_run(self, summary: RunSummary, replies: Sequence[LatestReply]) -> None:
        """Show a run of the list, newest reply first."""
        self.show_title(summary.run.spec.llm, condition_name(summary.run.spec.condition))
        self._show_counts(summary.counts)
        self._show_progress(summary.done, summary.total)
        self._show_errors(summary.failures)
        self._show_replies(tuple(reversed(replies)))

    def show_title(self, llm: str, condition: str) -> None:
        """Name the run."""
        self._title.setText(f"{llm}  ·  {condition}")

    def show_running(self, *, is_running: bool) -> None:
        """Offer to cancel while a run is under way."""
        self.cancel_button.setVisible(is_running)
        self.cancel_button.setEnabled(is_running)

    def show_stopped(self, sentence: str) -> None:
        """Say why the run ended early; empty when it did not."""
        self.stop_reason.setText(sentence)
        self.stop_reason.setVisible(bool(sentence))

    def _error_label(self) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(label, "error")
        label.hide()
        return label

    def _columns(self) -> tuple[Column[LatestReply], ...]:
        return (
            Column(self.tr("Question"), lambda one: str(one.number), is_number=True),
            Column(
                self.tr("State"),
                lambda one: state_look(one.state).word,
                look=lambda one: state_look(one.state),
            ),
            Column(self.tr("Reply"), lambda one: one.text),
            Column(
                self.tr("Seconds"),
                lambda one: f"{one.elapsed_s:.1f}" if one.elapsed_s else "–",
                is_number=True,
            ),
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.count)
        head.addWidget(self.cancel_button)
        chips = QHBoxLayout()
        chips.setSpacing(theme.space(2))
        for chip in self.chips.values():
            chips.addWidget(chip)
        chips.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(2), 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(self.progress)
        column.addLayout(chips)
        column.addWidget(self.stop_reason)
        column.addWidget(self.errors)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.count.setText(
            self.tr("%1 of %2").replace("%1", f"{done:,}").replace("%2", f"{total:,}")
        )

    def _show_counts(self, counts: Mapping[AnswerState, int]) -> None:
        for state, chip in self.chips.items():
            look = state_look(state)
            number = counts.get(state, 0)
            chip.show_state(f"{look.word}  {number}", look.icon_name, look.ink)
            chip.setVisible(number > 0)

    def _show_errors(self, failures: Sequence[tuple[str, int]]) -> None:
        lines = [f"{count} × {sentence}" for sentence, count in failures[:_SHOWN_FAILURES]]
        self.errors.setText("\n".join(lines))
        self.errors.setVisible(bool(lines))

    def _show_replies(self, replies: Sequence[LatestReply]) -> None:
        chosen = self.whole.toPlainText()
        self.table_model.set_rows(replies)
        # The reply being read stays, though its row moves on.
        self.whole.setPlainText(chosen)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_requested.emit()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, chosen: QItemSelection, _before: QItemSelection) -> None:
        rows = [index.row() for index in chosen.indexes()]
        if rows:
            self.whole.setPlainText(self.table_model.row_at(rows[0]).text)


def _done(counts: Mapping[AnswerState, int]) -> int:
    return sum(number for state, number in counts.items() if state is not AnswerState.FAILED)
