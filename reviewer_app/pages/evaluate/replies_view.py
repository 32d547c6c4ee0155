"""All replies of a run: filtered by end state, each beside its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from core.domain.ids import RevisionId, RunId
from core.domain.score import ScoreState
from core.services.replies.records import ReplyLine
from reviewer_app import theme
from reviewer_app.pages.evaluate.reply_pane import ReplyPane
from reviewer_app.pages.evaluate.tables import Column, RowsTableModel, make_table
from reviewer_app.pages.evaluate.wording import run_name
from reviewer_app.widgets.score_looks import score_look

if TYPE_CHECKING:
    from core.domain.ids import MediaId
    from core.imaging.image import LoadedImage
    from reviewer_app.pages.evaluate.replies_presenter import Replies, RunList

_ANY: Final = ""
_LIST_PX: Final = 330
_PANE_PX: Final = 830


@dataclass(frozen=True, slots=True)
class Wanted:
    """Replies that were asked for and are not here yet: all, of one state, or one."""

    run: RunId
    revision: RevisionId | None = None
    number: int | None = None
    state: str = ""

    def is_met_by(self, line: ReplyLine) -> bool:
        """Tell whether a line is the one asked for."""
        return line.revision == self.revision or line.number == self.number


class RepliesView(QWidget):
    """Lists replies and shows the chosen one.

    Signals: `run_chosen(str)`; `reply_chosen(str, str, str)`, run, revision and variant.
    """

    run_chosen = Signal(str)
    reply_chosen = Signal(str, str, str)

    def __init__(
        self, opener: Callable[[MediaId], LoadedImage], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines: tuple[ReplyLine, ...] = ()
        self._wanted: Wanted | None = None
        self.run_box = QComboBox(self)
        self.run_box.setAccessibleName(self.tr("Run"))
        self.run_box.setToolTip(self.tr("Whose replies"))
        self.state_box = QComboBox(self)
        self.state_box.setAccessibleName(self.tr("End state"))
        self.state_box.setToolTip(self.tr("Show only replies that ended so"))
        self.table_model = RowsTableModel[ReplyLine](self._columns(), self)
        self.table = make_table(
            self.table_model, self.tr("Replies"), widths=(6, 20), stretched=1, parent=self
        )
        self.pane = ReplyPane(opener, self)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(2))
        for widget in (self.run_box, self.state_box):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(self.pane)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.text_px(_LIST_PX), theme.text_px(_PANE_PX)])
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        self.run_box.activated.connect(self._on_run_activated)
        self.state_box.activated.connect(self._show_filtered)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)

    @property
    def run(self) -> RunId | None:
        """The run whose replies are shown."""
        found = self.run_box.currentData()
        return RunId(found) if found else None

    def show_runs(self, runs: RunList) -> None:
        """Offer all runs; the chosen one stays chosen."""
        chosen = self.run
        self.run_box.clear()
        for one in runs.runs:
            self.run_box.addItem(run_name(one.run), one.run.id)
        place = self.run_box.findData(chosen) if chosen else 0
        self.run_box.setCurrentIndex(max(place, 0) if runs.runs else -1)

    def choose(self, wanted: Wanted) -> None:
        """Choose a run and, once its replies are here, the ones asked for."""
        self.run_box.setCurrentIndex(self.run_box.findData(wanted.run))
        self._wanted = wanted
        self.run_chosen.emit(wanted.run)

    def show_lines(self, replies: Replies) -> None:
        """Show the replies of a run; the chosen question stays chosen."""
        if replies.run != self.run:
            return
        self._lines = replies.lines
        self._offer_states()
        self._show_filtered()

    def chosen_line(self) -> ReplyLine | None:
        """Return the line that is chosen."""
        rows = self.table.selectionModel().selectedRows()
        return self.table_model.row_at(rows[0].row()) if rows else None

    def _offer_states(self) -> None:
        chosen = self.state_box.currentData() or _ANY
        if self._wanted is not None:
            chosen = self._wanted.state
        self.state_box.clear()
        everything = self.tr("All replies (%1)").replace("%1", f"{len(self._lines):,}")
        self.state_box.addItem(everything, _ANY)
        for state in ScoreState:
            count = sum(one.state is state for one in self._lines)
            if count:
                look = score_look(state)
                icon = theme.icon(look.icon_name, look.ink)
                self.state_box.addItem(icon, f"{look.word} ({count:,})", state.value)
        self.state_box.setCurrentIndex(max(self.state_box.findData(chosen), 0))

    def _columns(self) -> tuple[Column[ReplyLine], ...]:
        return (
            Column(self.tr("No."), lambda one: str(one.number), is_number=True),
            # The state is its icon: a word of its own would take half of the room of the answer.
            Column(
                self.tr("Result and answer"),
                _answer_words,
                icon=lambda one: score_look(one.state),
                tip=lambda one: f"{score_look(one.state).word}: {_answer_words(one)}",
            ),
        )

    @Slot()
    def _show_filtered(self) -> None:
        before, state = self.chosen_line(), self.state_box.currentData() or _ANY
        shown = [one for one in self._lines if state in (_ANY, one.state.value)]
        wanted = before and (before.revision, before.variant)
        if self._wanted is not None:
            met = [(one.revision, one.variant) for one in shown if self._wanted.is_met_by(one)]
            wanted, self._wanted = (met[0] if met else wanted), None
        self.table_model.set_rows(shown)
        places = [(one.revision, one.variant) for one in shown]
        if places:
            self.table.selectRow(places.index(wanted) if wanted in places else 0)
            self.table.scrollTo(self.table.currentIndex())
        else:
            self.pane.clear()

    @Slot()
    def _on_run_activated(self) -> None:
        if self.run is not None:
            self.run_chosen.emit(self.run)

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        line = self.chosen_line()
        if line is not None and self.run is not None:
            self.reply_chosen.emit(self.run, line.revision, line.variant)


def _answer_words(line: ReplyLine) -> str:
    words = line.answer or f"{score_look(line.state).word} · {line.text}".rstrip(" ·")
    return f"{words} [{line.variant}]" if line.variant else words
