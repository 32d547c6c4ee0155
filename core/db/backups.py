"""Consistent copies of a database file while it is in use."""

import os
from datetime import datetime
from pathlib import Path

from core.db.connections import Connections
from core.errors import StorageError


def back_up(connections: Connections, folder: Path, now: datetime, *, why: str = "") -> Path:
    """Copy the database into `folder` and return the copy; it appears whole or not at all."""
    stem = f"{connections.path.stem}-{now:%Y%m%dT%H%M%SZ}" + (f"-{why}" if why else "")
    target = _free_name(folder, stem)
    aside = target.with_suffix(".writing")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connections.copy_to(aside)
        os.replace(aside, target)
    except OSError as error:
        raise StorageError(
            f"The backup {target.name} could not be written: {error.strerror or error}.",
            hint="Check the free space and the permissions of the folder “backups”.",
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return target


def _free_name(folder: Path, stem: str) -> Path:
    target, number = folder / f"{stem}.db", 2
    while target.exists():
        target, number = folder / f"{stem}-{number}.db", number + 1
    return target
