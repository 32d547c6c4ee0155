"""The key of a number."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from core.domain.body import AnswerFormat, Asked, Measured
from core.domain.body.formats import decimal_at, is_sane
from core.domain.plain import Plain


@dataclass(frozen=True, slots=True)
class NumericKey:
    """The right value in the unit asked for, and how far an answer may be from it.

    An answer is right from `value - tolerance` to `value + tolerance`, both included; decimal
    arithmetic, so that 3.5 - 3.4 <= 0.1 holds.
    """

    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    format: ClassVar[AnswerFormat] = AnswerFormat.NUMERIC

    def to_plain(self) -> Plain:
        """Return the JSON object of this part."""
        value = None if self.value is None else str(self.value)
        return {"value": value, "tolerance": str(self.tolerance)}

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        value = None if data.get("value") is None else decimal_at(data, "value")
        has_tolerance = data.get("tolerance") is not None
        return cls(value, decimal_at(data, "tolerance") if has_tolerance else Decimal(0))

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if self.value is None:
            return [("key", "Give the right value.")]
        if not is_sane(self.value) or not is_sane(self.tolerance):
            return [("key", "The number is too large or too small.")]
        if self.tolerance < 0:
            return [("key", "The tolerance must not be negative.")]
        return []

    def response(self) -> Measured | None:
        """Return the right response."""
        return None if self.value is None else Measured(self.value)
