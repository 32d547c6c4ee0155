"""Two versions beside what both were made from, field by field and word by word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from core.domain.body import Asked, Option, Ranking, SeveralChoices, SingleChoice, options_of
from core.domain.ids import OptionId
from core.domain.key import Key
from core.domain.marks import marks_text, marks_to_plain, without_marks
from core.domain.media import ImageUse
from core.domain.plain import canonical_json
from core.domain.revision import Revision
from core.domain.revision_diff import image_text, right_text
from core.domain.word_diff import DiffSpan, word_diff
from core.errors import ValidationError


class Side(StrEnum):
    """Which of two versions a field is taken from."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that is not the same in both; `mine` and `theirs` are diffs against the base."""

    field: str
    base: str
    mine: tuple[DiffSpan, ...]
    theirs: tuple[DiffSpan, ...]
    is_contested: bool
    """Whether both changed it; otherwise only one did, and that change can be taken over."""
    changed_by: Side | None = None
    """The only side that changed it."""


def compare(base: Revision | None, mine: Revision, theirs: Revision) -> tuple[FieldDiff, ...]:
    """Return the fields in which `mine` and `theirs` differ, in the order of the form."""
    before = {} if base is None else _fields(base)
    own, other = _fields(mine), _fields(theirs)
    found = []
    for name in dict.fromkeys((*own, *other)):
        old, one, two = (fields.get(name, _NOTHING) for fields in (before, own, other))
        if one.content != two.content:
            is_contested = old.content not in (one.content, two.content)
            diffs = word_diff(old.words, one.words), word_diff(old.words, two.words)
            by = None if is_contested else Side.MINE if two.content == old.content else Side.THEIRS
            found.append(FieldDiff(name, old.words, *diffs, is_contested, by))
    return tuple(found)


class _Field(NamedTuple):
    """What a field is compared by, and how it is shown."""

    content: str
    words: str


_NOTHING: Final = _Field("", "")


def _fields(revision: Revision) -> dict[str, _Field]:
    body, key = revision.body, revision.key
    texts = {"format": body.format.value, "context": body.context, "stem": body.stem}
    options = options_of(body.asked)
    for option in options:
        texts[f"option {option.id}"] = option.text
    fields = {name: _Field(text, text) for name, text in texts.items()}
    if not options:
        asked = body.asked.to_plain()
        shown = "\n".join(str(value) for value in asked.values())
        fields["asked"] = _Field(canonical_json(asked), shown)
    order = " ".join(option.id for option in options)
    fields["order of options"] = _Field(order, "\n".join(option.text for option in options))
    bare = replace(body, images=tuple(without_marks(use) for use in body.images))
    images = bare.to_plain()["images"]
    for number, (plain, use) in enumerate(zip(images, body.images, strict=True), 1):
        fields[f"image {number}"] = _Field(canonical_json(plain), image_text(use))
        if use.marks:
            content = canonical_json([use.media, marks_to_plain(use.marks)])
            fields[f"marks {number}"] = _Field(content, marks_text(use.marks))
    fields["layout"] = _Field(body.layout, body.layout)
    fields["links"] = _Field(canonical_json(body.links.to_plain()), body.links.words)
    fields["key"] = _Field(canonical_json(key.right.to_plain()), right_text(body, key))
    for name, text in (("explanation", key.explanation), ("rubric", key.rubric)):
        fields[name] = _Field(text, text)
    return fields


def suggested(fields: Sequence[FieldDiff]) -> dict[str, Side]:
    """Return the side of every field that only one of the two changed."""
    return {one.field: one.changed_by for one in fields if one.changed_by is not None}


def assemble(mine: Revision, theirs: Revision, picks: Mapping[str, Side]) -> Revision:
    """Return `mine` with every field from the side that was picked for it.

    `picks` uses the names of `compare`; a field that is not named is the same in both. Raises
    `ValidationError` when the fields do not fit together.
    """
    sides = {Side.MINE: mine, Side.THEIRS: theirs}

    def side(name: str) -> Revision:
        return sides[picks.get(name, Side.MINE)]

    body = replace(
        mine.body,
        stem=side("stem").body.stem,
        context=side("context").body.context,
        images=_images(mine, theirs, side),
        layout=side("layout").body.layout,
        links=side("links").body.links,
        asked=_asked(mine, theirs, side),
    )
    right = side("key").key.right
    if mine.body.format is not theirs.body.format:
        right = side("format").key.right
    key = Key(
        right=right,
        explanation=side("explanation").key.explanation,
        rubric=side("rubric").key.rubric,
    )
    for field, sentence in (*body.problems(), *key.problems(body.asked)):
        raise ValidationError(
            f"These parts do not fit together: {sentence}",
            field=field,
            hint="Take options and right answer from the same side.",
        )
    return replace(mine, body=body, key=key)


def _images(
    mine: Revision, theirs: Revision, side: Callable[[str], Revision]
) -> tuple[ImageUse, ...]:
    most = max(len(mine.body.images), len(theirs.body.images))
    found: list[ImageUse] = []
    for number in range(1, most + 1):
        own = side(f"image {number}").body.images[number - 1 : number]
        marked = side(f"marks {number}").body.images[number - 1 : number]
        # Marks belong to the image that they were drawn on.
        is_same = bool(own and marked) and own[0].media == marked[0].media
        found += [replace(own[0], marks=marked[0].marks)] if is_same else own
    return tuple(found)


def _asked(mine: Revision, theirs: Revision, side: Callable[[str], Revision]) -> Asked:
    if mine.body.format is not theirs.body.format:
        return side("format").body.asked
    asked = side("asked").body.asked
    if not isinstance(asked, SingleChoice | SeveralChoices | Ranking):
        return asked
    first, second = side("order of options"), mine
    if first is mine:
        second = theirs
    ids = dict.fromkeys(
        option.id for one in (first, second) for option in options_of(one.body.asked)
    )
    texts = [(name, _option(side(f"option {name}"), name)) for name in ids]
    return replace(
        asked, options=tuple(Option(name, text) for name, text in texts if text is not None)
    )


def _option(revision: Revision, name: OptionId) -> str | None:
    found = (one.text for one in options_of(revision.body.asked) if one.id == name)
    return next(found, None)
