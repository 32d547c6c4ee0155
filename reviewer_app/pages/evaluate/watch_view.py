"""A run while it goes on: pace, end states, tokens, errors by cause, the last replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from core.domain.answer import AnswerState
from core.domain.score import ScoreState
from core.services.evaluation.records import LatestReply, RunSummary, Watch
from core.services.replies.records import RunTally
from reviewer_app import theme
from reviewer_app.pages.evaluate.run_figures import RunFigures
from reviewer_app.pages.evaluate.tables import Column, RowsTableModel, make_table
from reviewer_app.pages.evaluate.throughput import Pace, PaceChart, Sample
from reviewer_app.pages.evaluate.wording import asked_name, state_look
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.score_looks import score_look, score_meaning
from reviewer_app.widgets.status import StatusChip

_LEAST_ROWS: Final = 3


class WatchView(QWidget):
    """The run under way, or the last one.

    Signals: `cancel_requested()`; `state_opened(str)`, the replies that an end state counts, empty
    for all; `reply_opened(int)`, the reply to the question with this number.
    """

    cancel_requested = Signal()
    state_opened = Signal(str)
    reply_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pace = Pace()
        self._total = 0
        self.title = QLabel(self.tr("Nothing is running"), self)
        theme.set_role(self.title, "heading")
        self.count = QLabel(self)
        self.count.setFont(theme.tabular_font())
        self.progress = self._make_progress()
        self.cancel_button = make_button(
            self.tr("Cancel"),
            self,
            icon="mdi6.stop",
            tip=self.tr("Stop the run; what is finished is kept"),
        )
        self.cancel_button.hide()
        self.replies_button = make_button(
            self.tr("All replies"),
            self,
            icon="mdi6.message-text-outline",
            kind="quiet",
            tip=self.tr("Every reply of this run beside its question"),
        )
        self.figures = RunFigures(self)
        self.chart = PaceChart(self)
        self.chips = {state: _StateChip(state, self) for state in ScoreState}
        self.stop_reason = self._error_label()
        self.errors_model = RowsTableModel[tuple[str, int]](self._error_columns(), self)
        self.errors = make_table(
            self.errors_model, self.tr("Errors by cause"), widths=(9, 40), stretched=1, parent=self
        )
        self.errors.setWordWrap(True)
        self.table_model = RowsTableModel[LatestReply](self._columns(), self)
        self.table = make_table(
            self.table_model,
            self.tr("Last replies"),
            widths=(11, 20, 30, 11),
            stretched=2,
            parent=self,
        )
        self._lay_out()
        self._connect()
        self.show_tally(RunTally())
        self._show_errors(())
        self.count.setText(self.tr("Start one under “New run”; it is watched here."))

    def _connect(self) -> None:
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.replies_button.clicked.connect(lambda: self.state_opened.emit(""))
        for chip in self.chips.values():
            chip.opened.connect(self.state_opened)
        self.table.activated.connect(self._on_reply_activated)

    def _make_progress(self) -> QProgressBar:
        bar = QProgressBar(self)
        bar.setTextVisible(False)
        bar.setAccessibleName(self.tr("Questions done"))
        return bar

    def begin(self, llm: str, condition: str) -> None:
        """Name the run that starts, and forget the one before."""
        self.title.setText(f"{llm}  ·  {condition}")
        self._pace.forget()
        self.chart.show_bars([])
        self.show_stopped("")
        self.show_tally(RunTally())
        self._show_errors(())
        self.table_model.set_rows(())
        self._show_progress(0, 0)

    def show_watch(self, moment: Watch) -> None:
        """Show the running run at this moment."""
        done = _done(moment.counts)
        self._pace.note(Sample(monotonic(), done))
        self._show_progress(done, moment.total)
        self._show_pace(moment.total)
        self._show_errors(moment.failures)
        if moment.latest:
            self.table_model.set_rows(moment.latest)

    def show_tally(self, tally: RunTally) -> None:
        """Show the end states, each counted apart, and what was used."""
        for state, chip in self.chips.items():
            look, number = score_look(state), tally.states.get(state, 0)
            ink = look.ink if number else "text_muted"
            chip.show_state(f"{look.word}  {number:,}", look.icon_name, ink)
            chip.setEnabled(number > 0)
        self.figures.show_tally(tally)

    def show_ended(self, summary: RunSummary) -> None:
        """Show how a run ended."""
        self.title.setText(f"{summary.run.spec.llm}  ·  {asked_name(summary.run.spec)}")
        self._show_progress(summary.done, summary.total)
        self._show_errors(summary.failures)
        self.figures.show_left(None)

    def show_running(self, *, is_running: bool) -> None:
        """Offer to cancel while a run is under way."""
        self.cancel_button.setVisible(is_running)
        self.cancel_button.setEnabled(is_running)
        if not is_running:
            self.figures.show_left(None)

    def show_stopped(self, sentence: str) -> None:
        """Say why the run ended early; empty when it did not."""
        self.stop_reason.setText(sentence)
        self.stop_reason.setVisible(bool(sentence))

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

    def _error_columns(self) -> tuple[Column[tuple[str, int]], ...]:
        return (
            Column(self.tr("Count"), lambda one: f"{one[1]:,}", is_number=True),
            Column(self.tr("What happened"), lambda one: one[0]),
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(self.title)
        head.addStretch(1)
        for widget in (self.count, self.replies_button, self.cancel_button):
            head.addWidget(widget)
        card = QFrame(self)
        theme.set_role(card, "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(*(theme.space(3),) * 4)
        inner.setSpacing(theme.space(2))
        inner.addLayout(head)
        inner.addWidget(self.progress)
        inner.addWidget(self.figures)
        inner.addWidget(self.chart)
        for states in (tuple(self.chips)[:4], tuple(self.chips)[4:]):
            inner.addLayout(self._chip_row(states))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(card)
        column.addWidget(self.stop_reason)
        self._errors_caption = self._caption(self.tr("Errors by cause"))
        column.addWidget(self._errors_caption)
        column.addWidget(self.errors)
        column.addWidget(self._caption(self.tr("Last replies")))
        column.addWidget(self.table, 1)

    def _chip_row(self, states: Sequence[ScoreState]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        for state in states:
            row.addWidget(self.chips[state])
        row.addStretch(1)
        return row

    def _caption(self, text: str) -> QLabel:
        label = QLabel(text, self)
        theme.set_role(label, "caption")
        return label

    def _error_label(self) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(label, "error")
        label.hide()
        return label

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        words = self.tr("%1 of %2").replace("%1", f"{done:,}").replace("%2", f"{total:,}")
        self.count.setText(words if total else "")

    def _show_pace(self, total: int) -> None:
        self.figures.show_pace(self._pace.rate(), self._pace.left_s(total))
        self.chart.show_bars(self._pace.bars())

    def _show_errors(self, failures: Sequence[tuple[str, int]]) -> None:
        self.errors_model.set_rows(failures)
        for widget in (self._errors_caption, self.errors):
            widget.setVisible(bool(failures))
        if failures:
            self.errors.resizeRowsToContents()
            header = self.errors.horizontalHeader().sizeHint().height()
            rows = min(len(failures), _LEAST_ROWS)
            height = header + sum(self.errors.rowHeight(row) for row in range(rows))
            self.errors.setFixedHeight(height + theme.space(1))

    @Slot(QModelIndex)
    def _on_reply_activated(self, index: QModelIndex) -> None:
        self.reply_opened.emit(self.table_model.row_at(index.row()).number)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_requested.emit()


class _StateChip(StatusChip):
    """An end state with its count; a click, Enter or Space opens the replies it counts."""

    opened = Signal(str)

    def __init__(self, state: ScoreState, parent: QWidget | None = None) -> None:
        super().__init__(*score_look(state), parent)
        self._state = state
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{score_meaning(state)}\n{self.tr('Enter shows these replies')}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._state.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._state.value)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 10, 10)


def _done(counts: Mapping[AnswerState, int]) -> int:
    return sum(number for state, number in counts.items() if state is not AnswerState.FAILED)
