"""Plain JSON values: reading them strictly, writing them canonically."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.errors import ValidationError

Plain = dict[str, Any]  # a JSON object: its values are JSON values by construction
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical_json(value: Any) -> str:  # any JSON value
    """Return the one JSON text of a value: sorted keys, no blanks, no escapes beyond JSON's."""
    return _CANONICAL.encode(value)


def sha256_of(value: Any) -> str:  # any JSON value
    """Return the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def text_at(data: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Return a text field; raise `ValidationError` naming it when absent or no text."""
    value = data.get(name, default)
    if not isinstance(value, str):
        raise ValidationError(f"The field “{name}” must be text.", field=name)
    return value


def list_at(data: Mapping[str, Any], name: str) -> Sequence[Any]:
    """Return a list field (empty when absent); raise `ValidationError` when it is no list."""
    value = data.get(name, [])
    if not isinstance(value, list | tuple):
        raise ValidationError(f"The field “{name}” must be a list.", field=name)
    return value


def object_at(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object field; raise `ValidationError` naming it when absent or no object."""
    value = data.get(name)
    if not isinstance(value, Mapping):
        raise ValidationError(f"The field “{name}” must be an object.", field=name)
    return value
