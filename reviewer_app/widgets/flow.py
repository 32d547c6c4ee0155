"""A row of widgets that goes on below where it does not fit: large text cuts nothing off."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from reviewer_app import theme

_NO_GAP: Final = -1


class FlowLayout(QLayout):
    """Lays out widgets in reading order; hidden ones take no place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap_at = _NO_GAP
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme.space(1))

    def add_gap(self) -> None:
        """Let what is spare in a single line stand here: what follows ends at the far side."""
        self._gap_at = len(self._items)

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item; None beyond the last one."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out; None beyond the last one."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Be higher where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high all lines together are."""
        return self._arrange(QRect(0, 0, width, 0), moves=False)

    def sizeHint(self) -> QSize:
        """Return the size of a single line."""
        sizes = [item.sizeHint() for item in self._shown()]
        gaps = self.spacing() * max(0, len(sizes) - 1)
        width = sum(size.width() for size in sizes) + gaps
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        least = QSize(0, 0)
        for item in self._shown():
            least = least.expandedTo(item.minimumSize())
        return least

    def setGeometry(self, rect: QRect) -> None:
        """Put every item into its place."""
        super().setGeometry(rect)
        self._arrange(rect, moves=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, area: QRect, *, moves: bool) -> int:
        """Lay the lines out from the top, and return their height."""
        x, y, height = area.left(), area.top(), 0
        spare = area.width() - self.sizeHint().width()
        for place, item in enumerate(self._items):
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(1, area.width()), item.sizeHint().height()))
            if place >= self._gap_at > _NO_GAP and spare > 0:
                x, spare = x + spare, 0
            if x > area.left() and x + size.width() > area.left() + area.width():
                x, y, height = area.left(), y + height + self.spacing(), 0
            if moves:
                spot = QRect(x, y, size.width(), size.height())
                direction = self._direction()
                item.setGeometry(QStyle.visualRect(direction, area, spot))
            x += size.width() + self.spacing()
            height = max(height, size.height())
        return y + height - area.top()

    def _direction(self) -> Qt.LayoutDirection:
        parent = self.parentWidget()
        return Qt.LayoutDirection.LeftToRight if parent is None else parent.layoutDirection()
