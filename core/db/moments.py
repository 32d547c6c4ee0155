"""The latest moment at which anything in a workspace is dated."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from core.db.columns import UtcText
from core.db.tables.all import METADATA

_UNBELIEVABLE: Final = "2200"
"""A date from here on is the mistake of some computer and moves no clock."""


def newest_moment(connection: Connection) -> datetime | None:
    """Return the latest moment of any record; None in an empty workspace."""
    parts = [
        f'SELECT max("{column.name}") AS moment FROM "{table.name}"'
        f" WHERE \"{column.name}\" < '{_UNBELIEVABLE}'"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, UtcText)
    ]
    statement = f"SELECT max(moment) FROM ({' UNION ALL '.join(parts)})"
    newest = connection.exec_driver_sql(statement).scalar_one_or_none()
    return None if newest is None else datetime.fromisoformat(newest)
