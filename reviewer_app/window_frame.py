"""How the window is laid out: rail at the left, bars over the pages, one status line below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.status import SavedLine
from reviewer_app.widgets.task_bar import TaskBar

if TYPE_CHECKING:
    from reviewer_app.tasks import TaskRunner


class WindowFrame(QWidget):
    """Holds what stands around the pages."""

    def __init__(
        self,
        rail: QWidget,
        bars: Sequence[QWidget],
        stack: QWidget,
        status: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme.set_role(self, "page")
        over = QVBoxLayout()
        over.setContentsMargins(theme.space(4), 0, theme.space(4), 0)
        over.setSpacing(theme.space(1))
        for bar in bars:
            over.addWidget(bar)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(over)
        right.addWidget(stack, 1)
        right.addWidget(status)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(rail)
        whole.addLayout(right, 1)


class StatusLine(QFrame):
    """Which workspace is open, when it was saved last, what is being done."""

    def __init__(self, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "bar")
        self._workspace = QLabel(self)
        theme.set_role(self._workspace, "hint")
        self.saved_line = SavedLine(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(1), theme.space(4), theme.space(1))
        row.setSpacing(theme.space(4))
        row.addWidget(self._workspace)
        row.addWidget(self.saved_line)
        row.addStretch(1)
        row.addWidget(TaskBar(tasks, self))
        self.setFixedHeight(theme.space(8))

    def show_workspace(self, name: str, path: Path) -> None:
        """Name the open workspace."""
        self._workspace.setText(name)
        self._workspace.setToolTip(str(path))

    def show_none(self) -> None:
        """Say that no workspace is open."""
        self._workspace.clear()
        self._workspace.setToolTip("")
