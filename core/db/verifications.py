"""Verifications and adjudications."""

from sqlalchemy import ColumnElement, Connection, insert, select

from core.db.library import Library
from core.db.lookups import AnyRow
from core.db.tables.verifications import adjudications, verifications
from core.domain.ids import AnswerId, PersonId, QuestionId, RevisionId, VerificationId
from core.domain.verification import (
    Adjudication,
    Gate,
    GateRating,
    Rating,
    Verdict,
    Verification,
)


class VerificationsRepository:
    """Keeps verifications and adjudications."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def add(self, verification: Verification) -> None:
        """Store a verification."""
        gates = [[one.gate.value, one.rating.value, one.comment] for one in verification.gates]
        self._connection.execute(
            insert(verifications).values(
                id=verification.id,
                question=verification.question,
                revision=verification.revision,
                verifier=verification.verifier,
                answer=verification.answer,
                gates=gates,
                verdict=verification.verdict.value,
                comment=verification.comment,
                verified_at=verification.verified_at,
            )
        )
        self._library.touch(verification.question)

    def for_revision(self, revision: RevisionId) -> list[Verification]:
        """Return the verifications of a revision, oldest first."""
        return self._where(verifications.c.revision == revision)

    def by_person(self, verifier: PersonId) -> list[Verification]:
        """Return one verifier's verifications, oldest first."""
        return self._where(verifications.c.verifier == verifier)

    def all(self) -> list[Verification]:
        """Return all verifications, oldest first."""
        return self._where()

    def add_adjudication(self, adjudication: Adjudication) -> None:
        """Store an adjudication."""
        self._connection.execute(
            insert(adjudications).values(
                question=adjudication.question,
                revision=adjudication.revision,
                adjudicator=adjudication.adjudicator,
                answer=adjudication.answer,
                verdict=adjudication.verdict.value,
                reason=adjudication.reason,
                decided_at=adjudication.decided_at,
            )
        )

    def adjudications(self) -> list[Adjudication]:
        """Return all adjudications, oldest first."""
        statement = select(adjudications).order_by(
            adjudications.c.decided_at, adjudications.c.sequence
        )
        return [_adjudication(row) for row in self._connection.execute(statement)]

    def _where(self, *conditions: ColumnElement[bool]) -> list[Verification]:
        statement = (
            select(verifications)
            .where(*conditions)
            .order_by(verifications.c.verified_at, verifications.c.id)
        )
        return [_verification(row) for row in self._connection.execute(statement)]


def _verification(row: AnyRow) -> Verification:
    return Verification(
        id=VerificationId(row.id),
        question=QuestionId(row.question),
        revision=RevisionId(row.revision),
        verifier=PersonId(row.verifier),
        answer=AnswerId(row.answer),
        gates=tuple(
            GateRating(Gate(gate), Rating(rating), comment) for gate, rating, comment in row.gates
        ),
        verdict=Verdict(row.verdict),
        comment=row.comment,
        verified_at=row.verified_at,
    )


def _adjudication(row: AnyRow) -> Adjudication:
    return Adjudication(
        question=QuestionId(row.question),
        revision=RevisionId(row.revision),
        adjudicator=PersonId(row.adjudicator),
        answer=AnswerId(row.answer) if row.answer else None,
        verdict=Verdict(row.verdict),
        reason=row.reason,
        decided_at=row.decided_at,
    )
