"""Opens images and decodes frames beside the UI thread; what is looked at comes first."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from threading import Event, Lock, Thread, current_thread
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.errors import CoreError
from reviewer_app.widgets.images.ahead import AHEAD, Step, Walk

PATIENCE_S: Final = 0.008
"""So long the UI thread waits for what is asked: half a screen refresh, and nothing flickers."""
_THREADS: Final = 2
_END_S: Final = 30.0


class Urgency(IntEnum):
    """What a picture is wanted for; the higher number goes first."""

    THUMBNAIL = 0
    OTHER_IMAGE = 1
    VISIBLE = 2


class _Signals(QObject):
    ended = Signal(object)


class _Work:
    """One piece of work and, once it ended, its value or the error why there is none."""

    def __init__(self, work: Callable[[], Any], signals: _Signals) -> None:  # any picture
        self.has_ended = Event()
        self.is_wanted = True
        self.value: Any = None
        self.error: BaseException | None = None
        self._work = work
        self._signals = signals

    def run(self) -> None:
        """Do the work, unless nobody waits for it any more, and tell."""
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


class _Lane:
    """Work in order of urgency, then of asking, done by threads that end when there is none.

    Plain threads: a QRunnable that Python lets go while Qt's pool still holds it is a crash.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, _Work]] = []
        self._numbers = count()
        self._threads: list[Thread] = []
        self._lock = Lock()

    def put(self, work: _Work, urgency: Urgency) -> None:
        with self._lock:
            heappush(self._waiting, (-urgency, next(self._numbers), work))
            if len(self._threads) < _THREADS:
                thread = Thread(target=self._work, name="images", daemon=True)
                self._threads.append(thread)
                thread.start()

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def wait(self, seconds: float) -> None:
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(seconds)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads[:] = [one for one in self._threads if one is not current_thread()]
                    return
                _, _, work = heappop(self._waiting)
            work.run()


class ImageLoader(QObject):
    """A queue of picture work with two threads; `forget` drops all that was asked before.

    Answers come on the UI thread: at once when they are ready within `PATIENCE_S`, else later.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = _Lane()
        self._signals = _Signals()
        self._signals.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._asked: dict[_Work, tuple[Callable[[Any], None], Callable[[CoreError], None]]] = {}
        self._walk: Walk | None = None

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
        self._lane.put(one, urgency)
        if urgency is Urgency.VISIBLE and one.has_ended.wait(PATIENCE_S):
            self._on_ended(one)

    def walk(self, steps: Iterable[Step]) -> None:
        """Decode ahead, beside all that is asked for; a later walk ends this one."""
        self._end_walk()
        self._walk = Walk(steps)
        AHEAD.put(self._walk)

    def forget(self) -> None:
        """Drop what has not begun, and let nobody hear of what has."""
        self._end_walk()
        for one in self._asked:
            one.is_wanted = False
        self._asked.clear()
        self._lane.clear()

    def is_idle(self) -> bool:
        """Tell whether everything that was asked has been answered."""
        return not self._asked

    def close(self) -> None:
        """Forget everything and wait for what is under way."""
        self.forget()
        self._lane.wait(_END_S)

    def _end_walk(self) -> None:
        if self._walk is not None:
            self._walk.is_wanted = False

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
