"""The bin: deleted questions stay whole and out of the way until they are restored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.decision import DecisionKind, Moved
from core.domain.ids import PersonId, QuestionId
from core.domain.people import Role
from core.domain.question import Question, QuestionSummary
from core.domain.stage import Stage, StageMove
from core.errors import NotFoundError, WorkflowError
from core.services.steps import (
    move_question,
    record_decision,
    require_deletable,
    take_back,
)

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Database, Transaction

REMOVED: Final = "question.removed"
"""The audit event of a question that was removed for ever."""
_RESTORED: Final = "Restored from the bin."


@dataclass(frozen=True, slots=True)
class DeletedQuestion:
    """A question in the bin: by whom, when, why, and from which stage (`step.start`).

    `stays` says why emptying the bin leaves it there; empty when it goes for ever.
    """

    summary: QuestionSummary
    step: StageMove
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Emptied:
    """How many questions were removed for ever, and how many stay in the bin."""

    removed: int
    kept: int


class BinService:
    """Deletes questions so that they can come back, and empties the bin."""

    def __init__(
        self, database: Database, clock: Clock, *, before_emptying: Callable[[], None]
    ) -> None:
        """`before_emptying` takes a backup."""
        self._database = database
        self._clock = clock
        self._before_emptying = before_emptying

    def questions(self, viewer: PersonId) -> list[DeletedQuestion]:
        """Return what is in the bin, by number: to a lead all, to others their own."""
        with self._database.read() as tx:
            return _lines(tx, viewer)

    def delete(
        self, questions: Sequence[QuestionId], person: PersonId, reason: str = ""
    ) -> Outcome[int]:
        """Move questions to the bin, all or none; one undo takes it back.

        Raises `WorkflowError` for a question on which results rest: that is retired instead.
        """
        moves = []
        with self._database.write() as tx:
            found = [tx.questions.get(one) for one in questions]
            _require_own(tx, found, person)
            for question in found:
                now = self._clock.now()
                move_question(tx, question, Stage.IN_BIN, person, at=now, reason=reason.strip())
                moves.append(Moved(question.id, question.stage, Stage.IN_BIN))
            require_deletable(tx, found)
            record_decision(tx, self._clock, DecisionKind.BIN, person, moves, reason=reason.strip())
        return Outcome(len(moves), Changes.of(Kind.QUESTION, *questions))

    def restore(self, questions: Sequence[QuestionId], person: PersonId) -> Outcome[int]:
        """Put questions back to where they stood, all or none; one undo takes it back."""
        moves = []
        with self._database.write() as tx:
            found = [tx.questions.get(one) for one in questions]
            _require_own(tx, found, person)
            for question in found:
                step = _last_step(tx, question)
                moved = Moved(question.id, step.start, Stage.IN_BIN)
                take_back(tx, question, moved, person, at=self._clock.now(), why=_RESTORED)
                moves.append(Moved(question.id, Stage.IN_BIN, step.start))
            record_decision(tx, self._clock, DecisionKind.RESTORE, person, moves, reason=_RESTORED)
        return Outcome(len(moves), Changes.of(Kind.QUESTION, *questions))

    def empty(self, person: PersonId) -> Outcome[Emptied]:
        """Remove the drafts in the bin that never left, for ever, after taking a backup.

        All others stay: somebody may have them, or records name them.
        """
        with self._database.read() as tx:
            if all(one.stays for one in _lines(tx, person)):
                raise WorkflowError(
                    "Nothing in the bin can be removed for ever.",
                    hint="Only drafts that were never blinded, answered or sent are removed.",
                )
        self._before_emptying()
        with self._database.write() as tx:
            lines = _lines(tx, person)
            gone = [one.summary.id for one in lines if not one.stays]
            for question in gone:
                tx.audit.append(person=person, action=REMOVED, subject=question)
            tx.bin.remove(gone)
        return Outcome(Emptied(len(gone), len(lines) - len(gone)), Changes.of(Kind.QUESTION, *gone))


def _lines(tx: Transaction, viewer: PersonId) -> list[DeletedQuestion]:
    is_lead = tx.people.get(viewer).has_role(Role.LEAD)
    lines = tx.questions.summaries(stage=Stage.IN_BIN)
    mine = [one for one in lines if is_lead or one.author == viewer]
    ids = [one.id for one in mine]
    answered, unsent = tx.bin.answered(ids), tx.bin.unsent(ids)
    found = []
    for line in mine:
        steps = tx.stage_moves.of_question(line.id)
        stays = _why_it_stays(line, steps, answered=answered, unsent=unsent)
        found.append(DeletedQuestion(line, steps[-1], stays))
    return found


def _why_it_stays(
    line: QuestionSummary,
    steps: Sequence[StageMove],
    *,
    answered: Collection[QuestionId],
    unsent: Collection[QuestionId],
) -> str:
    if line.id in answered:
        return "It was answered or verified."
    if any({one.start, one.end} - {Stage.DRAFT, Stage.IN_BIN} for one in steps):
        return "It was more than a draft before, so others may have it."
    if line.id not in unsent:
        return "It came from another workspace, or left in a set or with the whole workspace."
    return ""


def _last_step(tx: Transaction, question: Question) -> StageMove:
    if question.stage is not Stage.IN_BIN:
        raise NotFoundError(
            f"Question {question.number} is not in the bin.",
            hint=f"It is “{question.stage.display_name}”.",
        )
    return tx.stage_moves.of_question(question.id)[-1]


def _require_own(tx: Transaction, questions: Sequence[Question], person: PersonId) -> None:
    if tx.people.get(person).has_role(Role.LEAD):
        return
    for one in questions:
        if one.author != person:
            raise WorkflowError(
                f"Question {one.number} was written by somebody else.",
                hint="Only its author and the study lead may delete or restore it.",
            )
