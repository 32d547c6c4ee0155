"""What the results page shows: the selection, the table, agreement, the answers behind a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Kind, Outcome
from core.domain.people import Role
from core.domain.run import Condition
from core.domain.taxonomy import CAPACITY, SPECIALTY
from core.services.analysis.records import ResultAxis, Selection
from core.tasks import CancelToken, Progress
from reviewer_app.context import AppContext
from reviewer_app.pages.results.exports import write_table

if TYPE_CHECKING:
    from core.domain.ids import QuestionId
    from core.services.analysis.records import AgreementSummary, AnswerLine, Results

_CONCERNS = (Kind.ANSWER, Kind.RUN, Kind.SITTING, Kind.QUESTION, Kind.VERIFICATION, Kind.SETTING)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that one look at the results needs, computed together."""

    results: Results
    agreement: AgreementSummary


@dataclass(frozen=True, slots=True)
class Opened:
    """The answers behind one figure: whose, where, and the lines.

    `flags` tells how many readers flagged which questions; None for anybody but a lead.
    """

    respondent: str
    name: str
    place: str
    lines: tuple[AnswerLine, ...]
    flags: Mapping[QuestionId, int] | None = None


class ResultsPresenter(QObject):
    """State of the results.

    Signals: `figures_changed(Figures)`; `answers_opened(Opened)`.
    """

    figures_changed = Signal(object)
    answers_opened = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._analysis = context.workspace.analysis
        self._order = {
            axis.name: axis.leaves()
            for axis in context.workspace.axes
            if axis.name in (SPECIALTY, CAPACITY)
        }
        self._asked = 0
        self.is_stale = True
        self.selection = Selection()
        self.figures: Figures | None = None
        self._opened: Opened | None = None

    def note_changes(self, changes: Changes) -> bool:
        """Remember whether what is shown is out of date; return it."""
        self.is_stale = self.is_stale or changes.concerns(*_CONCERNS)
        return self.is_stale

    def refresh(self) -> None:
        """Score what is not scored yet and compute all figures, off the UI thread."""
        self.is_stale = False
        self._asked += 1
        number, selection = self._asked, self.selection

        def work(token: CancelToken, report: Callable[[Progress], None]) -> Outcome[Figures]:
            changes = Changes()
            if not self._context.workspace.is_read_only:
                changes = self._analysis.rescore(progress=report, token=token).changes
            results = self._analysis.results(selection)
            return Outcome(Figures(results, self._analysis.agreement()), changes)

        def show(figures: Figures) -> None:
            if number == self._asked:  # An answer to an older question is dropped.
                self.figures = figures
                self.figures_changed.emit(figures)

        self._context.operations.perform_later("", work, on_done=show, on_error=self._on_failed)

    def select(self, *, condition: Condition | None, includes_unverified: bool) -> None:
        """Choose what is counted."""
        self.selection = replace(
            self.selection, condition=condition, includes_unverified=includes_unverified
        )
        self.refresh()

    def columns(self, axis: ResultAxis) -> tuple[str, ...]:
        """Return the values of an axis in the order of the shipped taxonomy."""
        if self.figures is None:
            return ()
        values = self.figures.results.values.get(axis, ())
        order = self._order.get(axis.value, ())
        known = [value for value in order if value in values]
        return (*known, *(value for value in values if value not in known))

    def open_answers(self, respondent_id: str, axis: ResultAxis, value: str, place: str) -> None:
        """Fetch the answers behind a figure; `place` names it in words."""
        row = self.figures.results.respondent(respondent_id) if self.figures else None
        if row is None:
            return
        workspace, me = self._context.workspace, self._context.me()

        def work(_token: CancelToken, _report: Callable[[Progress], None]) -> Opened:
            lines = self._analysis.answers_behind(
                respondent_id, axis, value, selection=self.selection
            )
            flags = workspace.remarks.flags(me.id) if me.has_role(Role.LEAD) else None
            return Opened(respondent_id, row.name, place, tuple(lines), flags)

        def show(opened: Opened) -> None:
            self._opened = opened
            self.answers_opened.emit(opened)

        self._context.operations.ask_later("", work, on_done=show)

    def open_question(self, question_id: str) -> None:
        """Show the reply of a model beside its question; a person's question in the library."""
        opened = self._opened
        kind, _, run = opened.respondent.partition(":") if opened is not None else ("", "", "")
        # Replies are shown beside the key: that is for the lead alone.
        if opened is None or kind != "run" or not self._context.me().has_role(Role.LEAD):
            self._context.open_question("library", question_id)
            return
        revision = next(line.revision for line in opened.lines if line.question == question_id)
        place = {"view": "replies", "run": run, "revision": revision}
        self._context.open_place("evaluate", place)

    def export(self, title: str, path: Path, write: Callable[[Path], None]) -> None:
        """Write a file and say so; a failure is a message in place."""

        def work() -> Path:
            write(path)
            return path

        if self._context.operations.ask(title, work) is not None:
            self._context.messages.done(self.tr("Written: %1").replace("%1", str(path)))

    def write_csv(self, path: Path) -> None:
        """Write every cell on every axis as CSV; raise `StorageError` when it cannot be."""
        if self.figures is not None:
            write_table(self.figures.results, path)

    def _on_failed(self, _error: BaseException) -> None:
        self.is_stale = True
