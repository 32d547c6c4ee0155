"""A few words."""

from dataclasses import dataclass
from typing import ClassVar

from core.domain.body.bare import BarePart
from core.domain.body.format_names import AnswerFormat


@dataclass(frozen=True, slots=True)
class ShortText(BarePart):
    """A few words."""

    format: ClassVar[AnswerFormat] = AnswerFormat.SHORT_TEXT
