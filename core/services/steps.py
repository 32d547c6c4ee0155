"""Steps that several services take: moving a question, and who may change what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.decision import Decision, DecisionKind, Moved
from core.domain.ids import PersonId, RevisionId
from core.domain.people import Role
from core.domain.question import Question
from core.domain.revision import Revision
from core.domain.stage import Stage, StageMove, require_transition
from core.errors import NotFoundError, WorkflowError

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Transaction


def move_question(
    tx: Transaction,
    question: Question,
    end: Stage,
    person: PersonId,
    *,
    at: datetime,
    reason: str = "",
) -> Question:
    """Move `question` within `tx`; raise `WorkflowError` when the table forbids it."""
    require_transition(question.stage, end, tx.people.get(person), reason=reason)
    moved = replace(question, stage=end)
    tx.questions.update(moved)
    tx.stage_moves.add(StageMove(question.id, question.stage, end, person, at, reason))
    tx.audit.append(person=person, action=f"question.{end.value}", subject=question.id)
    return moved


def take_back(
    tx: Transaction, question: Question, moved: Moved, person: PersonId, *, at: datetime, why: str
) -> Question:
    """Move `question` back to where `moved` began; raise unless `person` may take that step."""
    require_transition(moved.start, moved.end, tx.people.get(person), reason=why)
    back = replace(question, stage=moved.start)
    tx.questions.update(back)
    tx.stage_moves.add(StageMove(question.id, moved.end, moved.start, person, at, why))
    tx.audit.append(person=person, action=f"question.{moved.start.value}", subject=question.id)
    return back


def record_decision(
    tx: Transaction,
    clock: Clock,
    kind: DecisionKind,
    person: PersonId,
    moves: Sequence[Moved],
    *,
    reason: str = "",
) -> None:
    """Remember what moved together, so that it can be taken back together."""
    if moves:
        decision = Decision(clock.new_id(), person, kind, clock.now(), tuple(moves), reason)
        tx.decisions.add(decision)


def step_back(
    tx: Transaction, question: Question, moved: Moved, person: PersonId, *, at: datetime, why: str
) -> Question:
    """Undo `moved`, whichever way it went; also back into the bin."""
    if moved.start is Stage.IN_BIN:
        return move_question(tx, question, Stage.IN_BIN, person, at=at, reason=why)
    return take_back(tx, question, moved, person, at=at, why=why)


def step_again(
    tx: Transaction, question: Question, moved: Moved, person: PersonId, *, at: datetime, why: str
) -> Question:
    """Make `moved` anew, whichever way it went; also out of the bin."""
    if moved.start is Stage.IN_BIN:
        was = Moved(moved.question, moved.end, Stage.IN_BIN)
        return take_back(tx, question, was, person, at=at, why=why)
    return move_question(tx, question, moved.end, person, at=at, reason=why)


def require_deletable(tx: Transaction, questions: Sequence[Question]) -> None:
    """Raise `WorkflowError` naming the first question whose deletion would change a result.

    Rejected and retired ones count in no result any more.
    """
    still_used = [one for one in questions if one.stage not in (Stage.REJECTED, Stage.RETIRED)]
    named = _named(tx) if still_used else set()
    answered = tx.bin.answered([one.id for one in still_used])
    for one in still_used:
        versions = [revision.id for revision in tx.revisions.of_question(one.id)] if named else []
        if one.id in answered or named.intersection(versions):
            raise WorkflowError(
                f"Question {one.number} has answers or is to be answered, so results rest on it.",
                hint="Retire it instead: it is no longer used, and what was recorded stays true.",
            )


def _named(tx: Transaction) -> set[RevisionId]:
    """Return the revisions that a reading plan or a run names."""
    plans = (one for plan in tx.plans.all() for one in plan.revisions)
    return {*plans, *(one for run in tx.runs.all() for one in run.spec.revisions)}


def current_revision(tx: Transaction, question: Question) -> Revision:
    """Return the current revision; raise `NotFoundError` while there is none."""
    if question.current_revision is None:
        raise NotFoundError(
            f"Question {question.number} has no finished version yet.",
            hint="Finish its draft on the Author page.",
        )
    return tx.revisions.get(question.current_revision)


def require_editable(tx: Transaction, question: Question, person: PersonId) -> None:
    """Raise `WorkflowError` unless the question is a draft and `person` may change it."""
    if question.stage is not Stage.DRAFT:
        raise WorkflowError(
            f"Question {question.number} is “{question.stage.display_name}” and cannot be changed.",
            hint="Restore it from the bin first."
            if question.stage is Stage.IN_BIN
            else "Return it to draft first, with a reason.",
        )
    if question.author != person and not tx.people.get(person).has_role(Role.LEAD):
        raise WorkflowError(
            f"Question {question.number} was written by somebody else.",
            hint="Only its author and the study lead may change it.",
        )
