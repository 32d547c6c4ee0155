"""Yes or no."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from core.domain.body.format_names import AnswerFormat
from core.domain.body.options import Option
from core.domain.ids import OptionId
from core.domain.plain import Plain

YES: Final = OptionId("yes")
NO: Final = OptionId("no")


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no; the two options have fixed ids."""

    format: ClassVar[AnswerFormat] = AnswerFormat.YES_NO

    @property
    def options(self) -> tuple[Option, ...]:
        """Yes, then no."""
        return (Option(YES, "Yes"), Option(NO, "No"))

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
