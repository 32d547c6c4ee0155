"""Solved examples before the question: zero-shot or few-shot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.body import (
    AnswerFormat,
    BlindQuestion,
    Body,
    Chosen,
    Localization,
    Marked,
    Measured,
    Ranked,
    Response,
    Written,
    options_of,
)
from core.domain.places import to_shown
from core.domain.plain import Plain
from core.domain.region import Point, Region, RegionKind
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
        case Marked(regions):
            return _regions_words(body, regions)
        case Measured(value, unit):
            return f"{value} {unit}".strip()
        case Written(text):
            return text.strip()


def _regions_words(body: Body, regions: Sequence[Region]) -> str:
    """Return regions as a reply is to give them, in whole pixels of the picture sent."""
    asked = body.asked
    if not isinstance(asked, Localization):
        return ""
    entries = [_entry(body, asked, region) for region in regions]
    return json.dumps({"answer": entries[0] if len(entries) == 1 else entries})


def _entry(body: Body, asked: Localization, region: Region) -> Plain:
    stored, shown = (asked.width, asked.height), (asked.shown_width, asked.shown_height)
    view = body.images[asked.image].view
    points = [to_shown(stored, shown, view, point) for point in _outline(region)]
    pixels = [[round(x), round(y)] for x, y in points]
    said: Plain = {"slice": region.frame + 1} if asked.frames > 1 else {}
    across, down = zip(*pixels, strict=True)
    match asked.kind:
        case RegionKind.POINT:
            middle = [(min(across) + max(across)) // 2, (min(down) + max(down)) // 2]
            return said | {"point": middle}
        case RegionKind.BOX:
            return said | {"box": [min(across), min(down), max(across), max(down)]}
        case _:
            return said | {"polygon": pixels}


def _outline(region: Region) -> Sequence[Point]:
    """Return the corners of a region; raise `ValidationError` for one that was painted."""
    match region.kind:
        case RegionKind.BOX:
            (left, top), (right, bottom) = region.points
            return (left, top), (right, top), (right, bottom), (left, bottom)
        case RegionKind.MASK | RegionKind.ELLIPSE:
            raise ValidationError(
                "The right region of an example was painted, and cannot be told in numbers.",
                field="examples",
                hint="Draw it as a polygon, or take another example.",
            )
        case _:
            return region.points
