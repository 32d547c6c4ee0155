"""Runs side by side: one row a question, one column a run, replies and images below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import RunId
from core.services.replies.records import ComparedQuestion, Comparison, PairCounts
from reviewer_app import theme
from reviewer_app.pages.evaluate.question_pane import QuestionPane
from reviewer_app.pages.evaluate.reading_words import reading_sentence
from reviewer_app.pages.evaluate.reply_text import ReplyText
from reviewer_app.pages.evaluate.tables import (
    Column,
    RowsTableModel,
    make_table,
    size_columns,
)
from reviewer_app.pages.evaluate.wording import asked_name, run_name
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.score_looks import Look, score_look

if TYPE_CHECKING:
    from core.domain.ids import MediaId
    from core.domain.run import Run
    from core.imaging.image import LoadedImage
    from core.services.replies.records import ReplyDetail
    from reviewer_app.pages.evaluate.replies_presenter import RunList

MOST: Final = 4
"""More columns cannot be read side by side."""


class Shown(StrEnum):
    """Which questions are listed."""

    ALL = "all"
    DIFFER = "differ"
    ONE_RIGHT = "one_right"
    ALL_WRONG = "all_wrong"
    ALL_RIGHT = "all_right"


_TESTS: Final[dict[Shown, Callable[[ComparedQuestion], bool]]] = {
    Shown.ALL: lambda _: True,
    Shown.DIFFER: lambda one: one.differs,
    Shown.ONE_RIGHT: lambda one: one.is_one_right,
    Shown.ALL_WRONG: lambda one: one.is_all_wrong,
    Shown.ALL_RIGHT: lambda one: one.is_all_right,
}


class CompareView(QWidget):
    """Signals: `runs_chosen(tuple)`; `question_chosen(str)`, a revision;
    `reply_requested(str, str)`, run and revision.
    """

    runs_chosen = Signal(object)
    question_chosen = Signal(str)
    reply_requested = Signal(str, str)

    def __init__(
        self, opener: Callable[[MediaId], LoadedImage], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._all: RunList | None = None
        self._comparison = Comparison((), ())
        self.runs: tuple[RunId, ...] = ()
        self.runs_button = make_button(
            "",
            self,
            icon="mdi6.compare",
            tip=self.tr("Choose up to %1 runs to compare").replace("%1", str(MOST)),
        )
        self._menu = QMenu(self.runs_button)
        self.runs_button.setMenu(self._menu)
        self.chips = self._make_chips()
        self.counts = QLabel(self)
        self.counts.setWordWrap(True)
        theme.set_role(self.counts, "hint")
        self.table_model = RowsTableModel[ComparedQuestion]((), self)
        self.table = make_table(
            self.table_model, self.tr("Questions"), widths=(), stretched=0, parent=self
        )
        self.question = QuestionPane(opener, self)
        self._replies = QWidget(self)
        self._replies_row = QHBoxLayout(self._replies)
        self._replies_row.setContentsMargins(0, 0, 0, 0)
        self.columns: list[_ReplyColumn] = []
        self.empty = EmptyState(
            "mdi6.compare",
            self.tr("Nothing to compare yet"),
            self.tr(
                "With two runs or more, this shows question by question where they agree, where"
                " only one is right, and what each of them said."
            ),
            parent=self,
        )
        self._lay_out()
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.table.activated.connect(self._on_activated)
        self._say_runs()

    def show_runs(self, runs: RunList) -> None:
        """Offer all runs; without a choice the two newest are taken."""
        self._all = runs
        known = {one.run.id for one in runs.runs}
        self.runs = tuple(one for one in self.runs if one in known)
        if len(self.runs) < 2:
            self.runs = tuple(one.run.id for one in runs.runs[:2])
        self._fill_menu()

    def choose(self, runs: Sequence[RunId]) -> None:
        """Choose the runs to compare."""
        self.runs = tuple(runs)[:MOST]
        self._fill_menu()
        self.runs_chosen.emit(self.runs)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show runs side by side."""
        self._comparison = comparison
        has_two = len(comparison.runs) > 1
        for widget in (self._content, self.counts, *self.chips):
            widget.setVisible(has_two)
        self.empty.setVisible(not has_two)
        self._make_reply_columns(comparison.runs)
        for place, chip in zip(Shown, self.chips, strict=True):
            count = sum(map(_TESTS[place], comparison.questions))
            chip.setText(f"{self._shown_name(place)}  {count:,}")
        self.counts.setText("\n".join(map(self._pair_words, comparison.pairs())))
        self.table_model.set_columns(self._columns(comparison.runs), ())
        size_columns(self.table, (5, 20, 22, *(26,) * len(comparison.runs)), stretched=1)
        self._show_filtered()

    def show_replies(self, details: Sequence[ReplyDetail | None]) -> None:
        """Show what each run replied to the chosen question."""
        first = next((one for one in details if one is not None), None)
        if first is not None:
            self.question.show_question(first.blind, right=first.right)
        for column, detail in zip(self.columns, details, strict=False):
            column.show_detail(detail)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.space(1))
        head.addWidget(self.runs_button)
        head.addSpacing(theme.space(3))
        for chip in self.chips:
            head.addWidget(chip)
        head.addStretch(1)
        below = QSplitter(Qt.Orientation.Horizontal, self)
        below.addWidget(self.question)
        below.addWidget(self._replies)
        below.setChildrenCollapsible(False)
        below.setSizes([theme.text_px(420), theme.text_px(720)])
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(below)
        split.setChildrenCollapsible(False)
        split.setSizes([220, 420])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(self.counts)
        self._content = split
        column.addWidget(split, 1)
        column.addWidget(self.empty, 1)

    def _make_chips(self) -> tuple[QPushButton, ...]:
        group, chips = QButtonGroup(self), []
        for place in Shown:
            chip = QPushButton(self._shown_name(place), self)
            chip.setCheckable(True)
            chip.setChecked(place is Shown.ALL)
            theme.set_kind(chip, "chip")
            chip.clicked.connect(self._show_filtered)
            group.addButton(chip)
            chips.append(chip)
        return tuple(chips)

    def _shown_name(self, place: Shown) -> str:
        return {
            Shown.ALL: self.tr("All"),
            Shown.DIFFER: self.tr("Differ"),
            Shown.ONE_RIGHT: self.tr("One right"),
            Shown.ALL_WRONG: self.tr("All wrong"),
            Shown.ALL_RIGHT: self.tr("All right"),
        }[place]

    def _columns(self, runs: Sequence[Run]) -> tuple[Column[ComparedQuestion], ...]:
        return (
            Column(self.tr("No."), lambda one: str(one.number), is_number=True),
            Column(self.tr("Question"), lambda one: one.stem),
            Column(self.tr("Right answer"), lambda one: one.right),
            *(
                Column(_short_name(run, runs), partial(_words, place), icon=partial(_look, place))
                for place, run in enumerate(runs)
            ),
        )

    def _pair_words(self, pair: PairCounts) -> str:
        first, second = (
            _short_name(self._comparison.runs[place], self._comparison.runs)
            for place in (pair.first, pair.second)
        )
        if not pair.questions:
            return (
                self.tr("%1 and %2 share no scored question.")
                .replace("%1", first)
                .replace("%2", second)
            )
        words = self.tr(
            "%1 and %2 on %n shared questions: the same answer to %a (%b%), both right %c,"
            " only the first right %d, only the second %e, neither %f."
        )
        parts = {
            "%1": first,
            "%2": second,
            "%n": str(pair.questions),
            "%a": str(pair.same_answer),
            "%b": f"{100 * pair.same_answer / pair.questions:.0f}",
            "%c": str(pair.both_right),
            "%d": str(pair.only_first),
            "%e": str(pair.only_second),
            "%f": str(pair.neither),
        }
        for place, value in parts.items():
            words = words.replace(place, value)
        return words

    def _make_reply_columns(self, runs: Sequence[Run]) -> None:
        for column in self.columns:
            self._replies_row.removeWidget(column)
            column.hide()
            column.deleteLater()
        self.columns = [_ReplyColumn(_short_name(run, runs), self._replies) for run in runs]
        for column in self.columns:
            self._replies_row.addWidget(column, 1)

    def _fill_menu(self) -> None:
        self._menu.clear()
        for one in self._all.runs if self._all is not None else ():
            action = QAction(run_name(one.run), self._menu)
            self._menu.addAction(action)
            action.setCheckable(True)
            action.setChecked(one.run.id in self.runs)
            action.toggled.connect(partial(self._on_run_toggled, one.run.id))
        self._say_runs()

    def _say_runs(self) -> None:
        words = self.tr("Runs: %1").replace("%1", str(len(self.runs)))
        self.runs_button.setText(words)

    def _on_run_toggled(self, run: RunId, is_on: bool) -> None:
        others = tuple(one for one in self.runs if one != run)
        self.choose((*others[-(MOST - 1) :], run) if is_on else others)

    @Slot()
    def _show_filtered(self) -> None:
        chosen = self._chosen()
        place = next(p for p, chip in zip(Shown, self.chips, strict=True) if chip.isChecked())
        rows = [one for one in self._comparison.questions if _TESTS[place](one)]
        self.table_model.set_rows(rows)
        places = [one.revision for one in rows]
        if rows:
            same = chosen is not None and chosen.revision in places
            self.table.selectRow(places.index(chosen.revision) if chosen and same else 0)

    def _chosen(self) -> ComparedQuestion | None:
        rows = self.table.selectionModel().selectedRows()
        return self.table_model.row_at(rows[0].row()) if rows else None

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.question_chosen.emit(chosen.revision)

    def _on_activated(self) -> None:
        chosen, column = self._chosen(), self.table.currentIndex().column() - 3
        if chosen is not None and self._comparison.runs:
            run = self._comparison.runs[max(column, 0)]
            self.reply_requested.emit(run.id, chosen.revision)


