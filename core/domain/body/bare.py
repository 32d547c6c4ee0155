"""What the formats that ask for nothing but an answer have in common."""

from dataclasses import dataclass
from typing import Self

from core.domain.plain import Plain


@dataclass(frozen=True, slots=True)
class BarePart:
    """A part without any setting of its own."""

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {}

    @classmethod
    def from_plain(cls, _: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls()

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this from being asked, as (field, sentence) pairs."""
        return []
