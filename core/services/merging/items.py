"""What of a merge can be chosen one by one: questions, sittings, plans, runs, judges, people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from core.domain.answer import Occasion
from core.domain.ids import QuestionId
from core.domain.package import Record, RecordKind
from core.domain.plain import Plain
from core.services.merging.plan import Incoming, Records

if TYPE_CHECKING:
    from core.services.ports import Transaction

_ALONE: Final = frozenset({RecordKind.MEDIA, RecordKind.CLEARANCE, RecordKind.AUDIT})
"""Records that change nothing by themselves; they come with the file."""


class ItemKind(StrEnum):
    """Kinds of items."""

    QUESTION = "question"
    PLAN = "plan"
    SITTING = "sitting"
    RUN = "run"
    JUDGE = "judge"
    SAMPLE = "grading_sample"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Item:
    """What is taken or left as one: a record with everything that belongs to it."""

    kind: ItemKind
    id: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a preview: a name for people, and its new and changed records by kind."""

    item: Item
    name: str
    new: tuple[tuple[RecordKind, int], ...]
    changed: int
    is_conflict: bool
    is_here: bool
    """Whether the item itself was here before."""


def without(
    tx: Transaction, files: Sequence[Incoming], left_out: Collection[Item]
) -> list[Incoming]:
    """Return the files as if those items, and all that names something of them, were not there."""
    if not left_out:
        return list(files)
    questions = _questions_of(tx, [record for file in files for record in _all(file.records)])
    dropped: set[tuple[RecordKind, str]] = set()
    while True:
        found = {
            (record.kind, record.id)
            for file in files
            for record in _all(file.records)
            if (record.kind, record.id) not in dropped
            and (item_of(record, questions) in left_out or _names_dropped(tx, record, dropped))
        }
        if not found:
            break
        dropped |= found
    return [
        Incoming(
            file.facts,
            {
                kind: [one for one in some if (kind, one.id) not in dropped]
                for kind, some in file.records.items()
            },
        )
        for file in files
    ]


def item_lines(
    tx: Transaction, new: Records, changed: Sequence[Record], contested: Collection[QuestionId]
) -> tuple[ItemLine, ...]:
    """Return what a plan brings, item by item."""
    fresh = list(_all(new))
    questions = _questions_of(tx, [*fresh, *changed])
    counts: dict[Item, Counter[RecordKind]] = {}
    updates: Counter[Item] = Counter()
    for record in fresh:
        item = item_of(record, questions)
        if item is not None:
            counts.setdefault(item, Counter())[record.kind] += 1
    for record in changed:
        item = item_of(record, questions)
        if item is not None:
            counts.setdefault(item, Counter())
            updates[item] += 1
    names = _names(tx, counts, [*fresh, *changed])
    here = {kind: _here(tx, kind, counts) for kind in ItemKind}
    lines = [
        ItemLine(
            item,
            names[item],
            tuple(sorted(count.items())),
            updates[item],
            item.kind is ItemKind.QUESTION and item.id in contested,
            item.id in here[item.kind],
        )
        for item, count in counts.items()
    ]
    return tuple(sorted(lines, key=_order))


def item_of(record: Record, questions: Mapping[str, str]) -> Item | None:
    """Return the item that a record belongs to; `questions` by revision."""
    data = record.data
    match record.kind:
        case kind if kind in _ALONE:
            return None
        case RecordKind.PERSON | RecordKind.PROFILE:
            return Item(ItemKind.PERSON, data["id"])
        case RecordKind.PLAN:
            return Item(ItemKind.PLAN, data["id"])
        case RecordKind.SITTING:
            return Item(ItemKind.SITTING, data["id"])
        case RecordKind.REMARK:
            return Item(ItemKind.SITTING, data["sitting"])
        case RecordKind.RUN:
            return Item(ItemKind.RUN, data["id"])
        case RecordKind.JUDGE:
            return Item(ItemKind.JUDGE, data["id"])
        case RecordKind.JUDGE_DECISION:
            return Item(ItemKind.JUDGE, data["judge"])
        case RecordKind.GRADING_SAMPLE:
            return Item(ItemKind.SAMPLE, data["id"])
        case RecordKind.GRADING if data["judge"] is not None:
            return Item(ItemKind.JUDGE, data["judge"])
        case RecordKind.GRADING:
            return Item(ItemKind.PERSON, data["person"])
        case RecordKind.ANSWER if data["occasion"] == Occasion.BASELINE.value:
            return Item(ItemKind.SITTING, data["occasion_id"])
        case RecordKind.ANSWER if data["occasion"] == Occasion.RUN.value:
            return Item(ItemKind.RUN, data["occasion_id"])
        case RecordKind.QUESTION:
            return Item(ItemKind.QUESTION, data["id"])
        case RecordKind.KEY:
            question = questions.get(data["revision"])
            return None if question is None else Item(ItemKind.QUESTION, question)
        case _:
            return Item(ItemKind.QUESTION, data["question"])


