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

    An answer is right from `value - allowed` to `value + allowed`, both included; decimal
    arithmetic, so that 3.5 - 3.4 <= 0.1 holds. `tolerance` is in the unit of the value and
    `tolerance_percent` a part of it; the wider one counts.
    """

    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    tolerance_percent: Decimal = Decimal(0)
    format: ClassVar[AnswerFormat] = AnswerFormat.NUMERIC

    @property
    def allowed(self) -> Decimal:
        """How far an answer may be from the value, in its unit."""
        if self.value is None:
            return self.tolerance
        return max(self.tolerance, abs(self.value) * self.tolerance_percent / 100)

    def to_plain(self) -> Plain:
        """Return the JSON object of this part; a later part stands in it where it is used."""
        value = None if self.value is None else str(self.value)
        plain = {"value": value, "tolerance": str(self.tolerance)}
        if self.tolerance_percent:
            plain["tolerance_percent"] = str(self.tolerance_percent)
        return plain

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read the JSON object of this part."""
        value = None if data.get("value") is None else decimal_at(data, "value")
        names = ("tolerance", "tolerance_percent")
        return cls(
            value,
            *(Decimal(0) if data.get(one) is None else decimal_at(data, one) for one in names),
        )

    def problems(self, asked: Asked) -> list[tuple[str, str]]:
        """Return what is missing or wrong, as (field, sentence) pairs."""
        if self.value is None:
            return [("key", "Give the right value.")]
        limits = (self.tolerance, self.tolerance_percent)
        if not all(map(is_sane, (self.value, *limits))):
            return [("key", "The number is too large or too small.")]
        if min(limits) < 0:
            return [("key", "The tolerance must not be negative.")]
        return []

    def response(self) -> Measured | None:
        """Return the right response."""
        return None if self.value is None else Measured(self.value)
