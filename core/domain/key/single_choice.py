"""The key of a single choice."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body import AnswerFormat, Asked, Chosen, options_of
from core.domain.ids import OptionId
from core.domain.plain import Plain, text_at


@dataclass(frozen=True, slots=True)
class SingleChoiceKey:
    """The one right option; None while it is not chosen."""

    option: OptionId | None = None
    format: ClassVar[AnswerFormat] = AnswerFormat.SINGLE_CHOICE

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"option": self.option or ""}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(OptionId(text_at(data, "option", "")) or None)

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if self.option is None:
            return [("key", "Mark the right option.")]
        if self.option not in {option.id for option in options_of(asked)}:
            return [("key", "The key names an option that does not exist.")]
        return []

    def response(self) -> Chosen | None:
        """Return the right response."""
        return None if self.option is None else Chosen(frozenset({self.option}))
