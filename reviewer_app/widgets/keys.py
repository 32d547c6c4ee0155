"""Keys that work in the whole window while their widget is on screen, and rest in text fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

SUBMIT_KEYS = ("Return", "Enter", "Ctrl+Return", "Ctrl+Enter")
"""Ctrl with Enter submits also from a text of several lines, where Enter is a new line."""

_WAYS = {
    # The hand goes to what it wants to see: the picture moves the other way.
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
PAN_SHARE = 0.125
"""Of the shorter side of a view: so far a key moves the picture."""
DOUBLE_PRESS_MS = 400
"""A key pressed twice within this time was meant once."""


def add_keys(
    owner: QWidget, keys: Iterable[str], action: Callable[[], object]
) -> tuple[QShortcut, ...]:
    """Let `keys` call `action` while `owner` is visible and enabled.

    Text fields claim the keys they type (Qt's ShortcutOverride), so plain keys rest there.
    """
    return tuple(_shortcut(owner, key, action) for key in keys)


def add_button_keys(button: QAbstractButton, *keys: str) -> tuple[QShortcut, ...]:
    """Let `keys` press `button`; a Space meant for another focused button goes to that one."""
    return add_keys(button, keys, lambda: press_button(button, keys))


def add_form_keys(form: QWidget, button: QAbstractButton, *keys: str) -> tuple[QShortcut, ...]:
    """Let `keys` press `button` while the focus is in `form`, for pages with several forms."""
    shortcuts = add_keys(form, keys, button.click)
    for shortcut in shortcuts:
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    return shortcuts


def pan_of(event: QKeyEvent, step: float) -> tuple[float, float] | None:
    """Return how far Ctrl with an arrow moves a picture across and down; None for other keys."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    way = _WAYS.get(Qt.Key(event.key()))
    if modifiers != Qt.KeyboardModifier.ControlModifier or way is None:
        return None
    return way[0] * step, way[1] * step


def keeps_key(event: QEvent, *keys: Qt.Key) -> bool:
    """Tell whether a widget was asked for one of its keys, and keep it from the page's buttons."""
    is_asked = event.type() is QEvent.Type.ShortcutOverride
    if not (is_asked and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in keys):
        return False
    if event.modifiers() not in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
    ):
        return False
    event.accept()
    return True


def press_button(button: QAbstractButton, keys: Iterable[str] = ()) -> None:
    """Click `button`, unless Space was pressed on another button that has the focus."""
    focused = QApplication.focusWidget()
    if "Space" in keys and isinstance(focused, QAbstractButton) and focused is not button:
        focused.click()
        return
    button.click()


def _shortcut(owner: QWidget, key: str, action: Callable[[], object]) -> QShortcut:
    shortcut = QShortcut(QKeySequence(key), owner)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(lambda: action())
    return shortcut
