"""BLEU and chrF of one text by the package sacrebleu, with the tokenizer that its script needs."""

import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

_WITHOUT_BLANKS: Final = ("HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def bleu(reference: str, candidate: str) -> tuple[str, float]:
    """Return the tokenizer used and sentence BLEU, 0 to 100 (effective order, exp smoothing)."""
    tokenizer = bleu_tokenizer(reference)
    score = float(_bleu(tokenizer).sentence_score(candidate, [reference]).score)
    return tokenizer, min(score, 100.0)  # the mean of logarithms may end a hair above


def chrf(reference: str, candidate: str) -> float:
    """Return chrF2, 0 to 100: character 1- to 6-grams, beta 2, blanks removed."""
    return float(_chrf().sentence_score(candidate, [reference]).score)


def bleu_tokenizer(text: str) -> str:
    """Return sacrebleu's name of the tokenizer for the script that most letters are of.

    The default one takes a whole Chinese sentence for a word and scores it 0.
    """
    if text.isascii():
        return "13a"
    kinds = Counter(_kind(letter) for letter in text if letter.isalpha())
    if kinds["char"]:
        return "char"  # kana among Han is Japanese
    return kinds.most_common(1)[0][0] if kinds else "13a"


def _kind(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if name.startswith(_WITHOUT_BLANKS):
        return "char"
    if name.startswith("CJK"):
        return "zh"
    return "13a" if name.startswith(("LATIN", "MICRO")) else "intl"


@cache
def _bleu(tokenizer: str) -> "BLEU":
    # Imported when used: nothing else needs sacrebleu.
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize=tokenizer, effective_order=True)


@cache
def _chrf() -> "CHRF":
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()
