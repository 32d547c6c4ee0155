"""The version of a database file: made new, recognised, brought up to date."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from core.db.connections import Connections
from core.db.failures import storage_failures
from core.errors import StorageError

SCHEMA_VERSION: Final = "0006"
"""The newest file in `migrations/versions`; zero-padded, so that versions compare as text."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_log = logging.getLogger(__name__)


class NewerSchemaError(StorageError):
    """A newer program made this file."""


def create_schema(path: Path) -> None:
    """Make an empty database at `path`, which must not exist."""
    statements = _tables_and_indexes()
    with _schema_change(path) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCHEMA_VERSION,))


def schema_version(path: Path) -> str:
    """Return the version of the file ("" for the oldest); raise `StorageError` when unusable.

    One plain query: alembic is imported only when there is something to migrate.
    """
    connections = Connections(path, is_read_only=True)
    try:
        with connections.reading() as connection:
            version = _version_in(connection)
    finally:
        connections.close()
    if version is None:
        raise StorageError(
            f"The file {path.name} is a database, but not that of a workspace.",
            hint="Choose the folder of a workspace; its name ends in .asclepius.",
        )
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"This workspace was made by a newer program (schema {version}, known here up to "
            f"{SCHEMA_VERSION}), so it was left untouched.",
            hint="Install the newest version of Asclepius.",
        )
    return version


def require_current(path: Path) -> None:
    """Raise `StorageError` unless the file has exactly the version that this program reads."""
    if schema_version(path) != SCHEMA_VERSION:
        raise StorageError(
            "This workspace was made by an older program and has to be updated once.",
            hint="Open it for writing.",
        )


def bring_up_to_date(path: Path, backups: Path, now: datetime) -> Path | None:
    """Migrate an older file after copying it into `backups`; return the copy, or None.

    Either the whole migration happens or nothing: the file is changed in one transaction.
    """
    version = schema_version(path)
    if version == SCHEMA_VERSION:
        return None
    from core.db.backups import back_up
    from core.domain.backup import BackupReason

    connections = Connections(path)
    try:
        copy = back_up(
            connections,
            backups,
            now,
            reason=BackupReason.MIGRATION,
            note=f"{version or 'the oldest'} to {SCHEMA_VERSION}",
        )
    finally:
        connections.close()
    migrate(path)
    _log.info("schema migrated from %s to %s", version or "the oldest", SCHEMA_VERSION)
    return copy


def migrate(path: Path) -> None:
    """Run all missing migrations on the file, making it when there is none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _schema_change(path) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@cache
def _tables_and_indexes() -> tuple[str, ...]:
    """Return what makes the tables, which `create_all` would look for one by one first."""
    from sqlalchemy.dialects.sqlite.base import SQLiteDialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    from core.db.tables.all import METADATA

    made: list[CreateTable | CreateIndex] = []
    for table in METADATA.sorted_tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [CreateTable(table), *map(CreateIndex, indexes)]
    return tuple(str(one.compile(dialect=SQLiteDialect())) for one in made)


def _version_in(connection: Connection) -> str | None:
    tables = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if connection.exec_driver_sql(tables).first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return "" if row is None else str(row[0])


@contextmanager
def _schema_change(path: Path) -> Iterator[Connection]:
    # Foreign keys stay off: a table that is made anew would delete what refers to it.
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(path, isolation_level=None),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", lambda one: one.exec_driver_sql("BEGIN IMMEDIATE"))
    with storage_failures(path):
        with engine.begin() as connection:
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise StorageError(
                    f"The workspace file {path.name} could not be updated without breaking a "
                    "reference, so it was left as it was.",
                    hint="Send the log of the program to its makers.",
                )
        with closing(sqlite3.connect(path)) as plain:
            plain.execute("PRAGMA journal_mode = WAL")
