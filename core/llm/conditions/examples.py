"""Solved examples before the question: zero-shot or few-shot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.body import (
    AnswerFormat,
    BlindQuestion,
    Body,
    Chosen,
    Measured,
    Ranked,
    Response,
    Written,
    options_of,
)
from core.domain.sampling import shuffled
from core.errors import ValidationError


@dataclass(frozen=True, slots=True)
class Shot:
    """A question that is not asked, with its right response.

    Some service that may see keys makes it; blind code gets these few and no key.
    """

    blind: BlindQuestion
    response: Response


Shots = Mapping[AnswerFormat, Sequence[Shot]]


def shots_for(blind: BlindQuestion, pool: Shots, count: int, *, seed: int) -> tuple[Shot, ...]:
    """Return up to `count` examples of the question's format, drawn by seed for this question.

    Raises `ValidationError` when there is none of this format.
    """
    if not count:
        return ()
    by_revision = {shot.blind.revision: shot for shot in pool.get(blind.body.format, ())}
    if not by_revision:
        wanted = blind.body.format.value.replace("_", " ")
        raise ValidationError(
            f"The chosen examples hold none of the format “{wanted}”.",
            field="examples",
            hint="Add one to the set of examples, or ask without examples.",
        )
    drawn = shuffled(by_revision, seed=seed, salt=blind.revision)[:count]
    return tuple(by_revision[one] for one in drawn)


def answer_words(body: Body, response: Response) -> str:
    """Return a response in the form in which a reply is to give it."""
    match response:
        case Chosen(options) if body.format is AnswerFormat.YES_NO:
            return next(one.text for one in options_of(body.asked) if one.id in options)
        case Chosen(options):
            places = [n for n, one in enumerate(options_of(body.asked)) if one.id in options]
            return ", ".join(chr(ord("A") + place) for place in places)
        case Ranked(ranked):
            ids = [one.id for one in options_of(body.asked)]
            return ", ".join(chr(ord("A") + ids.index(one)) for one in ranked)
        case Measured(value, unit):
            return f"{value} {unit}".strip()
        case Written(text):
            return text.strip()