def _all(records: Mapping[RecordKind, Sequence[Record]]) -> Iterable[Record]:
    return (one for some in records.values() for one in some)


def _questions_of(tx: Transaction, records: Sequence[Record]) -> dict[str, str]:
    arrived = {
        one.id: str(one.data["question"]) for one in records if one.kind is RecordKind.REVISION
    }
    keyed = {one.id for one in records if one.kind is RecordKind.KEY} - arrived.keys()
    known = tx.records.some(RecordKind.REVISION, keyed) if keyed else {}
    return arrived | {name: str(one.data["question"]) for name, one in known.items()}


def _names_dropped(
    tx: Transaction, record: Record, dropped: Collection[tuple[RecordKind, str]]
) -> bool:
    named = [one for one in record.references() if one in dropped]
    return any(not tx.records.some(kind, [name]) for kind, name in named)


def _here(tx: Transaction, kind: ItemKind, items: Collection[Item]) -> set[str]:
    wanted = {one.id for one in items if one.kind is kind}
    return set(tx.records.some(RecordKind(kind.value), wanted)) if wanted else set()


def _names(tx: Transaction, items: Collection[Item], arrived: Sequence[Record]) -> dict[Item, str]:
    """Name items by what arrived and by what is here."""
    known = {(one.kind, one.id): one.data for one in arrived}
    wanted = {kind: [one.id for one in items if one.kind is kind] for kind in ItemKind}
    readers = {one.data["reader"] for one in arrived if one.kind is RecordKind.SITTING} | set(
        wanted[ItemKind.PERSON]
    )
    plans = {one.data["plan"] for one in arrived if one.kind is RecordKind.SITTING}
    for kind, names in (
        (RecordKind.QUESTION, set(wanted[ItemKind.QUESTION])),
        (RecordKind.PLAN, plans | set(wanted[ItemKind.PLAN])),
        (RecordKind.PERSON, readers),
        (RecordKind.RUN, set(wanted[ItemKind.RUN])),
        (RecordKind.SITTING, set(wanted[ItemKind.SITTING])),
        (RecordKind.JUDGE, set(wanted[ItemKind.JUDGE])),
        (RecordKind.GRADING_SAMPLE, set(wanted[ItemKind.SAMPLE])),
    ):
        here = tx.records.some(kind, names) if names else {}
        # What is here comes first: a question keeps the number it has in this workspace.
        known |= {(kind, name): one.data for name, one in here.items()}
    return {item: _name(item, known) for item in items}


def _name(item: Item, known: Mapping[tuple[RecordKind, str], Plain]) -> str:
    data = known.get((RecordKind(item.kind.value), item.id), {})
    match item.kind:
        case ItemKind.QUESTION:
            return str(data.get("number", ""))
        case ItemKind.RUN | ItemKind.JUDGE:
            return str(data["spec"]["llm"]) if data else item.id[:8]
        case ItemKind.SAMPLE:
            return str(len(data.get("answers", ())))
        case ItemKind.SITTING:
            plan = known.get((RecordKind.PLAN, data.get("plan", "")), {})
            reader = known.get((RecordKind.PERSON, data.get("reader", "")), {})
            return " · ".join(one["name"] for one in (plan, reader) if one)
        case ItemKind.PLAN | ItemKind.PERSON:
            return str(data.get("name", ""))
        case _:
            assert_never(item.kind)


def _order(line: ItemLine) -> tuple[bool, int, int, str]:
    number = int(line.name) if line.item.kind is ItemKind.QUESTION and line.name else 0
    return not line.is_conflict, list(ItemKind).index(line.item.kind), number, line.name
