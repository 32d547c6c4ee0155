"""Sources and label records."""

from sqlalchemy import Connection, insert, select

from core.db.labels import labels_from_plain, labels_to_plain
from core.db.library import Library
from core.db.tables import label_records, sources
from core.domain.ids import PersonId, QuestionId
from core.domain.source import Source
from core.domain.taxonomy import LabelRecord


class ProvenanceRepository:
    """Keeps where questions came from and who labelled them; both are appended."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def set_source(self, question: QuestionId, source: Source) -> None:
        """Add a source record."""
        self._connection.execute(
            insert(sources).values(question=question, content=source.to_plain())
        )
        self._library.touch(question)

    def source(self, question: QuestionId) -> Source:
        """Return the newest source (an empty one when there is none)."""
        content = self._connection.execute(
            select(sources.c.content)
            .where(sources.c.question == question)
            .order_by(sources.c.sequence.desc())
            .limit(1)
        ).scalar_one_or_none()
        return Source() if content is None else Source.from_plain(content)

    def add_labels(self, question: QuestionId, record: LabelRecord) -> None:
        """Add a label record."""
        self._connection.execute(
            insert(label_records).values(
                question=question,
                labels=labels_to_plain(record.labels),
                assigned_by=record.assigned_by,
                assigned_at=record.assigned_at,
            )
        )

    def label_history(self, question: QuestionId) -> list[LabelRecord]:
        """Return all label records, oldest first."""
        rows = self._connection.execute(
            select(label_records)
            .where(label_records.c.question == question)
            .order_by(label_records.c.sequence)
        )
        return [
            LabelRecord(labels_from_plain(row.labels), PersonId(row.assigned_by), row.assigned_at)
            for row in rows
        ]
