"""An answer as a person types it: strict, for nobody can ask back."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, assert_never

from core.domain.body import (
    Asked,
    Chosen,
    Localization,
    LongText,
    Marked,
    Measured,
    Numeric,
    Option,
    Ranked,
    Ranking,
    Report,
    Response,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
    options_of,
)
from core.domain.ids import OptionId
from core.domain.region_text import regions_from_text
from core.errors import ValidationError

_SEPARATORS: Final = (";", ">", ",")


def typed_response(asked: Asked, text: str, order: Sequence[OptionId]) -> Response:
    """Return the response that a text says; `order` is the order behind the letters.

    Options are letters or their own words; several are separated by ; or , and an order by >.
    Regions are JSON as `region_text` has it. Raises `ValidationError` saying what is expected.
    """
    match asked:
        case SingleChoice() | YesNo() | SeveralChoices():
            return Chosen(frozenset(_chosen(asked, text, order)))
        case Ranking():
            return Ranked(tuple(_chosen(asked, text, order)))
        case Numeric():
            return _measured(text)
        case ShortText() | LongText() | Report():
            return Written(text)
        case Localization(image=image):
            placed = regions_from_text(text)
            if placed.image != image:
                raise _wrong(f"The region is asked for on image {image + 1}.")
            return Marked(placed.regions)
        case _:
            assert_never(asked)


def _chosen(asked: Asked, text: str, order: Sequence[OptionId]) -> list[OptionId]:
    options = {one.id: one for one in options_of(asked)}
    shown = [options[one] for one in order if one in options] or list(options.values())
    named = _words(shown, has_letters=not isinstance(asked, YesNo))
    whole = named.get(_plain(text))
    if whole is not None:
        return [whole]
    separator = next((one for one in _SEPARATORS if one in text), "")
    parts = text.split(separator) if separator else [text]
    found = [named.get(_plain(part)) for part in parts]
    if None in found:
        raise _wrong(_expected(asked, shown))
    known = [one for one in found if one is not None]
    if len(set(known)) < len(known):
        raise _wrong("An option is named twice.")
    return known


def _expected(asked: Asked, shown: Sequence[Option]) -> str:
    if isinstance(asked, YesNo):
        return f"Answer {' or '.join(one.text.lower() for one in shown)}."
    last = chr(ord("A") + len(shown) - 1)
    return f"Name the options by their letters A to {last} or by their words."


def _words(shown: Sequence[Option], *, has_letters: bool) -> dict[str, OptionId]:
    """Return what options may be called; letters count before words, shared words name none."""
    places = enumerate(shown if has_letters else ())
    letters = {chr(ord("a") + place): one.id for place, one in places}
    texts = [_plain(one.text) for one in shown]
    own = {text: one.id for text, one in zip(texts, shown, strict=True) if texts.count(text) == 1}
    return own | letters


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _measured(text: str) -> Measured:
    number, _, unit = text.strip().partition(" ")
    try:
        value = Decimal(number)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise _wrong("Write a number with a point, then a blank and its unit, such as 3.5 mm.")
    return Measured(value, unit.strip())


def _wrong(sentence: str) -> ValidationError:
    return ValidationError(sentence, field="answer")
