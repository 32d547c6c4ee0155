"""The key of a long text; the points it is graded by are the rubric beside it."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body import AnswerFormat, Asked, Written
from core.domain.plain import Plain, text_at


@dataclass(frozen=True, slots=True)
class LongTextKey:
    """The reference answer."""

    reference: str = ""
    format: ClassVar[AnswerFormat] = AnswerFormat.LONG_TEXT

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"reference": self.reference}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(text_at(data, "reference", ""))

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        return [] if self.reference.strip() else [("key", "Write the reference answer.")]

    def response(self) -> Written | None:
        """Return the right response."""
        return Written(self.reference) if self.reference.strip() else None
