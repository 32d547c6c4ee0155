"""The audit trail: append-only events in a hash chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.domain.plain import sha256_of

GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which record, when; `content` is a hash, never content itself."""

    sequence: int
    at: datetime
    person: str
    action: str
    subject: str
    content: str
    previous: str
    hash: str


def chain_event(
    previous: AuditEvent | None,
    *,
    at: datetime,
    person: str,
    action: str,
    subject: str,
    content: str = "",
) -> AuditEvent:
    """Return the event that follows `previous` (None for the first)."""
    sequence = 1 if previous is None else previous.sequence + 1
    before = GENESIS if previous is None else previous.hash
    digest = _digest(sequence, at, person, action, subject, content, before)
    return AuditEvent(sequence, at, person, action, subject, content, before, digest)


def first_broken_link(events: Iterable[AuditEvent]) -> int | None:
    """Return the sequence number of the first event that does not fit, or None."""
    before, expected = GENESIS, 1
    for event in events:
        digest = _digest(
            event.sequence,
            event.at,
            event.person,
            event.action,
            event.subject,
            event.content,
            event.previous,
        )
        if (event.sequence, event.previous, event.hash) != (expected, before, digest):
            return expected
        before, expected = event.hash, expected + 1
    return None


def is_whole(event: AuditEvent) -> bool:
    """Tell whether an event still says what was hashed; its neighbors are not looked at."""
    return event.hash == _digest(
        event.sequence,
        event.at,
        event.person,
        event.action,
        event.subject,
        event.content,
        event.previous,
    )


def _digest(
    sequence: int,
    at: datetime,
    person: str,
    action: str,
    subject: str,
    content: str,
    previous: str,
) -> str:
    return sha256_of([sequence, at.isoformat(), person, action, subject, content, previous])
