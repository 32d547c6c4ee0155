"""Flags and comments of readers."""

from sqlalchemy import ColumnElement, Connection, insert, select

from core.db.lookups import AnyRow
from core.db.tables.answers import remarks
from core.domain.ids import PersonId, QuestionId, RemarkId, RevisionId, SittingId
from core.domain.remark import Remark


class RemarksRepository:
    """Keeps remarks; they are added, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, remark: Remark) -> None:
        """Store a remark."""
        self._connection.execute(
            insert(remarks).values(
                id=remark.id,
                question=remark.question,
                revision=remark.revision,
                sitting=remark.sitting,
                reader=remark.reader,
                noted_at=remark.noted_at,
                is_flagged=remark.is_flagged,
                comment=remark.comment,
            )
        )

    def of_sitting(self, sitting: SittingId) -> list[Remark]:
        """Return the remarks of one sitting, oldest first."""
        return self._where(remarks.c.sitting == sitting)

    def of_question(self, question: QuestionId) -> list[Remark]:
        """Return the remarks on one question, in all its revisions, oldest first."""
        return self._where(remarks.c.question == question)

    def all(self) -> list[Remark]:
        """Return all remarks, oldest first."""
        return self._where()

    def _where(self, *conditions: ColumnElement[bool]) -> list[Remark]:
        statement = select(remarks).where(*conditions).order_by(remarks.c.noted_at, remarks.c.id)
        return [_remark(row) for row in self._connection.execute(statement)]


def _remark(row: AnyRow) -> Remark:
    return Remark(
        id=RemarkId(row.id),
        question=QuestionId(row.question),
        revision=RevisionId(row.revision),
        sitting=SittingId(row.sitting),
        reader=PersonId(row.reader),
        noted_at=row.noted_at,
        is_flagged=row.is_flagged,
        comment=row.comment,
    )
