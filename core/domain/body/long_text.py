"""An answer in several sentences."""

from dataclasses import dataclass
from typing import ClassVar

from core.domain.body.bare import BarePart
from core.domain.body.format_names import AnswerFormat


@dataclass(frozen=True, slots=True)
class LongText(BarePart):
    """Several sentences, graded point by point."""

    format: ClassVar[AnswerFormat] = AnswerFormat.LONG_TEXT
