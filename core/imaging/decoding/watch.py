"""Ends helper processes that take longer than they may; one thread watches over all of them."""

import math
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from time import monotonic
from typing import Final

Process = subprocess.Popen[bytes]
_LINGER_S: Final = 60.0


class DecoderWatch:
    """Knows until when each busy process has to answer; safe between threads.

    A thread for each request would cost more than many a request.
    """

    def __init__(self) -> None:
        self._due: dict[Process, float] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._wakes_at = math.inf

    @contextmanager
    def over(self, process: Process, seconds: float) -> Iterator[None]:
        """Kill the process unless this context is left in time."""
        self._begin(process, monotonic() + seconds)
        try:
            yield
        finally:
            with self._changed:  # who watches wakes for nothing some time, and goes when idle
                del self._due[process]

    def _begin(self, process: Process, until: float) -> None:
        with self._changed:
            self._due[process] = until
            if self._thread is None:
                self._thread = Thread(target=self._work, name="watch over decoders", daemon=True)
                self._thread.start()
            elif until < self._wakes_at:
                self._changed.notify()

    def _work(self) -> None:
        with self._changed:
            while self._due:
                now = monotonic()
                for process, until in self._due.items():
                    if until <= now:
                        process.kill()
                ahead = [until for until in self._due.values() if until > now]
                self._wakes_at = min(ahead, default=math.inf)
                self._changed.wait(min(self._wakes_at - now, _LINGER_S))
            self._thread = None
