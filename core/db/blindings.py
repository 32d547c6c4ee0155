"""Approvals of blinding."""

from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from core.db.tables.moves import blinding_approvals
from core.domain.blinding import BlindingApproval
from core.domain.ids import PersonId, QuestionId, RevisionId


class BlindingsRepository:
    """Keeps approvals of blinding."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, approval: BlindingApproval) -> None:
        """Store an approval."""
        values = asdict(approval) | {"notes": list(approval.notes)}
        self._connection.execute(insert(blinding_approvals).values(**values))

    def of_question(self, question: QuestionId) -> list[BlindingApproval]:
        """Return all approvals of a question, oldest first."""
        rows = self._connection.execute(
            select(blinding_approvals)
            .where(blinding_approvals.c.question == question)
            .order_by(blinding_approvals.c.approved_at, blinding_approvals.c.sequence)
        )
        return [
            BlindingApproval(
                question=QuestionId(row.question),
                revision=RevisionId(row.revision),
                approved_by=PersonId(row.approved_by),
                approved_at=row.approved_at,
                similarity=row.similarity,
                notes=tuple(row.notes),
                override_reason=row.override_reason,
            )
            for row in rows
        ]
