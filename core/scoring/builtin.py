"""Built-in respondents: chance and the best constant answer on the same questions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import factorial
from typing import Final

from core.domain.body import (
    AnswerFormat,
    Asked,
    Chosen,
    Ranked,
    Ranking,
    Response,
    SeveralChoices,
    SingleChoice,
    YesNo,
    options_of,
)
from core.domain.ids import OptionId
from core.domain.key import Key, RankingKey, SeveralChoicesKey, SingleChoiceKey, YesNoKey

CHANCE: Final = "Chance"
BEST_CONSTANT: Final = "Best constant answer"

Places = tuple[int, ...]
"""Places of options in the author's order, from 0: rising, or in the order of a ranking."""


@dataclass(frozen=True, slots=True)
class ConstantAnswers:
    """For each format with options the places that are answered to every question."""

    places: dict[AnswerFormat, Places]


def chance_of(asked: Asked) -> float | None:
    """Return the expected accuracy of a blind pick, or None for formats without options.

    1/k for one of k options; 1/(2^k - 1) for any set of k options but the empty one; 1/k! for an
    order of k options. Nothing is drawn: the figure is exact.
    """
    count = len(options_of(asked))
    if not count:
        return None
    if isinstance(asked, Ranking):
        return 1 / factorial(count)
    return 1 / (2**count - 1) if isinstance(asked, SeveralChoices) else 1 / count


def best_constant(questions: Iterable[tuple[Asked, Key]]) -> ConstantAnswers:
    """Return the constant answers that are right most often over these questions.

    Found for each format apart: the one place among the options in the author's order (always A,
    always B, …) for single choice, always yes or always no, the one set of places for several
    choices, the one order of places for rankings. The earliest place wins a tie. It is chosen on
    the very questions it is scored on, so it is the best that a fixed answer could reach.
    """
    counts: dict[AnswerFormat, Counter[Places]] = {}
    for asked, key in questions:
        places = right_places(asked, key)
        if places:
            counts.setdefault(asked.format, Counter())[places] += 1
    return ConstantAnswers({name: _most_frequent(counter) for name, counter in counts.items()})


def constant_response(asked: Asked, constant: ConstantAnswers) -> Response | None:
    """Return the constant answer; None where the question offers no such places."""
    places = constant.places.get(asked.format)
    options = options_of(asked)
    if places is None or max(places) >= len(options):
        return None
    chosen = tuple(options[place].id for place in places)
    if not isinstance(asked, Ranking):
        return Chosen(frozenset(chosen))
    return Ranked(chosen) if len(chosen) == len(options) else None


def right_places(asked: Asked, key: Key) -> Places:
    """Return the places of the right options; empty for other formats or an incomplete key."""
    right = key.right
    if isinstance(asked, SingleChoice | YesNo) and isinstance(right, SingleChoiceKey | YesNoKey):
        return _places(asked, [right.option] if right.option else [])
    if isinstance(asked, SeveralChoices) and isinstance(right, SeveralChoicesKey):
        return _places(asked, list(right.options))
    if isinstance(asked, Ranking) and isinstance(right, RankingKey):
        ids = [option.id for option in options_of(asked)]
        return tuple(ids.index(one) for one in right.order if one in ids)
    return ()


def _places(asked: Asked, chosen: Sequence[OptionId]) -> Places:
    return tuple(place for place, one in enumerate(options_of(asked)) if one.id in chosen)


def _most_frequent(counter: Counter[Places]) -> Places:
    return min(counter, key=lambda places: (-counter[places], places))
