"""The ways in which one question is put to an endpoint; conditions make them."""

from dataclasses import dataclass
from typing import NamedTuple

from core.domain.body import Body
from core.domain.ids import OptionId, RevisionId
from core.domain.setup import Setup
from core.llm.conditions.option_order import orders_of
from core.llm.conditions.repeats import Place, variant_name


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to ask a question; a run keeps one answer for each.

    `name` is stored with the answer and tells it from the question's other answers; it is
    empty where a question is asked once. `order` is the order of the options.
    """

    name: str
    order: tuple[OptionId, ...]


class Ask(NamedTuple):
    """One call that a run owes: a question and the name of the variant."""

    revision: RevisionId
    variant: str = ""


def variants_of(
    body: Body, setup: Setup, *, revision: RevisionId, seed: int
) -> tuple[Variant, ...]:
    """Return the ways in which a question is asked: each order of its options, each repeat."""
    orders = orders_of(body, setup.order, seed=seed, salt=revision)
    return tuple(
        Variant(
            variant_name(Place(rotation, repeat), rotations=len(orders), repeats=setup.repeats),
            order,
        )
        for rotation, order in enumerate(orders, start=1)
        for repeat in range(1, setup.repeats + 1)
    )
