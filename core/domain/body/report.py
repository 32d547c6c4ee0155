"""A report in full sentences."""

from dataclasses import dataclass
from typing import ClassVar

from core.domain.body.bare import BarePart
from core.domain.body.format_names import AnswerFormat


@dataclass(frozen=True, slots=True)
class Report(BarePart):
    """A report in full sentences."""

    format: ClassVar[AnswerFormat] = AnswerFormat.REPORT
