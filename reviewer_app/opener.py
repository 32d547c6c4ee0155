"""Ways into a workspace; a refusal is told in place with what can be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.errors import CoreError, DamagedError
from core.tasks import CancelToken, Progress
from reviewer_app.messages import Messages
from reviewer_app.operations import Operations
from reviewer_app.preferences import Preferences

if TYPE_CHECKING:
    from core.workspace import Workspace

SUFFIX = ".asclepius"


def demo_folder() -> Path:
    """Return where the demo of this user lies."""
    places = QStandardPaths.StandardLocation
    return Path(QStandardPaths.writableLocation(places.AppDataLocation)) / "demo"


class WorkspaceOpener(QObject):
    """Opens, creates and fills workspaces.

    Signals: `opened(Workspace)`; `refused(Path, str)` when one exists but does not open;
    `damaged(Path, str)` when repairing it would help.
    """

    opened = Signal(object)
    refused = Signal(object, str)
    damaged = Signal(object, str)

    def __init__(
        self,
        preferences: Preferences,
        operations: Operations,
        messages: Messages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._preferences = preferences
        self._operations = operations
        self._messages = messages
        self._window = window

    def open_path(self, path: Path, *, read_only: bool = False) -> bool:
        """Open a workspace; False when it was refused and the user was told."""
        from core.workspace import open_workspace

        try:
            workspace = open_workspace(path, read_only=read_only)
        except CoreError as error:
            self._refuse(path, error)
            return False
        try:
            workspace.require_readable()
        except CoreError as error:
            workspace.close()
            self._refuse(path, error)
            return False
        self._take(workspace)
        return True

    def create_path(self, path: Path) -> bool:
        """Create a workspace; False when that failed and the user was told."""
        from core.workspace import create_workspace

        folder = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        try:
            workspace = create_workspace(folder)
        except CoreError as error:
            self._messages.error(self.tr("Creating the workspace"), error)
            return False
        self._take(workspace)
        return True

    @Slot()
    def ask_to_open(self) -> None:
        """Let the user choose a workspace folder."""
        from PySide6.QtWidgets import QFileDialog

        title = self.tr("Open a workspace (a folder whose name ends in .asclepius)")
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self._start_folder()))
        if chosen:
            self.open_path(Path(chosen))

    @Slot()
    def ask_to_create(self) -> None:
        """Let the user name a new workspace."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Create a workspace"),
            str(self._start_folder() / f"my questions{SUFFIX}"),
            self.tr("Workspaces (*.asclepius)"),
        )
        if chosen:
            self.create_path(Path(chosen))

    @Slot()
    def open_demo(self) -> None:
        """Open the demo workspace; the first time it is made, which takes a while."""
        folder = demo_folder()
        path = folder / f"demo{SUFFIX}"
        # Only a demo that was opened before is complete: making it may have been stopped.
        if path in self._preferences.recent_workspaces():
            self.open_path(path)
            return

        def make(token: CancelToken, report: Callable[[Progress], None]) -> Path:
            from core.demo.journey import run_demo

            def say(what: str) -> None:
                token.raise_if_cancelled()
                report(Progress(0, 0, what))

            run_demo(folder, progress=say)
            return path

        self._operations.ask_later(
            self.tr("Making the demo workspace"), make, on_done=self._open_made
        )

    def _open_made(self, path: Path) -> None:
        self.open_path(path)

    def _refuse(self, path: Path, error: CoreError) -> None:
        if isinstance(error, DamagedError):
            self.damaged.emit(path, str(error))
        else:
            self.refused.emit(path, str(error))

    def _take(self, workspace: Workspace) -> None:
        self._preferences.remember_workspace(workspace.path)
        self.opened.emit(workspace)

    def _start_folder(self) -> Path:
        recent = self._preferences.recent_workspaces()
        return recent[0].parent if recent else Path.home()
