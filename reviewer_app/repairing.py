"""Repairs a workspace while the window holds none: the page, the work, the way back in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import CoreError
from core.tasks import CancelToken, Progress
from reviewer_app.operations import Operations
from reviewer_app.repair_page import RepairPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QStackedWidget

    from core.services.integrity.repair import RepairReport


class Repairing(QObject):
    """Shows the repair page in the stack of the window and runs what it asks for.

    Signals: `open_requested(Path)`, after a repair; `left()`, without one.
    """

    open_requested = Signal(object)
    left = Signal()
    _progressed = Signal(object)

    def __init__(self, operations: Operations, stack: QStackedWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._stack = stack
        self._path = Path()
        self._page: RepairPage | None = None
        self._is_running = False

    @property
    def page(self) -> RepairPage:
        """The page; made when it is first needed."""
        if self._page is None:
            page = RepairPage()
            page.repair_requested.connect(self._on_repair_requested)
            page.open_requested.connect(lambda: self.open_requested.emit(self._path))
            page.left.connect(self.left)
            self._progressed.connect(page.show_progress)
            self._stack.addWidget(page)
            self._page = page
        return self._page

    def offer(self, path: Path, trouble: Sequence[str]) -> None:
        """Show what is wrong with a closed workspace and offer to repair it."""
        from core.repairing import newest_backup

        self._path = path
        backup = self._operations.ask(self.tr("Looking for a backup"), lambda: newest_backup(path))
        self._stack.setCurrentWidget(self.page)
        self.page.show_trouble(path.stem, trouble, backup)

    @Slot()
    def _on_repair_requested(self) -> None:
        if self._is_running:
            return
        self._is_running = True
        path, sources = self._path, tuple(self.page.sources)
        self.page.show_running()

        def work(
            _token: CancelToken, _report: Callable[[Progress], None]
        ) -> RepairReport | CoreError:
            from core.repairing import repair_workspace

            try:
                return repair_workspace(path, sources=sources, progress=self._progressed.emit)
            except CoreError as error:  # told on the page that it is about
                return error

        self._operations.ask_later("", work, on_done=self._on_ended, on_error=self._on_crashed)

    def _on_ended(self, found: RepairReport | CoreError) -> None:
        self._is_running = False
        if isinstance(found, CoreError):
            self.page.show_failed(str(found))
        else:
            self.page.show_report(found)

    def _on_crashed(self, _error: BaseException) -> None:
        self._is_running = False
        self.page.show_failed(self.tr("Something unexpected stopped the repair."))
