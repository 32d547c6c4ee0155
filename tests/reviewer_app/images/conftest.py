"""Images in a window of their own."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer_app.widgets.images.panel import ImagePanel

Shown = TypeVar("Shown", bound=QWidget)
Show = Callable[[Shown, int, int], Shown]


@pytest.fixture
def on_screen(qtbot: QtBot) -> Show[QWidget]:
    """Show a widget at a width and height until the test ends."""

    def show(widget: Shown, width: int, height: int) -> Shown:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show


@pytest.fixture
def panel(on_screen: Show[ImagePanel]) -> ImagePanel:
    return on_screen(ImagePanel(), 900, 700)
