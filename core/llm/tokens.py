"""Counts tokens without the network, and says how far other models' counts lie from it.

The vocabulary is o200k_base, published with tiktoken under the MIT license.
"""

import gzip
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from core.errors import LlmError
from core.paths import resources_folder

if TYPE_CHECKING:
    import tiktoken

_FILE: Final = "o200k_base.tiktoken.gz"
_PIECES: Final = (
    r"[^\r\n\p{L}\p{M}\p{N}]?[\p{L}\p{M}]+(?i:'(?:s|t|re|ve|m|ll|d))?"
    r"|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n/]*"
    r"|\s*[\r\n]+"
    r"|\s+(?!\S)"
    r"|\s+"
)
"""Words with the sign before them, up to three digits, signs, line ends, blanks."""
_LATIN_SPREAD: Final = (0.95, 1.3)
_OTHER_SPREAD: Final = (0.75, 3.0)
"""Counts of two other vocabularies as a share of ours, measured on questions in ten languages:
1.0 to 1.25 in English, German, French and Spanish, 0.76 in Chinese, up to 2.98 in Hindi."""
_MOSTLY: Final = 0.9


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is known roughly."""

    low: float = 0.0
    expected: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def times(self, factor: float) -> "Range":
        """Return all three multiplied."""
        return Range(self.low * factor, self.expected * factor, self.high * factor)


def count_tokens(text: str) -> int:
    """Return how many pieces of the vocabulary a text is."""
    return len(_encoding().encode_ordinary(text))


def text_tokens(text: str) -> Range:
    """Return the tokens that some model will see in a text."""
    count = count_tokens(text)
    latin = sum(map(str.isascii, text))
    low, high = _LATIN_SPREAD if latin >= _MOSTLY * len(text) else _OTHER_SPREAD
    return Range(floor(count * low), count, ceil(count * high))


@cache
def _encoding() -> "tiktoken.Encoding":
    import tiktoken

    path = resources_folder() / "tokenizers" / _FILE
    try:
        lines = gzip.decompress(path.read_bytes()).split(b"\n")
        ranks = {
            b64decode(piece): int(rank) for piece, rank in map(bytes.split, filter(None, lines))
        }
    except (OSError, ValueError) as error:
        raise LlmError(
            "The vocabulary for counting tokens cannot be read.", hint="Reinstall."
        ) from error
    return tiktoken.Encoding("asclepius", pat_str=_PIECES, mergeable_ranks=ranks, special_tokens={})
