"""What the keys that name one option have in common."""

from dataclasses import dataclass
from typing import Self

from core.domain.body import Chosen
from core.domain.ids import OptionId
from core.domain.plain import Plain, text_at


@dataclass(frozen=True, slots=True)
class OneOptionKey:
    """The one right option; None while it is not chosen."""

    option: OptionId | None = None

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"option": self.option or ""}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(OptionId(text_at(data, "option", "")) or None)

    def response(self) -> Chosen | None:
        """Return the right response."""
        return None if self.option is None else Chosen(frozenset({self.option}))
