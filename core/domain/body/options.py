"""Options of the choice formats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from core.domain.ids import OptionId
from core.domain.plain import Plain, list_at, text_at
from core.errors import ValidationError

MIN_OPTIONS = 2
MAX_OPTIONS = 26


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; its id never changes, its letter exists only on display."""

    id: OptionId
    text: str


def free_option_id(options: Sequence[Option]) -> OptionId:
    """Return the first id o1, o2, … that none of `options` has."""
    taken = {option.id for option in options}
    number = 1
    while OptionId(f"o{number}") in taken:
        number += 1
    return OptionId(f"o{number}")


def options_to_plain(options: Sequence[Option]) -> list[Plain]:
    """Return options as JSON objects."""
    return [{"id": option.id, "text": option.text} for option in options]


def options_from_plain(data: Plain) -> tuple[Option, ...]:
    """Read the field `options`; raise `ValidationError` on a repeated id."""
    options = tuple(_option(one) for one in list_at(data, "options"))
    if len({option.id for option in options}) != len(options):
        raise ValidationError("Two options have the same id.", field="options")
    return options


def _option(data: Any) -> Option:  # checked here
    if not isinstance(data, dict):
        raise ValidationError("An option must be an object with id and text.", field="options")
    return Option(OptionId(text_at(data, "id")), text_at(data, "text"))


def option_problems(options: Sequence[Option]) -> list[tuple[str, str]]:
    """Return what keeps options from being asked, as (field, sentence) pairs."""
    problems = []
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
        sentence = f"Give {MIN_OPTIONS} to {MAX_OPTIONS} options; there are {len(options)}."
        problems.append(("options", sentence))
    if any(not option.text.strip() for option in options):
        problems.append(("options", "An option is empty; write it or remove it."))
    texts = [option.text.strip().casefold() for option in options if option.text.strip()]
    if len(set(texts)) != len(texts):
        problems.append(("options", "Two options say the same."))
    return problems


@dataclass(frozen=True, slots=True)
class OptionsPart:
    """What the formats with written options have in common."""

    options: tuple[Option, ...] = ()

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        return {"options": options_to_plain(self.options)}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        return cls(options_from_plain(data))

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this from being asked, as (field, sentence) pairs."""
        return option_problems(self.options)
