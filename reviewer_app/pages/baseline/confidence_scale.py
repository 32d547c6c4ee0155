"""Confidence from 1 to 5 as a row of buttons."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from reviewer_app import theme
from reviewer_app.widgets.keys import add_keys

LEVELS: Final = range(1, 6)


class ConfidenceScale(QWidget):
    """Five levels; the digits choose while the row has the focus.

    Signals: `chosen(int)` by the user.
    """

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._window_keys: list[QShortcut] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        for level in LEVELS:
            button = QPushButton(str(level), self)
            button.setCheckable(True)
            button.setMinimumWidth(theme.space(9))
            button.setAccessibleName(f"{name}: {level}")
            button.setToolTip(self.tr("Key %1").replace("%1", str(level)))
            theme.set_kind(button, "chip")
            self._group.addButton(button, level)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)
        self.setFocusProxy(self._group.button(LEVELS[0]))

    def value(self) -> int | None:
        """Return the level, or None."""
        level = self._group.checkedId()
        return level if level in LEVELS else None

    def set_value(self, value: int | None) -> None:
        """Show a level without saying so."""
        self._group.setExclusive(False)
        for level in LEVELS:
            self._group.button(level).setChecked(level == value)
        self._group.setExclusive(True)

    def use_window_keys(self, *, are_used: bool) -> None:
        """Let the digits choose wherever the focus is, or only in this row."""
        if not self._window_keys:
            for level in LEVELS:
                button = self._group.button(level)
                self._window_keys.extend(add_keys(button, (str(level),), button.click))
        for shortcut in self._window_keys:
            shortcut.setEnabled(are_used)

    def focus_level(self) -> None:
        """Put the focus on the chosen level, or the first."""
        self._group.button(self.value() or LEVELS[0]).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by digit."""
        text = event.text()
        if text.isdecimal() and int(text) in LEVELS:
            self._group.button(int(text)).click()
            return
        super().keyPressEvent(event)
