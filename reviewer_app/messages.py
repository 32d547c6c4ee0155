"""One place for everything the program tells the user in passing."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from core.errors import CoreError


class Severity(StrEnum):
    """How loud a message is; each has its own icon and word."""

    DONE = "done"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence, and what to do next."""

    severity: Severity
    sentence: str
    hint: str = ""


class Messages(QObject):
    """Signals: `posted(Message)`; the main window shows it in place, never in a modal box."""

    posted = Signal(object)

    def done(self, sentence: str) -> None:
        """Say that something succeeded."""
        self.posted.emit(Message(Severity.DONE, sentence))

    def note(self, sentence: str, hint: str = "") -> None:
        """Say something worth knowing."""
        self.posted.emit(Message(Severity.NOTE, sentence, hint))

    def warn(self, sentence: str, hint: str = "") -> None:
        """Say that something needs attention."""
        self.posted.emit(Message(Severity.WARNING, sentence, hint))

    def error(self, doing: str, error: CoreError) -> None:
        """Say what was being done, what is wrong and what to do next."""
        sentence = f"{doing}: {error.sentence}" if doing else error.sentence
        self.posted.emit(Message(Severity.ERROR, sentence, error.hint))
