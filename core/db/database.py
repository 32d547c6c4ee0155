"""The database of a workspace: units of work, damage report, backups.

What looks at all tables is imported when it is asked: the window needs few of them to start.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.db.connections import BUSY_TIMEOUT_S, Connections
from core.db.failures import storage_failures
from core.db.units import BlindUnit, Unit
from core.errors import CoreError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from core.clock import Clock
    from core.domain.backup import BackupReason


class BlindDatabase:
    """Opens units of work that have no way to a key."""

    def __init__(self, connections: Connections, clock: Clock) -> None:
        self._connections = connections
        self._clock = clock

    @contextmanager
    def read(self) -> Iterator[BlindUnit]:
        """Open a consistent view."""
        with self._connections.reading() as connection:
            yield BlindUnit(connection, self._clock)

    @contextmanager
    def write(self) -> Iterator[BlindUnit]:
        """Open a unit of work that commits when it ends without an error."""
        with self._connections.writing() as connection:
            unit = BlindUnit(connection, self._clock)
            yield unit
            unit.finish()


class Database:
    """Opens units of work on the SQLite file `path`, which `schema` made or brought up to date.

    May be used from any thread. Threads that write wait for one another.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        is_read_only: bool = False,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self._connections = Connections(
            path, is_read_only=is_read_only, busy_timeout_s=busy_timeout_s
        )
        self._clock = clock

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Open a consistent view."""
        with self._connections.reading() as connection:
            yield Unit(connection, self._clock)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Open a unit of work that commits when it ends without an error."""
        with self._connections.writing() as connection:
            unit = Unit(connection, self._clock)
            yield unit
            unit.finish()

    def blind(self) -> BlindDatabase:
        """Return the same store for blind services."""
        return BlindDatabase(self._connections, self._clock)

    def damage(self) -> list[tuple[str, str]]:
        """Return what is wrong inside the file, as (where, sentence) pairs."""
        from core.db.damage import find_bad_rows, find_damage

        path = self._connections.path
        with storage_failures(path):
            bad_rows = find_bad_rows(path)
        with self._connections.reading() as connection:
            return [*bad_rows, *find_damage(connection)]

    def back_up(self, folder: Path, reason: BackupReason) -> Path:
        """Copy the file, as it is at this moment, into `folder` and return the copy."""
        from core.db.backups import back_up

        return back_up(self._connections, folder, self._clock.now(), reason=reason)

    def go_back_to(self, copy: Path) -> None:
        """Make the file what it was when it was copied."""
        self._connections.copy_from(copy)

    def newest_moment(self) -> datetime | None:
        """Return the latest moment that is stored; None where there is none or it is damaged."""
        from core.db.moments import newest_moment

        try:
            with self._connections.reading() as connection:
                return newest_moment(connection)
        except (CoreError, ValueError):
            return None  # whoever needs what is damaged is told there

    def fingerprint(self, *, without: str) -> str:
        """Return a hash of all that is stored but the setting `without`."""
        from core.db.fingerprints import fingerprint

        with self._connections.reading() as connection:
            return fingerprint(connection, without=without)

    def close(self) -> None:
        """Close the file."""
        self._connections.close()
