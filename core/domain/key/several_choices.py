"""The key of a question with several right options."""

from dataclasses import dataclass
from typing import ClassVar, Self

from core.domain.body import AnswerFormat, Asked, Chosen, options_of
from core.domain.ids import OptionId
from core.domain.plain import Plain, list_at


@dataclass(frozen=True, slots=True)
class SeveralChoicesKey:
    """All right options; at least one."""

    options: frozenset[OptionId] = frozenset()
    format: ClassVar[AnswerFormat] = AnswerFormat.SEVERAL_CHOICES

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"options": sorted(self.options)}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(frozenset(OptionId(str(one)) for one in list_at(data, "options")))

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if not self.options:
            return [("key", "Mark every right option.")]
        if not self.options <= {option.id for option in options_of(asked)}:
            return [("key", "The key names an option that does not exist.")]
        return []

    def response(self) -> Chosen | None:
        """Return the right response."""
        return Chosen(self.options) if self.options else None
