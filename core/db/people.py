"""People."""

from typing import Any

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, only_row, update_row
from core.db.tables import people
from core.domain.ids import PersonId
from core.domain.people import Person, Role

_MISSING = "This person is not known in this workspace."


class PeopleRepository:
    """Keeps people."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, person: Person) -> None:
        """Store a new person."""
        self._connection.execute(insert(people).values(id=person.id, **_values(person)))

    def update(self, person: Person) -> None:
        """Store what changed about a person."""
        update_row(self._connection, people, person.id, _values(person), _MISSING)

    def get(self, person: PersonId) -> Person:
        """Return one person; raise `NotFoundError` when unknown."""
        return _person(
            only_row(self._connection, select(people).where(people.c.id == person), _MISSING)
        )

    def all(self) -> list[Person]:
        """Return all people by name."""
        found = [_person(row) for row in self._connection.execute(select(people))]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))


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
