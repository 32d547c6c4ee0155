"""Our own mistakes: written to a log without content, told in place, never in a modal box."""

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Signal

_LOG_BYTES: Final = 512 * 1024


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

    Signals: `crashed(str)`, the path of the log.
    """

    crashed = Signal(str)

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._logger = logging.getLogger("asclepius.crash")
        self._handler: RotatingFileHandler | None = None

    def install(self) -> None:
        """Become the place where unhandled errors go."""
        sys.excepthook = self.report

    def uninstall(self) -> None:
        """Give the hook back and close the log."""
        sys.excepthook = sys.__excepthook__
        if self._handler is not None:
            self._logger.removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an error and say so; Ctrl+C ends the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._log(describe_crash(error))
        self.crashed.emit(str(self._log_file))

    def _log(self, text: str) -> None:
        try:
            if self._handler is None:
                self._log_file.parent.mkdir(parents=True, exist_ok=True)
                self._handler = RotatingFileHandler(
                    self._log_file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
                )
                self._handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
                self._logger.addHandler(self._handler)
                self._logger.propagate = False
            self._logger.error(text)
        except OSError:
            # A full disk must not hide the message in the window.
            sys.stderr.write(text + "\n")
