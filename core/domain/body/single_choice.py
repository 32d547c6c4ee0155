"""One right option out of 2 to 26."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body.format_names import AnswerFormat
from core.domain.body.options import (
    Option,
    option_problems,
    options_from_plain,
    options_to_plain,
)
from core.domain.plain import Plain


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """One right option out of 2 to 26."""

    options: tuple[Option, ...] = ()
    format: ClassVar[AnswerFormat] = AnswerFormat.SINGLE_CHOICE

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"options": options_to_plain(self.options)}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(options_from_plain(data))

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this from being asked, as (field, sentence) pairs."""
        return option_problems(self.options)
