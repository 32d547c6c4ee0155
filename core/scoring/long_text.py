"""Scorer of long texts: ROUGE beside what a judge or a physician says by the rubric."""

from dataclasses import dataclass

from core.domain.body import Asked, Response, Written
from core.domain.key import KeyPart, LongTextKey
from core.scoring.mark import UNSCORED, Mark
from core.scoring.report import TEXT_METRICS, mark_text


@dataclass(frozen=True, slots=True)
class LongTextScorer:
    """ROUGE-L F from 0 to 1, as of reports; the rubric is a judge's work, not this one's.

    It stays out of accuracy: shared words say little about points made or missed.
    """

    name: str = "long_text_rouge_l_f"
    version: str = f"1; {TEXT_METRICS}"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Written) or not isinstance(right, LongTextKey):
            return UNSCORED
        return mark_text(right.reference, response.text)
