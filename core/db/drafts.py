"""Drafts: the working copies."""

from sqlalchemy import Connection, delete, insert, select

from core.db.labels import labels_from_plain, labels_to_plain
from core.db.library import Library
from core.db.tables.questions import draft_bodies, draft_keys
from core.domain.body import Body
from core.domain.ids import QuestionId
from core.domain.key import Key
from core.domain.revision import Draft
from core.domain.source import Source


class DraftsRepository:
    """Keeps one working copy per question at most."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def put(self, draft: Draft) -> None:
        """Store the working copy, replacing the one before."""
        self.remove(draft.question)
        self._connection.execute(
            insert(draft_bodies).values(
                question=draft.question,
                content=draft.body.to_plain(),
                labels=labels_to_plain(draft.labels),
            )
        )
        self._connection.execute(
            insert(draft_keys).values(
                question=draft.question,
                content=draft.key.to_plain(),
                source=draft.source.to_plain(),
            )
        )

    def get(self, question: QuestionId) -> Draft | None:
        """Return the working copy, or None."""
        row = self._connection.execute(
            select(draft_bodies, draft_keys.c.content.label("draft_key"), draft_keys.c.source)
            .join(draft_keys, draft_keys.c.question == draft_bodies.c.question)
            .where(draft_bodies.c.question == question)
        ).one_or_none()
        if row is None:
            return None
        return Draft(
            question=question,
            body=Body.from_plain(row.content),
            key=Key.from_plain(row.draft_key),
            labels=labels_from_plain(row.labels),
            source=Source.from_plain(row.source),
        )

    def remove(self, question: QuestionId) -> None:
        """Drop the working copy."""
        for table in (draft_bodies, draft_keys):
            self._connection.execute(delete(table).where(table.c.question == question))
        self._library.touch(question)
