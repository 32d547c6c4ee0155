"""Backups: taken in time, thinned by age, looked at before and restored with one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from core.changes import Changes, Kind, Outcome
from core.domain.backup import Backup, BackupReason, RestorePreview, is_due, superfluous
from core.errors import ConflictError, NotFoundError, StorageError

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.ids import PersonId
    from core.imaging.store import MediaStore
    from core.services.backups.ports import BackupStore


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the copy of what was there before."""

    backup: Backup
    before: Backup


class BackupService:
    """Everything about backups of one workspace; may be called from any thread."""

    def __init__(
        self, store: BackupStore, clock: Clock, media: MediaStore, *, is_read_only: bool = False
    ) -> None:
        self._store = store
        self._clock = clock
        self._media = media
        self._is_read_only = is_read_only
        self._one_at_a_time = Lock()

    def all(self) -> list[Backup]:
        """Return all backups, newest first."""
        return self._store.all()

    def find(self, words: str) -> Backup:
        """Return the backup with this name or unique beginning of a name, or the “newest”."""
        known = self.all()
        if words == "newest" and known:
            return known[0]
        whole = [one for one in known if one.name in (words, f"{words}.db")]
        found = whole or [one for one in known if words and words in one.name]
        if len(found) == 1:
            return found[0]
        raise NotFoundError(
            f"{len(found)} backups have “{words}” in their name."
            if found
            else f"There is no backup “{words}”.",
            hint="`asclepius restore W --list` shows all names.",
        )

    def make(self, reason: BackupReason = BackupReason.BY_HAND, *, note: str = "") -> Backup:
        """Take a backup now; where only time asks for it and nothing changed, keep the last."""
        with self._one_at_a_time:
            return self._make(reason, note)

    def make_if_due(self, reason: BackupReason) -> Backup | None:
        """Take a backup when the newest is older than an hour, and thin; None when not due."""
        with self._one_at_a_time:
            if self._is_read_only or not is_due(self._store.all(), self._clock.now()):
                return None
            made = self._make(reason, "")
            self._thin()
            return made

    def before(self, what: BackupReason) -> Callable[[], None]:
        """Return a call that takes a backup, for services that are about to change much."""

        def take() -> None:
            self.make(what)

        return take

    def preview(self, backup: Backup) -> RestorePreview:
        """Return what restoring would change; raise `StorageError` when it is damaged."""
        self._require_whole(backup)
        missing = [one for one in self._store.media(backup) if not self._media.has(one)]
        return RestorePreview(backup, self._store.compare(backup), tuple(sorted(missing)))

    def restore(self, backup: Backup, person: PersonId) -> Outcome[Restored]:
        """Put the workspace back to a backup, after taking one of how it is now.

        Everything that was open should be opened again afterwards.
        """
        if self._is_read_only:
            raise StorageError(
                "This workspace is open for reading only, so nothing can be restored.",
                hint="Close it where it is open for writing, then open it again.",
            )
        with self._one_at_a_time:
            self._require_whole(backup)
            before = self._store.put_back(backup, person=person)
        changes = Changes(frozenset((kind, "") for kind in Kind))
        return Outcome(Restored(backup, before), changes)

    def thin(self) -> tuple[Backup, ...]:
        """Remove the backups that age made superfluous, and return them."""
        with self._one_at_a_time:
            return self._thin()

    def problems(self) -> list[tuple[str, str]]:
        """Return what is wrong with the backups, as (name, sentence) pairs."""
        found = [(one.name, self._store.problem(one)) for one in self._store.all()]
        return [(name, sentence) for name, sentence in found if sentence]

    def _make(self, reason: BackupReason, note: str) -> Backup:
        known = self._store.all() if reason.is_automatic else []
        made = self._store.take(reason, note=note)
        if known and known[0].sha256 == made.sha256 and known[0].taken_at <= made.taken_at:
            self._store.remove(made)
            return known[0]
        return made

    def _thin(self) -> tuple[Backup, ...]:
        removed = superfluous(self._store.all(), self._clock.now())
        for one in removed:
            self._store.remove(one)
        return removed

    def _require_whole(self, backup: Backup) -> None:
        problem = self._store.problem(backup)
        if problem and backup.sha256:
            raise StorageError(problem, hint="Choose another backup.")
        if not backup.size_bytes:
            raise ConflictError(f"The backup {backup.name} is empty.")
