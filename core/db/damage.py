"""Looks for damage that only the database itself can see."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, select, true

from core.db.columns import utc_text
from core.db.rows import Gap, StoredRow, read_rows
from core.db.tables.all import METADATA
from core.db.tables.audit import audit_events, foreign_audit
from core.db.tables.moves import stage_moves
from core.db.tables.questions import bodies, questions, revision_keys, revisions
from core.domain.audit import AuditEvent, is_whole
from core.domain.merge import step_id

_MOST_NAMED: Final = 5
"""Rows of one table that are named; the rest is counted."""


def find_damage(connection: Connection) -> list[tuple[str, str]]:
    """Return what is wrong, as (where, sentence) pairs."""
    found = [
        ("database", f"SQLite reports: {row[0]}.")
        for row in connection.exec_driver_sql("PRAGMA integrity_check")
        if row[0] != "ok"
    ]
    found += [
        (f"table {table}", f"Row {row} refers to something in “{parent}” that does not exist.")
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")
    ]
    for table, what in ((bodies, "body"), (revision_keys, "key")):
        found += [
            (f"question {number}", f"Its revision {revision} has no {what}.")
            for number, revision in _revisions_without(connection, table)
        ]
    return [*found, *_changed_events(connection), *_changed_steps(connection)]


def find_bad_rows(path: Path) -> list[tuple[str, str]]:
    """Return what cannot be read or holds no valid value, row by row, of the file `path`."""
    found = []
    with closing(open_for_looking(path)) as plain:
        for table in METADATA.sorted_tables:
            found += [(f"table {table.name}", one) for one in _bad_rows(plain, table)]
    return found


def open_for_looking(path: Path, *, is_immutable: bool = False) -> sqlite3.Connection:
    """Return a connection that changes nothing and gives text as bytes."""
    ending = "&immutable=1" if is_immutable else ""
    plain = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{ending}", uri=True)
    plain.text_factory = bytes
    return plain


def _bad_rows(plain: sqlite3.Connection, table: Table) -> Iterator[str]:
    counted: Counter[str] = Counter()
    try:
        for row in read_rows(plain, table, [column.name for column in table.columns]):
            match row:
                case Gap():
                    yield "Some of its rows cannot be read."
                case StoredRow() if row.fault:
                    counted[row.fault] += 1
                    if sum(counted.values()) <= _MOST_NAMED:
                        yield f"Row {row.rowid} holds no valid “{row.fault}”."
    except sqlite3.DatabaseError as error:
        yield f"It cannot be read ({error})."
    more = sum(counted.values()) - _MOST_NAMED
    if more > 0:
        yield f"{more} more of its rows hold values that are not valid."


def _changed_events(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.execute(select(foreign_audit)):
        fields = {name: value for name, value in row._asdict().items() if name != "workspace"}
        if not is_whole(AuditEvent(**fields)):
            sentence = f"Event {row.sequence} of another workspace was changed."
            yield "audit trail", sentence


def _changed_steps(connection: Connection) -> Iterator[tuple[str, str]]:
    rows = connection.execute(
        select(stage_moves, questions.c.number).join(
            questions, questions.c.id == stage_moves.c.question
        )
    )
    for row in rows:
        facts = {
            "question": row.question,
            "start": row.start,
            "end": row.end,
            "person": row.person,
            "moved_at": utc_text(row.moved_at),
            "reason": row.reason,
            "previous": row.previous,
        }
        if step_id(facts) != row.id:
            yield f"question {row.number}", "A step through its stages was changed."


def _revisions_without(connection: Connection, table: Table) -> list[tuple[int, int]]:
    # Whoever was sent bodies only has no keys; where a key was, the audit trail names its hash.
    has_had_a_key = (
        select(audit_events.c.sequence)
        .where(audit_events.c.subject == revisions.c.id, audit_events.c.content != "")
        .exists()
    )
    rows = connection.execute(
        select(questions.c.number, revisions.c.number)
        .join(questions, questions.c.id == revisions.c.question)
        .outerjoin(table, table.c.revision == revisions.c.id)
        .where(table.c.revision.is_(None), true() if table is bodies else has_had_a_key)
        .order_by(questions.c.number, revisions.c.number)
    )
    return [(question, revision) for question, revision in rows]
