"""One answer widget per answer format; none of them knows the right answer."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from core.domain.body import AnswerFormat, Asked, Option, options_of
from reviewer_app.widgets.answer_widgets.base import AnswerWidget
from reviewer_app.widgets.answer_widgets.long_text import LongTextAnswer
from reviewer_app.widgets.answer_widgets.numeric import NumericAnswer
from reviewer_app.widgets.answer_widgets.ranking import RankingAnswer
from reviewer_app.widgets.answer_widgets.region import RegionAnswer
from reviewer_app.widgets.answer_widgets.report import ReportAnswer
from reviewer_app.widgets.answer_widgets.several_choices import SeveralChoicesAnswer
from reviewer_app.widgets.answer_widgets.short_text import ShortTextAnswer
from reviewer_app.widgets.answer_widgets.single_choice import SingleChoiceAnswer
from reviewer_app.widgets.answer_widgets.yes_no import YesNoAnswer

__all__ = ["AnswerWidget", "answer_widget_for", "ordered_options"]

_WIDGETS: Final[dict[AnswerFormat, Callable[..., AnswerWidget]]] = {
    AnswerFormat.SINGLE_CHOICE: SingleChoiceAnswer,
    AnswerFormat.YES_NO: YesNoAnswer,
    AnswerFormat.SEVERAL_CHOICES: SeveralChoicesAnswer,
    AnswerFormat.SHORT_TEXT: ShortTextAnswer,
    AnswerFormat.REPORT: ReportAnswer,
    AnswerFormat.NUMERIC: NumericAnswer,
    AnswerFormat.RANKING: RankingAnswer,
    AnswerFormat.LONG_TEXT: LongTextAnswer,
    AnswerFormat.REGION: RegionAnswer,
}


def answer_widget_for(
    asked: Asked, option_order: Sequence[str] = (), parent: QWidget | None = None
) -> AnswerWidget:
    """Return an empty answer widget for what is asked, its options in `option_order`."""
    return _WIDGETS[asked.format](asked, ordered_options(asked, option_order), parent)


def ordered_options(asked: Asked, option_order: Sequence[str]) -> tuple[Option, ...]:
    """Return the options in the order to show; options it does not name follow at the end."""
    options = options_of(asked)
    place = {option_id: index for index, option_id in enumerate(option_order)}
    return tuple(sorted(options, key=lambda option: place.get(option.id, len(place))))
