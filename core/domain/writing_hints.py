"""Item-writing hints after the NBME guide; they advise and never block."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from core.domain.body import NO, YES, Body, Chosen, Option, SingleChoice, options_of
from core.domain.ids import OptionId
from core.domain.key import Key, right_response

MIN_SET: Final = 12
"""Fewer questions of a format than this say nothing about the balance of their keys."""
MAX_DEVIATION: Final = 2.58
"""Standard deviations from an even spread (99 % of fair sets stay within)."""
LONG_KEY_RATIO: Final = 1.5
UNEVEN_RATIO: Final = 4.0
UNEVEN_LETTERS: Final = 25
"""Letters by which options must differ before their lengths are worth a word."""

_OF_THE_ABOVE: Final = re.compile(
    r"\b(all|none|both|any|neither) of (the|these) (above|below|options|answers|others)\b"
    r"|\b(alle|keine)s? (der|dieser) (oben|genannten|antworten)"
    r"|\b(toutes|aucune) (de )?(ces|les) (réponses|propositions)"
    r"|\b(todas|ninguna)( de)? las (anteriores|respuestas)"
    r"|以上(都|均|皆)|以上全",
    re.IGNORECASE,
)
_NEGATIVE: Final = re.compile(
    r"\b(except|not|least|false|incorrect|nicht|außer|kein|sauf|excepto)\b", re.IGNORECASE
)
_ABSOLUTE: Final = re.compile(
    r"\b(always|never|must|only|every|completely|immer|nie|toujours|jamais|siempre|nunca)\b",
    re.IGNORECASE,
)
_VAGUE: Final = re.compile(
    r"\b(usually|often|rarely|sometimes|frequently|occasionally|generally|commonly"
    r"|manchmal|häufig|selten|souvent|rarement|parfois|a menudo|raramente)\b",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(
    r"\b(images?|pictures?|shown|radiographs?|x-?rays?|photographs?|figures?|scans?|depicted"
    r"|abbildung|bild|imagen)\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?。?])\s+")
_WORD: Final = re.compile(r"\w{5,}")


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice: the rule, the field it is about and a sentence."""

    rule: str
    field: str
    sentence: str


def find_hints(body: Body, key: Key) -> tuple[Hint, ...]:
    """Return the hints for one question, in the order of the form."""
    options = options_of(body.asked) if isinstance(body.asked, SingleChoice) else ()
    right = _right_options(key)
    return (
        *_negative_lead_in(body),
        *_image_without_image(body),
        *_of_the_above(body),
        *_loaded_words(body),
        *_numbers_out_of_order(body),
        *_key_stands_out(options, right),
        *_stem_words_in_key_only(body, options, right),
        *_uneven_lengths(body),
    )


def find_set_hints(questions: Iterable[tuple[Body, Key]]) -> tuple[Hint, ...]:
    """Return the hints that only a whole set can give: are the right answers balanced?"""
    known = [(body, _right_options(key)) for body, key in questions]
    choices = [(body, right) for body, right in known if isinstance(body.asked, SingleChoice)]
    yes_no = [right for _, right in known if right and right <= {YES, NO}]
    return (*_unbalanced_positions(choices), *_unbalanced_yes_no(yes_no))


def _right_options(key: Key) -> frozenset[OptionId]:
    right = right_response(key)
    return right.options if isinstance(right, Chosen) else frozenset()


def _negative_lead_in(body: Body) -> list[Hint]:
    sentences = _SENTENCE_END.split(body.stem.strip())
    found = _NEGATIVE.search(sentences[-1])
    if found is None or not options_of(body.asked) or _asks_yes_no(body):
        return []
    sentence = f"The question is put in the negative (“{found[0]}”); ask for what is true."
    return [Hint("negative_lead_in", "stem", sentence)]


def _image_without_image(body: Body) -> list[Hint]:
    found = _PICTURE.search(body.stem)
    if found is None or body.images:
        return []
    return [
        Hint("image_missing", "images", f"The question says “{found[0]}” but has no image."),
    ]


def _of_the_above(body: Body) -> list[Hint]:
    return [
        Hint("of_the_above", "options", f"Avoid “{option.text.strip()}” as an option.")
        for option in options_of(body.asked)
        if _OF_THE_ABOVE.search(option.text)
    ]


