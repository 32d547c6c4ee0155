"""Steps that several services take: moving a question, and who may change what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.ids import PersonId
from core.domain.people import Role
from core.domain.question import Question
from core.domain.revision import Revision
from core.domain.stage import Stage, StageMove, require_transition
from core.errors import NotFoundError, WorkflowError

if TYPE_CHECKING:
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
            hint="Return it to draft first, with a reason.",
        )
    if question.author != person and not tx.people.get(person).has_role(Role.LEAD):
        raise WorkflowError(
            f"Question {question.number} was written by somebody else.",
            hint="Only its author and the study lead may change it.",
        )
