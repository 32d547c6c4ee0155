"""Columns of text that stay readable on a wide screen."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from reviewer_app import theme

READABLE_PX: Final = 760
"""About ninety characters a line."""


def centered(content: QWidget, *, max_width_px: int = READABLE_PX) -> QWidget:
    """Return a widget that shows `content` in its middle, not wider than is readable."""
    holder = QWidget(content.parentWidget())
    content.setMaximumWidth(max_width_px)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(0)
    row.addWidget(content, 1)
    row.addStretch(0)
    return holder


def scrolled(content: QWidget) -> QScrollArea:
    """Return an area that scrolls `content` where it is too high; Tab goes past the area."""
    area = QScrollArea(content.parentWidget())
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    theme.set_role(content, "scrolled")
    area.setWidget(content)
    return area
