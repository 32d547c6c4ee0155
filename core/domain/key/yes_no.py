"""The key of a yes/no question."""

from dataclasses import dataclass
from typing import ClassVar

from core.domain.body import NO, YES, AnswerFormat, Asked
from core.domain.key.one_option import OneOptionKey


@dataclass(frozen=True, slots=True)
class YesNoKey(OneOptionKey):
    """`YES` or `NO`."""

    format: ClassVar[AnswerFormat] = AnswerFormat.YES_NO

    def problems(self, _: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if self.option is None:
            return [("key", "Say whether yes or no is right.")]
        if self.option not in (YES, NO):
            return [("key", "The key of a yes/no question must be yes or no.")]
        return []
