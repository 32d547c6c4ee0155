"""Two versions beside what both were made from, field by field and word by word."""

from dataclasses import dataclass

from core.domain.body import options_of
from core.domain.plain import canonical_json
from core.domain.revision import Revision
from core.domain.word_diff import DiffSpan, word_diff


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that is not the same in both; `mine` and `theirs` are diffs against the base."""

    field: str
    base: str
    mine: tuple[DiffSpan, ...]
    theirs: tuple[DiffSpan, ...]
    is_contested: bool
    """Whether both changed it; otherwise only one did, and that change can be taken over."""


def compare(base: Revision | None, mine: Revision, theirs: Revision) -> tuple[FieldDiff, ...]:
    """Return the fields in which `mine` and `theirs` differ, in the order of the form."""
    before = {} if base is None else _fields(base)
    own, other = _fields(mine), _fields(theirs)
    found = []
    for name in dict.fromkeys((*own, *other)):
        old, one, two = before.get(name, ""), own.get(name, ""), other.get(name, "")
        if one != two:
            is_contested = old not in (one, two)
            diffs = word_diff(old, one), word_diff(old, two)
            found.append(FieldDiff(name, old, *diffs, is_contested))
    return tuple(found)


def _fields(revision: Revision) -> dict[str, str]:
    body, key = revision.body, revision.key
    plain = body.to_plain()
    fields = {"format": body.format.value, "context": body.context, "stem": body.stem}
    for option in options_of(body.asked):
        fields[f"option {option.id}"] = option.text
    if not options_of(body.asked):
        fields["asked"] = canonical_json(plain["asked"])
    fields["order of options"] = " ".join(option.id for option in options_of(body.asked))
    for number, image in enumerate(plain["images"], 1):
        fields[f"image {number}"] = canonical_json(image)
    fields["key"] = canonical_json(key.right.to_plain())
    fields["explanation"] = key.explanation
    fields["rubric"] = key.rubric
    return fields
