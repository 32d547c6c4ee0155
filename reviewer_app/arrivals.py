"""Packages that reach the window: by double click, dropped on it, or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QStackedWidget

from core.domain.package import PACKAGE_SUFFIX, PackageKind, is_package
from core.domain.people import Role

if TYPE_CHECKING:
    from core.workspace import Workspace
    from reviewer_app.context import AppContext
    from reviewer_app.dialogs.receiving import ReceivingPage
    from reviewer_app.operations import Operations
    from reviewer_app.preferences import Preferences
    from reviewer_app.receiver import PackageReceiver

MERGE_PAGE = "packages"


class Arrivals(QObject):
    """Sends each package where it belongs: to the page that opens it, or to the merge.

    Signals: `shown()`, the page that opens a package is in front; `left()`, it is not wanted any
    more; `closing_wanted()`, the open workspace is about to be written from elsewhere;
    `workspace_wanted(Path)`; `merge_wanted(list, str)`, files and their passphrase.
    """

    shown = Signal()
    left = Signal()
    closing_wanted = Signal()
    workspace_wanted = Signal(object)
    merge_wanted = Signal(object, str)

    def __init__(
        self,
        operations: Operations,
        preferences: Preferences,
        stack: QStackedWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._preferences = preferences
        self._stack = stack
        self._context: AppContext | None = None
        self._page: ReceivingPage | None = None

    @property
    def page(self) -> ReceivingPage:
        """The page that opens a package; made when the first one arrives."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    @property
    def receiver(self) -> PackageReceiver:
        """The package that is being opened."""
        return self.page.receiver

    def take(self, paths: Sequence[Path], context: AppContext | None) -> None:
        """Take files that arrived while this workspace, or none, was open."""
        self._context = context
        if len(paths) > 1 and self._can_merge():
            self.merge_wanted.emit(list(paths), "")
            return
        recent = self._preferences.recent_workspaces()
        here = self._whole_workspace()
        self.page.passphrase.clear()
        self.page.accept_box.setChecked(False)
        self.page.offer_merge(recent, here=here.name if here is not None else "")
        self._stack.setCurrentWidget(self.page)
        self.shown.emit()
        self.receiver.take(paths[0])

    @Slot()
    def ask(self, context: AppContext | None = None) -> None:
        """Let the user choose a package."""
        from PySide6.QtWidgets import QFileDialog

        kinds = f"{self.tr('Packages')} (*{PACKAGE_SUFFIX});;{self.tr('All files')} (*)"
        start = str(Path.home())
        name, _ = QFileDialog.getOpenFileName(
            self._stack.window(), self.tr("Open a package"), start, kinds
        )
        if name:
            self.take([Path(name)], context)

    def _make_page(self) -> ReceivingPage:
        from reviewer_app.dialogs.receiving import ReceivingPage
        from reviewer_app.receiver import PackageReceiver

        receiver = PackageReceiver(self._operations, self._preferences, self)
        page = ReceivingPage(receiver, self._stack)
        self._stack.addWidget(page)
        receiver.changed.connect(self._on_receiver_changed)
        receiver.opening.connect(self._on_opening)
        receiver.received.connect(self.workspace_wanted)
        page.left.connect(self.left)
        page.merge_requested.connect(self._on_merge_requested)
        return page

    def _whole_workspace(self) -> Workspace | None:
        """Return the open workspace, if returned work can be merged into it."""
        if self._context is None or self._context.workspace.limits is not None:
            return None
        is_lead = self._context.me().has_role(Role.LEAD)
        can_write = not self._context.workspace.is_read_only
        return self._context.workspace if is_lead and can_write else None

    def _can_merge(self) -> bool:
        return self._whole_workspace() is not None

    @Slot()
    def _on_receiver_changed(self) -> None:
        look = self.receiver.look
        if look is None or look.facts.kind is not PackageKind.RETURN or not self._can_merge():
            return
        if self.receiver.path is not None:  # there is nothing else that one could want
            self.merge_wanted.emit([self.receiver.path], self.receiver.passphrase)

    @Slot(object)
    def _on_opening(self, folder: Path) -> None:
        if self._context is not None and self._context.workspace.path == folder:
            self._context = None
            self.closing_wanted.emit()

    @Slot(object)
    def _on_merge_requested(self, workspace: Path) -> None:
        path, passphrase = self.receiver.path, self.receiver.passphrase
        if workspace != Path():
            self.workspace_wanted.emit(workspace)
        if path is not None:
            self.merge_wanted.emit([path], passphrase)


class OpenEvents(QObject):
    """Listens for files that the desktop of macOS hands to the running program.

    Signals: `file_opened(Path)`.
    """

    file_opened = Signal(object)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(Path(event.file()))
            return True
        return super().eventFilter(watched, event)


def packages_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return those of some files that are packages."""
    return tuple(one for one in paths if is_package(one))
