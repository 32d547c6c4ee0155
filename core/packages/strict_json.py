"""JSON of strangers: bounded in depth before it is parsed, strict in what it may hold."""

import json
import re
from typing import Any, Final

from core.domain.plain import Plain, canonical_json

_OPENING: Final = b"[{"
_CLOSING: Final = b"]}"
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"')


def parse_object(data: bytes, *, depth: int) -> Plain:
    """Return a JSON object; raise `ValueError` saying in a few words what is wrong.

    Refused: other values, nesting beyond `depth`, a name given twice, NaN, infinities, half
    characters, text that is not UTF-8.
    """
    if data.count(b"[") + data.count(b"{") > depth and _deepest(data) > depth:
        raise ValueError(f"nested deeper than {depth} levels")
    try:
        value = json.loads(data.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once)
        canonical_json(value).encode()
    except UnicodeError as error:
        raise ValueError("not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError("no JSON") from error
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def _deepest(data: bytes) -> int:
    """Return how deep brackets nest outside of texts; never recursive."""
    deepest = level = 0
    for byte in _TEXT.sub(b"", data):
        if byte in _OPENING:
            level += 1
            deepest = max(deepest, level)
        elif byte in _CLOSING:
            level -= 1
    return deepest


def _refuse_constant(name: str) -> float:
    raise ValueError(f"holds {name}")


def _once(pairs: list[tuple[str, Any]]) -> Plain:  # any JSON values
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found