def _loaded_words(body: Body) -> list[Hint]:
    if _asks_yes_no(body):
        return []
    rules = (("absolute_word", _ABSOLUTE, "absolute"), ("vague_word", _VAGUE, "vague"))
    hints = []
    for option in options_of(body.asked):
        for rule, pattern, kind in rules:
            if found := pattern.search(option.text):
                sentence = f"“{found[0]}” in an option is {kind}; it gives the answer a tone."
                hints.append(Hint(rule, "options", sentence))
    return hints


def _numbers_out_of_order(body: Body) -> list[Hint]:
    numbers = [_leading_number(option.text) for option in options_of(body.asked)]
    known = [number for number in numbers if number is not None]
    if len(known) < 3 or len(known) != len(numbers):
        return []
    if known in (sorted(known), sorted(known, reverse=True)):
        return []
    return [Hint("number_order", "options", "Put options that are numbers in their order.")]


def _key_stands_out(options: Sequence[Option], right: frozenset[OptionId]) -> list[Hint]:
    lengths = [len(option.text.strip()) for option in options if option.id not in right]
    keyed = [len(option.text.strip()) for option in options if option.id in right]
    if not keyed or not lengths or keyed[0] < LONG_KEY_RATIO * max(lengths):
        return []
    sentence = "The right option is by far the longest; shorten it or give the others as much."
    return [Hint("longest_key", "options", sentence)]


def _stem_words_in_key_only(
    body: Body, options: Sequence[Option], right: frozenset[OptionId]
) -> list[Hint]:
    asked = _words(f"{body.context} {body.stem}")
    keyed = _words(" ".join(option.text for option in options if option.id in right))
    others = _words(" ".join(option.text for option in options if option.id not in right))
    shared = sorted((asked & keyed) - others)
    if not shared or not others:
        return []
    sentence = f"“{shared[0]}” stands in the question and in the right option only."
    return [Hint("word_in_key_only", "options", sentence)]


def _uneven_lengths(body: Body) -> list[Hint]:
    lengths = [len(option.text.strip()) for option in options_of(body.asked)]
    if not lengths or not min(lengths) or _asks_yes_no(body):
        return []
    shortest, longest = min(lengths), max(lengths)
    if longest < UNEVEN_RATIO * shortest or longest - shortest < UNEVEN_LETTERS:
        return []
    sentence = f"Options should be of similar length; these have {shortest} to {longest} letters."
    return [Hint("uneven_lengths", "options", sentence)]


def _unbalanced_positions(questions: Sequence[tuple[Body, frozenset[OptionId]]]) -> list[Hint]:
    drawn = []
    for body, right in questions:
        ids = [option.id for option in options_of(body.asked)]
        drawn += [(ids.index(one), len(ids)) for one in right if one in ids]
    hints = []
    for position in range(max((count for _, count in drawn), default=0)):
        chances = [1 / count for _, count in drawn if position < count]
        seen = sum(where == position for where, _ in drawn)
        if _is_uneven(seen, chances):
            sentence = (
                f"{chr(ord('A') + position)} is right in {seen} of {len(chances)} questions; "
                f"about {sum(chances):.0f} would be even."
            )
            hints.append(Hint("key_position", "set", sentence))
    return hints


def _unbalanced_yes_no(right: Sequence[frozenset[OptionId]]) -> list[Hint]:
    seen = sum(YES in one for one in right)
    if not _is_uneven(seen, [0.5] * len(right)):
        return []
    sentence = f"“Yes” is right in {seen} of {len(right)} yes/no questions; about half is even."
    return [Hint("key_position", "set", sentence)]


def _is_uneven(seen: int, chances: Sequence[float]) -> bool:
    if len(chances) < MIN_SET:
        return False
    spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
    return abs(seen - sum(chances)) > MAX_DEVIATION * spread


def _asks_yes_no(body: Body) -> bool:
    return {option.id for option in options_of(body.asked)} == {YES, NO}


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _leading_number(text: str) -> Decimal | None:
    try:
        return Decimal(text.split()[0].rstrip("%")) if text.strip() else None
    except InvalidOperation:
        return None
