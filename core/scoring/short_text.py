"""Scorer of short texts."""

from dataclasses import dataclass

from core.domain.body import Asked, Response, Written
from core.domain.key import KeyPart, ShortTextKey
from core.scoring.mark import UNSCORED, Mark, right_or_wrong
from core.scoring.text_forms import normalized_answer


@dataclass(frozen=True, slots=True)
class ShortTextScorer:
    """1 if the normalized answer equals the reference or a variant, else 0; it never guesses."""

    name: str = "short_text_match"
    version: str = "1"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Written) or not isinstance(right, ShortTextKey):
            return UNSCORED
        accepted = {normalized_answer(text) for text in (right.reference, *right.variants)} - {""}
        if not accepted:
            return UNSCORED
        return right_or_wrong(is_right=normalized_answer(response.text) in accepted)
