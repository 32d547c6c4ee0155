"""Calls into core: errors become messages, changes are announced once, writes are timed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from core.changes import Changes, Outcome
from core.errors import CoreError, StorageError
from core.tasks import CancelToken, ProgressCallback
from reviewer_app.messages import Messages
from reviewer_app.tasks import Job, TaskRunner

Value = TypeVar("Value")


class Operations(QObject):
    """Runs use cases.

    Signals: `changed(Changes)` after every mutation; `saved(datetime)` when it is on disk;
    `save_failed(str)` when the disk did not take it (a refusal by a rule is only a message).
    """

    changed = Signal(object)
    saved = Signal(object)
    save_failed = Signal(str)

    def __init__(
        self, messages: Messages, tasks: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._messages = messages
        self._tasks = tasks
        self._saved_at: datetime | None = None
        self._has_kept_failing = False
        tasks.failed.connect(self._on_job_failed)

    @property
    def tasks(self) -> TaskRunner:
        """The runner behind long operations."""
        return self._tasks

    def perform(self, doing: str, work: Callable[[], Outcome[Value]]) -> Value | None:
        """Run a short mutation now; None means it failed and the user was told."""
        try:
            outcome = work()
        except CoreError as error:
            self._tell(doing, error)
            return None
        self._announce(outcome.changes)
        return outcome.value

    def keep(self, doing: str, work: Callable[[], object], *, is_input: bool) -> bool:
        """Store what is not submitted yet; a failure is told once, until it works again."""
        try:
            work()
        except CoreError as error:
            if not self._has_kept_failing:
                self._tell(doing, error)
            self._has_kept_failing = True
            return False
        self._has_kept_failing = False
        if is_input:
            self._announce_saved()
        return True

    def ask(self, doing: str, work: Callable[[], Value]) -> Value | None:
        """Run a short query now; None means it failed and the user was told."""
        try:
            return work()
        except CoreError as error:
            self._messages.error(doing, error)
            return None

    def perform_later(
        self,
        doing: str,
        work: Callable[[CancelToken, ProgressCallback], Outcome[Value]],
        *,
        on_done: Callable[[Value], None] | None = None,
        on_error: Callable[[BaseException], None] | None = None,
    ) -> Job[Outcome[Value]]:
        """Run a long mutation off the UI thread; changes are announced when it ends."""

        def finish(outcome: Outcome[Value]) -> None:
            self._announce(outcome.changes)
            if on_done is not None:
                on_done(outcome.value)

        job = Job(doing, work, finish, on_error)
        self._tasks.run_parallel(job)
        return job

    def ask_later(
        self,
        doing: str,
        work: Callable[[CancelToken, ProgressCallback], Value],
        *,
        on_done: Callable[[Value], None],
        on_error: Callable[[BaseException], None] | None = None,
    ) -> Job[Value]:
        """Run a long query off the UI thread."""
        job = Job(doing, work, on_done, on_error)
        self._tasks.run_parallel(job)
        return job

    def _announce(self, changes: Changes) -> None:
        if not changes.touched:
            return
        self._announce_saved()
        self.changed.emit(changes)

    def _announce_saved(self) -> None:
        # A clock that was set back must not make a later save look like an earlier one.
        now = datetime.now().astimezone()
        self._saved_at = now if self._saved_at is None else max(self._saved_at, now)
        self.saved.emit(self._saved_at)

    def _tell(self, doing: str, error: CoreError) -> None:
        self._messages.error(doing, error)
        if isinstance(error, StorageError):
            self.save_failed.emit(error.sentence)

    @Slot(object, object)
    def _on_job_failed(self, job: Job[Any], error: BaseException) -> None:
        if isinstance(error, CoreError):
            self._tell(job.title, error)
            return
        # Anything else is our own mistake: the crash hook reports it.
        raise error


class Latest:
    """A question asked again and again: a slower, older answer never replaces a newer one."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._token: CancelToken | None = None

    def is_waiting(self) -> bool:
        """Tell whether an answer is on its way."""
        return self._token is not None

    def drop(self) -> None:
        """Stop what is under way; its answer is not wanted any more."""
        if self._token is not None:
            self._token.cancel()
            self._token = None

    def ask(
        self,
        doing: str,
        work: Callable[[CancelToken, ProgressCallback], Value],
        *,
        on_done: Callable[[Value], object],
        on_error: Callable[[], object] | None = None,
    ) -> None:
        """Ask in place of what was asked before; `on_error` is called on Cancel, too."""
        self.drop()

        def finish(value: Value) -> None:
            if self._is_last(job.token):
                on_done(value)

        def give_up(_: BaseException) -> None:
            if self._is_last(job.token) and on_error is not None:
                on_error()

        job = self._operations.ask_later(doing, work, on_done=finish, on_error=give_up)
        self._token = job.token

    def _is_last(self, token: CancelToken) -> bool:
        is_last = self._token is token
        if is_last:
            self._token = None
        return is_last
