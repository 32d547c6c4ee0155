"""Sources and label records."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from core.db.labels import labels_from_plain, labels_to_plain
from core.db.library import Library
from core.db.tables.questions import label_records, sources
from core.domain.ids import PersonId, QuestionId
from core.domain.source import Source
from core.domain.taxonomy import LabelRecord


class ProvenanceRepository:
    """Keeps where questions came from and who labelled them; both are appended."""

    def __init__(
        self, connection: Connection, library: Library, now: Callable[[], datetime]
    ) -> None:
        self._connection = connection
        self._library = library
        self._now = now

    def set_source(self, question: QuestionId, source: Source) -> None:
        """Add a source record."""
        newest = self._connection.execute(
            select(func.max(sources.c.set_at)).where(sources.c.question == question)
        ).scalar_one_or_none()
        # Always after the one before, also where the clock was set back.
        after = None if newest is None else newest + timedelta(microseconds=1)
        now = self._now()
        moment = now if after is None else max(now, after)
        self._connection.execute(
            insert(sources).values(question=question, content=source.to_plain(), set_at=moment)
        )
        self._library.touch(question)

    def source(self, question: QuestionId) -> Source:
        """Return the newest source (an empty one when there is none)."""
        content = self._connection.execute(
            select(sources.c.content)
            .where(sources.c.question == question)
            .order_by(sources.c.set_at.desc(), sources.c.content.desc())
            .limit(1)
        ).scalar_one_or_none()
        return Source() if content is None else Source.from_plain(content)

    def add_labels(self, question: QuestionId, record: LabelRecord) -> None:
        """Add a label record; after a clock was set back it is dated after the one before."""
        newest = self._connection.execute(
            select(func.max(label_records.c.assigned_at)).where(
                label_records.c.question == question
            )
        ).scalar_one_or_none()
        moment = record.assigned_at
        if newest is not None and moment < newest:
            moment = newest + timedelta(microseconds=1)
        self._connection.execute(
            insert(label_records).values(
                question=question,
                labels=labels_to_plain(record.labels),
                assigned_by=record.assigned_by,
                assigned_at=moment,
            )
        )

    def label_history(self, question: QuestionId) -> list[LabelRecord]:
        """Return all label records, oldest first."""
        rows = self._connection.execute(
            select(label_records)
            .where(label_records.c.question == question)
            .order_by(label_records.c.assigned_at, label_records.c.sequence)
        )
        return [
            LabelRecord(labels_from_plain(row.labels), PersonId(row.assigned_by), row.assigned_at)
            for row in rows
        ]
