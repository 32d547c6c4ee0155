"""Decisions that moved questions, one or many at once, and can be taken back as one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.ids import PersonId, QuestionId
from core.domain.stage import Stage


class DecisionKind(StrEnum):
    """What was decided."""

    ACCEPT = "accept"
    """Unanimous questions were accepted."""
    ADJUDICATE = "adjudicate"
    RETURN = "return"
    RETIRE = "retire"
    APPROVE = "approve"
    """A blinding was approved."""
    BIN = "bin"
    """Questions were deleted."""
    RESTORE = "restore"
    """Questions were taken out of the bin."""


class DecisionState(StrEnum):
    """Whether a decision stands."""

    DONE = "done"
    UNDONE = "undone"
    CLOSED = "closed"
    """Undone and something else decided since, or its question is gone for ever."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that a decision moved from one stage to another."""

    question: QuestionId
    start: Stage
    end: Stage


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided in one go."""

    id: str
    person: PersonId
    kind: DecisionKind
    made_at: datetime
    moves: tuple[Moved, ...]
    reason: str = ""
    state: DecisionState = DecisionState.DONE
