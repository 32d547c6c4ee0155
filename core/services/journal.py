"""The journal: unsent input survives a crash and goes with its submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.domain.ids import PersonId
from core.domain.journal import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.clock import Clock
    from core.domain.plain import Plain
    from core.services.blind_ports import BlindDatabase


@dataclass(frozen=True, slots=True)
class Unsent:
    """Input at a place about a record; `content` None means that it was submitted or emptied."""

    place: str
    record: str
    content: Plain | None


class JournalService:
    """Keeps the last unsent input for each person, place and record."""

    def __init__(self, database: BlindDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def write(self, person: PersonId, unsent: Iterable[Unsent]) -> datetime:
        """Store or drop entries, all or none; return when."""
        now = self._clock.now()
        with self._database.write() as tx:
            for one in unsent:
                if one.content is None:
                    tx.journal.remove(person, one.place, one.record)
                else:
                    entry = JournalEntry(person, one.place, one.record, one.content, now)
                    tx.journal.put(entry)
        return now

    def entries(self, person: PersonId) -> dict[tuple[str, str], Plain]:
        """Return what a person has not sent yet, by place and record, oldest first."""
        with self._database.read() as tx:
            return {(one.place, one.record): one.content for one in tx.journal.of_person(person)}
