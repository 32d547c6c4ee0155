"""How fast a model wrote: characters and tokens per second, time to the first word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.domain.answer import Answer


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some values, and what nine tenths of them do not exceed."""

    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Speed:
    """Figures of the `count` replies that were timed and not empty; None where there is none.

    The clock runs from the request to the last byte, so characters are those of the answer
    without blanks around it, and tokens those of thinking, too. `first_word_s` is known of
    streamed replies only.
    """

    count: int = 0
    characters_per_s: Spread | None = None
    tokens_per_s: Spread | None = None
    first_word_s: Spread | None = None


def speed_of(answers: Iterable[Answer]) -> Speed:
    """Return how fast these answers came; what is empty or was never timed is left out."""
    timed = [(one, one.elapsed_s, one.raw_text.strip()) for one in answers if one.elapsed_s]
    written = [(one, took_s, text) for one, took_s, text in timed if text]
    tokens = [(one.details.get("completion_tokens"), took_s) for one, took_s, _ in written]
    firsts = [one.details.get("first_byte_s") for one, _, _ in written]
    return Speed(
        len(written),
        _spread([len(text) / took_s for _, took_s, text in written]),
        _spread([float(count) / took_s for count, took_s in tokens if count]),
        _spread([float(one) for one in firsts if one is not None]),
    )


def _spread(values: Sequence[float]) -> Spread | None:
    if len(values) < 2:
        return Spread(values[0], values[0]) if values else None
    return Spread(median(values), quantiles(values, n=10, method="inclusive")[-1])
