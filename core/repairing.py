"""Repairing a workspace that nobody has open: its database, its records, its images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import Clock, system_clock
from core.db.backup_folder import BackupFolder
from core.db.folder import BACKUPS, DATABASE, LOCK, require_folder
from core.db.repair import put_back, rebuild, trouble_with
from core.services.integrity.repair import RepairReport, bring_back_media
from core.tasks import ProgressCallback, ignore_progress
from core.workspace import open_workspace

if TYPE_CHECKING:
    from core.domain.backup import Backup


def repair_workspace(
    path: Path,
    *,
    sources: Sequence[Path] = (),
    clock: Clock | None = None,
    progress: ProgressCallback = ignore_progress,
) -> RepairReport:
    """Restore what backups and `sources` (packages, exported sets, workspaces) still hold.

    Raises `StorageError` while somebody has the workspace open, or when a newer program made it.
    """
    path = path.absolute()
    used_clock = clock or system_clock()
    done = [*_repair_database(path, used_clock), *_repair_records(path, used_clock)]
    with open_workspace(path, clock=used_clock) as workspace:
        done += workspace.integrity.put_stages_right()
        lost = workspace.integrity.lost_media()
        done += bring_back_media(workspace.media_store, lost, sources)
        left = workspace.integrity.check(progress=progress)
    return RepairReport(tuple(done), left)


def newest_backup(path: Path) -> Backup | None:
    """Return the newest whole backup of a workspace that need not open, or None."""
    folder = BackupFolder(path / DATABASE, path / BACKUPS, system_clock())
    whole = (one for one in folder.all() if one.sha256 and not folder.problem(one))
    return next(whole, None)


def _repair_database(path: Path, clock: Clock) -> tuple[str, ...]:
    require_folder(path)
    database, backups = path / DATABASE, path / BACKUPS
    trouble = trouble_with(database)
    if not trouble:
        contradictions = BackupFolder(database, backups, clock).contradictions()
        trouble = [f"{where}: {sentence}" for where, sentence in contradictions]
    if not trouble:
        return ()
    return rebuild(database, backups, clock, lock=path / LOCK).sentences


def _repair_records(path: Path, clock: Clock) -> tuple[str, ...]:
    """Take the backup and what is newer where that leaves less wrong with the records."""
    before = _record_problems(path, clock)
    if before == 0 or newest_backup(path) is None:
        return ()
    database = path / DATABASE
    rebuilt = rebuild(database, path / BACKUPS, clock, lock=path / LOCK)
    if _record_problems(path, clock) < before:
        return rebuilt.sentences
    put_back(database, rebuilt.aside)
    return ()


def _record_problems(path: Path, clock: Clock) -> int:
    with open_workspace(path, clock=clock, read_only=True) as workspace:
        return len(workspace.integrity.record_problems())
