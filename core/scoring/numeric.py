"""Scorer of numbers."""

from dataclasses import dataclass
from decimal import Decimal

from core.domain.body import Asked, Measured, Numeric, Response
from core.domain.key import KeyPart, NumericKey
from core.scoring.mark import UNSCORED, Mark, right_or_wrong
from core.scoring.units import find_unit, unit_form


@dataclass(frozen=True, slots=True)
class NumericScorer:
    """1 within the tolerance, both ends included, in decimal arithmetic; else 0.

    A value in another unit of the same dimension is converted first; a unit that cannot be
    converted leaves the answer unscored.
    """

    name: str = "numeric_tolerance"
    version: str = "1"

    def mark(self, response: Response, asked: Asked, right: KeyPart) -> Mark:
        """Return the mark of one response."""
        if not isinstance(response, Measured) or not isinstance(asked, Numeric):
            return UNSCORED
        if not isinstance(right, NumericKey) or right.value is None:
            return UNSCORED
        value = convert(response, asked.unit)
        if value is None:
            return UNSCORED
        error = abs(value - right.value)
        details = {"absolute_error": float(error)}
        if right.value != 0:
            details["relative_error"] = float(error / abs(right.value))
        return right_or_wrong(is_right=error <= right.allowed, details=details)


def convert(measured: Measured, unit: str) -> Decimal | None:
    """Return the value in `unit`, or None when the table cannot convert it.

    Where no unit is asked for something is counted: a word that is no unit names what.
    """
    own, wanted = find_unit(measured.unit), find_unit(unit)
    if not measured.unit.strip() or unit_form(measured.unit) == unit_form(unit):
        return measured.value
    if not unit.strip():
        return measured.value if own is None else None
    if own is None or wanted is None or own.dimension != wanted.dimension:
        return None
    return measured.value * own.factor / wanted.factor
