"""Connections to one SQLite file: many readers, one writer, used from any thread."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock, get_ident

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import QueuePool

from core.db.failures import storage_failures
from core.errors import StorageError

BUSY_TIMEOUT_S = 10.0


class Connections:
    """Hands out transactions on `path`; a reader sees one moment, a writer is alone."""

    def __init__(
        self, path: Path, *, is_read_only: bool = False, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        self.path = path.absolute()
        self.is_read_only = is_read_only
        self._busy_timeout_s = busy_timeout_s
        self._write_lock = Lock()
        self._writer: int | None = None
        self._engine = create_engine(
            "sqlite+pysqlite://",
            creator=self._connect,
            poolclass=QueuePool,
            max_overflow=-1,
            hide_parameters=True,  # what is stored must not reach a log through an error
        )
        event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a consistent view of this moment."""
        with storage_failures(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one write transaction; it commits at the end or rolls back on an error."""
        if self.is_read_only:
            raise StorageError(
                "This workspace is open for reading only, so nothing can be changed.",
                hint="Close it where it is open for writing, then open it again.",
            )
        if self._writer == get_ident():
            raise RuntimeError("This thread has a write transaction open already.")
        engine = self._engine.execution_options(is_writing=True)
        with self._write_lock, storage_failures(self.path):
            self._writer = get_ident()
            try:
                with engine.begin() as connection:
                    yield connection
            finally:
                self._writer = None

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the file, as it is at this moment."""
        with (
            storage_failures(self.path),
            closing(self._connect()) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            # A copy is one file: without a journal beside it, it can be moved about.
            copy.execute("PRAGMA journal_mode = DELETE")

    def copy_from(self, copy: Path) -> None:
        """Make the file, in one step, what the file `copy` is."""
        if self.is_read_only:
            raise StorageError("This workspace is open for reading only.")
        with (
            self._write_lock,
            storage_failures(self.path),
            closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(self._connect()) as target,
        ):
            source.backup(target)

    def close(self) -> None:
        """Close every connection; the journal is written back into the file."""
        self._engine.dispose()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?{self._mode()}",
            uri=True,
            timeout=self._busy_timeout_s,
            check_same_thread=False,  # the pool gives a connection to one thread at a time
            isolation_level=None,  # transactions are begun by `_begin` alone
        )
        connection.execute("PRAGMA foreign_keys = ON")
        if not self.is_read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _mode(self) -> str:
        if not self.is_read_only:
            return "mode=rw"
        journal = self.path.with_name(f"{self.path.name}-wal")
        if journal.exists() or os.access(self.path.parent, os.W_OK):
            return "mode=ro"
        # SQLite cannot share a journal in a folder it may not write to; without one, none is
        # needed, because nobody can be writing.
        return "mode=ro&immutable=1"


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
