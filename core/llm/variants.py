"""The ways in which one question is put to an endpoint; conditions make them."""

from dataclasses import dataclass
from typing import NamedTuple

from core.domain.body import Body
from core.domain.ids import OptionId, RevisionId
from core.llm.prompts import option_order


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


def asked_once(body: Body) -> tuple[Variant, ...]:
    """Return the one variant of a question that is asked as it was authored."""
    return (Variant("", option_order(body)),)
