"""Files that are dropped on a widget."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QWidget

from reviewer_app import theme

Wanted = Callable[[tuple[Path, ...]], tuple[Path, ...]]
"""Returns those of some paths that a widget takes."""


def paths_of(event: QDropEvent) -> tuple[Path, ...]:
    """Return the local files and folders that are being dragged."""
    urls = event.mimeData().urls()
    return tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())


class DropFrame(QFrame):
    """A framed place that takes files, and stands out while wanted ones are over it.

    Signal: `dropped(tuple[Path, ...])` with what is `wanted` of them, at least one.
    """

    dropped = Signal(object)

    def __init__(self, wanted: Wanted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        theme.set_role(self, "drop")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Tell that the files may be dropped here."""
        if self._wanted(paths_of(event)):
            event.acceptProposedAction()
            self._show_active(is_active=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        super().dragLeaveEvent(event)
        self._show_active(is_active=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._show_active(is_active=False)
        paths = self._wanted(paths_of(event))
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _show_active(self, *, is_active: bool) -> None:
        self.setProperty("active", is_active)
        self.style().unpolish(self)
        self.style().polish(self)
