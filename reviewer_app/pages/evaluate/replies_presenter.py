"""What the Evaluate page knows about runs: all of them, replies of one, several side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.domain.ids import RevisionId, RunId
from core.services.evaluation.records import RunSummary
from core.services.replies.records import ReplyDetail, ReplyLine, RunTally
from reviewer_app.pages.evaluate.background import while_alive

if TYPE_CHECKING:
    from core.domain.answer import Answer, AnswerState
    from core.domain.body import Response
    from core.domain.ids import AnswerId
    from core.services.readings.service import Reread
    from core.services.replies.records import Comparison
    from core.tasks import CancelToken, ProgressCallback
    from reviewer_app.context import AppContext

Value = TypeVar("Value")
_TALLY_MS: Final = 1000
_REST: Final = 10
"""Counting takes at most a tenth of the time, however long the run."""


@dataclass(frozen=True, slots=True)
class RunList:
    """All runs, newest first, and how their calls ended."""

    runs: tuple[RunSummary, ...]
    tallies: Mapping[RunId, RunTally]

    def tally(self, run: RunId) -> RunTally:
        """Return how the calls of a run ended."""
        return self.tallies.get(run, RunTally())


@dataclass(frozen=True, slots=True)
class Replies:
    """The replies of one run, by question."""

    run: RunId
    lines: tuple[ReplyLine, ...]


class RepliesPresenter(QObject):
    """State of what came back.

    Signals: `runs_changed(RunList)`; `lines_changed(Replies)`; `detail_opened(ReplyDetail)`;
    `tallied(RunTally)`, the run under way; `compared(Comparison)`, and for the question chosen
    there `compared_replies(tuple)`, one for each run, None where it has none.
    """

    runs_changed = Signal(object)
    lines_changed = Signal(object)
    detail_opened = Signal(object)
    tallied = Signal(object)
    compared = Signal(object)
    compared_replies = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._evaluation = context.workspace.evaluation
        self._replies = context.workspace.replies
        self._asked_for: dict[str, object] = {}
        self._watched: RunId | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._on_tally_due)
        self.runs = RunList((), {})

    def refresh(self) -> None:
        """Fetch the runs."""

        def work(_token: CancelToken, _report: ProgressCallback) -> RunList:
            return RunList(tuple(self._evaluation.runs()), self._replies.tallies())

        self._later("runs", None, work, self._take_runs)

    def show_run(self, run: RunId) -> None:
        """Fetch the replies of a run."""

        def work(_token: CancelToken, _report: ProgressCallback) -> Replies:
            return Replies(run, self._replies.lines(run))

        self._later("lines", run, work, self.lines_changed.emit)

    def open_reply(self, run: RunId, revision: RevisionId, variant: str | None = None) -> None:
        """Fetch one reply in full."""

        def work(_token: CancelToken, _report: ProgressCallback) -> ReplyDetail:
            return self._replies.detail(run, revision, variant)

        self._later("detail", (run, revision, variant), work, self.detail_opened.emit)

    def correct(
        self, answer: AnswerId, response: Response | None, state: AnswerState, reason: str
    ) -> bool:
        """Store what a person reads in a reply; False means it was refused and told."""
        readings = self._context.workspace.readings
        stored: Answer | None = self._context.operations.perform(
            self.tr("Correcting a reading"),
            lambda: readings.correct(answer, response, reason, state=state),
        )
        return stored is not None

    def read_again(self, run: RunId) -> None:
        """Read the replies of a run by the rules in use now; no call is made."""
        readings = self._context.workspace.readings

        def say(found: Reread) -> None:
            words = self.tr("%1 replies read again: %2 read otherwise, %3 by a person stay.")
            for place, count in (
                ("%1", found.replies),
                ("%2", found.changed),
                ("%3", found.corrected),
            ):
                words = words.replace(place, f"{count:,}")
            self._context.messages.done(words)

        self._context.operations.perform_later(
            self.tr("Reading replies"),
            lambda token, report: readings.reread(run, cancel=token, progress=report),
            on_done=while_alive(self, say),
        )

    def compare(self, runs: Sequence[RunId]) -> None:
        """Fetch runs side by side."""
        wanted = tuple(runs)

        def work(_token: CancelToken, _report: ProgressCallback) -> Comparison:
            return self._replies.compare(wanted)

        self._later("comparison", wanted, work, self.compared.emit)

    def open_compared(self, runs: Sequence[RunId], revision: RevisionId) -> None:
        """Fetch what each of several runs replied to a question."""
        wanted = tuple(runs)

        def work(_token: CancelToken, _report: ProgressCallback) -> tuple[ReplyDetail | None, ...]:
            return self._replies.side_by_side(wanted, revision)

        self._later("compared", (wanted, revision), work, self.compared_replies.emit)

    def watch(self, run: RunId | None) -> None:
        """Count how the run under way stands, again and again; None ends that."""
        self._watched = run
        if run is None:
            self._pause.stop()
        elif not self._pause.isActive():
            self._pause.start(0)

    @Slot()
    def _on_tally_due(self) -> None:
        run = self._watched
        if run is None:
            return

        def work(_token: CancelToken, _report: ProgressCallback) -> tuple[RunTally, float]:
            started = monotonic()
            return self._replies.tally(run), monotonic() - started

        def take(counted: tuple[RunTally, float]) -> None:
            tally, took_s = counted
            if run == self._watched:
                self.tallied.emit(tally)
                self._pause.start(max(_TALLY_MS, round(1000 * _REST * took_s)))

        self._context.operations.ask_later("", work, on_done=while_alive(self, take))

    def _take_runs(self, runs: RunList) -> None:
        self.runs = runs
        self.runs_changed.emit(runs)

    def _later(
        self,
        what: str,
        wanted: object,
        work: Callable[[CancelToken, ProgressCallback], Value],
        take: Callable[[Value], object],
    ) -> None:
        """Do `work` in the background; an answer to an older wish is dropped."""
        self._asked_for[what] = wanted

        def finish(value: Value) -> None:
            if self._asked_for.get(what) == wanted:
                take(value)

        self._context.operations.ask_later("", work, on_done=while_alive(self, finish))
