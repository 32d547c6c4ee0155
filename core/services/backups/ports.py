"""What the backup service asks of the folder of backups."""

from typing import Protocol

from core.domain.backup import Backup, BackupReason, RecordChange
from core.domain.ids import MediaId


class BackupStore(Protocol):
    """Copies of the database of one workspace."""

    def all(self) -> list[Backup]:
        """Return all backups, newest first."""

    def take(self, reason: BackupReason, *, note: str = "") -> Backup:
        """Copy the database as it is at this moment."""

    def remove(self, backup: Backup) -> None:
        """Delete a backup."""

    def problem(self, backup: Backup) -> str:
        """Return a sentence on what is wrong with a backup, or an empty string."""

    def compare(self, backup: Backup) -> tuple[RecordChange, ...]:
        """Return what of each kind restoring would change."""

    def media(self, backup: Backup) -> frozenset[MediaId]:
        """Return the images that a backup names."""

    def put_back(self, backup: Backup, *, person: str) -> Backup:
        """Make the database, in one step, what it was; return a backup of what it was before."""

    def contradictions(self) -> list[tuple[str, str]]:
        """Return records that never change and yet differ from the newest backup, with where."""
