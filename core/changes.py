"""What a mutation touched, so that a screen refreshes only where it must."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kind(StrEnum):
    """Kinds of records that a screen can show."""

    QUESTION = "question"
    DRAFT = "draft"
    MEDIA = "media"
    PERSON = "person"
    BLINDING = "blinding"
    VERIFICATION = "verification"
    ANSWER = "answer"
    SITTING = "sitting"
    REMARK = "remark"
    RUN = "run"
    SCORE = "score"
    JUDGE = "judge"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Changes:
    """A set of (kind, id) pairs; an empty id means "several of this kind"."""

    touched: frozenset[tuple[Kind, str]] = frozenset()

    @classmethod
    def of(cls, kind: Kind, *ids: str) -> "Changes":
        """Return changes of one kind."""
        return cls(frozenset((kind, one) for one in (ids or ("",))))

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.touched | other.touched)

    def concerns(self, *kinds: Kind) -> bool:
        """Tell whether any record of these kinds was touched."""
        return any(kind in kinds for kind, _ in self.touched)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Value]):
    """The result of a mutation and what it touched."""

    value: Value
    changes: Changes = field(default_factory=Changes)
