"""Any number of right options out of 2 to 26."""

from dataclasses import dataclass
from typing import ClassVar

from core.domain.body.format_names import AnswerFormat
from core.domain.body.options import OptionsPart


@dataclass(frozen=True, slots=True)
class SeveralChoices(OptionsPart):
    """Any number of right options out of 2 to 26."""

    format: ClassVar[AnswerFormat] = AnswerFormat.SEVERAL_CHOICES
