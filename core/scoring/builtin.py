"""Built-in respondents: chance and the best constant answer on the same questions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.domain.body import AnswerFormat, Asked, SeveralChoices, SingleChoice, YesNo, options_of
from core.domain.ids import OptionId
from core.domain.key import Key, SeveralChoicesKey, SingleChoiceKey, YesNoKey

CHANCE: Final = "Chance"
BEST_CONSTANT: Final = "Best constant answer"

Places = frozenset[int]
"""Places of options in the author's order, from 0."""


@dataclass(frozen=True, slots=True)
class ConstantAnswers:
    """For each choice format the places that are answered to every question."""

    places: dict[AnswerFormat, Places]


def chance_of(asked: Asked) -> float | None:
    """Return the expected accuracy of a blind pick, or None for formats without options.

    1/k for one of k options; 1/(2^k - 1) for any set of k options but the empty one. Nothing is
    drawn: the figure is exact.
    """
    count = len(options_of(asked))
    if not count:
        return None
    return 1 / (2**count - 1) if isinstance(asked, SeveralChoices) else 1 / count


def best_constant(questions: Iterable[tuple[Asked, Key]]) -> ConstantAnswers:
    """Return the constant answers that are right most often over these questions.

    Found for each choice format apart: the one place among the options in the author's order
    (always A, always B, …) for single choice, always yes or always no, the one set of places for
    several choices. The earliest place wins a tie. It is chosen on the very questions it is
    scored on, so it is the best that a fixed answer could reach.
    """
    counts: dict[AnswerFormat, Counter[Places]] = {}
    for asked, key in questions:
        places = right_places(asked, key)
        if places:
            counts.setdefault(asked.format, Counter())[places] += 1
    return ConstantAnswers({name: _most_frequent(counter) for name, counter in counts.items()})


def constant_response(asked: Asked, constant: ConstantAnswers) -> frozenset[OptionId] | None:
    """Return the options of the constant answer; None where the question offers no such place."""
    places = constant.places.get(asked.format)
    options = options_of(asked)
    if places is None or max(places) >= len(options):
        return None
    return frozenset(options[place].id for place in places)


def right_places(asked: Asked, key: Key) -> Places:
    """Return the places of the right options; empty for other formats or an incomplete key."""
    right = key.right
    if isinstance(asked, SingleChoice | YesNo) and isinstance(right, SingleChoiceKey | YesNoKey):
        return _places(asked, [right.option] if right.option else [])
    if isinstance(asked, SeveralChoices) and isinstance(right, SeveralChoicesKey):
        return _places(asked, list(right.options))
    return frozenset()


def _places(asked: Asked, chosen: Sequence[OptionId]) -> Places:
    return frozenset(place for place, one in enumerate(options_of(asked)) if one.id in chosen)


def _most_frequent(counter: Counter[Places]) -> Places:
    return min(counter, key=lambda places: (-counter[places], sorted(places)))
