"""Revisions: body and key joined, for those who may see both."""

from typing import Any

from sqlalchemy import Connection, Select, insert, select

from core.db.library import Library
from core.db.lookups import AnyRow, only_row
from core.db.tables.questions import bodies, questions, revision_keys, revisions
from core.domain.body import Body
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.key import Key
from core.domain.revision import Revision
from core.errors import BlindingError


class RevisionsRepository:
    """Keeps immutable versions."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def add(self, revision: Revision) -> None:
        """Store a new revision."""
        self._connection.execute(
            insert(revisions).values(
                id=revision.id,
                question=revision.question,
                number=revision.number,
                author=revision.author,
                created_at=revision.created_at,
                reason=revision.reason,
                parent=revision.parent,
                merged_parent=revision.merged_parent,
            )
        )
        self._connection.execute(
            insert(bodies).values(
                revision=revision.id, question=revision.question, content=revision.body.to_plain()
            )
        )
        self._connection.execute(
            insert(revision_keys).values(revision=revision.id, content=revision.key.to_plain())
        )
        self._library.touch(revision.question)

    def get(self, revision: RevisionId) -> Revision:
        """Return one revision; raise `NotFoundError` or, without its key, `BlindingError`."""
        self._require_key(revision)
        missing = "This version of a question does not exist in this workspace."
        statement = _joined().where(revisions.c.id == revision)
        return _revision(only_row(self._connection, statement, missing))

    def of_question(self, question: QuestionId) -> list[Revision]:
        """Return all revisions of a question, first to last."""
        return self._list(
            _joined().where(revisions.c.question == question).order_by(revisions.c.number)
        )

    def current(self) -> list[Revision]:
        """Return the current revision of every question that has one, by question number."""
        return self._list(
            _joined()
            .join(questions, questions.c.current_revision == revisions.c.id)
            .order_by(questions.c.number)
        )

    def all(self) -> list[Revision]:
        """Return all revisions, by question number and first to last."""
        return self._list(
            _joined()
            .join(questions, questions.c.id == revisions.c.question)
            .order_by(questions.c.number, revisions.c.number)
        )

    def _require_key(self, revision: RevisionId) -> None:
        has_body = select(bodies.c.revision).where(bodies.c.revision == revision)
        has_key = select(revision_keys.c.revision).where(revision_keys.c.revision == revision)
        if (
            self._connection.execute(has_key).first() is None
            and self._connection.execute(has_body).first() is not None
        ):
            raise BlindingError(
                "The key of this question is not in this workspace.",
                hint="Send your answers back; the study lead answers with a package of keys.",
            )

    def _list(self, statement: Select[Any]) -> list[Revision]:
        return [_revision(row) for row in self._connection.execute(statement)]


def _joined() -> Select[Any]:  # columns are read by name
    return (
        select(
            revisions, bodies.c.content.label("body"), revision_keys.c.content.label("revision_key")
        )
        .join(bodies, bodies.c.revision == revisions.c.id)
        .join(revision_keys, revision_keys.c.revision == revisions.c.id)
    )


def _revision(row: AnyRow) -> Revision:
    return Revision(
        id=RevisionId(row.id),
        question=QuestionId(row.question),
        number=row.number,
        body=Body.from_plain(row.body),
        key=Key.from_plain(row.revision_key),
        author=PersonId(row.author),
        created_at=row.created_at,
        reason=row.reason,
        parent=RevisionId(row.parent) if row.parent else None,
        merged_parent=RevisionId(row.merged_parent) if row.merged_parent else None,
    )
