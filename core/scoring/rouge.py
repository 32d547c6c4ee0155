"""ROUGE-1, ROUGE-2 and ROUGE-L: on ASCII text bit for bit the values of rouge-score 0.1.2.

Lin CY (2004) W04-1013. The longest common subsequence is counted in the bits of one integer
(Hyyrö 2004) instead of a table of both texts, which is where the time goes.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from nltk.stem.porter import PorterStemmer

LONGEST_UNSTEMMED: Final = 3
"""Tokens up to this many characters are left as they are."""


class Overlap(NamedTuple):
    """Share of the candidate found in the reference, of the reference found, and their F1."""

    precision: float
    recall: float
    f: float


@dataclass(frozen=True, slots=True)
class Rouge:
    """The three figures of one pair of texts."""

    rouge1: Overlap
    rouge2: Overlap
    rouge_l: Overlap


def rouge(reference: Sequence[str], candidate: Sequence[str]) -> Rouge:
    """Return the figures of two tokenized texts; over nothing they are 0."""
    return Rouge(
        rouge1=_shared(reference, candidate),
        rouge2=_shared(_pairs(reference), _pairs(candidate)),
        rouge_l=_longest(reference, candidate),
    )


def common_length(reference: Sequence[str], candidate: Sequence[str]) -> int:
    """Return the length of the longest common subsequence."""
    places: dict[str, int] = {}
    bit = 1
    for token in reference:
        places[token] = places.get(token, 0) | bit
        bit <<= 1
    everywhere = bit - 1
    open_places = everywhere
    for token in candidate:
        if matches := open_places & places.get(token, 0):
            open_places = ((open_places + matches) | (open_places - matches)) & everywhere
    return len(reference) - open_places.bit_count()


def stemmed(tokens: Iterable[str]) -> list[str]:
    """Return tokens cut to their stems as rouge-score does; for English only."""
    return [_stem(one) if len(one) > LONGEST_UNSTEMMED else one for one in tokens]


def _pairs(tokens: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(tokens))


def _shared(reference: Sequence[Hashable], candidate: Sequence[Hashable]) -> Overlap:
    wanted = Counter(reference)
    hits = 0
    for token, count in Counter(candidate).items():
        hits += min(count, wanted.get(token, 0))
    return _overlap(hits, max(len(candidate), 1), max(len(reference), 1))


def _longest(reference: Sequence[str], candidate: Sequence[str]) -> Overlap:
    if not reference or not candidate:
        return Overlap(0.0, 0.0, 0.0)
    return _overlap(common_length(reference, candidate), len(candidate), len(reference))


def _overlap(hits: int, candidate: int, reference: int) -> Overlap:
    precision, recall = hits / candidate, hits / reference
    both = precision + recall
    return Overlap(precision, recall, 2 * precision * recall / both if both > 0 else 0.0)


@cache
def _stem(token: str) -> str:
    return str(_stemmer().stem(token))


@cache
def _stemmer() -> "PorterStemmer":
    # Imported when used: nltk takes a while.
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()
