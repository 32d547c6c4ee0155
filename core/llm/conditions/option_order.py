"""In which order options are shown: as authored, shuffled by seed, or in all rotations."""

from typing import assert_never

from core.domain.body import Body, Ranking, SeveralChoices, SingleChoice, options_of
from core.domain.ids import OptionId
from core.domain.sampling import shuffled
from core.domain.setup import OptionOrder


def orders_of(
    body: Body, order: OptionOrder, *, seed: int, salt: str
) -> tuple[tuple[OptionId, ...], ...]:
    """Return the orders in which a question is asked; yes and no are never moved.

    `salt` names the question: two questions with one seed are shuffled differently.
    """
    authored = tuple(option.id for option in options_of(body.asked))
    if not isinstance(body.asked, SingleChoice | SeveralChoices | Ranking):
        return (authored,)
    match order:
        case OptionOrder.AUTHORED:
            return (authored,)
        case OptionOrder.SHUFFLED:
            return (shuffled(authored, seed=seed, salt=salt),)
        case OptionOrder.ROTATED:
            return tuple(authored[n:] + authored[:n] for n in range(len(authored)))
        case _:
            assert_never(order)
