"""What changed between two versions of a question, field by field."""

from dataclasses import dataclass

from core.domain.body import Body, options_of
from core.domain.key import Key
from core.domain.marks import marks_text
from core.domain.media import ImageUse
from core.domain.plain import canonical_json
from core.domain.revision import Draft, Revision
from core.domain.word_diff import DiffSpan, word_diff


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """The words of one field that stayed, went and came; `field` is a name of the form."""

    field: str
    spans: tuple[DiffSpan, ...]


def compare(
    before: Revision | Draft, after: Revision | Draft, *, with_key: bool
) -> tuple[FieldDiff, ...]:
    """Return the fields that differ, in the order of the form."""
    old, new = _body_texts(before.body), _body_texts(after.body)
    if with_key:
        old |= _key_texts(before.body, before.key)
        new |= _key_texts(after.body, after.key)
    return tuple(
        FieldDiff(name, word_diff(old[name], new[name])) for name in new if old[name] != new[name]
    )


def _body_texts(body: Body) -> dict[str, str]:
    return {
        "format": body.format.value,
        "context": body.context,
        "stem": body.stem,
        "options": "\n".join(
            f"{place}. {option.text}" for place, option in enumerate(options_of(body.asked), 1)
        ),
        "images": "\n".join(image_text(use) for use in body.images),
        "marks": "\n".join(
            f"Image {number}: {line}"
            for number, use in enumerate(body.images, 1)
            for line in marks_text(use.marks).splitlines()
        ),
        "layout": body.layout,
        "links": body.links.words,
    }


def image_text(use: ImageUse) -> str:
    """Return an image of a body in words."""
    frames = ", ".join(str(one + 1) for one in use.frames)
    return f"{use.media[:12]} · {frames} · {use.caption} · {use.role.value} · {use.date}"


def _key_texts(body: Body, key: Key) -> dict[str, str]:
    return {"key": right_text(body, key), "explanation": key.explanation, "rubric": key.rubric}


def right_text(body: Body, key: Key) -> str:
    """Return the right answer in words: the texts of its options, or its values."""
    texts: dict[str, str] = {option.id: option.text for option in options_of(body.asked)}
    plain = key.right.to_plain()
    return "\n".join(
        texts.get(one, one) if isinstance(one, str) else canonical_json(one)
        for value in plain.values()
        for one in (value if isinstance(value, list) else [value])
    )
