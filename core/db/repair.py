"""Puts a damaged database together anew: from a backup, and from what can still be read of it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from core.clock import Clock
from core.db.audit import AuditRepository
from core.db.backup_folder import BackupFolder
from core.db.connections import Connections
from core.db.damage import find_bad_rows, find_damage
from core.db.failures import storage_failures
from core.db.files import sha256_of_file
from core.db.library import Library
from core.db.lock import WorkspaceLock
from core.db.salvage import Salvaged, salvage
from core.db.schema import SCHEMA_VERSION, NewerSchemaError, create_schema, migrate, schema_version
from core.db.seal import break_seal
from core.db.tables.questions import questions
from core.domain.backup import Backup
from core.domain.ids import QuestionId
from core.errors import CoreError, StorageError

DAMAGED_SUFFIX: Final = ".damaged"
_UNREADABLE: Final = (ValueError, TypeError, LookupError)


@dataclass(frozen=True, slots=True)
class RebuiltDatabase:
    """What a repair did, in sentences; `aside` keeps the damaged file."""

    sentences: tuple[str, ...]
    aside: Path


def trouble_with(database: Path) -> list[str]:
    """Return what is wrong inside a database that nobody writes; empty when it is whole."""
    try:
        schema_version(database)
        with storage_failures(database):
            found = find_bad_rows(database)
        connections = Connections(database, is_read_only=True)
        try:
            with connections.reading() as connection:
                found += find_damage(connection)
        finally:
            connections.close()
    except NewerSchemaError:
        raise
    except CoreError as error:
        return [error.sentence]
    except _UNREADABLE as error:
        return [f"Its records cannot be read ({type(error).__name__})."]
    return [f"{where}: {sentence}" for where, sentence in found]


def rebuild(database: Path, backups: Path, clock: Clock, *, lock: Path) -> RebuiltDatabase:
    """Replace a damaged database by the newest whole backup with all that is newer and readable.

    The damaged file is kept. Without a whole backup, what can be read is all there is.
    """
    holder = WorkspaceLock(lock, clock.now())
    try:
        return _rebuild(database, BackupFolder(database, backups, clock), backups, clock)
    except OSError as error:
        raise StorageError(
            f"The database could not be repaired: {error.strerror or error}.",
            hint="Nothing was replaced. Check the free space, then try again.",
        ) from error
    finally:
        holder.release()


def put_back(database: Path, aside: Path) -> None:
    """Make the database what it was before it was rebuilt, and keep no second copy of it."""
    with storage_failures(database):
        os.replace(aside, database)
        journal = aside.with_name(f"{aside.name}-wal")
        if journal.exists():
            os.replace(journal, database.with_name(f"{database.name}-wal"))


def _rebuild(database: Path, folder: BackupFolder, backups: Path, clock: Clock) -> RebuiltDatabase:
    aside = _keep_aside(database, backups, clock)
    base = _base(folder)
    with _new_file(database) as fresh:
        if base is None:
            create_schema(fresh)
        else:
            shutil.copyfile(folder.file(base), fresh)
            if schema_version(fresh) != SCHEMA_VERSION:
                migrate(fresh)
        saved = _salvage(aside, fresh)
        _finish(fresh, clock, replaced=sha256_of_file(aside), subject=aside.name)
        break_seal(database)
        # A journal of the old file must never meet the new one.
        for ending in ("-wal", "-shm"):
            database.with_name(database.name + ending).unlink(missing_ok=True)
        os.replace(fresh, database)
    return RebuiltDatabase(tuple(_sentences(base, saved, aside)), aside)


def _keep_aside(database: Path, backups: Path, clock: Clock) -> Path:
    backups.mkdir(parents=True, exist_ok=True)
    stem = f"{database.stem}-{clock.now():%Y%m%dT%H%M%SZ}"
    aside, number = backups / f"{stem}{DAMAGED_SUFFIX}", 2
    while aside.exists():
        aside, number = backups / f"{stem}-{number}{DAMAGED_SUFFIX}", number + 1
    journal = database.with_name(f"{database.name}-wal")
    if journal.exists():
        shutil.copyfile(journal, aside.with_name(f"{aside.name}-wal"))
    shutil.copyfile(database, aside)
    return aside


def _base(folder: BackupFolder) -> Backup | None:
    try:
        found = folder.lineage()
    except CoreError:
        found = None
    if found is not None:
        return found
    whole = [one for one in folder.all() if one.sha256 and not folder.problem(one)]
    return whole[0] if whole else None


def _salvage(aside: Path, fresh: Path) -> Salvaged | None:
    try:
        return salvage(aside, fresh)
    except sqlite3.DatabaseError:
        return None
    finally:
        aside.with_name(f"{aside.name}-shm").unlink(missing_ok=True)


@contextmanager
def _new_file(database: Path) -> Iterator[Path]:
    fresh = database.with_name(f"{database.name}.repairing")
    _remove(fresh)
    try:
        yield fresh
    finally:
        _remove(fresh)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _finish(fresh: Path, clock: Clock, *, replaced: str, subject: str) -> None:
    """Derive the library anew, write the event, and make one file of it."""
    connections = Connections(fresh)
    try:
        with connections.writing() as connection:
            library = Library(connection, clock.now)
            for question in connection.execute(select(questions.c.id)).scalars():
                library.touch(QuestionId(question))
            library.refresh()
            AuditRepository(connection, clock.now).append(
                person="", action="workspace.repaired", subject=subject, content=replaced
            )
    finally:
        connections.close()
    with storage_failures(fresh), closing(sqlite3.connect(fresh)) as plain:
        plain.execute("PRAGMA journal_mode = DELETE")
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())


def _sentences(base: Backup | None, saved: Salvaged | None, aside: Path) -> Iterator[str]:
    if base is None:
        yield "There is no whole backup, so the database was made anew from what could be read."
    else:
        yield (
            f"The database was put together anew from the backup of "
            f"{base.taken_at:%Y-%m-%d %H:%M} UTC and what could be read of the damaged file."
        )
    if saved is None:
        yield "Nothing could be read of the damaged file: work since that backup is lost."
    else:
        for table, count in saved.added.items():
            yield f"Saved from the damaged file, in “{table}”: {count}."
        for table, why in saved.torn.items():
            yield f"Not everything was saved of “{table}”: {why}."
        if saved.dropped:
            yield f"Left out, because they name what could not be read: {saved.dropped} records."
    yield f"The damaged file is kept as {aside.parent.name}/{aside.name}."
