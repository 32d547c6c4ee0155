"""The folder of backups: consistent copies of a database, each with a small file of facts."""

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from core import VERSION
from core.db.connections import Connections
from core.db.failures import storage_failures
from core.db.files import sha256_of_file, write_whole
from core.domain.backup import Backup, BackupReason
from core.domain.plain import Plain
from core.domain.sealed import read_sealed, sealed_text
from core.errors import StorageError, ValidationError

FACTS_SUFFIX: Final = ".json"
COUNTED: Final = ("questions", "revisions", "answers", "verifications", "people", "media")
_NAME: Final = re.compile(r"(?P<stem>.+?)-(?P<at>\d{8}T\d{6}Z)(?:-(?P<why>.+?))?(?:-\d+)?\.db")


def back_up(
    connections: Connections,
    folder: Path,
    now: datetime,
    *,
    reason: BackupReason = BackupReason.BY_HAND,
    note: str = "",
) -> Path:
    """Copy the database into `folder` and return the copy; it appears whole or not at all."""
    now = now.astimezone(UTC)
    target = _free_name(folder, f"{connections.path.stem}-{now:%Y%m%dT%H%M%SZ}-{reason.value}")
    aside = target.with_suffix(".writing")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connections.copy_to(aside)
        _flush(aside)
        facts: Plain = {
            "reason": reason.value,
            "note": note,
            "taken_at": now.isoformat(),
            "program": f"Asclepius {VERSION}",
            "counts": count_records(aside),
            "size_bytes": aside.stat().st_size,
            "sha256": sha256_of_file(aside),
        }
        # Facts first: a copy without facts cannot be checked, facts without a copy are nothing.
        write_whole(target.with_suffix(FACTS_SUFFIX), sealed_text(facts))
        os.replace(aside, target)
    except OSError as error:
        raise StorageError(
            f"The backup {target.name} could not be written: {error.strerror or error}.",
            hint="Check the free space and the permissions of the folder “backups”.",
        ) from error
    finally:
        with suppress(OSError):  # what cannot be written need not be removed
            aside.unlink(missing_ok=True)
            if not target.exists():
                target.with_suffix(FACTS_SUFFIX).unlink(missing_ok=True)
    return target


def count_records(database: Path) -> dict[str, int]:
    """Return how many records of each kind a file holds."""
    # Immutable: a copy has no journal, and looking at it must not make one.
    address = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
    with storage_failures(database), closing(sqlite3.connect(address, uri=True)) as plain:
        there = {name for (name,) in plain.execute("SELECT name FROM sqlite_master")}
        return {
            name: plain.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in COUNTED
            if name in there
        }


def read_backup(file: Path) -> Backup:
    """Return what is known about a copy; without readable facts, what its name says."""
    try:
        return _from_facts(file, read_sealed(file.with_suffix(FACTS_SUFFIX).read_bytes()))
    except (OSError, ValidationError, ValueError, TypeError, KeyError):
        return _from_name(file)


def facts_problem(file: Path) -> str:
    """Return a sentence on what is wrong with the facts beside a copy, or an empty string."""
    beside = file.with_suffix(FACTS_SUFFIX)
    try:
        _from_facts(file, read_sealed(beside.read_bytes()))
    except FileNotFoundError:
        return f"The facts of the backup ({beside.name}) are missing, so it cannot be checked."
    except OSError as error:
        return f"The facts of the backup ({beside.name}) cannot be read: {error.strerror}."
    except ValidationError as error:
        return f"The facts of the backup ({beside.name}) are damaged. {error.sentence}"
    except (ValueError, TypeError, KeyError):
        return f"The facts of the backup ({beside.name}) are not those of a backup."
    return ""


def _from_facts(file: Path, facts: dict[str, Any]) -> Backup:  # JSON, checked here
    return Backup(
        name=file.name,
        reason=BackupReason(facts["reason"]),
        taken_at=_with_zone(datetime.fromisoformat(facts["taken_at"])),
        size_bytes=int(facts["size_bytes"]),
        note=str(facts["note"]),
        program=str(facts["program"]),
        sha256=str(facts["sha256"]),
        counts={str(name): int(count) for name, count in facts["counts"].items()},
    )


def _from_name(file: Path) -> Backup:
    match = _NAME.fullmatch(file.name)
    stat = file.stat()
    taken_at, reason = datetime.fromtimestamp(stat.st_mtime, UTC), BackupReason.BY_HAND
    if match is not None:
        with suppress(ValueError):  # a name like that of a date that never was
            taken_at = datetime.strptime(match["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        why = match["why"] or ""
        known = [one for one in BackupReason if one.value == why]
        # Versions before named the schema: “before-0002”.
        is_migration = re.fullmatch(r"before-\d+", why) is not None
        reason = known[0] if known else BackupReason.MIGRATION if is_migration else reason
    return Backup(file.name, reason, taken_at, stat.st_size)


def _with_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _free_name(folder: Path, stem: str) -> Path:
    target, number = folder / f"{stem}.db", 2
    while target.exists() or target.with_suffix(FACTS_SUFFIX).exists():
        target, number = folder / f"{stem}-{number}.db", number + 1
    return target
