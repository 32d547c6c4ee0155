"""Work off the UI thread: a serial lane for short writes, a parallel one for long runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from core.errors import Cancelled
from core.tasks import CancelToken, Progress

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Job(Generic[Value]):
    """Work with its name ("Importing questions…"), cancel token and callback on success."""

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

    def run(self) -> None:
        try:
            value = self._job.work(self._job.token, self._signals.progressed.emit)
        except BaseException as error:  # noqa: BLE001 - handed to the UI thread, which decides
            self._signals.failed.emit(error)
        else:
            self._signals.succeeded.emit(value)


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

    def _start(self, pool: QThreadPool, job: Job[Any]) -> None:
        signals = _Signals(self)
        runnable = _Runnable(job, signals)
        self._running[id(job)] = (job, runnable, signals)
        queued = Qt.ConnectionType.QueuedConnection
        signals.progressed.connect(lambda progress: self.progressed.emit(job, progress), queued)
        signals.succeeded.connect(lambda value: self._on_job_succeeded(job, value), queued)
        signals.failed.connect(lambda error: self._on_job_failed(job, error), queued)
        self.started.emit(job)
        pool.start(runnable)

    @Slot(object, object)
    def _on_job_succeeded(self, job: Job[Any], value: object) -> None:
        self._forget(job)
        if job.on_done is not None:
            job.on_done(value)
        self.ended.emit(job)

    @Slot(object, object)
    def _on_job_failed(self, job: Job[Any], error: BaseException) -> None:
        self._forget(job)
        if not isinstance(error, Cancelled):
            self.failed.emit(job, error)
        if job.on_error is not None:
            job.on_error(error)
        self.ended.emit(job)

    def _forget(self, job: Job[Any]) -> None:
        _, _, signals = self._running.pop(id(job))
        signals.deleteLater()
