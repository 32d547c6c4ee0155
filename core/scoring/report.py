"""Scorer of reports: ROUGE-L, with other text metrics and what they cannot see beside it."""

from dataclasses import dataclass
from typing import Final

from core.domain.body import Asked, Response, Written
from core.domain.key import KeyPart, ReportKey
from core.domain.score import ScoreState
from core.scoring.mark import UNSCORED, Mark
from core.scoring.report_checks import differences
from core.scoring.rouge import Rouge, rouge, stemmed
from core.scoring.text_forms import unicode_tokens
from core.scoring.translation import bleu, chrf

ROUGE_VERSION: Final = "0.1.2"
"""Version of the package rouge-score whose values these are on ASCII text."""


TEXT_METRICS: Final = f"rouge-score {ROUGE_VERSION}; no stemmer; Unicode tokenizer 1"
"""What a scorer of texts names in its version."""


@dataclass(frozen=True, slots=True)
class ReportScorer:
    """ROUGE-L F (beta 1, no stemmer) from 0 to 1; other figures beside it, by name.

    A report is always partly right; it does not enter accuracy. `unicode_tokenizer` is 1 where a
    text is not ASCII; figures with the Porter stemmer, which is for English, exist only where
    both are. `bleu_…` (named by its tokenizer) and `chrf2` run from 0 to 100.
    """

    name: str = "rouge_l_f"
    version: str = f"2; {TEXT_METRICS}"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Written) or not isinstance(right, ReportKey):
            return UNSCORED
        return mark_text(right.reference, response.text)


def mark_text(reference: str, candidate: str) -> Mark:
    """Return ROUGE-L F of a text against a reference, with the other figures beside it."""
    wanted, said = unicode_tokens(reference), unicode_tokens(candidate)
    if not wanted:
        return UNSCORED
    found = rouge(wanted, said)
    is_ascii = reference.isascii() and candidate.isascii()
    details = _figures(found) | {"unicode_tokenizer": float(not is_ascii)}
    if is_ascii:
        details |= _stemmed_figures(rouge(stemmed(wanted), stemmed(said)))
    tokenizer, blue = bleu(reference, candidate)
    details |= {f"bleu_{tokenizer}": blue, "chrf2": chrf(reference, candidate)}
    details |= differences(wanted, said)
    return Mark(ScoreState.PARTIAL, found.rouge_l.f, details)


def _figures(found: Rouge) -> dict[str, float]:
    return {
        "rouge1_f": found.rouge1.f,
        "rouge2_f": found.rouge2.f,
        "rougeL_f": found.rouge_l.f,
        "rougeL_precision": found.rouge_l.precision,
        "rougeL_recall": found.rouge_l.recall,
    }


def _stemmed_figures(found: Rouge) -> dict[str, float]:
    return {
        "rouge1_f_stemmed": found.rouge1.f,
        "rouge2_f_stemmed": found.rouge2.f,
        "rougeL_f_stemmed": found.rouge_l.f,
    }
