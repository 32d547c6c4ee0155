"""A report in full sentences."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body.format_names import AnswerFormat
from core.domain.plain import Plain


@dataclass(frozen=True, slots=True)
class Report:
    """A report in full sentences."""

    format: ClassVar[AnswerFormat] = AnswerFormat.REPORT

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls()

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this from being asked, as (field, sentence) pairs."""
        return []
