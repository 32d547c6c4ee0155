"""Names of the answer formats."""

from enum import StrEnum
from typing import Final


class AnswerFormat(StrEnum):
    """How a question wants to be answered."""

    SINGLE_CHOICE = "single_choice"
    YES_NO = "yes_no"
    SEVERAL_CHOICES = "several_choices"
    SHORT_TEXT = "short_text"
    REPORT = "report"
    NUMERIC = "numeric"
    RANKING = "ranking"
    LONG_TEXT = "long_text"
    REGION = "region"


GRADED_FORMATS: Final = (AnswerFormat.REPORT, AnswerFormat.LONG_TEXT)
"""Formats whose answers are better or worse, not right or wrong; they stay out of accuracy."""
