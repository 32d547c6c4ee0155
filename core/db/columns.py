"""Column types: UTC time as ISO text, JSON as canonical text."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from core.domain.plain import canonical_json


def utc_text(moment: datetime) -> str:
    """Return the text under which a moment is stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class UtcText(TypeDecorator[datetime]):
    """A moment; text that sorts like time, returned with its time zone."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return ISO text in UTC; raise `ValueError` for a moment without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment needs a time zone.")
        return utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its time zone."""
        return None if value is None else datetime.fromisoformat(value)


class PlainText(TypeDecorator[Any]):  # any JSON value
    """A JSON value; equal values have equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # any JSON value
        """Return canonical JSON text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # any JSON value
        """Return the JSON value."""
        return None if value is None else json.loads(value)
