"""All of a revision that an answerer may not see; blind code must not import this package."""

from core.domain.key.key import (
    Key,
    KeyPart,
    empty_key_part,
    key_part_from_plain,
    right_response,
)
from core.domain.key.localization import LocalizationKey
from core.domain.key.long_text import LongTextKey
from core.domain.key.numeric import NumericKey
from core.domain.key.ranking import RankingKey
from core.domain.key.report import ReportKey
from core.domain.key.several_choices import SeveralChoicesKey
from core.domain.key.short_text import ShortTextKey
from core.domain.key.single_choice import SingleChoiceKey
from core.domain.key.yes_no import YesNoKey

__all__ = [
    "Key",
    "KeyPart",
    "LocalizationKey",
    "LongTextKey",
    "NumericKey",
    "RankingKey",
    "ReportKey",
    "SeveralChoicesKey",
    "ShortTextKey",
    "SingleChoiceKey",
    "YesNoKey",
    "empty_key_part",
    "key_part_from_plain",
    "right_response",
]
