"""People and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.ids import PersonId


class Role(StrEnum):
    """What a person does in a study; one person may have several roles."""

    AUTHOR = "author"
    VERIFIER = "verifier"
    READER = "reader"
    ADJUDICATOR = "adjudicator"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works in this workspace.

    `specialty_confidence` is 1 to 5 for each specialty, given before a first sitting.
    """

    id: PersonId
    name: str
    roles: frozenset[Role] = frozenset()
    specialty: str = ""
    years_in_practice: int | None = None
    specialty_confidence: dict[str, int] = field(default_factory=dict)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person has at least one of these roles."""
        return bool(self.roles & set(roles))
