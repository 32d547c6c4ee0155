"""Seeded draws: the same seed gives the same order on every machine and Python version."""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Element = TypeVar("Element", bound=str)
Stratum = TypeVar("Stratum", bound=Hashable)


def shuffled(elements: Iterable[Element], *, seed: int, salt: str = "") -> tuple[Element, ...]:
    """Return the elements in an order that depends on seed, salt and the elements only."""

    def rank(element: str) -> bytes:
        return hashlib.sha256(f"{seed}\0{salt}\0{element}".encode()).digest()

    return tuple(sorted(elements, key=rank))


def stratified_sample(
    strata: Mapping[Element, Stratum], count: int, *, seed: int
) -> tuple[Element, ...]:
    """Return up to `count` elements, taken round by round from every stratum.

    Strata differ by at most one element until the smaller ones are used up.
    """
    groups: dict[Stratum, list[Element]] = {}
    for element in shuffled(strata, seed=seed):
        groups.setdefault(strata[element], []).append(element)
    chosen: list[Element] = []
    rounds: Sequence[list[Element]] = list(groups.values())
    for depth in range(max((len(group) for group in rounds), default=0)):
        chosen += [group[depth] for group in rounds if depth < len(group)]
    return tuple(chosen[:count])
