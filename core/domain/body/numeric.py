"""A number in a stated unit."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body.format_names import AnswerFormat
from core.domain.plain import Plain, text_at


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number; `unit` is asked for in the question and may be empty for counts."""

    unit: str = ""
    format: ClassVar[AnswerFormat] = AnswerFormat.NUMERIC

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"unit": self.unit}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(text_at(data, "unit", ""))

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this from being asked, as (field, sentence) pairs."""
        return []
