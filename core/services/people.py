"""People of the workspace, and who sits here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.ids import PersonId
from core.domain.people import Person, Role
from core.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.blind_ports import BlindDatabase

ME: Final = "me"
"""The setting that names who sits here."""

_CONFIDENCE: Final = range(1, 6)


class PeopleService:
    """Adds people, changes what is known about them, knows who sits here."""

    def __init__(self, database: BlindDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> list[Person]:
        """Return all people by name."""
        with self._database.read() as tx:
            return tx.people.all()

    def me(self) -> Person:
        """Return who sits here; raise `NotFoundError` in a workspace without people."""
        with self._database.read() as tx:
            known = tx.settings.get(ME)
            if known:
                return tx.people.get(PersonId(known))
            people = tx.people.all()
        if not people:
            raise NotFoundError(
                "Nobody is registered in this workspace.", hint="Add a person first."
            )
        return people[0]

    def start(self, name: str, roles: frozenset[Role]) -> Outcome[Person]:
        """Add the first person of a new workspace and let them sit here."""
        added = self.add(name, roles)
        seated = self.set_me(added.value.id)
        return Outcome(added.value, added.changes | seated.changes)

    def add(
        self,
        name: str,
        roles: frozenset[Role],
        *,
        specialty: str = "",
        years_in_practice: int | None = None,
    ) -> Outcome[Person]:
        """Register a person."""
        person = Person(
            id=PersonId(self._clock.new_id()),
            name=name,
            roles=roles,
            specialty=specialty,
            years_in_practice=years_in_practice,
        )
        with self._database.write() as tx:
            checked = _checked(person, tx.people.all())
            tx.people.add(checked)
            by = tx.settings.get(ME) or checked.id
            tx.audit.append(person=by, action="person.added", subject=checked.id)
        return Outcome(checked, Changes.of(Kind.PERSON, checked.id))

    def update(self, person: Person) -> Outcome[Person]:
        """Store what changed about a person."""
        with self._database.write() as tx:
            checked = _checked(person, tx.people.all())
            tx.people.update(checked)
            by = tx.settings.get(ME) or checked.id
            tx.audit.append(person=by, action="person.changed", subject=checked.id)
        return Outcome(checked, Changes.of(Kind.PERSON, checked.id))

    def set_me(self, person: PersonId) -> Outcome[Person]:
        """Let a person sit here."""
        with self._database.write() as tx:
            known = tx.people.get(person)
            tx.settings.set(ME, person)
            tx.audit.append(person=person, action="person.sat_down", subject=person)
        return Outcome(known, Changes.of(Kind.PERSON, person) | Changes.of(Kind.SETTING, ME))


def _checked(person: Person, others: list[Person]) -> Person:
    name = " ".join(person.name.split())
    if not name:
        raise ValidationError("A person needs a name.", field="name")
    if any(one.name.casefold() == name.casefold() and one.id != person.id for one in others):
        raise ValidationError(
            f"There is a person named {name} already.",
            field="name",
            hint="Add an initial or a number, so that the two can be told apart.",
        )
    years = person.years_in_practice
    if years is not None and not 0 <= years <= 80:
        raise ValidationError(
            "Years in practice go from 0 to 80.", field="years_in_practice", hint="Leave it empty."
        )
    if any(one not in _CONFIDENCE for one in person.specialty_confidence.values()):
        raise ValidationError("Confidence goes from 1 to 5.", field="specialty_confidence")
    return replace(person, name=name)
