"""Bodies of revisions in blind form, from a table that holds no key."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from core.db.lookups import AnyRow, chunks
from core.db.tables.questions import bodies, questions
from core.domain.body import BlindQuestion, Body
from core.domain.ids import QuestionId, RevisionId
from core.errors import NotFoundError


class BodiesRepository:
    """Reads bodies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, revision: RevisionId) -> BlindQuestion:
        """Return one body; raise `NotFoundError` when there is no such revision."""
        return self.many([revision])[0]

    def many(self, revisions: Sequence[RevisionId]) -> list[BlindQuestion]:
        """Return bodies in the order asked for; raise `NotFoundError` for a missing one."""
        found: dict[str, BlindQuestion] = {}
        for some in chunks(list(dict.fromkeys(revisions))):
            rows = self._connection.execute(
                select(bodies, questions.c.number)
                .join(questions, questions.c.id == bodies.c.question)
                .where(bodies.c.revision.in_(some))
            )
            found |= {row.revision: _blind(row) for row in rows}
        if not found.keys() >= set(revisions):
            raise NotFoundError("This version of a question does not exist in this workspace.")
        return [found[one] for one in revisions]


def _blind(row: AnyRow) -> BlindQuestion:
    return BlindQuestion(
        question=QuestionId(row.question),
        revision=RevisionId(row.revision),
        number=row.number,
        body=Body.from_plain(row.content),
    )
