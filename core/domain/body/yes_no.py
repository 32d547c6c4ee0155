"""Yes or no."""

from dataclasses import dataclass
from typing import ClassVar, Final

from core.domain.body.bare import BarePart
from core.domain.body.format_names import AnswerFormat
from core.domain.body.options import Option
from core.domain.ids import OptionId

YES: Final = OptionId("yes")
NO: Final = OptionId("no")


@dataclass(frozen=True, slots=True)
class YesNo(BarePart):
    """Yes or no; the two options have fixed ids."""

    format: ClassVar[AnswerFormat] = AnswerFormat.YES_NO

    @property
    def options(self) -> tuple[Option, ...]:
        """Yes, then no."""
        return (Option(YES, "Yes"), Option(NO, "No"))
