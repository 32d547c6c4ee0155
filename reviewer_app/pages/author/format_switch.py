"""Changing the answer format of a draft: what can be kept is kept."""

from dataclasses import replace

from core.domain.body import (
    GRADED_FORMATS,
    AnswerFormat,
    Asked,
    Chosen,
    Option,
    Ranked,
    Ranking,
    SeveralChoices,
    SingleChoice,
    Written,
    empty_asked,
    neutral_order,
    options_of,
)
from core.domain.key import (
    KeyPart,
    LongTextKey,
    RankingKey,
    ReportKey,
    SeveralChoicesKey,
    ShortTextKey,
    SingleChoiceKey,
    empty_key_part,
)
from core.domain.revision import Draft

Parts = tuple[Asked, KeyPart]
_CHOICES = (AnswerFormat.SINGLE_CHOICE, AnswerFormat.SEVERAL_CHOICES, AnswerFormat.RANKING)


def switch_format(draft: Draft, wanted: AnswerFormat, remembered: Parts | None = None) -> Draft:
    """Return the draft in another format; `remembered` parts of that format come back first.

    Options are kept between the formats that have some, their marks between the choice formats,
    the text between the written ones, and the right option's text becomes the reference of a
    written answer.
    """
    asked, right = _converted(draft, wanted) or remembered or _blank(wanted)
    return replace(
        draft, body=replace(draft.body, asked=asked), key=replace(draft.key, right=right)
    )


def _blank(wanted: AnswerFormat) -> Parts:
    return empty_asked(wanted), empty_key_part(wanted)


def _converted(draft: Draft, wanted: AnswerFormat) -> Parts | None:
    asked = draft.body.asked
    response = draft.key.right.response()
    if wanted in _CHOICES and isinstance(asked, SingleChoice | SeveralChoices | Ranking):
        return _choices(asked.options, response, wanted)
    if wanted in (AnswerFormat.SHORT_TEXT, *GRADED_FORMATS):
        text = _text_of(asked, response)
        if text:
            return empty_asked(wanted), _written_key(wanted, text)
    return None


def _choices(options: tuple[Option, ...], response: object, wanted: AnswerFormat) -> Parts:
    right = response.options if isinstance(response, Chosen) else frozenset()
    if wanted is AnswerFormat.RANKING:
        return Ranking(neutral_order(options)), RankingKey()
    if wanted is AnswerFormat.SEVERAL_CHOICES:
        return SeveralChoices(options), SeveralChoicesKey(right)
    only = next(iter(right)) if len(right) == 1 else None
    return SingleChoice(options), SingleChoiceKey(only)


def _written_key(wanted: AnswerFormat, text: str) -> KeyPart:
    if wanted is AnswerFormat.SHORT_TEXT:
        return ShortTextKey(text)
    return ReportKey(text) if wanted is AnswerFormat.REPORT else LongTextKey(text)


def _text_of(asked: Asked, response: object) -> str:
    if isinstance(response, Written):
        return response.text
    if isinstance(response, Chosen) and isinstance(asked, SingleChoice | SeveralChoices):
        texts = [option.text for option in options_of(asked) if option.id in response.options]
        return "; ".join(texts)
    if isinstance(response, Ranked):
        names = {option.id: option.text for option in options_of(asked)}
        return "; ".join(names.get(one, "") for one in response.order)
    return ""
