"""Human baseline: reading plans and sittings; knows no key."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.ids import PersonId, PlanId, RevisionId, SittingId


@dataclass(frozen=True, slots=True)
class StudyRules:
    """What a reader is told at the start and what is stored with every answer."""

    time_limit_s: int | None = None
    aids_allowed: bool = False
    going_back_allowed: bool = False
    asks_confidence: bool = True


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """A seeded sample of verified revisions, dealt to readers with full overlap."""

    id: PlanId
    name: str
    seed: int
    revisions: tuple[RevisionId, ...]
    readers: tuple[PersonId, ...]
    rules: StudyRules
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """One reader's passage: the order of this reader, and how far they are.

    `position` is the index of the question on screen; `spent_s` the seconds already spent on it
    before a pause or crash.
    """

    id: SittingId
    plan: PlanId
    reader: PersonId
    order: tuple[RevisionId, ...]
    started_at: datetime
    position: int = 0
    spent_s: float = 0.0
    idle_s: float = 0.0
    finished_at: datetime | None = None
