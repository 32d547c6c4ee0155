"""Hashes that bind recorded facts into the audit trail, so that a changed one shows."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from core.domain.answer import Answer
from core.domain.blinding import BlindingApproval
from core.domain.judging import Grading, JudgeDecision
from core.domain.media import Clearance
from core.domain.plain import sha256_of
from core.domain.remark import Remark
from core.domain.verification import Adjudication, Verification

Bound = (
    Answer
    | Verification
    | Adjudication
    | Clearance
    | BlindingApproval
    | Grading
    | JudgeDecision
    | Remark
)


_AS_THEY_ARE: Final = (str, int, bool, type(None))


def binding_hash(record: Bound) -> str:
    """Return the SHA-256 of everything a record says; equal records have an equal hash."""
    return sha256_of(_plain(record))


def _plain(value: Any) -> Any:  # a field of any record
    if type(value) in _AS_THEY_ARE:  # most are
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # a store may return 10 as 10.0
    return str(value) if isinstance(value, Decimal) else value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:  # a dataclass
    return tuple(one.name for one in fields(kind))
