"""Says over the pages why nothing can be changed here, with a way to try again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from reviewer_app import theme

if TYPE_CHECKING:
    from core.workspace import Workspace


class ReadOnlyBar(QFrame):
    """Shown while a workspace is open for reading only.

    Signals: `again_requested()`, to open it for writing after all.
    """

    again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "note")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        again = QPushButton(self.tr("Try again to write"), self)
        again.clicked.connect(self.again_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(3), theme.space(1), theme.space(2), theme.space(1))
        row.addWidget(self._text, 1)
        row.addWidget(again)
        self.hide()

    def text(self) -> str:
        """Return the sentence as shown."""
        return self._text.text()

    def show_workspace(self, workspace: Workspace) -> None:
        """Show why this workspace is read-only, or nothing when it is not."""
        self.setVisible(workspace.is_read_only)
        if not workspace.is_read_only:
            return
        if workspace.held_by:
            why = self.tr("Read-only: %1 has this workspace open.")
            why = why.replace("%1", workspace.held_by)
        elif not os.access(workspace.path, os.W_OK):
            why = self.tr("Read-only: you may not write to the folder of this workspace.")
        else:
            why = self.tr("Read-only, as it was opened.")
        self._text.setText(f"{why} {self.tr('You can look, nothing is changed.')}")
