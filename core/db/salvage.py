"""Takes out of a damaged file what can still be read, and adds it to a whole one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from core.db.damage import open_for_looking
from core.db.rows import Cell, Gap, StoredRow, read_rows
from core.db.tables.all import METADATA
from core.db.tables.audit import audit_events
from core.db.tables.questions import library_lines
from core.domain.audit import GENESIS

# In these the newest row counts and rows may go; in all others rows are only ever added.
MUTABLE: Final = frozenset(
    {
        "people",
        "questions",
        "draft_bodies",
        "draft_keys",
        "sittings",
        "runs",
        "scores",
        "settings",
        "journal",
        "decisions",
        "edit_steps",
        "stage_bases",
        "waiting_records",
    }
)
_NUMBERED: Final = frozenset({"questions", "revisions"})
_DERIVED: Final = frozenset({library_lines.name})


@dataclass(slots=True)
class Salvaged:
    """What was taken over; tables whose rows could not all be read are in `torn`."""

    added: dict[str, int] = field(default_factory=dict)
    torn: dict[str, str] = field(default_factory=dict)
    dropped: int = 0


def salvage(damaged: Path, target: Path) -> Salvaged:
    """Add to `target`, a whole file, every readable row of `damaged` that it does not hold."""
    done = Salvaged()
    with (
        closing(open_for_looking(damaged)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as plain,
    ):
        plain.execute("PRAGMA foreign_keys = OFF")
        plain.execute("BEGIN IMMEDIATE")
        for table in METADATA.sorted_tables:
            if table.name not in _DERIVED:
                _Table(source, plain, table, done).take_over()
        done.dropped = _drop_dangling(plain)
        plain.execute("COMMIT")
    return done


class _Table:
    """One table on its way from the damaged file to the whole one."""

    def __init__(
        self, source: sqlite3.Connection, target: sqlite3.Connection, table: Table, done: Salvaged
    ) -> None:
        self._source = source
        self._target = target
        self._table = table
        self._done = done
        self._columns = [column.name for column in table.columns]
        self._keys = [column.name for column in table.primary_key.columns]
        self._is_mutable = table.name in MUTABLE

    def take_over(self) -> None:
        before = self._count()
        rows = self._valid_rows()
        if self._table is audit_events:
            rows = self._continuing(rows)
        if self._table.name in _NUMBERED:
            rows = self._renumbered(rows)
        sql = self._insert()
        places = [self._columns.index(name) for name in self._keys]
        kept = set()
        for row in rows:
            kept.add(tuple(row.cells[place] for place in places))
            try:
                self._target.execute(sql, row.cells)
            except sqlite3.IntegrityError:
                self._done.torn[self._table.name] = "some of its rows contradict each other"
        if self._table.name in _NUMBERED:
            self._number_the_rest()
        if self._is_mutable and self._table.name not in self._done.torn:
            self._remove_all_but(kept)
        added = self._count() - before
        if added > 0:
            self._done.added[self._table.name] = added

    def _insert(self) -> str:
        names = ", ".join(f'"{name}"' for name in self._columns)
        marks = ", ".join("?" for _ in self._columns)
        insert = f'INTO "{self._table.name}" ({names}) VALUES ({marks})'
        changing = [name for name in self._columns if name not in self._keys]
        if self._table.name == "revisions":
            changing = ["number"]
        elif not self._is_mutable or not changing:
            return f"INSERT OR IGNORE {insert}"
        keys = ", ".join(f'"{name}"' for name in self._keys)
        values = ", ".join(f'"{name}" = excluded."{name}"' for name in changing)
        return f"INSERT {insert} ON CONFLICT ({keys}) DO UPDATE SET {values}"

    def _renumbered(self, rows: Iterator[StoredRow]) -> Iterator[StoredRow]:
        """Free the numbers of all rows that come, because merging gives them anew."""
        every = list(rows)
        place = self._columns.index("id")
        self._target.executemany(
            f'UPDATE "{self._table.name}" SET number = -rowid WHERE id = ?',
            [[row.cells[place]] for row in every],
        )
        return iter(every)

    def _number_the_rest(self) -> None:
        name = self._table.name
        for (rowid,) in self._target.execute(
            f'SELECT rowid FROM "{name}" WHERE number < 0'
        ).fetchall():
            self._target.execute(
                f'UPDATE "{name}" SET number = (SELECT max(number, 0) + 1 FROM "{name}"'
                " ORDER BY number DESC LIMIT 1) WHERE rowid = ?",
                [rowid],
            )

    def _valid_rows(self) -> Iterator[StoredRow]:
        faulty = 0
        try:
            for row in read_rows(self._source, self._table, self._columns):
                if isinstance(row, Gap):
                    self._done.torn[self._table.name] = "some of its rows could not be read"
                elif row.fault:
                    faulty += 1
                else:
                    yield row
        except sqlite3.DatabaseError:
            self._done.torn[self._table.name] = "it could not be read at all"
        if faulty:
            self._done.torn.setdefault(
                self._table.name, f"{faulty} of its rows held values that are not valid"
            )

    def _continuing(self, rows: Iterator[StoredRow]) -> Iterator[StoredRow]:
        """Yield only the events that go on where the whole file's chain ends, unbroken."""
        last = self._target.execute(
            "SELECT sequence, hash FROM audit_events ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        number, head = last or (0, GENESIS)
        sequence, previous, own = (
            self._columns.index(name) for name in ("sequence", "previous", "hash")
        )
        for row in rows:
            if not isinstance(row.cells[sequence], int) or int(row.cells[sequence] or 0) <= number:
                continue
            if (row.cells[sequence], row.cells[previous]) != (number + 1, head):
                self._done.torn[self._table.name] = f"it is broken behind event {number}"
                return
            number, head = number + 1, row.cells[own]
            yield row

    def _remove_all_but(self, kept: set[tuple[Cell, ...]]) -> None:
        names = ", ".join(f'"{name}"' for name in self._keys)
        marks = " AND ".join(f'"{name}" IS ?' for name in self._keys)
        for row in self._target.execute(f'SELECT {names} FROM "{self._table.name}"').fetchall():
            if tuple(row) not in kept:
                self._target.execute(f'DELETE FROM "{self._table.name}" WHERE {marks}', row)

    def _count(self) -> int:
        counted = self._target.execute(f'SELECT count(*) FROM "{self._table.name}"').fetchone()
        return int(counted[0])


def _drop_dangling(plain: sqlite3.Connection) -> int:
    """Remove rows that name what could not be read, until none is left; return how many."""
    dropped = plain.execute(
        "DELETE FROM revisions WHERE id NOT IN (SELECT revision FROM bodies)"
    ).rowcount
    while True:
        plain.execute(
            "UPDATE questions SET current_revision = (SELECT id FROM revisions WHERE question ="
            " questions.id ORDER BY number DESC LIMIT 1) WHERE current_revision IS NOT NULL AND"
            " current_revision NOT IN (SELECT id FROM revisions)"
        )
        broken = {
            (table, row)
            for table, row, _, _ in plain.execute("PRAGMA foreign_key_check").fetchall()
            if table not in _DERIVED
        }
        plain.execute("DELETE FROM library_lines")
        if not broken:
            return dropped
        for table, row in broken:
            plain.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [row])  # names of SQLite
        dropped += len(broken)
