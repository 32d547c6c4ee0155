"""A revision joins body and key; a draft is the working copy of both."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.body import Body
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.key import Key
from core.domain.plain import sha256_of
from core.domain.source import Source
from core.domain.taxonomy import REQUIRED_AXES, Label, value_on


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable version of a question's content; `number` counts from 1."""

    id: RevisionId
    question: QuestionId
    number: int
    body: Body
    key: Key
    author: PersonId
    created_at: datetime
    reason: str = ""
    parent: RevisionId | None = None
    merged_parent: RevisionId | None = None
    """The other version that this one settles a conflict with."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The working copy of a question: saved while typing, may be incomplete."""

    question: QuestionId
    body: Body
    key: Key
    labels: frozenset[Label] = frozenset()
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a draft from becoming a revision."""

    field: str
    sentence: str


def find_problems(draft: Draft) -> tuple[Problem, ...]:
    """Return all that is missing or wrong in a draft, in the order of the form."""
    found = draft.body.problems() + draft.key.problems(draft.body.asked)
    found += [
        (axis, f"Choose a {axis}.") for axis in REQUIRED_AXES if not value_on(draft.labels, axis)
    ]
    return tuple(Problem(field, sentence) for field, sentence in found)


def content_hash(body: Body, key: Key, labels: frozenset[Label]) -> str:
    """Return the SHA-256 of all content: equal content has an equal hash on every machine."""
    return sha256_of(
        {
            "body": body.to_plain(),
            "key": key.to_plain(),
            "labels": sorted([label.axis, label.value] for label in labels),
        }
    )
