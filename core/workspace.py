"""The one door into the core: opens a workspace, owns its services, closes it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

from core.clock import Clock, ClockBehind, system_clock
from core.db.folder import SUFFIX, make_folder, open_folder
from core.domain.people import Role
from core.errors import DamagedError, StorageError
from core.tasks import CancelToken, ProgressCallback, ignore_progress
from core.workspace_services import WorkspaceServices

if TYPE_CHECKING:
    from core.db.folder import OpenFolder
    from core.domain.package import PackageKind
    from core.domain.queue import Queue

FIRST_PERSON = "Study lead"


def create_workspace(path: Path, *, clock: Clock | None = None, owner_name: str = "") -> Workspace:
    """Make a workspace folder and open it; its first person has every role and sits there.

    Raises `StorageError` when the folder already holds something or cannot be made.
    """
    path = path.absolute()
    make_folder(path)
    workspace = open_workspace(path, clock=clock)
    try:
        workspace.people.start(owner_name.strip() or FIRST_PERSON, frozenset(Role))
    except BaseException:
        workspace.close()
        raise
    return workspace


def open_workspace(path: Path, *, clock: Clock | None = None, read_only: bool = False) -> Workspace:
    """Open a workspace folder; raise `StorageError` naming what is in the way.

    Only one program writes: a second one is told who it is, and may open with `read_only`.
    """
    used_clock = clock or system_clock()
    return Workspace(open_folder(path.absolute(), used_clock, is_read_only=read_only), used_clock)


def open_package(
    file: Path,
    folder: Path,
    *,
    passphrase: str = "",
    clock: Clock | None = None,
    cancel: CancelToken | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Workspace:
    """Open a package into a new workspace folder, which appears whole or not at all.

    Raises `ExchangeError` with the reason when the package is refused, `StorageError` when the
    folder already holds something or cannot be made.
    """
    folder = folder.absolute()
    if folder.exists():
        raise StorageError(
            f"The folder {folder} is there already, so the package was not opened there.",
            hint="Choose a new name.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".opening-", dir=folder.parent) as aside:
            made = Path(aside) / folder.name
            make_folder(made)
            with open_workspace(made, clock=clock) as workspace:
                workspace.packages.fill(
                    file, passphrase=passphrase, cancel=cancel, progress=progress
                )
            made.rename(folder)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} could not be made: {error.strerror or error}.",
            hint="Check the free space and your permissions.",
        ) from error
    return open_workspace(folder, clock=clock)


class Workspace(WorkspaceServices):
    """An open workspace, until it is closed."""

    def __init__(self, folder: OpenFolder, clock: Clock) -> None:
        super().__init__(folder, clock)
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and give the lock back; a second call does nothing."""
        self._folder.close()

    def require_readable(self) -> None:
        """Raise `StorageError` when what every window shows first cannot be read."""
        try:
            self.journal.entries(self.people.me().id)
            self.people.all()
            with self._database.read() as tx:
                tx.questions.count_by_stage()
        except (ValueError, TypeError, LookupError) as error:
            raise DamagedError(
                f"The workspace {self.name} holds records that cannot be read.",
                hint="Repair it, or restore a backup.",
            ) from error

    @property
    def name(self) -> str:
        """The name for people: that of the folder without its ending."""
        return self.path.name.removesuffix(SUFFIX)

    @property
    def held_by(self) -> str:
        """Who has this workspace open for writing elsewhere; empty when nobody has."""
        return self._folder.held_by

    @property
    def limits(self) -> PackageKind | None:
        """The kind of package that this workspace was opened from; None where it is whole."""
        from core.services.packages.limits import limits_of

        with self._database.read() as tx:
            return limits_of(tx)

    def queues_in_use(self) -> frozenset[Queue]:
        """Return where work may wait for somebody; quick, because no service is loaded."""
        with self._database.blind().read() as tx:
            return tx.queues_in_use()

    def has_remarks(self) -> bool:
        """Tell whether any reader flagged or commented; quick, because no service is loaded."""
        with self._database.blind().read() as tx:
            return tx.has_remarks()

    def clock_behind(self) -> ClockBehind | None:
        """Return what to tell when the clock of this computer is behind what is stored."""
        return self._folder.clock.trouble()
