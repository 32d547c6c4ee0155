"""Scorer of rankings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from core.domain.body import Asked, Ranked, Response
from core.domain.ids import OptionId
from core.domain.key import KeyPart, RankingKey
from core.scoring.mark import UNSCORED, Mark, right_or_wrong


@dataclass(frozen=True, slots=True)
class RankingScorer:
    """1 for exactly the right order, else 0; agreement with it beside.

    `kendall_tau` (Kendall 1938; there are no ties) runs from -1, all the way round, over 0 to 1;
    `in_place` is the share of options at their right place.
    """

    name: str = "ranking_exact"
    version: str = "1"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Ranked) or not isinstance(right, RankingKey):
            return UNSCORED
        given, wanted = response.order, right.order
        if len(wanted) < 2 or sorted(given) != sorted(wanted) or len(set(wanted)) != len(wanted):
            return UNSCORED
        same = sum(one == other for one, other in zip(given, wanted, strict=True))
        details = {"kendall_tau": kendall_tau(given, wanted), "in_place": same / len(wanted)}
        return right_or_wrong(is_right=given == wanted, details=details)


def kendall_tau(given: Sequence[OptionId], wanted: Sequence[OptionId]) -> float:
    """Return Kendall's tau of two orders of the same two or more options."""
    place = {option: index for index, option in enumerate(wanted)}
    pairs = [place[one] < place[other] for one, other in combinations(given, 2)]
    return (2 * sum(pairs) - len(pairs)) / len(pairs)
