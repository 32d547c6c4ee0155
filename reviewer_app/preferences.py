"""Choices of one person on one machine; nothing of a workspace is kept here."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSettings

MAX_RECENT: Final = 8
TEXT_PERCENTS: Final = (90, 100, 115, 130, 150, 200)


class SchemeChoice(StrEnum):
    """Which theme to use; `SYSTEM` follows the desktop."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


class Preferences:
    """Reads and writes the choices; values that make no sense count as not chosen."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def scheme(self) -> SchemeChoice:
        """The chosen theme; dark until chosen, because images are read on most pages."""
        chosen = self._text("look/scheme")
        return SchemeChoice(chosen) if chosen in list(SchemeChoice) else SchemeChoice.DARK

    @scheme.setter
    def scheme(self, choice: SchemeChoice) -> None:
        self._settings.setValue("look/scheme", choice.value)

    @property
    def text_percent(self) -> int:
        """The text size as a percentage of the system's."""
        chosen = self._text("look/text_percent")
        percent = int(chosen) if chosen.isdecimal() else 100
        return percent if percent in TEXT_PERCENTS else 100

    @text_percent.setter
    def text_percent(self, percent: int) -> None:
        self._settings.setValue("look/text_percent", str(percent))

    def recent_workspaces(self) -> list[Path]:
        """Return workspaces opened before that still exist, newest first."""
        return [path for path in self._recent() if path.is_dir()]

    def remember_workspace(self, path: Path) -> None:
        """Put a workspace at the top of the recent ones."""
        paths = [path, *(one for one in self._recent() if one != path)]
        self._settings.setValue("workspaces/recent", "\n".join(map(str, paths[:MAX_RECENT])))

    @property
    def reopens_last(self) -> bool:
        """Whether the program opens the last workspace when it starts."""
        return self._text("workspaces/reopen") != "no"

    @reopens_last.setter
    def reopens_last(self, wanted: bool) -> None:
        self._settings.setValue("workspaces/reopen", "yes" if wanted else "no")

    def shortcut(self, name: str, default: str) -> str:
        """Return the key chosen for an action."""
        key = f"shortcuts/{name}"
        return self._text(key) if self._settings.contains(key) else default

    def set_shortcut(self, name: str, keys: str) -> None:
        """Choose the key of an action; an empty text means none."""
        self._settings.setValue(f"shortcuts/{name}", keys)

    def forget_shortcuts(self) -> None:
        """Go back to the keys the program came with."""
        self._settings.remove("shortcuts")

    @property
    def geometry(self) -> QByteArray:
        """Where the window was; empty at the first start."""
        value = self._settings.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._settings.setValue("window/geometry", value)

    @property
    def images_geometry(self) -> QByteArray:
        """Where the images' own window was; empty at the first time."""
        value = self._settings.value("images/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @images_geometry.setter
    def images_geometry(self, value: QByteArray) -> None:
        self._settings.setValue("images/geometry", value)

    @property
    def has_images_apart(self) -> bool:
        """Whether images stand in a window of their own."""
        return self._text("images/apart") == "yes"

    @has_images_apart.setter
    def has_images_apart(self, wanted: bool) -> None:
        self._settings.setValue("images/apart", "yes" if wanted else "no")

    def _recent(self) -> list[Path]:
        return [Path(line) for line in self._text("workspaces/recent").splitlines() if line]

    def _text(self, name: str) -> str:
        value = self._settings.value(name, "")
        return value if isinstance(value, str) else ""
