"""What a person does on a page, and what is read there."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

PLAIN = Qt.KeyboardModifier.NoModifier


def _focused() -> QWidget:
    found = QApplication.focusWidget() or QApplication.activeWindow()
    assert found is not None, "no window has the keyboard"
    return found


def press(qtbot: QtBot, *keys: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    """Press keys, each where the keyboard is then."""
    for key in keys:
        qtbot.keyClick(_focused(), key, modifier)


def type_keys(qtbot: QtBot, letters: str) -> None:
    """Press the keys of letters and digits, each where the keyboard is then."""
    for letter in letters:
        qtbot.keyClicks(_focused(), letter)


def drop_files(widget: QWidget, *paths: Path) -> None:
    """Let files fall on a widget."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    widget.dropEvent(QDropEvent(QPointF(5, 5), copy, data, button, PLAIN))


def shown_text(page: QWidget) -> str:
    """Return all that labels in sight say."""
    return " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())
