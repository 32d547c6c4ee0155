"""Names of domain values as the window shows them."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from core.domain.body import AnswerFormat
from core.domain.people import Role


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)


def format_name(answer_format: AnswerFormat) -> str:
    """Return the name of an answer format."""
    return {
        AnswerFormat.SINGLE_CHOICE: _tr("Single choice"),
        AnswerFormat.YES_NO: _tr("Yes/no"),
        AnswerFormat.SEVERAL_CHOICES: _tr("Several choices"),
        AnswerFormat.SHORT_TEXT: _tr("Short text"),
        AnswerFormat.REPORT: _tr("Report"),
        AnswerFormat.NUMERIC: _tr("Numeric"),
        AnswerFormat.RANKING: _tr("Ranking"),
        AnswerFormat.LONG_TEXT: _tr("Long text"),
        AnswerFormat.REGION: _tr("Region"),
    }[answer_format]


def format_icon(answer_format: AnswerFormat) -> str:
    """Return the icon of an answer format."""
    return {
        AnswerFormat.SINGLE_CHOICE: "mdi6.radiobox-marked",
        AnswerFormat.YES_NO: "mdi6.toggle-switch-outline",
        AnswerFormat.SEVERAL_CHOICES: "mdi6.checkbox-multiple-marked-outline",
        AnswerFormat.SHORT_TEXT: "mdi6.form-textbox",
        AnswerFormat.REPORT: "mdi6.text-box-outline",
        AnswerFormat.NUMERIC: "mdi6.numeric",
        AnswerFormat.RANKING: "mdi6.sort-variant",
        AnswerFormat.LONG_TEXT: "mdi6.text-long",
        AnswerFormat.REGION: "mdi6.selection-marker",
    }[answer_format]


def format_purpose(answer_format: AnswerFormat) -> str:
    """Return what an answer format asks for."""
    return {
        AnswerFormat.SINGLE_CHOICE: _tr("One right option out of 2 to 26"),
        AnswerFormat.YES_NO: _tr("A statement that is true or not"),
        AnswerFormat.SEVERAL_CHOICES: _tr("Every right option must be found"),
        AnswerFormat.SHORT_TEXT: _tr("A few words, with accepted wordings"),
        AnswerFormat.REPORT: _tr("Full sentences, compared with a reference"),
        AnswerFormat.NUMERIC: _tr("A number in a unit, with a tolerance"),
        AnswerFormat.RANKING: _tr("Steps or findings put in the right order"),
        AnswerFormat.LONG_TEXT: _tr("Several sentences, graded point by point"),
        AnswerFormat.REGION: _tr("A point, box or outline drawn on the image"),
    }[answer_format]


def role_name(role: Role) -> str:
    """Return the name of a role."""
    return {
        Role.AUTHOR: _tr("author"),
        Role.VERIFIER: _tr("verifier"),
        Role.READER: _tr("reader"),
        Role.ADJUDICATOR: _tr("adjudicator"),
        Role.LEAD: _tr("study lead"),
    }[role]


def axis_name(axis: str) -> str:
    """Return the name of a label axis."""
    return {
        "specialty": _tr("Specialty"),
        "capacity": _tr("Capacity"),
        "modality": _tr("Modality"),
        "anatomy": _tr("Anatomy"),
        "difficulty": _tr("Difficulty"),
        "language": _tr("Language"),
        "tag": _tr("Tags"),
    }.get(axis, axis.capitalize())


def moment(at: datetime) -> str:
    """Return a time of this place, to the minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def letter(index: int) -> str:
    """Return the letter of an option by its place: A, B, C…"""
    return chr(ord("A") + index)


def question_count(count: int) -> str:
    """Return a number of questions in words."""
    return _tr("1 question") if count == 1 else _tr("%1 questions").replace("%1", f"{count:,}")
