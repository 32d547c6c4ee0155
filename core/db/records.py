"""Records as plain values, for packages and merging: read, added, joined, derived."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    type_coerce,
    union_all,
    update,
)

from core.db.columns import PlainText, UtcText
from core.db.library import Library
from core.db.lookups import chunks
from core.db.tables.answers import answers, plans, remarks, runs, sittings
from core.db.tables.audit import foreign_audit, waiting_records
from core.db.tables.judging import grading_samples, gradings, judge_decisions, judges
from core.db.tables.media import clearances, media
from core.db.tables.moves import blinding_approvals, stage_bases, stage_moves
from core.db.tables.people import people
from core.db.tables.questions import (
    bodies,
    draft_bodies,
    draft_keys,
    label_records,
    questions,
    revision_keys,
    revisions,
    sources,
)
from core.db.tables.verifications import adjudications, verifications
from core.domain.ids import QuestionId
from core.domain.merge import Step, Version
from core.domain.package import CONTENT_NAMED, IDENTIFIED_BY, Record, RecordKind
from core.domain.plain import Plain, sha256_of
from core.domain.stage import Stage

_TABLES: Final[dict[RecordKind, Table]] = {
    RecordKind.PERSON: people,
    RecordKind.MEDIA: media,
    RecordKind.QUESTION: questions,
    RecordKind.REVISION: revisions,
    RecordKind.KEY: revision_keys,
    RecordKind.DRAFT: draft_bodies,
    RecordKind.SOURCE: sources,
    RecordKind.LABELS: label_records,
    RecordKind.STAGE_MOVE: stage_moves,
    RecordKind.APPROVAL: blinding_approvals,
    RecordKind.ANSWER: answers,
    RecordKind.VERIFICATION: verifications,
    RecordKind.ADJUDICATION: adjudications,
    RecordKind.CLEARANCE: clearances,
    RecordKind.PLAN: plans,
    RecordKind.SITTING: sittings,
    RecordKind.REMARK: remarks,
    RecordKind.RUN: runs,
    RecordKind.JUDGE: judges,
    RecordKind.GRADING_SAMPLE: grading_samples,
    RecordKind.GRADING: gradings,
    RecordKind.JUDGE_DECISION: judge_decisions,
    RecordKind.AUDIT: foreign_audit,
}
_LOCAL: Final[dict[RecordKind, tuple[str, ...]]] = {
    RecordKind.QUESTION: ("current_revision", "labels"),
    RecordKind.REVISION: ("number",),
    **dict.fromkeys(CONTENT_NAMED | {RecordKind.STAGE_MOVE}, ("sequence",)),
}
_OWNER: Final = {RecordKind.CLEARANCE: "cleared", RecordKind.JUDGE_DECISION: "judge"}
"""What rows without an id of their own belong to, where that is no question."""
_TOUCHING: Final = frozenset(
    {RecordKind.QUESTION, RecordKind.REVISION, RecordKind.SOURCE, RecordKind.VERIFICATION}
)
"""Kinds that change a line of the library."""


class RecordsRepository:
    """Reads and writes records of every kind without knowing what they mean."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def all(self, kind: RecordKind) -> Iterator[Record]:
        """Yield every record of a kind; of questions and revisions without what is local."""
        yield from self._read(kind, _statement(kind))

    def some(self, kind: RecordKind, ids: Collection[str]) -> dict[str, Record]:
        """Return those records of a kind that are here, by id."""
        column = _statement(kind).selected_columns[IDENTIFIED_BY.get(kind, "id")]
        found: dict[str, Record] = {}
        for part in chunks(sorted(ids)):
            rows = self._read(kind, _statement(kind).where(column.in_(part)))
            found |= {one.id: one for one in rows}
        return found

    def of(self, kind: RecordKind, field: str, values: Collection[str]) -> list[Record]:
        """Return the records of a kind whose `field` is one of `values`."""
        column = _TABLES[kind].c[field]
        found: list[Record] = []
        for part in chunks(sorted(values)):
            found += self._read(kind, _statement(kind).where(column.in_(part)))
        return found

    def here_of(self, records: Sequence[Record]) -> dict[str, Record]:
        """Return, of records of one kind, those that are here under the same id."""
        if not records:
            return {}
        kind = records[0].kind
        if kind is RecordKind.AUDIT:
            chains = {one.data["workspace"] for one in records}
            return {one.id: one for one in self.of(kind, "workspace", chains)}
        if kind not in CONTENT_NAMED:
            return self.some(kind, {one.id for one in records})
        field = _OWNER.get(kind, "question")
        owners = {one.data[field] for one in records}
        return {one.id: one for one in self.of(kind, field, owners)}

    def add(self, kind: RecordKind, records: Sequence[Record]) -> None:
        """Store new records of one kind, parents of revisions first."""
        if not records:
            return
        rows = [_row(kind, one.data) for one in records]
        if kind is RecordKind.REVISION:
            for row, following in zip(rows, self._provisional_numbers(), strict=False):
                row["number"] = following
        self._connection.execute(insert(_TABLES[kind]), rows)
        if kind is RecordKind.REVISION:
            self._add_bodies(records)
        if kind is RecordKind.DRAFT:
            self._connection.execute(
                insert(draft_keys),
                [
                    {name: one.data[name] for name in ("question", "source")}
                    | {"content": one.data["key"]}
                    for one in records
                ],
            )
        if kind in _TOUCHING:
            field = "id" if kind is RecordKind.QUESTION else "question"
            for one in records:
                self._library.touch(QuestionId(one.data[field]))

    def replace(self, record: Record) -> None:
        """Store the joined form of a record that is here."""
        table = _TABLES[record.kind]
        values = _row(record.kind, record.data)
        self._connection.execute(update(table).where(table.c.id == record.id).values(values))

    def add_blind(self, question: str, *, number: int, stage: Stage, author: str, at: str) -> None:
        """Store a question whose author and steps stayed with the sender."""
        self._connection.execute(
            insert(questions).values(
                id=question,
                number=number,
                stage=stage.value,
                author=author,
                created_at=datetime.fromisoformat(at),
                labels=[],
                origin="",
            )
        )
        self._library.touch(QuestionId(question))

    def set_base(self, question: str, move: str) -> None:
        """Store the last step that the sender of a blind question knew."""
        self._connection.execute(delete(stage_bases).where(stage_bases.c.question == question))
        self._connection.execute(insert(stage_bases).values(question=question, move=move))

    def bases(self) -> dict[str, str]:
        """Return the last known step of blind questions."""
        rows = self._connection.execute(select(stage_bases))
        return {row.question: row.move for row in rows}

    def waiting(self) -> list[Record]:
        """Return records that name something which is not here yet."""
        statement = select(waiting_records).order_by(waiting_records.c.kind, waiting_records.c.id)
        rows = self._connection.execute(statement)
        return [Record(RecordKind(row.kind), row.content) for row in rows]

    def set_waiting(self, records: Iterable[Record]) -> None:
        """Store which records wait, replacing those before."""
        self._connection.execute(delete(waiting_records))
        rows = [{"kind": one.kind.value, "id": one.id, "content": one.data} for one in records]
        if rows:
            self._connection.execute(insert(waiting_records), rows)

    def versions(self, of: Collection[str]) -> dict[str, dict[str, Version]]:
        """Return the versions of questions, by question and id."""
        found: dict[str, dict[str, Version]] = defaultdict(dict)
        for part in chunks(sorted(of)):
            statement = (
                select(
                    revisions.c.question,
                    revisions.c.id,
                    revisions.c.parent,
                    revisions.c.merged_parent,
                    type_coerce(revisions.c.created_at, Text).label("created_at"),
                    type_coerce(bodies.c.content, Text).label("body"),
                    type_coerce(revision_keys.c.content, Text).label("key"),
                )
                .join(bodies, bodies.c.revision == revisions.c.id)
                .outerjoin(revision_keys, revision_keys.c.revision == revisions.c.id)
                .where(revisions.c.question.in_(part))
            )
            for row in self._connection.execute(statement):
                parents = tuple(one for one in (row.parent, row.merged_parent) if one)
                content = sha256_of([row.body, row.key])
                found[row.question][row.id] = Version(row.id, parents, row.created_at, content)
        return found

    def steps(self, of: Collection[str]) -> dict[str, list[Step]]:
        """Return the steps of questions through the stages."""
        found: dict[str, list[Step]] = defaultdict(list)
        for one in self.of(RecordKind.STAGE_MOVE, "question", of):
            move = one.data
            found[move["question"]].append(
                Step(
                    move["id"],
                    move["previous"],
                    Stage(move["end"]),
                    move["moved_at"],
                    move["reason"],
                )
            )
        return found

    def contested(self) -> list[str]:
        """Return the questions that have more than one version nobody has built upon."""
        parents = union_all(
            select(revisions.c.parent).where(revisions.c.parent.is_not(None)),
            select(revisions.c.merged_parent).where(revisions.c.merged_parent.is_not(None)),
        )
        statement = (
            select(revisions.c.question)
            .where(revisions.c.id.not_in(parents))
            .group_by(revisions.c.question)
            .having(func.count() > 1)
            .order_by(revisions.c.question)
        )
        return [row.question for row in self._connection.execute(statement)]

    def settle(
        self,
        question: str,
        *,
        stage: Stage,
        current: str | None,
        labels: Sequence[Sequence[str]] | None,
        numbers: Mapping[str, int],
    ) -> None:
        """Store what was derived about a question; `labels` None leaves them as they are."""
        values: dict[str, Any] = {"stage": stage.value, "current_revision": current}
        if labels is not None:
            values["labels"] = labels
        self._connection.execute(update(questions).where(questions.c.id == question).values(values))
        rows = self._connection.execute(
            select(revisions.c.id, revisions.c.number).where(revisions.c.question == question)
        )
        changed = {row.id: numbers[row.id] for row in rows if numbers[row.id] != row.number}
        # Numbers are unique within a question: first out of the way, then into their place.
        for sign in (-1, 1):
            for one, number in changed.items():
                self._connection.execute(
                    update(revisions).where(revisions.c.id == one).values(number=sign * number)
                )
        self._library.touch(QuestionId(question))

    def _provisional_numbers(self) -> Iterator[int]:
        lowest = self._connection.execute(select(func.min(revisions.c.number))).scalar() or 0
        number = min(lowest, 0) - 1_000_000
        while True:
            yield number
            number -= 1

    def _add_bodies(self, records: Sequence[Record]) -> None:
        self._connection.execute(
            insert(bodies),
            [
                {
                    "revision": one.id,
                    "question": one.data["question"],
                    "content": one.data["body"],
                }
                for one in records
            ],
        )

    def _read(self, kind: RecordKind, statement: Select[Any]) -> Iterator[Record]:
        plain = _plain_columns(kind)
        for row in self._connection.execute(statement):
            data = dict(row._mapping)
            for name in plain:
                if data[name] is not None:
                    data[name] = json.loads(data[name])
            yield Record(kind, data)


