"""Records of blinding: what was changed, how near the source still is, who approved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.domain.ids import PersonId, QuestionId, RevisionId

SIMILARITY_LIMIT: Final = 85.0
"""Token-set ratio (0 to 100) of stem and source above which approval needs a reason."""


@dataclass(frozen=True, slots=True)
class BlindingApproval:
    """One approval: revision, similarity to its source (None without one), ledger notes."""

    question: QuestionId
    revision: RevisionId
    approved_by: PersonId
    approved_at: datetime
    similarity: float | None
    notes: tuple[str, ...] = ()
    override_reason: str = ""
