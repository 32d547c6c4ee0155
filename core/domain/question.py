"""A question: an identity that moves through stages. Knows neither body nor key."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.body.format_names import AnswerFormat
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.stage import Stage
from core.domain.taxonomy import Label


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `number` counts from 1 within a workspace and is for people.

    `origin` names the imported row it came from ("vqa_rad:340"), so that importing twice adds
    nothing; empty for questions written here.
    """

    id: QuestionId
    number: int
    stage: Stage
    author: PersonId
    created_at: datetime
    current_revision: RevisionId | None = None
    labels: frozenset[Label] = frozenset()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """One line of the library."""

    id: QuestionId
    number: int
    stage: Stage
    format: AnswerFormat
    stem: str
    labels: frozenset[Label]
    author: PersonId
    image_count: int
    revision_number: int
    """0 while nothing was committed."""
    has_open_draft: bool
    """Whether the working copy holds something that no revision has."""
    verification_count: int
    """Verifications of the current revision."""
    updated_at: datetime
    needs_reverification: bool = False
    """Whether its content was changed after somebody verified it, and it awaits that anew."""
