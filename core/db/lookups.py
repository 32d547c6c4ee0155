"""Small helpers of the repositories."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Row, Table, update

from core.errors import NotFoundError

Value = TypeVar("Value")
AnyRow = Row[*tuple[Any, ...]]  # columns are read by name; their types are those of the table

# SQLite's own default allows 32,766 parameters; far below it queries stay quick to prepare.
CHUNK = 500


def only_row(connection: Connection, statement: Executable, missing: str) -> AnyRow:
    """Return the one row; raise `NotFoundError` with the sentence `missing` without one."""
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError(missing)
    return row


def chunks(values: Sequence[Value], size: int = CHUNK) -> Iterator[Sequence[Value]]:
    """Yield `values` in pieces of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def update_row(
    connection: Connection, table: Table, record_id: str, values: dict[str, Any], missing: str
) -> None:  # values of any column type
    """Update one row by id; raise `NotFoundError` with the sentence `missing` without one."""
    statement = update(table).where(table.c.id == record_id).values(values)
    if connection.execute(statement).rowcount == 0:
        raise NotFoundError(missing)
