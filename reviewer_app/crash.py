"""Our own mistakes: logged without content, told in place, never in a modal box."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)


def describe_crash(error: BaseException) -> str:
    """Return kind and places of an error; its text and values may hold content and stay out."""
    lines = [type(error).__name__]
    lines.extend(
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    cause = error.__cause__ or error.__context__
    if cause is not None:
        lines.append("caused by")
        lines.append(describe_crash(cause))
    return "\n".join(lines)


class CrashReporter(QObject):
    """Takes every error that nobody handled.

    Signals: `crashed()`, after the log was written.
    """

    crashed = Signal()

    def install(self) -> None:
        """Become the place where unhandled errors go."""
        sys.excepthook = self.report

    def uninstall(self) -> None:
        """Give the hook back."""
        sys.excepthook = sys.__excepthook__

    def report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an error and say so; Ctrl+C ends the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("%s", describe_crash(error))
        self.crashed.emit()
