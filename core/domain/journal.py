"""The journal: what somebody entered and has not submitted yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.domain.ids import PersonId
from core.domain.plain import Plain

POSITION: Final = "position"
"""The place that tells where a person was: page, record, field, caret."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Unsent input of a person at a place of the program, about a record ("" for none)."""

    person: PersonId
    place: str
    record: str
    content: Plain
    written_at: datetime
