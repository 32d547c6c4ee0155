"""What this user prefers on this computer; nothing of a workspace is in it."""

import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from core.errors import StorageError
from core.paths import settings_file

MAX_RECENT: Final = 8

_log = logging.getLogger(__name__)


class Theme(StrEnum):
    """The look of the window."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class UserSettings:
    """Preferences; `recent_workspaces` has the last one first."""

    theme: Theme = Theme.SYSTEM
    recent_workspaces: tuple[str, ...] = ()

    @property
    def last_workspace(self) -> str:
        """The folder that was open last; empty before the first one."""
        return self.recent_workspaces[0] if self.recent_workspaces else ""

    def with_workspace(self, path: Path) -> "UserSettings":
        """Return settings in which `path` is the last workspace."""
        text = str(path)
        others = tuple(one for one in self.recent_workspaces if one != text)
        return UserSettings(self.theme, (text, *others)[:MAX_RECENT])


def load_settings(path: Path | None = None) -> UserSettings:
    """Read the settings; what is missing or not readable has its usual value."""
    file = path or settings_file()
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return UserSettings()
    except (OSError, ValueError) as error:
        _log.warning("settings not readable: %s", type(error).__name__)
        return UserSettings()
    return _from_plain(data if isinstance(data, dict) else {})


def save_settings(settings: UserSettings, path: Path | None = None) -> None:
    """Write the settings; the file is replaced whole. Raises `StorageError` when it cannot be."""
    file = path or settings_file()
    text = json.dumps(asdict(settings), ensure_ascii=False, indent=2)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace_whole(file, text)
    except OSError as error:
        raise StorageError(
            f"Your settings could not be saved in {file.parent}: {error.strerror or error}.",
            hint="Check the free space and your permissions for this folder.",
        ) from error


def _from_plain(data: dict[str, Any]) -> UserSettings:  # JSON, checked here
    known = {one.name for one in fields(UserSettings)} & data.keys()
    theme = data["theme"] if "theme" in known else None
    recent = data["recent_workspaces"] if "recent_workspaces" in known else None
    return UserSettings(
        Theme(theme) if theme in list(Theme) else Theme.SYSTEM,
        tuple(one for one in recent if isinstance(one, str)) if isinstance(recent, list) else (),
    )


def _replace_whole(file: Path, text: str) -> None:
    handle, aside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as open_file:
            open_file.write(text)
            open_file.flush()
            os.fsync(open_file.fileno())
        os.replace(aside, file)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
