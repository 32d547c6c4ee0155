"""Backups: why they were taken, what restoring one would change, which ones are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from core.domain.ids import MediaId

DUE_AFTER: Final = timedelta(hours=1)
ALL_FOR: Final = timedelta(hours=24)
DAILY_FOR: Final = timedelta(days=30)


class BackupReason(StrEnum):
    """Why a backup was taken."""

    OPENED = "opened"
    HOURLY = "hourly"
    BY_HAND = "by-hand"
    MIGRATION = "before-migration"
    IMPORT = "before-import"
    MERGE = "before-merge"
    RESTORE = "before-restore"
    REPAIR = "before-repair"
    EMPTYING = "before-emptying-the-bin"

    @property
    def is_automatic(self) -> bool:
        """Whether time alone caused it, so that an unchanged workspace needs no other copy."""
        return self in (BackupReason.OPENED, BackupReason.HOURLY)


PROTECTED: Final = frozenset(
    {
        BackupReason.BY_HAND,
        BackupReason.MIGRATION,
        BackupReason.RESTORE,
        BackupReason.REPAIR,
        BackupReason.EMPTYING,
    }
)
"""Never thinned while younger than `DAILY_FOR`."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database and what stands beside it.

    `name` is that of the file; `counts` says how many records of each kind it holds; `sha256`
    is empty for a copy whose facts were lost, which can be restored but not checked.
    """

    name: str
    reason: BackupReason
    taken_at: datetime
    size_bytes: int
    note: str = ""
    program: str = ""
    sha256: str = ""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What restoring would do to one kind of record.

    `back` come back, `gone` would leave, `different` take their earlier content; the numbers are
    those of the questions concerned.
    """

    kind: str
    back: int = 0
    gone: int = 0
    different: int = 0
    questions_back: tuple[int, ...] = ()
    questions_gone: tuple[int, ...] = ()
    questions_different: tuple[int, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether this kind stays as it is."""
        return not (self.back or self.gone or self.different)


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What restoring a backup would change, and the images it names that are not here."""

    backup: Backup
    changes: tuple[RecordChange, ...]
    missing_media: tuple[MediaId, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the workspace holds just what the backup holds."""
        return all(one.is_nothing for one in self.changes)


def is_due(backups: Iterable[Backup], now: datetime) -> bool:
    """Tell whether the newest backup is too old; one from the future does not count."""
    past = [one.taken_at for one in backups if one.taken_at <= now]
    return not past or now - max(past) >= DUE_AFTER


def superfluous(backups: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """Return the backups that thinning removes.

    Kept are all of the last 24 hours, then the newest of each day for 30 days, then the newest of
    each week; those taken by hand, before a migration, a restore, a repair or emptying the bin
    for 30 days as well.
    """
    kept: set[tuple[str, object]] = set()
    removed = []
    for one in sorted(backups, key=lambda backup: (backup.taken_at, backup.name), reverse=True):
        age = now - one.taken_at
        if age < ALL_FOR:
            continue
        if age < DAILY_FOR:
            if one.reason in PROTECTED:
                continue
            place: tuple[str, object] = ("day", one.taken_at.date())
        else:
            place = ("week", one.taken_at.isocalendar()[:2])
        if place in kept:
            removed.append(one)
        kept.add(place)
    return tuple(removed)
