"""The key of a ranking."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body import AnswerFormat, Asked, Ranked, options_of
from core.domain.ids import OptionId
from core.domain.plain import Plain, list_at


@dataclass(frozen=True, slots=True)
class RankingKey:
    """All options in the right order, the first one first; empty while there is none."""

    order: tuple[OptionId, ...] = ()
    format: ClassVar[AnswerFormat] = AnswerFormat.RANKING

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"order": list(self.order)}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(tuple(OptionId(str(one)) for one in list_at(data, "order")))

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        ids = [option.id for option in options_of(asked)]
        if not self.order:
            return [("key", "Put the options in the right order.")]
        if sorted(self.order) != sorted(ids):
            return [("key", "The right order must hold every option once.")]
        return []

    def response(self) -> Ranked | None:
        """Return the right response."""
        return Ranked(self.order) if self.order else None