class _ReplyColumn(QWidget):
    """What one run replied."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(name, self)
        title.setWordWrap(True)
        theme.set_role(title, "strong")
        self.text = ReplyText(name, self)
        self.rule = QLabel(self)
        self.rule.setWordWrap(True)
        theme.set_role(self.rule, "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(1), 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(title)
        column.addWidget(self.text, 1)
        column.addWidget(self.rule)

    def show_detail(self, detail: ReplyDetail | None) -> None:
        """Show a reply, or that there is none."""
        if detail is None:
            self.text.show_reply("")
            self.rule.setText(self.tr("Not asked in this run."))
            return
        answer = detail.answer
        words = answer.raw_text or str(answer.details.get("error", ""))
        self.text.show_reply(words, detail.span)
        self.rule.setText(reading_sentence(answer))


def _short_name(run: Run, runs: Sequence[Run]) -> str:
    """Return the model, with condition and number only where they tell runs apart."""
    same = [one for one in runs if one.spec.llm == run.spec.llm]
    if len(same) == 1:
        return run.spec.llm
    name = f"{run.spec.llm} · {asked_name(run.spec)}"
    alike = [one for one in same if asked_name(one.spec) == asked_name(run.spec)]
    return name if len(alike) == 1 else f"{name} ({alike.index(run) + 1})"


def _words(place: int, question: ComparedQuestion) -> str:
    cell = question.cells[place]
    if cell is None:
        return "–"
    return cell.words or score_look(cell.state).word


def _look(place: int, question: ComparedQuestion) -> Look | None:
    cell = question.cells[place]
    return None if cell is None else score_look(cell.state)
