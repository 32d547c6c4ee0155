"""What a value of a record may be: an identity, a moment, a bounded text or number."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

Check = Callable[[Any], bool]  # any JSON value

MAX_TEXT: Final = 4 * 2**20
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_BIG: Final = 2**63


def is_id(value: Any) -> bool:  # any JSON value
    """Tell whether a value can name a record."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_sha(value: Any) -> bool:  # any JSON value
    """Tell whether a value is a SHA-256."""
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def is_text(value: Any) -> bool:  # any JSON value
    """Tell whether a value is text of a bounded length."""
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\0" not in value


def is_moment(value: Any) -> bool:  # any JSON value
    """Tell whether a value is a moment in UTC, as records write it."""
    return (
        isinstance(value, str)
        and _MOMENT.fullmatch(value) is not None
        and datetime.fromisoformat(value).tzinfo is not None
    )


def is_number(value: Any) -> bool:  # any JSON value
    """Tell whether a value is a finite number."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < _BIG
    )


def is_integer(value: Any) -> bool:  # any JSON value
    """Tell whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIG


def is_count(value: Any) -> bool:  # any JSON value
    """Tell whether a value is a whole number that is not negative."""
    return is_integer(value) and value >= 0


def or_none(check: Check) -> Check:
    """Accept None, too."""
    return lambda value: value is None or check(value)


def or_empty(check: Check) -> Check:
    """Accept an empty text, too."""
    return lambda value: value == "" or check(value)


def one_of(words: type[StrEnum]) -> Check:
    """Accept the words of an enumeration."""
    return lambda value: isinstance(value, str) and value in set(words)


def list_of(check: Check) -> Check:
    """Accept lists of such values."""
    return lambda value: isinstance(value, list) and all(check(one) for one in value)


def is_flag(value: Any) -> bool:  # any JSON value
    """Tell whether a value is true or false."""
    return isinstance(value, bool)


def facts_of(check: Check) -> Check:
    """Accept objects of such values."""
    return lambda value: (
        isinstance(value, dict) and all(is_text(name) and check(one) for name, one in value.items())
    )
