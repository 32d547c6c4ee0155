"""All of a revision that an answerer may see; one module per answer format beside this one."""

from core.domain.body.body import BlindQuestion, Body
from core.domain.body.format_names import GRADED_FORMATS, AnswerFormat
from core.domain.body.formats import (
    Asked,
    Chosen,
    Marked,
    Measured,
    Ranked,
    Response,
    Written,
    asked_from_plain,
    empty_asked,
    options_of,
    response_from_plain,
    response_problem,
    response_to_plain,
)
from core.domain.body.localization import DRAWN_WITH, Localization
from core.domain.body.long_text import LongText
from core.domain.body.numeric import Numeric
from core.domain.body.options import Option, free_option_id
from core.domain.body.ranking import Ranking, neutral_order
from core.domain.body.report import Report
from core.domain.body.several_choices import SeveralChoices
from core.domain.body.short_text import ShortText
from core.domain.body.single_choice import SingleChoice
from core.domain.body.yes_no import NO, YES, YesNo

__all__ = [
    "DRAWN_WITH",
    "GRADED_FORMATS",
    "NO",
    "YES",
    "AnswerFormat",
    "Asked",
    "BlindQuestion",
    "Body",
    "Chosen",
    "Localization",
    "LongText",
    "Marked",
    "Measured",
    "Numeric",
    "Option",
    "Ranked",
    "Ranking",
    "Report",
    "Response",
    "SeveralChoices",
    "ShortText",
    "SingleChoice",
    "Written",
    "YesNo",
    "asked_from_plain",
    "empty_asked",
    "free_option_id",
    "neutral_order",
    "options_of",
    "response_from_plain",
    "response_problem",
    "response_to_plain",
]
