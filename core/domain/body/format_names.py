"""Names of the answer formats."""

from enum import StrEnum


class AnswerFormat(StrEnum):
    """How a question wants to be answered."""

    SINGLE_CHOICE = "single_choice"
    YES_NO = "yes_no"
    SEVERAL_CHOICES = "several_choices"
    SHORT_TEXT = "short_text"
    REPORT = "report"
    NUMERIC = "numeric"
    RANKING = "ranking"
