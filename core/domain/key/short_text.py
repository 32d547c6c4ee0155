"""The key of a short text."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body import AnswerFormat, Asked, Written
from core.domain.plain import Plain, list_at, text_at


@dataclass(frozen=True, slots=True)
class ShortTextKey:
    """The reference answer and other wordings that are as right."""

    reference: str = ""
    variants: tuple[str, ...] = ()
    format: ClassVar[AnswerFormat] = AnswerFormat.SHORT_TEXT

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"reference": self.reference, "variants": list(self.variants)}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        variants = tuple(str(one) for one in list_at(data, "variants"))
        return cls(text_at(data, "reference", ""), variants)

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        return [] if self.reference.strip() else [("key", "Write the right answer.")]

    def response(self) -> Written | None:
        """Return the right response."""
        return Written(self.reference) if self.reference.strip() else None
