"""The key of a revision."""

from dataclasses import dataclass
from typing import Final, Self

from core.domain.body import AnswerFormat, Asked, Response
from core.domain.key.localization import LocalizationKey
from core.domain.key.long_text import LongTextKey
from core.domain.key.numeric import NumericKey
from core.domain.key.ranking import RankingKey
from core.domain.key.report import ReportKey
from core.domain.key.several_choices import SeveralChoicesKey
from core.domain.key.short_text import ShortTextKey
from core.domain.key.single_choice import SingleChoiceKey
from core.domain.key.yes_no import YesNoKey
from core.domain.plain import Plain, object_at, text_at
from core.domain.rubric_points import written_points
from core.errors import ValidationError

KeyPart = (
    SingleChoiceKey
    | YesNoKey
    | SeveralChoicesKey
    | ShortTextKey
    | ReportKey
    | NumericKey
    | RankingKey
    | LongTextKey
    | LocalizationKey
)

_PARTS: Final[dict[AnswerFormat, type[KeyPart]]] = {
    part.format: part
    for part in (
        SingleChoiceKey,
        YesNoKey,
        SeveralChoicesKey,
        ShortTextKey,
        ReportKey,
        NumericKey,
        RankingKey,
        LongTextKey,
        LocalizationKey,
    )
}


@dataclass(frozen=True, slots=True)
class Key:
    """The right answer, why it is right, and what a grader should look for."""

    right: KeyPart = YesNoKey()
    explanation: str = ""
    rubric: str = ""

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if self.right.format is not asked.format:
            return [("key", "The key belongs to another answer format.")]
        problems = self.right.problems(asked)
        is_graded = asked.format is AnswerFormat.LONG_TEXT
        if is_graded and not any(point.is_positive for point in written_points(self.rubric)):
            problems.append(("rubric", "Write a point that a good answer makes."))
        return problems

    def to_plain(self) -> Plain:
        """Return the JSON object of this key."""
        return {
            "format": self.right.format.value,
            "right": self.right.to_plain(),
            "explanation": self.explanation,
            "rubric": self.rubric,
        }

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read a key from its JSON object; raise `ValidationError` naming the field."""
        name = text_at(data, "format")
        if name not in list(AnswerFormat):
            raise ValidationError(f"The answer format “{name}” is unknown.", field="format")
        return cls(
            right=key_part_from_plain(AnswerFormat(name), dict(object_at(data, "right"))),
            explanation=text_at(data, "explanation", ""),
            rubric=text_at(data, "rubric", ""),
        )


def empty_key_part(answer_format: AnswerFormat) -> KeyPart:
    """Return a blank key part of a format, for a new draft."""
    return _PARTS[answer_format]()


def key_part_from_plain(answer_format: AnswerFormat, data: Plain) -> KeyPart:
    """Read a key part from its JSON object."""
    return _PARTS[answer_format].from_plain(data)


def right_response(key: Key) -> Response | None:
    """Return the response that the key calls right, or None while it is incomplete."""
    return key.right.response()
