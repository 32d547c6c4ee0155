"""The folder of a workspace: made, checked, locked, opened, closed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.clock import Clock, SteadyClock
from core.db.database import Database
from core.db.drives import network_drive
from core.db.lock import WorkspaceLock, current_holder
from core.db.schema import bring_up_to_date, create_schema, require_current
from core.db.seal import break_seal, write_seal
from core.errors import StorageError

SUFFIX: Final = ".asclepius"
DATABASE: Final = "workspace.db"
MEDIA: Final = "media"
DRAWN: Final = "drawn"
"""Pictures drawn for language models; made anew when it is removed."""
BACKUPS: Final = "backups"
LOCK: Final = "lock"


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """An open workspace folder; `held_by` names who writes while this one only reads."""

    path: Path
    database: Database
    clock: SteadyClock
    lock: WorkspaceLock | None
    held_by: str = ""

    def close(self) -> None:
        """Close the database and seal it, then give the lock back."""
        self.database.close()
        if self.lock is not None:
            if not self.lock.is_released:
                write_seal(self.path / DATABASE)
            self.lock.release()


def make_folder(path: Path) -> None:
    """Make an empty workspace; nothing stays behind when that fails."""
    is_new = not path.exists()
    if not is_new and (not path.is_dir() or any(path.iterdir())):
        raise StorageError(
            f"The folder {path} already holds something, so no workspace was made there.",
            hint="Choose a new name or an empty folder.",
        )
    with _file_failures(path, "made"):
        path.mkdir(parents=True, exist_ok=True)
    try:
        _require_local(path)
        with _file_failures(path, "made"):
            (path / MEDIA).mkdir()
            (path / BACKUPS).mkdir()
        create_schema(path / DATABASE)
    except StorageError:
        _remove(path, keep_folder=not is_new)
        raise


def open_folder(path: Path, clock: Clock, *, is_read_only: bool = False) -> OpenFolder:
    """Open a workspace; raise `StorageError` with what is in the way."""
    _require_workspace(path)
    _require_local(path)
    if is_read_only:
        require_current(path / DATABASE)
        database, steady = _database(path, clock, is_read_only=True)
        return OpenFolder(path, database, steady, None, current_holder(path / LOCK))
    _require_writable(path)
    with _file_failures(path, "opened for writing"):
        lock = WorkspaceLock(path / LOCK, clock.now())
    try:
        with _file_failures(path, "opened for writing"):
            break_seal(path / DATABASE)
        bring_up_to_date(path / DATABASE, path / BACKUPS, clock.now())
        return OpenFolder(path, *_database(path, clock), lock)
    except BaseException:
        lock.release()
        raise


def _database(
    path: Path, clock: Clock, *, is_read_only: bool = False
) -> tuple[Database, SteadyClock]:
    # The clock is asked only after the database is there.
    steady = SteadyClock(clock, lambda: database.newest_moment())
    database = Database(path / DATABASE, steady.clock(), is_read_only=is_read_only)
    return database, steady


def _require_workspace(path: Path) -> None:
    if not path.exists():
        raise StorageError(
            f"There is no workspace at {path}.",
            hint="Check the name, or make a new workspace there.",
        )
    if not (path / DATABASE).is_file():
        raise StorageError(
            f"{path} is not a workspace: it has no file {DATABASE}.",
            hint=f"Choose the folder of a workspace; its name ends in {SUFFIX}.",
        )


def require_folder(path: Path) -> None:
    """Raise `StorageError` unless this is the folder of a workspace that can be written."""
    _require_workspace(path)
    _require_local(path)
    _require_writable(path)


def _require_local(path: Path) -> None:
    kind = network_drive(path)
    if kind:
        raise StorageError(
            f"The workspace {path.name} lies on a network drive ({kind}), where a lost connection "
            "can damage it.",
            hint="Copy the whole folder to a disk of this computer and open it there.",
        )


def _require_writable(path: Path) -> None:
    for part in (path, path / DATABASE):
        if not os.access(part, os.W_OK):
            raise StorageError(
                f"The workspace {path.name} cannot be written: {part.name} is read-only for you.",
                hint="Ask for write permission, or open it for reading only.",
            )


@contextmanager
def _file_failures(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The workspace {path} could not be {what}: {error.strerror or error}.",
            hint="Check the free space and your permissions for this folder.",
        ) from error


def _remove(path: Path, *, keep_folder: bool) -> None:
    if keep_folder:
        for name in (MEDIA, BACKUPS):
            shutil.rmtree(path / name, ignore_errors=True)
        for file in path.glob(f"{DATABASE}*"):
            file.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
