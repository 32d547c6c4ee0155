"""What a scorer of one answer format says about one response."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from core.domain.body import Asked, Response
from core.domain.key import KeyPart
from core.domain.score import ScoreState


@dataclass(frozen=True, slots=True)
class Mark:
    """State and value of a response; `details` are figures beside it, by name."""

    state: ScoreState
    value: float | None = None
    details: dict[str, float] = field(default_factory=dict)


UNSCORED: Final = Mark(ScoreState.UNSCORED)
"""Nothing could be decided: the response or the key is missing or has another format."""


class Scorer(Protocol):
    """Marks responses of one format; a change in what it decides changes its version."""

    @property
    def name(self) -> str:
        """Stored with every score."""

    @property
    def version(self) -> str:
        """Stored with every score."""

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""


def right_or_wrong(*, is_right: bool, details: dict[str, float] | None = None) -> Mark:
    """Return the mark 1 or 0."""
    state = ScoreState.CORRECT if is_right else ScoreState.INCORRECT
    return Mark(state, float(is_right), details or {})
