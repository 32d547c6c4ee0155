"""Scores: derived from an answer and a key by a named scorer."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.ids import AnswerId


class ScoreState(StrEnum):
    """The one state in which each asked question ends."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    PARTIAL = "partial"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    UNSCORED = "unscored"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Score:
    """What one scorer made of one answer; `value` is None where the state has no value."""

    answer: AnswerId
    scorer: str
    version: str
    state: ScoreState
    value: float | None = None
    details: dict[str, float] = field(default_factory=dict)
