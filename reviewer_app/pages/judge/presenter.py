"""State of the Judge page: what is to be graded, which judges there are, how they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Kind, Outcome
from core.domain.ids import AnswerId, JudgeId, RunId
from core.domain.judging import JudgeVerdict
from core.domain.people import Role
from core.errors import CoreError
from core.services.evaluation.calls import offered_models
from core.tasks import CancelToken, ProgressCallback
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.services.evaluation.profiles import EndpointProfile
    from core.services.judging.records import (
        GradingTask,
        JudgeAgreement,
        JudgedFigure,
        JudgePreparation,
        JudgeRequest,
        JudgeSummary,
    )


@dataclass(frozen=True, slots=True)
class Board:
    """What a lead sees: judges, runs that can be graded, the sample, figures that count."""

    judges: tuple[JudgeSummary, ...] = ()
    runs: tuple[tuple[RunId, str], ...] = ()
    sample_size: int = 0
    figures: tuple[JudgedFigure, ...] = ()
    profiles: tuple[EndpointProfile, ...] = ()
    """The named endpoints."""


class JudgePresenter(QObject):
    """Asks core and remembers what it said.

    Signals: `tasks_changed()`; `board_changed()`; `agreement_changed()`; `refused(str)`, why a
    judge is not asked; `prepared(JudgePreparation)`, what would be asked;
    `models_found(tuple)` and `models_refused(str)`, the models of an endpoint or why not.
    """

    tasks_changed = Signal()
    board_changed = Signal()
    agreement_changed = Signal()
    refused = Signal(str)
    prepared = Signal(object)
    models_found = Signal(object)
    models_refused = Signal(str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.tasks: tuple[GradingTask, ...] = ()
        self.board = Board()
        self.chosen: JudgeId | None = None
        self.agreement: JudgeAgreement | None = None

    @property
    def is_lead(self) -> bool:
        """Whether this person asks judges and decides on them."""
        return self._context.me().has_role(Role.LEAD)

    @property
    def can_write(self) -> bool:
        """Whether anything can be stored here."""
        return not self._context.workspace.is_read_only

    def concerns(self, changes: Changes) -> bool:
        """Tell whether what is shown may be out of date."""
        return changes.concerns(
            Kind.JUDGE, Kind.RUN, Kind.ANSWER, Kind.QUESTION, Kind.SITTING, Kind.PERSON
        )

    def open_count(self) -> int:
        """Return how many answers this person has not graded yet."""
        return sum(task.met is None for task in self.tasks)

    def refresh_tasks(self) -> None:
        """Read what this person grades."""
        judging, me = self._context.workspace.judging, self._context.me().id
        found = self._context.operations.ask("", lambda: judging.tasks(me))
        self.tasks = () if found is None else tuple(found)
        self.tasks_changed.emit()

    def refresh_board(self) -> None:
        """Read judges and figures, off the screen's thread."""
        if self.is_lead:
            self._context.operations.ask_later("", lambda *_: self._read(), on_done=self._show)

    def grade(self, answer: AnswerId, met: Sequence[bool], comment: str) -> bool:
        """Store a grading; False when it was refused and the user was told."""
        judging, me = self._context.workspace.judging, self._context.me().id
        done = self._context.operations.perform(
            self.tr("Storing the grading"),
            lambda: judging.grade(me, answer, met, comment=comment),
        )
        return done is not None

    def draw(self, size: int, seed: int) -> None:
        """Draw a new sample; gradings of the one before stay stored."""
        judging, me = self._context.workspace.judging, self._context.me().id
        self._context.operations.perform(
            self.tr("Drawing a sample"), lambda: judging.draw_sample(me, size, seed=seed)
        )

    def prepare(self, request: JudgeRequest, run: RunId | None) -> JudgePreparation | None:
        """Return what would be asked, or None with the reason in `refused`."""
        try:
            preparation = self._context.workspace.judging.prepare(request, run)
        except CoreError as error:
            self.refused.emit(str(error))
            return None
        self.refused.emit("")
        self.prepared.emit(preparation)
        return preparation

    def start(self, request: JudgeRequest, run: RunId | None, endpoint: EndpointProfile) -> None:
        """Ask the judge as its endpoint says; the task bar shows how far it is and cancels."""
        preparation = self.prepare(request, run)
        if preparation is None:
            return
        judging = self._context.workspace.judging

        def work(token: CancelToken, progress: ProgressCallback) -> Outcome[JudgeSummary]:
            calling = endpoint.calling()
            return judging.start(preparation, calling, cancel=token, progress=progress)

        self._context.operations.perform_later(
            self.tr("Asking the judge"), work, on_done=lambda summary: self.choose(summary.judge.id)
        )

    def find_models(self, endpoint: EndpointProfile) -> None:
        """Ask an endpoint which models it has."""

        def work(_token: CancelToken, _progress: ProgressCallback) -> tuple[str, ...] | CoreError:
            try:
                return offered_models(endpoint.base_url, endpoint.calling())
            except CoreError as error:
                return error  # said beside the field, not in the message bar

        def take(found: tuple[str, ...] | CoreError) -> None:
            if isinstance(found, CoreError):
                self.models_refused.emit(str(found))
            else:
                self.models_found.emit(found)

        self._context.operations.ask_later("", work, on_done=take)

    def choose(self, judge: JudgeId | None) -> None:
        """Show the agreement of one judge."""
        self.chosen = judge
        if judge is None:
            self.agreement = None
            self.agreement_changed.emit()
            return
        judging = self._context.workspace.judging

        def show(found: JudgeAgreement) -> None:
            if self.chosen == judge:
                self.agreement = found
                self.agreement_changed.emit()

        self._context.operations.ask_later("", lambda *_: judging.agreement(judge), on_done=show)

    def decide(self, verdict: JudgeVerdict) -> None:
        """Let the scores of the chosen judge count, or no longer."""
        if self.chosen is None:
            return
        judging, me, judge = self._context.workspace.judging, self._context.me().id, self.chosen
        self._context.operations.perform(
            self.tr("Deciding on the judge"), lambda: judging.decide(judge, me, verdict)
        )

    def chosen_summary(self) -> JudgeSummary | None:
        """Return the chosen judge."""
        return next((one for one in self.board.judges if one.judge.id == self.chosen), None)

    def _read(self) -> Board:
        workspace = self._context.workspace
        sample = workspace.judging.sample()
        return Board(
            judges=tuple(workspace.judging.judges()),
            runs=tuple(
                (one.run.id, f"{one.run.spec.llm} · {one.run.spec.condition.value}")
                for one in workspace.evaluation.runs()
            ),
            sample_size=0 if sample is None else len(sample.answers),
            figures=workspace.analysis.results().judged,
            profiles=self._profiles(),
        )

    def _profiles(self) -> tuple[EndpointProfile, ...]:
        try:
            return tuple(self._context.workspace.evaluation.profiles.all())
        except CoreError:  # told on the Evaluate page, where the list is mended
            return ()

    def _show(self, board: Board) -> None:
        self.board = board
        known = [one.judge.id for one in board.judges]
        self.board_changed.emit()
        if self.chosen not in known:
            self.choose(known[0] if known else None)
        else:
            self.choose(self.chosen)
