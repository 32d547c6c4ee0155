"""Work off the UI thread: a serial lane for short writes, a parallel one for long runs."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from core.errors import Cancelled
from core.tasks import CancelToken, Progress

Value = TypeVar("Value")

_REPORT_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Job(Generic[Value]):
    """Work with its name ("Importing questions…"), cancel token and callback on success.

    Work without a title is quiet: it shows no progress and cannot be cancelled by hand.
    """

    title: str
    work: Callable[[CancelToken, Callable[[Progress], None]], Value]
    on_done: Callable[[Value], None] | None = None
    on_error: Callable[[BaseException], None] | None = None
    token: CancelToken = field(default_factory=CancelToken)


class _Signals(QObject):
    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)


class _Runnable(QRunnable):
    def __init__(self, job: Job[Any], signals: _Signals) -> None:  # any result type
        super().__init__()
        self.setAutoDelete(False)
        self._job = job
        self._signals = signals
        self._reported_s = 0.0
        self.is_over = False

    def run(self) -> None:
        try:
            self._run()
        finally:
            self.is_over = True

    def _run(self) -> None:
        try:
            value = self._job.work(self._job.token, self._report)
        except BaseException as error:  # noqa: BLE001 - handed to the UI thread, which decides
            self._signals.failed.emit(error)
        else:
            self._signals.succeeded.emit(value)

    def _report(self, progress: Progress) -> None:
        now_s = time.monotonic()
        is_last = progress.total > 0 and progress.done >= progress.total
        if is_last or now_s - self._reported_s >= _REPORT_EVERY_S:
            self._reported_s = now_s
            self._signals.progressed.emit(progress)


class TaskRunner(QObject):
    """Runs jobs and reports on the UI thread.

    Signals: `started(Job)`, `progressed(Job, Progress)`, `ended(Job)`, `failed(Job, error)`.
    """

    started = Signal(object)
    progressed = Signal(object, object)
    ended = Signal(object)
    failed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._serial = QThreadPool(self)
        self._serial.setMaxThreadCount(1)
        self._parallel = QThreadPool(self)
        self._parallel.setMaxThreadCount(2)
        self._running: dict[int, tuple[Job[Any], _Runnable, _Signals]] = {}
        self._leaving: list[tuple[_Runnable, _Signals]] = []

    def run_serial(self, job: Job[Any]) -> None:
        """Run a short write, in the order of the calls."""
        self._start(self._serial, job)

    def run_parallel(self, job: Job[Any]) -> None:
        """Run something long beside other work."""
        self._start(self._parallel, job)

    @property
    def is_busy(self) -> bool:
        """Whether any job is under way."""
        return bool(self._running)

    def jobs(self) -> tuple[Job[Any], ...]:
        """Return the jobs under way, oldest first."""
        return tuple(job for job, _, _ in self._running.values())

    def close(self) -> None:
        """Cancel everything and wait for it; nothing is terminated."""
        for job, _, _ in self._running.values():
            job.token.cancel()
        self._serial.waitForDone()
        self._parallel.waitForDone()
        # Results still on their way to the UI thread find nobody who waits for them.
        self._running.clear()

    def _start(self, pool: QThreadPool, job: Job[Any]) -> None:
        signals = _Signals(self)
        runnable = _Runnable(job, signals)
        self._running[id(job)] = (job, runnable, signals)
        queued = Qt.ConnectionType.QueuedConnection
        signals.progressed.connect(lambda progress: self._on_job_progressed(job, progress), queued)
        signals.succeeded.connect(lambda value: self._on_job_succeeded(job, value), queued)
        signals.failed.connect(lambda error: self._on_job_failed(job, error), queued)
        self.started.emit(job)
        pool.start(runnable)

    @Slot(object, object)
    def _on_job_progressed(self, job: Job[Any], progress: Progress) -> None:
        if id(job) in self._running:
            self.progressed.emit(job, progress)

    @Slot(object, object)
    def _on_job_succeeded(self, job: Job[Any], value: object) -> None:
        if not self._forget(job):
            return
        if job.on_done is not None:
            job.on_done(value)
        self.ended.emit(job)

    @Slot(object, object)
    def _on_job_failed(self, job: Job[Any], error: BaseException) -> None:
        if not self._forget(job):
            return
        if not isinstance(error, Cancelled):
            self.failed.emit(job, error)
        if job.on_error is not None:
            job.on_error(error)
        self.ended.emit(job)

    def _forget(self, job: Job[Any]) -> bool:
        entry = self._running.pop(id(job), None)
        if entry is None:
            return False
        # A result arrives here while its thread is still sending it: what it sends with must stay.
        self._leaving.append(entry[1:])
        self._let_go()
        return True

    def _let_go(self) -> None:
        """Give back what no thread uses any more."""
        for runnable, signals in self._leaving:
            if runnable.is_over:
                signals.deleteLater()
        self._leaving = [entry for entry in self._leaving if not entry[0].is_over]
