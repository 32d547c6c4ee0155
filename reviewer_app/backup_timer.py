"""Backups while somebody works: when a workspace was opened, then every hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from reviewer_app.operations import Operations

if TYPE_CHECKING:
    from core.domain.backup import BackupReason
    from core.workspace import Workspace

FIRST_AFTER_MS: Final = 3_000
"""The window is usable first."""
LOOK_EVERY_MS: Final = 5 * 60_000
"""A computer that slept is behind by this much at most."""


class BackupTimer(QObject):
    """Takes backups off the UI thread while a workspace is open for writing."""

    def __init__(self, operations: Operations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._workspace: Workspace | None = None
        self.first = QTimer(self)
        self.first.setSingleShot(True)
        self.first.setInterval(FIRST_AFTER_MS)
        self.first.timeout.connect(self._on_opened)
        self.hourly = QTimer(self)
        self.hourly.setInterval(LOOK_EVERY_MS)
        self.hourly.timeout.connect(self._on_time_passed)

    def start(self, workspace: Workspace) -> None:
        """Look after this workspace until `stop`."""
        self.stop()
        if workspace.is_read_only:
            return
        self._workspace = workspace
        self.first.start()
        self.hourly.start()

    def stop(self) -> None:
        """Take no more backups."""
        self.first.stop()
        self.hourly.stop()
        self._workspace = None

    @Slot()
    def _on_opened(self) -> None:
        from core.domain.backup import BackupReason

        self._back_up(BackupReason.OPENED)

    @Slot()
    def _on_time_passed(self) -> None:
        from core.domain.backup import BackupReason

        self._back_up(BackupReason.HOURLY)

    def _back_up(self, reason: BackupReason) -> None:
        workspace = self._workspace
        if workspace is None:
            return
        self._operations.ask_later(
            "",
            lambda _token, _report: workspace.backups.make_if_due(reason),
            on_done=lambda _: None,
        )
