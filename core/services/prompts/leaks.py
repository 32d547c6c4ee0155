"""Whether a text tells what only the key of a question says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.domain.body import Chosen, options_of
from core.domain.key import LongTextKey, ReportKey, ShortTextKey
from core.domain.revision import Revision

_RUN: Final = 6
"""So many words in a row are no accident."""
_SHORT_RUN: Final = 3
_LONG_WORD: Final = 6
"""A single word of fewer letters may be anybody's."""


def leak_in(words: str, revision: Revision, *, known: str = "", has_examples: bool = False) -> str:
    """Return the words of a key that a text contains more often than `known`, or nothing.

    `words` and `known` come from `as_words`; `known` is what an answerer sees in any case. Solved
    examples may well name the same diagnosis; with them only longer texts of a key count.
    """
    for phrase in _long_phrases(revision) if has_examples else _phrases(revision):
        if words.count(phrase) > known.count(phrase):
            return phrase.strip()
    return ""


def as_words(text: str) -> str:
    """Return a text as its words with one blank around each, for comparing."""
    from core.scoring.text_forms import unicode_tokens

    # Two blanks between words, so that neighbors can be counted without sharing one.
    return "".join(f" {token} " for token in unicode_tokens(text))


def body_words(revision: Revision) -> str:
    """Return the words of what an answerer sees of a question."""
    body = revision.body
    captions = (use.caption for use in body.images)
    options = (option.text for option in options_of(body.asked))
    return as_words("\n".join((body.context, body.stem, *options, *captions)))


def _phrases(revision: Revision) -> Iterator[str]:
    yield from _long_phrases(revision)
    for text in _short_texts(revision):
        phrase = as_words(text)
        if len(phrase.split()) > 1 or len(phrase.strip()) >= _LONG_WORD:
            yield phrase


def _long_phrases(revision: Revision) -> Iterator[str]:
    key = revision.key
    reports = [key.right.reference] if isinstance(key.right, ReportKey | LongTextKey) else []
    for text in (key.explanation, key.rubric, *reports):
        yield from _runs(as_words(text))


def _short_texts(revision: Revision) -> list[str]:
    match revision.key.right:
        case ShortTextKey(reference, variants):
            return [reference, *variants]
        case right:
            response = right.response()
    if not isinstance(response, Chosen):
        return []
    return [one.text for one in options_of(revision.body.asked) if one.id in response.options]


def _runs(words: str) -> Iterator[str]:
    """Yield every run of six words; all of a text of three to six."""
    tokens = words.split()
    if len(tokens) < _SHORT_RUN:
        return
    length = min(_RUN, len(tokens))
    for start in range(len(tokens) - length + 1):
        yield "".join(f" {token} " for token in tokens[start : start + length])
