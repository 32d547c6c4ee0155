"""Moving a question to another stage: one place for rule, record and audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.ids import PersonId
from core.domain.question import Question
from core.domain.stage import Stage, StageMove, require_transition

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
