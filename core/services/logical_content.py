"""What a workspace says, as canonical bytes: equal for everybody who merged the same files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.domain.package import MERGED, Record, RecordKind
from core.domain.plain import canonical_json
from core.services.merging.apply import derive

if TYPE_CHECKING:
    from core.services.ports import Transaction

_DERIVED = ("number", "stage")


def logical_content(tx: Transaction) -> bytes:
    """Return all records and what follows from them, without local numbers, drafts and chains."""
    lines = []
    for kind in MERGED:
        lines += [_line(one) for one in tx.records.all(kind)]
    lines += [_line(one) for one in tx.records.waiting()]
    questions = {one.id for one in tx.records.all(RecordKind.QUESTION)}
    for question, derived in derive(tx, questions).items():
        stated = [question, derived.stage.value, derived.current, derived.labels]
        lines.append(canonical_json(["derived", *stated, sorted(derived.numbers.items())]))
    return "\n".join(sorted(lines)).encode()


def _line(record: Record) -> str:
    data = record.data
    if record.kind is RecordKind.QUESTION:
        data = {name: value for name, value in data.items() if name not in _DERIVED}
    return canonical_json([record.kind.value, record.id, data])