def _statement(kind: RecordKind) -> Select[Any]:  # columns are read by name
    table = _TABLES[kind]
    if kind is RecordKind.DRAFT:
        return select(
            draft_bodies.c.question,
            type_coerce(draft_bodies.c.content, Text).label("body"),
            type_coerce(draft_bodies.c.labels, Text).label("labels"),
            type_coerce(draft_keys.c.content, Text).label("key"),
            type_coerce(draft_keys.c.source, Text).label("source"),
        ).join(draft_keys, draft_keys.c.question == draft_bodies.c.question)
    hidden = _LOCAL.get(kind, ())
    columns = [
        type_coerce(column, Text).label(column.name)
        if isinstance(column.type, UtcText | PlainText)
        else column
        for column in table.c
        if column.name not in hidden
    ]
    if kind is RecordKind.REVISION:
        body = type_coerce(bodies.c.content, Text).label("body")
        return select(*columns, body).join(bodies, bodies.c.revision == revisions.c.id)
    return select(*columns)


def _plain_columns(kind: RecordKind) -> tuple[str, ...]:
    if kind is RecordKind.DRAFT:
        return ("body", "labels", "key", "source")
    hidden = _LOCAL.get(kind, ())
    names = [
        column.name
        for column in _TABLES[kind].c
        if isinstance(column.type, PlainText) and column.name not in hidden
    ]
    return (*names, "body") if kind is RecordKind.REVISION else tuple(names)


def _row(kind: RecordKind, data: Plain) -> dict[str, Any]:  # values of any column type
    if kind is RecordKind.DRAFT:
        return {
            "question": data["question"],
            "content": data["body"],
            "labels": data["labels"],
        }
    row = {}
    for column in _TABLES[kind].c:
        if column.name in data:
            value = data[column.name]
            is_moment = isinstance(column.type, UtcText) and value is not None
            row[column.name] = datetime.fromisoformat(value) if is_moment else value
    if kind is RecordKind.QUESTION:
        row["labels"] = []
    return row
