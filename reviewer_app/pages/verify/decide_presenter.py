"""The board of questions under verification, and the adjudicator's desk."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Outcome
from core.domain.people import Role
from core.errors import ValidationError
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.domain.body import Response
    from core.domain.ids import QuestionId
    from core.domain.verification import Adjudication, Verdict
    from core.services.adjudication import AdjudicationDesk, BoardLine


class DecidePresenter(QObject):
    """State and actions of the deciding side.

    Signals: `board_changed()`; `desk_changed()` when the desk shows another question or its
    candidates; `decided(int)` with the number of a decided question; `refused(str, str)` field
    and sentence, to show in place.
    """

    board_changed = Signal()
    desk_changed = Signal()
    decided = Signal(int)
    refused = Signal(str, str)

    def __init__(
        self,
        context: AppContext,
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._now_s = now_s
        self._opened_s = 0.0
        self.open_image = context.workspace.images.open
        self.board: tuple[BoardLine, ...] = ()
        self.desk: AdjudicationDesk | None = None

    @property
    def may_decide(self) -> bool:
        """Whether the person here is an adjudicator or lead."""
        return self._context.me().has_role(Role.ADJUDICATOR, Role.LEAD)

    def refresh(self) -> None:
        """Read the board again.

        Of one's own questions it shows only the unanimous ones: accepting those decides nothing,
        everything else is for somebody who did not write them. But for the lead, a
        question that one still has to verify is not on it: its line tells what others decided.
        """
        found = self._context.operations.ask(
            self.tr("Listing the questions under verification"), self._lines
        )
        me = self._context.me().id
        lines = [line for line in found or () if line.summary.author != me or line.is_unanimous]
        self.board = tuple(sorted(lines, key=_urgency))
        self.board_changed.emit()

    def _lines(self) -> list[BoardLine]:
        if not self.may_decide:
            return []
        work, me = self._context.workspace, self._context.me()
        board = work.adjudication.board()
        if me.has_role(Role.LEAD):  # who watches how far everybody is
            return board
        unanswered = {one.id for one in work.verification.waiting(me.id)}
        return [one for one in board if one.summary.id not in unanswered]

    def unanimous(self) -> tuple[QuestionId, ...]:
        """Return the questions that can be accepted in bulk."""
        return tuple(line.summary.id for line in self.board if line.is_unanimous)

    def conflicts(self) -> tuple[QuestionId, ...]:
        """Return the questions that need an adjudicator."""
        return tuple(
            line.summary.id for line in self.board if line.is_complete and not line.is_unanimous
        )

    def accept(self, questions: Sequence[QuestionId]) -> None:
        """Accept unanimous questions, all or none."""
        service = self._context.workspace.adjudication
        count = self._context.operations.perform(
            self.tr("Accepting unanimous questions"),
            lambda: service.accept(questions, self._context.me().id),
        )
        if count is not None:
            self._context.messages.done(
                self.tr("%1 questions are verified. Ctrl+Z takes that back.").replace(
                    "%1", str(count)
                )
            )
        self.refresh()

    def open(self, question: QuestionId) -> None:
        """Put a conflict on the desk: first only the blind question."""
        service = self._context.workspace.adjudication
        desk = self._context.operations.ask(
            self.tr("Opening the question"),
            lambda: service.open(question, self._context.me().id),
        )
        if desk is None:
            return
        self.desk = desk
        self._opened_s = self._now_s()
        self.desk_changed.emit()

    def close_desk(self) -> None:
        """Go back to the board."""
        self.desk = None
        self.desk_changed.emit()

    def lock(self, response: Response) -> bool:
        """Lock the own answer, then show the candidates and the key; False when refused."""
        if self.desk is None:
            return False
        service, question = self._context.workspace.adjudication, self.desk.blind.question
        elapsed_s = self._now_s() - self._opened_s
        answer = self._context.operations.perform(
            self.tr("Locking your answer"),
            lambda: service.lock_answer(
                question, self._context.me().id, response, elapsed_s=elapsed_s
            ),
        )
        if answer is None:
            return False
        self.open(question)
        return True

    def decide(self, verdict: Verdict, reason: str) -> bool:
        """Decide the question on the desk; False when something is missing."""
        if self.desk is None:
            return False
        blind = self.desk.blind
        service = self._context.workspace.adjudication

        def work() -> Outcome[Adjudication | None]:
            try:
                done = service.decide(
                    blind.question, self._context.me().id, verdict=verdict, reason=reason
                )
            except ValidationError as error:
                self.refused.emit(error.field, str(error))
                return Outcome(None, Changes())
            return Outcome(done.value, done.changes)

        if self._context.operations.perform(self.tr("Deciding the question"), work) is None:
            return False
        self.close_desk()
        self.refresh()
        self.decided.emit(blind.number)
        return True


def _urgency(line: BoardLine) -> tuple[int, int]:
    """Conflicts first, then what can be accepted, then what waits for verifiers."""
    rank = 1 if line.is_unanimous else 0 if line.is_complete else 2
    return rank, line.summary.number
