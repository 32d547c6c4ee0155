"""Scorer of reports: ROUGE by the package rouge-score."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from core.domain.body import Asked, Response, Written
from core.domain.key import KeyPart, ReportKey
from core.domain.score import ScoreState
from core.scoring.mark import UNSCORED, Mark
from core.scoring.text_forms import unicode_tokens

if TYPE_CHECKING:
    from rouge_score.rouge_scorer import RougeScorer

ROUGE_VERSION: Final = "0.1.2"
"""Version of the package rouge-score whose values these are."""
VARIANTS: Final = ("rouge1", "rouge2", "rougeL")


class _UnicodeTokenizer:
    """The tokenizer handed to rouge-score: its own drops every letter beyond a to z."""

    def tokenize(self, text: str) -> list[str]:
        return unicode_tokens(text)


@dataclass(frozen=True, slots=True)
class ReportScorer:
    """ROUGE-L F (beta 1, no stemmer) from 0 to 1; ROUGE-1 and ROUGE-2 F beside it.

    A report is always partly right; it does not enter accuracy.
    """

    name: str = "rouge_l_f"
    version: str = f"rouge-score {ROUGE_VERSION}; no stemmer; Unicode tokenizer 1"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Written) or not isinstance(right, ReportKey):
            return UNSCORED
        if not unicode_tokens(right.reference):
            return UNSCORED
        found = _scorer().score(right.reference, response.text)
        details = {f"{name}_f": float(found[name].fmeasure) for name in VARIANTS}
        details |= {
            "rougeL_precision": float(found["rougeL"].precision),
            "rougeL_recall": float(found["rougeL"].recall),
        }
        return Mark(ScoreState.PARTIAL, details["rougeL_f"], details)


@cache
def _scorer() -> "RougeScorer":
    # Imported when used: rouge_score loads nltk, which takes seconds.
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(VARIANTS), tokenizer=_UnicodeTokenizer())
