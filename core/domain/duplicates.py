"""Finds questions that ask the same, above all those whose keys contradict each other."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.body import (
    Body,
    Chosen,
    Marked,
    Measured,
    Numeric,
    Ranked,
    Written,
    options_of,
)
from core.domain.key import Key, right_response
from core.domain.marks import marks_text, regions_text

Wording = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`second` asks what `first` asked before; `contradicts` says that their keys differ."""

    first: str
    second: str
    contradicts: bool

    @property
    def sentence(self) -> str:
        """What to tell the author of `second`."""
        if self.contradicts:
            return f"Asks the same as {self.first}, but the keys contradict each other."
        return f"Asks the same as {self.first}, with the same key."


def find_duplicates(questions: Iterable[tuple[str, Body, Key]]) -> tuple[Duplicate, ...]:
    """Compare questions given with a name each; images count by media id, frames and marks."""
    seen: dict[Wording, tuple[str, Wording]] = {}
    found = []
    for name, body, key in questions:
        right = _right_wording(body, key)
        first, first_right = seen.setdefault(_asked_wording(body), (name, right))
        if first != name:
            found.append(Duplicate(first, name, contradicts=first_right != right))
    return tuple(found)


def _asked_wording(body: Body) -> Wording:
    options = sorted(_plain(option.text) for option in options_of(body.asked))
    images = (f"{use.media}:{use.frames}:{marks_text(use.marks)}" for use in body.images)
    return (body.format.value, _plain(body.context), _plain(body.stem), *options, *images)


def _right_wording(body: Body, key: Key) -> Wording:
    match right_response(key):
        case Chosen(ids):
            return tuple(sorted(_plain(o.text) for o in options_of(body.asked) if o.id in ids))
        case Ranked(order):
            names = {option.id: option.text for option in options_of(body.asked)}
            return tuple(_plain(names.get(one, "")) for one in order)
        case Marked(regions):
            return (regions_text(regions),)
        case Written(text):
            return (_plain(text),)
        case Measured(value):
            unit = body.asked.unit if isinstance(body.asked, Numeric) else ""
            return (str(value.normalize()), unit)
        case None:
            return ()


def _plain(text: str) -> str:
    """Letters and digits only, so that case, blanks and punctuation make no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()
