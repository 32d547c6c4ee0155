"""What a reader says about a question apart from the answer: a flag, a comment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core.domain.ids import PersonId, QuestionId, RemarkId, RevisionId, SittingId

MAX_COMMENT: Final = 2000
"""Characters of a comment."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One change of what a reader says about a question of a sitting; never changed itself.

    None leaves that part as it was; an empty comment takes it back.
    """

    id: RemarkId
    question: QuestionId
    revision: RevisionId
    sitting: SittingId
    reader: PersonId
    noted_at: datetime
    is_flagged: bool | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """All that a reader says about one question in one sitting, and since when."""

    is_flagged: bool = False
    comment: str = ""
    flagged_at: datetime | None = None
    commented_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a flag nor a comment."""
        return not self.is_flagged and not self.comment

    @property
    def at(self) -> datetime | None:
        """When the last of it was said; None where nothing is."""
        return max((one for one in (self.flagged_at, self.commented_at) if one), default=None)


def by_reading(remarks: Iterable[Remark]) -> list[list[Remark]]:
    """Return the remarks on each revision in each sitting, in the order given."""
    found: dict[tuple[SittingId, RevisionId], list[Remark]] = {}
    for one in remarks:
        found.setdefault((one.sitting, one.revision), []).append(one)
    return list(found.values())


def said(remarks: Iterable[Remark]) -> Said:
    """Return what remarks on one question in one sitting come to, whatever their order.

    Flag and comment go each by their own last change: two devices lose neither.
    """
    found = Said()
    for one in sorted(remarks, key=lambda one: (one.noted_at, one.id)):
        if one.is_flagged is not None:
            at = one.noted_at if one.is_flagged else None
            found = replace(found, is_flagged=one.is_flagged, flagged_at=at)
        if one.comment is not None:
            at = one.noted_at if one.comment else None
            found = replace(found, comment=one.comment, commented_at=at)
    return found
