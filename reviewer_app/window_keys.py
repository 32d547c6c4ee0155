"""The actions of the window, the keys that set them off, and the two dialogs about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from reviewer_app.key_bindings import KeyBinding, native_keys, noop
from reviewer_app.pages.registry import PAGES, SEND_BACK
from reviewer_app.widgets.answer_keys import ANSWER_KEYS, AnswerKeyRing, AnswerKeys
from reviewer_app.widgets.images.keys import IMAGE_BINDINGS, STAGE_KEYS, ImageKeyRing, ImageKeys

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from reviewer_app.preferences import Preferences

WINDOW_KEYS: Final = (
    *(
        KeyBinding(f"page_{entry.name}", entry.title, f"Ctrl+{number}")
        for number, entry in enumerate(PAGES, 1)
    ),
    KeyBinding("page_sendback", SEND_BACK.title, "Ctrl+0"),
    KeyBinding("new_question", noop("New question"), "Ctrl+N"),
    KeyBinding("find", noop("Search the library"), "Ctrl+F"),
    KeyBinding("full_screen", noop("Full screen"), "F11"),
    *STAGE_KEYS,
    KeyBinding("backups", noop("Backups…"), "Ctrl+Shift+B"),
    KeyBinding("settings", noop("Settings"), "Ctrl+,"),
    KeyBinding("shortcut_sheet", noop("Shortcut sheet"), "F1"),
    KeyBinding("dismiss_message", noop("Dismiss the message"), "Ctrl+Shift+D"),
    KeyBinding("quit", noop("Quit"), "Ctrl+Q"),
)
"""The keys of the window that can be chosen."""


class WindowKeys(QObject):
    """Gives each action its chosen key.

    Signals: `look_changed()`, theme or text size was chosen in the settings.
    """

    look_changed = Signal()

    def __init__(
        self, preferences: Preferences, slots: Mapping[str, Callable[[], object]], window: QWidget
    ) -> None:
        """`slots` says what is done by the name of an action, but for the dialogs made here."""
        super().__init__(window)
        self._preferences = preferences
        self._window = window
        self._actions: dict[str, QAction] = {}
        self.image_ring = ImageKeyRing(window)
        """The keys of the image views, which find it by the window they are in."""
        self.answer_ring = AnswerKeyRing(window)
        """The keys of a sitting, found in the same way."""
        own = {"settings": self.open_settings, "shortcut_sheet": self.open_shortcut_sheet}
        for binding in WINDOW_KEYS:
            action = QAction(binding.display_text, window)
            slot = {**own, **slots}[binding.name]
            action.triggered.connect(lambda _=False, slot=slot: slot())
            window.addAction(action)
            self._actions[binding.name] = action
        self.apply()

    def action(self, name: str) -> QAction:
        """Return an action, to be put into a menu."""
        return self._actions[name]

    def chosen(self) -> dict[str, str]:
        """Return the chosen key of each action."""
        return self._chosen_of(WINDOW_KEYS)

    def native_text(self, name: str) -> str:
        """Return the key of an action as this desktop writes it."""
        return native_keys(self.chosen()[name])

    @Slot()
    def open_settings(self) -> None:
        """Open the settings."""
        from reviewer_app.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._preferences, self._window)
        dialog.look_changed.connect(self.look_changed)
        dialog.keys_changed.connect(self.apply)
        dialog.open()

    @Slot()
    def open_shortcut_sheet(self) -> None:
        """Open the list of all keys."""
        from reviewer_app.dialogs.shortcut_sheet import ShortcutSheet

        sheet = ShortcutSheet(
            self.chosen(),
            self._window,
            images=self.image_ring.keys(),
            answering=self.answer_ring.keys(),
        )
        sheet.open()

    @Slot()
    def apply(self) -> None:
        """Give each action the key that the preferences hold now."""
        for name, keys in self.chosen().items():
            self._actions[name].setShortcut(QKeySequence(keys))
        self.image_ring.choose(ImageKeys(self._chosen_of((*IMAGE_BINDINGS, *STAGE_KEYS))))
        self.answer_ring.choose(AnswerKeys(self._chosen_of(ANSWER_KEYS.bindings)))

    def _chosen_of(self, bindings: Iterable[KeyBinding]) -> dict[str, str]:
        return {one.name: self._preferences.shortcut(one.name, one.keys) for one in bindings}
