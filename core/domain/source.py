"""Where a question came from; for its author only."""

from dataclasses import dataclass
from typing import Self

from core.domain.plain import Plain, text_at


@dataclass(frozen=True, slots=True)
class Source:
    """The text a question was rewritten from, its citation and its rights."""

    text: str = ""
    citation: str = ""
    rights: str = ""

    def to_plain(self) -> Plain:
        """Return the JSON object of this source."""
        return {"text": self.text, "citation": self.citation, "rights": self.rights}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read a source from its JSON object."""
        return cls(
            text_at(data, "text", ""), text_at(data, "citation", ""), text_at(data, "rights", "")
        )
