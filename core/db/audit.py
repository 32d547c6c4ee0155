"""The audit trail."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow
from core.db.tables.audit import audit_events
from core.domain.audit import AuditEvent, chain_event

# Made once: a run of a language model appends again and again.
_LAST: Final = select(audit_events).order_by(audit_events.c.sequence.desc()).limit(1)
_INSERT: Final = insert(audit_events)
_NAMES: Final = tuple(one.name for one in fields(AuditEvent))


class AuditRepository:
    """Appends to the chain of events; nothing here changes or removes one."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now

    def append(self, *, person: str, action: str, subject: str, content: str = "") -> AuditEvent:
        """Add an event at the end of the chain, at the current time."""
        return self._append(person, action, [(subject, content)])[0]

    def append_all(self, *, person: str, action: str, subjects: Sequence[tuple[str, str]]) -> None:
        """Add one event for each pair of subject and content hash, in this order."""
        if subjects:
            self._append(person, action, subjects)

    def _append(
        self, person: str, action: str, subjects: Sequence[tuple[str, str]]
    ) -> list[AuditEvent]:
        row = self._connection.execute(_LAST).one_or_none()
        last = None if row is None else _event(row)
        events = []
        for subject, content in subjects:
            last = chain_event(
                last,
                at=self._now().astimezone(UTC),  # stored in UTC, so hashed in UTC
                person=person,
                action=action,
                subject=subject,
                content=content,
            )
            events.append(last)
        self._connection.execute(_INSERT, [_values(one) for one in events])
        return events

    def all(self) -> list[AuditEvent]:
        """Return the whole chain."""
        statement = select(audit_events).order_by(audit_events.c.sequence)
        return [_event(row) for row in self._connection.execute(statement)]


def _values(event: AuditEvent) -> dict[str, Any]:  # values of any column type
    return {name: getattr(event, name) for name in _NAMES}


def _event(row: AnyRow) -> AuditEvent:
    return AuditEvent(**row._asdict())
