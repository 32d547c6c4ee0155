"""Opens images and decodes frames beside the UI thread; what is looked at comes first."""

from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from threading import Event
from typing import Any, Final

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from core.errors import CoreError

PATIENCE_S: Final = 0.008
"""So long the UI thread waits for what is asked: half a screen refresh, and nothing flickers."""
_THREADS: Final = 2
_END_MS: Final = 30_000


class Urgency(IntEnum):
    """What a picture is wanted for; the higher number goes first."""

    THUMBNAIL = 0
    OTHER_IMAGE = 1
    NEIGHBOR = 2
    VISIBLE = 3


class _Signals(QObject):
    ended = Signal(object)


class _Work(QRunnable):
    """One piece of work and, once it ended, its value or the sentence why there is none."""

    def __init__(self, work: Callable[[], Any], signals: _Signals) -> None:  # any picture
        super().__init__()
        self.setAutoDelete(False)
        self.has_ended = Event()
        self.is_wanted = True
        self.value: Any = None
        self.error: BaseException | None = None
        self._work = work
        self._signals = signals

    def run(self) -> None:
        try:
            if self.is_wanted:
                self.value = self._work()
        except BaseException as error:  # noqa: BLE001 - handed to the UI thread, which decides
            self.error = error
        finally:
            self.has_ended.set()
            with suppress(
                RuntimeError
            ):  # the program has ended meanwhile, and Qt's objects with it
                self._signals.ended.emit(self)


class ImageLoader(QObject):
    """A queue of picture work with two threads; `forget` drops all that was asked before.

    Answers come on the UI thread: at once when they are ready within `PATIENCE_S`, else later.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(_THREADS)
        self._signals = _Signals()
        self._signals.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._asked: dict[_Work, tuple[Callable[[Any], None], Callable[[CoreError], None]]] = {}

    def ask(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[CoreError], None],
        urgency: Urgency = Urgency.VISIBLE,
    ) -> None:
        """Do `work` elsewhere and hand over its value, or the error that a user can read."""
        one = _Work(work, self._signals)
        self._asked[one] = (on_done, on_error)
        self._pool.start(one, urgency)
        if urgency is Urgency.VISIBLE and one.has_ended.wait(PATIENCE_S):
            self._on_ended(one)

    def forget(self) -> None:
        """Drop what has not begun, and let nobody hear of what has."""
        for one in self._asked:
            one.is_wanted = False
        self._asked.clear()
        self._pool.clear()

    def is_idle(self) -> bool:
        """Tell whether everything that was asked has been answered."""
        return not self._asked

    def close(self) -> None:
        """Forget everything and wait for what is under way."""
        self.forget()
        self._pool.waitForDone(_END_MS)

    @Slot(object)
    def _on_ended(self, one: _Work) -> None:
        answers = self._asked.pop(one, None)
        if answers is None:
            return
        on_done, on_error = answers
        if one.error is None:
            on_done(one.value)
        elif isinstance(one.error, CoreError):
            on_error(one.error)
        else:
            raise one.error
