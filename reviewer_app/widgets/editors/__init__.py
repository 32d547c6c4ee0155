"""Editors of what is asked and its key: one module for each answer format."""

from typing import Final

from core.domain.body import AnswerFormat
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.editors.long_text import LongTextEditor
from reviewer_app.widgets.editors.numeric import NumericEditor
from reviewer_app.widgets.editors.ranking import RankingEditor
from reviewer_app.widgets.editors.region import RegionEditor
from reviewer_app.widgets.editors.report import ReportEditor
from reviewer_app.widgets.editors.several_choices import SeveralChoicesEditor
from reviewer_app.widgets.editors.short_text import ShortTextEditor
from reviewer_app.widgets.editors.single_choice import SingleChoiceEditor
from reviewer_app.widgets.editors.yes_no import YesNoEditor

EDITORS: Final[dict[AnswerFormat, type[FormatEditor]]] = {
    AnswerFormat.SINGLE_CHOICE: SingleChoiceEditor,
    AnswerFormat.YES_NO: YesNoEditor,
    AnswerFormat.SEVERAL_CHOICES: SeveralChoicesEditor,
    AnswerFormat.SHORT_TEXT: ShortTextEditor,
    AnswerFormat.REPORT: ReportEditor,
    AnswerFormat.NUMERIC: NumericEditor,
    AnswerFormat.RANKING: RankingEditor,
    AnswerFormat.LONG_TEXT: LongTextEditor,
    AnswerFormat.REGION: RegionEditor,
}

__all__ = ["EDITORS", "FormatEditor"]
