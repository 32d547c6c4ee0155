"""Lets a double click on a package open this program, for this user, without admin rights."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.errors import StorageError
from core.paths import resources_folder

SUFFIX: Final = ".asclepius-package"
_WINDOWS_NAME: Final = "Asclepius.Package"
_REFRESH_S: Final = 20


def program() -> list[str]:
    """Return the words that start this program."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    beside = shutil.which("asclepius", path=str(Path(sys.executable).parent))
    return [beside] if beside else [sys.executable, "-m", "core"]


def associate(words: Sequence[str] | None = None, *, data_home: Path | None = None) -> list[Path]:
    """Register packages with the desktop of this user; return the files that were written.

    On Windows the registry of the user is changed and no file is written; on macOS the bundle
    says it by itself. Raises `StorageError` where it cannot be written.
    """
    words = list(words or program())
    try:
        if sys.platform == "win32":
            _associate_on_windows(words)
            return []
        if sys.platform == "darwin":
            return []
        return _associate_on_linux(words, data_home or _data_home())
    except OSError as error:
        raise StorageError(
            f"The double click could not be set up: {error.strerror or error}.",
            hint="Packages open with “Open a package” and by dropping them on the window, too.",
        ) from error


def _data_home() -> Path:
    named = os.environ.get("XDG_DATA_HOME")
    return Path(named) if named else Path.home() / ".local" / "share"


def _associate_on_linux(words: Sequence[str], data_home: Path) -> list[Path]:
    source = resources_folder() / "desktop"
    entry = (source / "asclepius.desktop").read_text("utf-8")
    command = " ".join(_desktop_quoted(word) for word in words)
    written = {
        data_home / "applications" / "asclepius.desktop": entry.replace(
            "Exec=asclepius ", f"Exec={command} "
        ),
        data_home / "mime" / "packages" / "asclepius.xml": (
            source / "asclepius-mime.xml"
        ).read_text("utf-8"),
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    _refresh("update-mime-database", data_home / "mime")
    _refresh("update-desktop-database", data_home / "applications")
    return list(written)


def _desktop_quoted(word: str) -> str:
    """Return a word as the Desktop Entry Specification wants it; plain words stay as they are."""
    if word == shlex.quote(word):
        return word
    escaped = "".join("\\" + letter if letter in '"`$\\' else letter for letter in word)
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


def _refresh(tool: str, folder: Path) -> None:
    """Let the desktop read the files now; without the tool it does so at the next login."""
    found = shutil.which(tool)
    if found is not None:
        subprocess.run([found, str(folder)], check=False, capture_output=True, timeout=_REFRESH_S)


def _associate_on_windows(words: Sequence[str]) -> None:  # pragma: no cover - on Windows only
    import winreg

    command = subprocess.list2cmdline([*words, "%1"])
    classes = r"Software\Classes"
    for key, value in (
        (rf"{classes}\{SUFFIX}", _WINDOWS_NAME),
        (rf"{classes}\{_WINDOWS_NAME}", "Asclepius package"),
        (rf"{classes}\{_WINDOWS_NAME}\shell\open\command", command),
    ):
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:  # type: ignore[attr-defined] # stubs of other systems lack it
            winreg.SetValueEx(opened, None, 0, winreg.REG_SZ, value)  # type: ignore[attr-defined] # as above
