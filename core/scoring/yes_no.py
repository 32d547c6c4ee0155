"""Scorer of yes/no questions."""

from dataclasses import dataclass

from core.domain.body import Asked, Chosen, Response
from core.domain.key import KeyPart, YesNoKey
from core.scoring.mark import UNSCORED, Mark, right_or_wrong


@dataclass(frozen=True, slots=True)
class YesNoScorer:
    """1 for the right one of yes and no, else 0."""

    name: str = "yes_no"
    version: str = "1"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Chosen) or not isinstance(right, YesNoKey):
            return UNSCORED
        if right.option is None:
            return UNSCORED
        return right_or_wrong(is_right=response.options == {right.option})
