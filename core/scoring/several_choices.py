"""Scorer of questions with several right options."""

from dataclasses import dataclass

from core.domain.body import Asked, Chosen, Response
from core.domain.key import KeyPart, SeveralChoicesKey
from core.scoring.mark import UNSCORED, Mark, right_or_wrong


@dataclass(frozen=True, slots=True)
class SeveralChoicesScorer:
    """1 for exactly the right set, else 0; shares of the options beside it.

    Precision of choosing nothing is 0. `partial` is right picks minus wrong picks over the size of
    the key, not below 0.
    """

    name: str = "several_choices_exact"
    version: str = "2"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Chosen) or not isinstance(right, SeveralChoicesKey):
            return UNSCORED
        if not right.options:
            return UNSCORED
        chosen = response.options
        hits = len(chosen & right.options)
        details = {
            "precision": hits / len(chosen) if chosen else 0.0,
            "recall": hits / len(right.options),
            "f1": 2 * hits / (len(chosen) + len(right.options)),
            "jaccard": hits / len(chosen | right.options),
            "partial": max(0.0, (2 * hits - len(chosen)) / len(right.options)),
        }
        return right_or_wrong(is_right=chosen == right.options, details=details)
