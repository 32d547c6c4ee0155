"""A package that arrived: looked into and opened off the UI thread; knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QStandardPaths, Signal

from core.domain.package import PackageKind
from core.errors import CoreError
from core.tasks import CancelToken, ProgressCallback
from reviewer_app.operations import Latest, Operations
from reviewer_app.preferences import Preferences

if TYPE_CHECKING:
    from core.services.packages.files import Trust
    from core.services.packages.look import PackageLook

Value = TypeVar("Value")
_Looked = tuple["PackageLook", Path, "Trust"]


class PackageReceiver(QObject):
    """State of the page on which a package is opened.

    Signals: `changed()`; `received(Path)`, the workspace folder that now holds the package;
    `opening(Path)`, just before that folder is written.
    """

    changed = Signal()
    opening = Signal(object)
    received = Signal(object)

    def __init__(
        self, operations: Operations, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._under_way = Latest(operations)
        self._passphrase = ""
        self.path: Path | None = None
        self.look: PackageLook | None = None
        self.trust: Trust | None = None
        self.folder: Path | None = None
        self.problem: CoreError | None = None
        self.needs_passphrase = False

    @property
    def is_busy(self) -> bool:
        """Whether the package is being read or opened."""
        return self._under_way.is_waiting()

    @property
    def passphrase(self) -> str:
        """The passphrase that opened the file; empty where none is needed."""
        return self._passphrase

    @property
    def is_new(self) -> bool:
        """Whether a new workspace is made for the package."""
        return self.folder is not None and not self.folder.exists()

    @property
    def can_open(self) -> bool:
        """Whether this package is opened into a workspace of its own."""
        look = self.look
        return look is not None and look.facts.kind is not PackageKind.RETURN and not self.is_busy

    def take(self, path: Path, *, passphrase: str = "") -> None:
        """Look into a file; what is known of the one before is dropped."""
        self.cancel()
        self.path, self._passphrase = path, passphrase
        self.look, self.trust, self.folder, self.problem = None, None, None, None

        recent = self._preferences.recent_workspaces()

        def work(_token: CancelToken, _report: ProgressCallback) -> _Looked | CoreError:
            try:
                return _look(path, passphrase, recent)
            except CoreError as error:
                return error  # shown on the page, where it can be put right

        self._start(self.tr("Looking at the package"), work, self._take_look)

    def choose_folder(self, parent: Path) -> None:
        """Make the new workspace somewhere else."""
        if self.folder is not None and self.is_new:
            self.folder = parent / self.folder.name
            self.changed.emit()

    def open(self, *, accepts_new_key: bool = False) -> None:
        """Bring the package into its workspace."""
        path, look, folder = self.path, self.look, self.folder
        if path is None or look is None or folder is None or not self.can_open:
            return
        passphrase = self._passphrase
        self.problem = None
        self.opening.emit(folder)

        def work(token: CancelToken, report: ProgressCallback) -> Path | CoreError:
            from core.receiving import receive

            try:
                return receive(
                    look,
                    path,
                    folder,
                    passphrase=passphrase,
                    accepts_new_key=accepts_new_key,
                    cancel=token,
                    progress=report,
                )
            except CoreError as error:
                return error

        self._start(self.tr("Opening the package"), work, self._take_folder)

    def cancel(self) -> None:
        """Stop what is under way; nothing of it stays."""
        self._under_way.drop()

    def _start(
        self,
        title: str,
        work: Callable[[CancelToken, ProgressCallback], Value],
        take: Callable[[Value], None],
    ) -> None:
        def finish(found: Value) -> None:
            take(found)
            self.changed.emit()

        self._under_way.ask(title, work, on_done=finish, on_error=self.changed.emit)
        self.changed.emit()

    def _take_look(self, found: _Looked | CoreError) -> None:
        if isinstance(found, CoreError):
            self.problem = found
            self.needs_passphrase = self._is_locked()
            return
        self.look, self.folder, self.trust = found
        self.needs_passphrase = False

    def _take_folder(self, found: Path | CoreError) -> None:
        if isinstance(found, CoreError):
            self.problem = found
        else:
            self.received.emit(found)

    def _is_locked(self) -> bool:
        from core.services.packages.look import needs_passphrase

        return self.path is not None and needs_passphrase(self.path)


def _look(path: Path, passphrase: str, recent: Sequence[Path]) -> _Looked:
    from core.receiving import home_of, place_for_workspaces, trust_at
    from core.services.packages.look import look_into

    look = look_into(path, passphrase=passphrase)
    folder = home_of(look, place_for_workspaces(*workspace_places()), recent)
    return look, folder, trust_at(folder, look)


def workspace_places() -> tuple[Path, ...]:
    """Return where workspaces from packages may lie, best first; no admin rights are needed."""
    places = QStandardPaths.StandardLocation
    return tuple(
        Path(QStandardPaths.writableLocation(place)) / "Asclepius"
        for place in (places.DocumentsLocation, places.AppLocalDataLocation)
    )
