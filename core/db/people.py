"""People."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, only_row, update_row
from core.db.tables.people import people
from core.domain.ids import PersonId
from core.domain.people import Person, Role

_MISSING = "This person is not known in this workspace."


class PeopleRepository:
    """Keeps people."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now

    def add(self, person: Person) -> None:
        """Store a new person."""
        now = self._now()
        self._connection.execute(
            insert(people).values(id=person.id, changed_at=now, profile_at=now, **_values(person))
        )

    def update(self, person: Person) -> None:
        """Store what changed about a person."""
        before, now = self.get(person.id), self._now()
        values = _values(person)
        if (before.name, before.roles) != (person.name, person.roles):
            values["changed_at"] = now
        if _profile(before) != _profile(person):
            values["profile_at"] = now
        update_row(self._connection, people, person.id, values, _MISSING)

    def get(self, person: PersonId) -> Person:
        """Return one person; raise `NotFoundError` when unknown."""
        return _person(
            only_row(self._connection, select(people).where(people.c.id == person), _MISSING)
        )

    def all(self) -> list[Person]:
        """Return all people by name."""
        found = [_person(row) for row in self._connection.execute(select(people))]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _profile(person: Person) -> tuple[str, int | None, dict[str, int]]:
    return person.specialty, person.years_in_practice, person.specialty_confidence


def _values(person: Person) -> dict[str, Any]:  # values of any column type
    return {
        "name": person.name,
        "roles": sorted(role.value for role in person.roles),
        "specialty": person.specialty,
        "years_in_practice": person.years_in_practice,
        "specialty_confidence": person.specialty_confidence,
    }


def _person(row: AnyRow) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        specialty=row.specialty,
        years_in_practice=row.years_in_practice,
        specialty_confidence=row.specialty_confidence,
    )
