"""A hash over everything stored: tells whether anything was written since."""

import hashlib
from typing import Final

from sqlalchemy import Connection

from core.db.tables import METADATA, library_lines

_DERIVED: Final = frozenset({library_lines.name})


def fingerprint(connection: Connection, *, without: str) -> str:
    """Return the hash of every row of every table but the setting `without`."""
    digest = hashlib.sha256()
    for name, table in sorted(METADATA.tables.items()):
        if name in _DERIVED:
            continue
        keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        rows = connection.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY {keys}')
        digest.update(name.encode())
        for row in rows:
            if name == "settings" and row[0] == without:
                continue
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
