"""Reads rows of a file that may be damaged, and tells which of them hold no valid values."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Boolean, Column, Float, Integer, Table

from core.db.columns import PlainText, UtcText
from core.domain.answer import AnswerState, Occasion, RespondentKind
from core.domain.decision import DecisionKind, DecisionState
from core.domain.people import Role
from core.domain.run import RunStatus
from core.domain.score import ScoreState
from core.domain.stage import Stage
from core.domain.verification import Verdict

_MOST_LOOKUPS: Final = 100_000
"""Rows that are looked up one by one behind the last readable one."""
_MOST_MISSES: Final = 5_000
"""More than a damaged page can hold; then there is nothing more to find."""

_WORDS: Final[dict[tuple[str, str], type[StrEnum]]] = {
    ("questions", "stage"): Stage,
    ("people", "roles"): Role,
    ("stage_moves", "start"): Stage,
    ("stage_moves", "end"): Stage,
    ("answers", "occasion"): Occasion,
    ("answers", "respondent_kind"): RespondentKind,
    ("answers", "state"): AnswerState,
    ("verifications", "verdict"): Verdict,
    ("adjudications", "verdict"): Verdict,
    ("runs", "status"): RunStatus,
    ("scores", "state"): ScoreState,
    ("decisions", "kind"): DecisionKind,
    ("decisions", "state"): DecisionState,
}
"""Columns that hold words of ours; with any other word the program cannot read the row."""

Cell = str | bytes | int | float | None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as SQLite keeps it, text decoded; `fault` names the first column without a value."""

    rowid: int
    cells: tuple[Cell, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows between two row ids (both excluded) that could not be read."""

    after: int
    before: int | None


def read_rows(
    plain: sqlite3.Connection, table: Table, columns: Sequence[str]
) -> Iterator[StoredRow | Gap]:
    """Yield every row that can be read, and gaps where some could not.

    The connection must give text as bytes (`text_factory`).
    """
    chosen = [table.c[name] for name in columns]
    last = None
    try:
        for row in plain.execute(_select(table, columns, "ORDER BY rowid")):
            last = row[0]
            yield _row(chosen, row)
    except sqlite3.DatabaseError as error:
        found = _from_the_end(plain, table, columns, last)
        if last is None and not found:
            raise error
        yield Gap(last or 0, found[0].rowid if found else None)
        yield from _between(plain, table, columns, (last or 0, found[0].rowid if found else None))
        yield from found


def fault_of(column: Column[object], value: Cell) -> bool:
    """Tell whether a cell does not hold what its column is made for."""
    if value is None:
        return not column.nullable
    kind = column.type
    if isinstance(kind, Boolean):
        return value not in (0, 1)
    if isinstance(kind, Integer):
        return not isinstance(value, int)
    if isinstance(kind, Float):
        return not isinstance(value, int | float)
    if not isinstance(value, str):
        return True
    try:
        if isinstance(kind, PlainText):
            json.loads(value)
        if isinstance(kind, UtcText):
            return datetime.fromisoformat(value).tzinfo is None
    except (ValueError, RecursionError):
        return True
    return _is_unknown_word(column, value)


def _is_unknown_word(column: Column[object], value: Cell) -> bool:
    words = _WORDS.get((column.table.name, column.name))
    if words is None or not isinstance(value, str):
        return False
    found = json.loads(value) if isinstance(column.type, PlainText) else [value]
    return not isinstance(found, list) or any(one not in list(words) for one in found)


def _from_the_end(
    plain: sqlite3.Connection, table: Table, columns: Sequence[str], last: int | None
) -> list[StoredRow]:
    """Return the rows behind the damage, read backwards up to it."""
    chosen = [table.c[name] for name in columns]
    ending = "ORDER BY rowid DESC" if last is None else f"WHERE rowid > {last} ORDER BY rowid DESC"
    found: list[StoredRow] = []
    with suppress(sqlite3.DatabaseError):  # the same damage, from the other side
        for row in plain.execute(_select(table, columns, ending)):
            found.append(_row(chosen, row))  # noqa: PERF401 - keeps what came before an error
    return found[::-1]


def _between(
    plain: sqlite3.Connection,
    table: Table,
    columns: Sequence[str],
    ends: tuple[int, int | None],
) -> Iterator[StoredRow]:
    """Yield what can be found one by one between two rows; there may be several damages."""
    chosen = [table.c[name] for name in columns]
    sql = _select(table, columns, "WHERE rowid = ?")
    misses = 0
    for rowid in range(ends[0] + 1, ends[1] or ends[0] + _MOST_LOOKUPS):
        try:
            row = plain.execute(sql, [rowid]).fetchone()
        except sqlite3.DatabaseError:
            row = None
        misses = 0 if row is not None else misses + 1
        if row is not None:
            yield _row(chosen, row)
        elif misses >= _MOST_MISSES:
            return


def _select(table: Table, columns: Sequence[str], ending: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'SELECT rowid, {names} FROM "{table.name}" {ending}'


def _row(columns: Sequence[Column[object]], row: Sequence[Cell]) -> StoredRow:
    cells = tuple(_decoded(cell) for cell in row[1:])
    faults = (
        column.name for column, cell in zip(columns, cells, strict=True) if fault_of(column, cell)
    )
    rowid = row[0]
    return StoredRow(rowid if isinstance(rowid, int) else 0, cells, next(faults, ""))


def _decoded(cell: Cell) -> Cell:
    if not isinstance(cell, bytes):
        return cell
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell
