"""The key of a single choice."""

from dataclasses import dataclass
from typing import ClassVar

from core.domain.body import AnswerFormat, Asked, options_of
from core.domain.key.one_option import OneOptionKey


@dataclass(frozen=True, slots=True)
class SingleChoiceKey(OneOptionKey):
    """The one right option."""

    format: ClassVar[AnswerFormat] = AnswerFormat.SINGLE_CHOICE

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if self.option is None:
            return [("key", "Mark the right option.")]
        if self.option not in {option.id for option in options_of(asked)}:
            return [("key", "The key names an option that does not exist.")]
        return []
