"""The lock of a workspace: one program writes, the others are told who it is."""

import getpass
import os
import socket
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.errors import StorageError

# Windows locks bytes against reading, too; a byte far behind the text leaves the text readable.
_LOCKED_BYTE = 1 << 30


class WorkspaceLock:
    """Holds `path` until `release`; the operating system drops it when the program dies."""

    def __init__(self, path: Path, now: datetime) -> None:
        """Take the lock; raise `StorageError` naming the holder when somebody else has it."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._file)
        except OSError as error:
            os.close(self._file)
            raise StorageError(
                f"The workspace {path.parent.name} is already open for writing"
                f"{_by(read_holder(path))}.",
                hint="Close it there, or open it for reading only.",
            ) from error
        place = f"{_user()} on {socket.gethostname()} (process {os.getpid()})"
        text = f"{place}, since {now:%Y-%m-%d %H:%M} UTC"
        with suppress(OSError):  # on a full disk the lock holds, only without a name
            os.ftruncate(self._file, 0)
            os.write(self._file, text.encode())

    @property
    def is_released(self) -> bool:
        """Whether the lock was given back."""
        return self._file < 0

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._file < 0:
            return
        with suppress(OSError):  # the text is a courtesy; the lock goes with the file
            os.ftruncate(self._file, 0)
        os.close(self._file)
        self._file = -1


def current_holder(path: Path) -> str:
    """Return who has the lock now, or an empty string when nobody has."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return read_holder(path)
    try:
        _lock(file)
    except OSError:
        return read_holder(path) or "another program"
    finally:
        os.close(file)
    return ""


def read_holder(path: Path) -> str:
    """Return what the holder wrote into the lock file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _by(holder: str) -> str:
    return f" by {holder}" if holder else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in a container
        return "somebody"


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
