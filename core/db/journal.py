"""Unsent input of people."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from core.db.lookups import AnyRow
from core.db.tables.people import journal
from core.domain.ids import PersonId
from core.domain.journal import JournalEntry
from core.domain.plain import Plain


class JournalRepository:
    """Keeps the last unsent input for each person, place and record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, entry: JournalEntry) -> None:
        """Store an entry, replacing the one before."""
        self.remove(entry.person, entry.place, entry.record)
        self._connection.execute(
            insert(journal).values(
                person=entry.person,
                place=entry.place,
                record=entry.record,
                content=entry.content,
                written_at=entry.written_at,
            )
        )

    def of_person(self, person: PersonId) -> list[JournalEntry]:
        """Return what a person has not sent yet, oldest first."""
        statement = (
            select(journal)
            .where(journal.c.person == person)
            .order_by(journal.c.written_at, journal.c.place, journal.c.record)
        )
        return [_entry(row) for row in self._connection.execute(statement)]

    def remove(self, person: PersonId, place: str, record: str) -> None:
        """Drop an entry."""
        self._connection.execute(
            delete(journal).where(
                journal.c.person == person,
                journal.c.place == place,
                journal.c.record == record,
            )
        )


def _entry(row: AnyRow) -> JournalEntry:
    content: Plain = row.content
    written_at: datetime = row.written_at
    return JournalEntry(PersonId(row.person), row.place, row.record, content, written_at)
