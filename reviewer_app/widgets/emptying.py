"""Takes widgets out of a layout without touching the layout's own items."""

from PySide6.QtWidgets import QLayout, QWidget


def empty(layout: QLayout) -> None:
    """Drop all widgets of a layout.

    `QLayout.takeAt` and `itemAt` would be shorter. But Qt deletes the items they return together
    with their widgets, Python is not told, and the next object that Qt makes at the same address
    is taken for the old item: the program crashes somewhere else, later.
    """
    parent = layout.parentWidget()
    if parent is None:
        return
    for child in parent.children():
        if isinstance(child, QWidget) and layout.indexOf(child) >= 0:
            layout.removeWidget(child)
            child.hide()
            child.deleteLater()
