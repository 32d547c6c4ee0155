"""The key of a yes/no question."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body import NO, YES, AnswerFormat, Asked, Chosen
from core.domain.ids import OptionId
from core.domain.plain import Plain, text_at


@dataclass(frozen=True, slots=True)
class YesNoKey:
    """`YES` or `NO`; None while it is not chosen."""

    option: OptionId | None = None
    format: ClassVar[AnswerFormat] = AnswerFormat.YES_NO

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
            return [("key", "Say whether yes or no is right.")]
        if self.option not in (YES, NO):
            return [("key", "The key of a yes/no question must be yes or no.")]
        return []

    def response(self) -> Chosen | None:
        """Return the right response."""
        return None if self.option is None else Chosen(frozenset({self.option}))
