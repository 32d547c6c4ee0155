"""A hand and an eye: finds what a user sees by its name, clicks it, types into it."""

import re
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

Kind = TypeVar("Kind", bound=QWidget)
PATIENCE_MS = 20_000


class Hand:
    """Works on the visible part of a window; knows names, not code."""

    def __init__(self, window: QWidget, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot

    def see(self, name: str, kind: type[Kind] = QWidget) -> Kind:  # type: ignore[assignment] # the widest kind
        """Wait until a widget of this name is on screen, and return it."""
        found: list[Kind] = []

        def look() -> None:
            found[:] = [one for one in self._visible(kind) if name in _names(one)]
            assert found, f"“{name}” is not on screen; there are: {self.names()}"

        try:
            self._qtbot.waitUntil(_without_error(look), timeout=PATIENCE_MS)
        except WaitedInVain:
            look()
        return found[0]

    def sees_text(self, part: str) -> None:
        """Wait until some text on screen contains `part`."""

        def is_there() -> bool:
            return any(part in text for one in self._visible(QWidget) for text in _texts(one))

        try:
            self._qtbot.waitUntil(is_there, timeout=PATIENCE_MS)
        except WaitedInVain as error:
            raise AssertionError(f"“{part}” is not on screen; there are: {self.names()}") from error

    def click(self, name: str) -> None:
        """Click the middle of a widget, once it is enabled."""
        widget = self.see(name)
        self._qtbot.waitUntil(widget.isEnabled, timeout=PATIENCE_MS)
        place = QPoint(min(widget.width() // 2, 12), widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)
        self._come_back()

    def write(self, name: str, text: str) -> None:
        """Put the cursor into a field and type."""
        self.see(name)
        widget = next(
            one
            for one in self._visible(QWidget)
            if name in _names(one) and isinstance(one, QLineEdit | QPlainTextEdit | QTextEdit)
        )
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(widget, text)

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a box by the arrow keys."""
        box = self.see(name, QComboBox)
        box.setFocus()
        for _ in range(box.count()):
            if box.currentText() == text:
                return
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == text, f"“{text}” is not in “{name}”"

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the focus is."""
        self._come_back()
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, key, modifier)

    def strike(self, text: str) -> None:
        """Type where the focus is."""
        self._come_back()
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def pick(self, part: str) -> None:
        """Click an entry of the open menu."""
        self._qtbot.waitUntil(lambda: self._menu() is not None, timeout=PATIENCE_MS)
        menu = self._menu()
        assert menu is not None
        action = next(one for one in menu.actions() if part in one.text())
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        self._qtbot.waitUntil(lambda: self._menu() is None, timeout=PATIENCE_MS)
        self._come_back()

    def drop(self, name: str, path: Path) -> None:
        """Drop a file on a widget."""
        widget = self.see(name)
        while not widget.acceptDrops():
            widget = widget.parentWidget()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        bare = Qt.KeyboardModifier.NoModifier
        middle = widget.rect().center()
        QApplication.sendEvent(widget, QDragEnterEvent(middle, copy, data, button, bare))
        QApplication.sendEvent(widget, QDropEvent(QPointF(middle), copy, data, button, bare))

    def names(self) -> list[str]:
        """Return what is on screen, for a failing test."""
        return sorted({name for one in self._visible(QWidget) for name in _names(one) if name})

    def _come_back(self) -> None:
        """Give the focus back to the window; without a window manager nobody else does."""
        QApplication.processEvents()
        if QApplication.activePopupWidget() or QApplication.activeModalWidget():
            return
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow, timeout=PATIENCE_MS)

    def _menu(self) -> QMenu | None:
        found = QApplication.activePopupWidget()
        return found if isinstance(found, QMenu) else None

    def _visible(self, kind: type[Kind]) -> list[Kind]:
        tops = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        # A dialog lies above the window.
        tops.sort(key=lambda one: one is self.window)
        return [
            one
            for top in tops
            for one in ([top] if isinstance(top, kind) else []) + top.findChildren(kind)
            if one.isVisible()
        ]


def _texts(widget: QWidget) -> list[str]:
    texts = [widget.accessibleName()]
    text = getattr(widget, "text", None)
    if callable(text):
        texts.append(str(text()))
    return texts


def _names(widget: QWidget) -> set[str]:
    """Return accessible name and text, without the key in brackets and the mnemonic."""
    bare = {re.sub(r"\s*\([^)]*\)$", "", text.replace("&", "")) for text in _texts(widget)}
    return bare | set(_texts(widget))


def _without_error(look: object) -> object:
    def is_seen() -> bool:
        try:
            look()  # type: ignore[operator] # a callable by its use
        except AssertionError:
            return False
        return True

    return is_seen
