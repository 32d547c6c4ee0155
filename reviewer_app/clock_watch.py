"""Tells once when the clock of this computer was set back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from reviewer_app.messages import Messages
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.workspace import Workspace

LOOK_EVERY_MS: Final = 10_000
_FIRST_AFTER_MS: Final = 500
"""The window is usable first."""


class ClockWatch(QObject):
    """Looks at the clock while a workspace is open for writing."""

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._workspace: Workspace | None = None
        self._was_told = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self, workspace: Workspace) -> None:
        """Watch over this workspace until `stop`."""
        self.stop()
        if not workspace.is_read_only:
            self._workspace = workspace
            self._timer.start(_FIRST_AFTER_MS)

    def stop(self) -> None:
        """Look no further."""
        self._timer.stop()
        self._workspace = None
        self._was_told = False

    @Slot()
    def look(self) -> None:
        """Say so when the clock is behind what is stored, once until it is right again."""
        if self._workspace is None:
            return
        self._timer.start(LOOK_EVERY_MS)
        behind = self._workspace.clock_behind()
        if behind is not None and not self._was_told:
            sentence = self.tr(
                "The clock of this computer was set back: it shows %1, but the newest entry here "
                "is dated %2."
            ).replace("%1", moment(behind.machine))
            self._messages.warn(
                sentence.replace("%2", moment(behind.newest)),
                self.tr(
                    "Set the clock right. Until then, what you enter is dated just after that "
                    "entry, so that its order stays true."
                ),
            )
        self._was_told = behind is not None
