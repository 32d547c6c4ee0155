"""Turns failures of SQLite into sentences that a person can act on."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError

from core.errors import ConflictError, CoreError, DamagedError, StorageError, ValidationError

_DAMAGED: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_REPAIR: Final = "Repair it (`asclepius check` with --repair), or restore a backup."
_SENTENCES: Final = (
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED"),
        "is being written by somebody else at this moment.",
        "Try again; if it stays so, close other programs that use this workspace.",
    ),
    (
        ("SQLITE_FULL",),
        "cannot be written: the disk is full.",
        "Free some space and save again; nothing that was saved before is lost.",
    ),
    (
        _DAMAGED,
        "is damaged.",
        _REPAIR,
    ),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"),
        "cannot be written: the file or its folder is read-only.",
        "Ask for write permission, or copy the workspace to a folder of your own.",
    ),
    (
        ("SQLITE_CANTOPEN",),
        "cannot be opened.",
        "Check that the folder exists and that you may read and write it.",
    ),
    (
        ("SQLITE_IOERR",),
        "cannot be read or written: the disk reports an error.",
        "Check the disk and its free space, then try again.",
    ),
)


@contextmanager
def storage_failures(path: Path) -> Iterator[None]:
    """Translate what fails inside, once, for the database file `path`."""
    try:
        yield
    except IntegrityError as error:
        raise ConflictError(
            "This change contradicts what the workspace already holds, so nothing was stored.",
            hint="Load the page again and repeat the change.",
        ) from error
    except DBAPIError as error:
        raise _translated(error.orig, path) from error
    except sqlite3.Error as error:
        raise _translated(error, path) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DamagedError(
            f"The workspace file {path.name} holds a record that cannot be read.",
            hint=_REPAIR,
        ) from error
    except UnicodeEncodeError as error:
        raise ValidationError(
            "A text holds a broken character that cannot be stored.",
            field="text",
            hint="Delete the last pasted characters and type them again.",
        ) from error


def _translated(error: BaseException | None, path: Path) -> CoreError:
    name = getattr(error, "sqlite_errorname", "")
    for kinds, what, hint in _SENTENCES:
        if name.startswith(kinds):
            kind = DamagedError if kinds is _DAMAGED else StorageError
            return kind(f"The workspace file {path.name} {what}", hint=hint)
    return StorageError(
        f"The workspace file {path.name} could not be used ({name or type(error).__name__}).",
        hint="Run the check of the workspace.",
    )
