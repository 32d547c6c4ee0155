"""The menu at the lower left: settings, backups, and the ways to other workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from reviewer_app.window_keys import WindowKeys


class MainMenu(QMenu):
    """What is not done every day.

    Signals: `package_wanted()`, `other_wanted()`, `new_wanted()`, `closing_wanted()`.
    """

    package_wanted = Signal()
    other_wanted = Signal()
    new_wanted = Signal()
    closing_wanted = Signal()

    def __init__(self, keys: WindowKeys, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("settings", "shortcut_sheet", "full_screen", "images_screen", "images_apart"):
            self.addAction(keys.action(name))
        self.addSeparator()
        self.addAction(keys.action("backups"))
        self.addSeparator()
        self.addAction(self.tr("Open a package…"), self.package_wanted.emit)
        self.addAction(self.tr("Open another workspace…"), self.other_wanted.emit)
        self.addAction(self.tr("Create a workspace…"), self.new_wanted.emit)
        self.addAction(self.tr("Close this workspace"), self.closing_wanted.emit)
        self.addSeparator()
        self.addAction(keys.action("quit"))
