"""Runs that wait for their turn, and the one under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.domain.ids import RunId
from core.errors import Cancelled, CoreError
from core.services.evaluation.records import Preparation, RunSummary, Watch
from reviewer_app.pages.evaluate.background import while_alive
from reviewer_app.pages.evaluate.run_form import RunForm, form_from_plain, form_of
from reviewer_app.pages.evaluate.setup_presenter import keep_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.changes import Outcome
    from core.domain.plain import Plain
    from core.tasks import CancelToken, ProgressCallback
    from reviewer_app.context import AppContext
    from reviewer_app.tasks import Job


class ItemState(StrEnum):
    """Where a queued run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    """Ended early by an error; goes on when a person says so."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A run that waits; `run` is set once it was begun, and then it is resumed."""

    id: int
    form: RunForm
    run: RunId | None = None
    state: ItemState = ItemState.WAITING
    sentence: str = ""
    """Why it was stopped."""
    preparation: Preparation | None = field(default=None, repr=False)
    """What the person saw before it was queued; not kept."""


class QueuePresenter(QObject):
    """Runs one after another.

    After a cancel or a new start of the program the queue is held until a person lets it go on:
    no call is made that nobody asked for. A run that an error stopped holds back those that
    wait for the same endpoint, not the others.

    Signals: `queue_changed()`; `watched(Watch)`; `running_changed(bool)`; `stopped(str)`, why a
    run ended early; `ended(RunSummary)`.
    """

    queue_changed = Signal()
    watched = Signal(object)
    running_changed = Signal(bool)
    stopped = Signal(str)
    ended = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._evaluation = context.workspace.evaluation
        self._examples = context.workspace.examples
        self._numbers = count(1)
        self._keys: dict[str, str] = {}
        self._job: Job[Outcome[RunSummary]] | None = None
        self.items: tuple[QueueItem, ...] = ()
        self.is_held = False

    @property
    def is_running(self) -> bool:
        """Whether a run is under way here."""
        return self._job is not None

    @property
    def current(self) -> QueueItem | None:
        """The run under way."""
        return next((one for one in self.items if one.state is ItemState.RUNNING), None)

    @property
    def can_go_on(self) -> bool:
        """Whether something waits for a person to let it go on."""
        return not self.is_running and bool(self.items)

    def holds(self, form: RunForm) -> bool:
        """Tell whether the same run is under way or waits."""
        return any(one.form.asks_like(form) for one in self.items)

    def add(self, form: RunForm, preparation: Preparation | None = None) -> None:
        """Queue a run; it starts at once when none is under way."""
        self._put(QueueItem(next(self._numbers), form, preparation=preparation))

    def resume(self, summary: RunSummary, form: RunForm) -> None:
        """Queue a run of the list; `form` lends key and calls at a time for the same address."""
        spec = summary.run.spec
        own = form_of(spec)
        if form.address == spec.base_url:
            own = replace(own, api_key=form.api_key, endpoint=form.endpoint, ceiling=form.ceiling)
        self._put(QueueItem(next(self._numbers), own, summary.run.id))

    def remove(self, item: int) -> None:
        """Take a run out of the queue; what it has is kept."""
        self._set(one for one in self.items if one.id != item or one.state is ItemState.RUNNING)

    def move(self, item: int, steps: int) -> None:
        """Move a waiting run forward or back."""
        places = [one.id for one in self.items]
        here = places.index(item) if item in places else -1
        there = here + steps
        if here < 0 or not 0 <= there < len(places):
            return
        moved = list(self.items)
        moved.insert(there, moved.pop(here))
        self._set(moved)

    def cancel(self) -> None:
        """Stop the run under way and hold the queue; what is finished is kept."""
        self.is_held = True
        if self._job is not None:
            self._job.token.cancel()
        self.queue_changed.emit()

    def hold(self) -> None:
        """Let the run under way end and start no other."""
        self.is_held = True
        self.queue_changed.emit()

    def go_on(self) -> None:
        """Let the queue run on; what was stopped is tried again."""
        self.is_held = False
        waiting = ItemState.WAITING
        self._set(
            one if one.state is ItemState.RUNNING else replace(one, state=waiting, sentence="")
            for one in self.items
        )
        self._start_next()

    def forget_preparations(self) -> None:
        """Look at the questions anew before a run starts, because they changed."""
        self.items = tuple(replace(one, preparation=None) for one in self.items)

    def to_plain(self) -> Plain | None:
        """Return the queue for the journal; None while it is empty."""
        if not self.items:
            return None
        kept = [{"form": one.form.to_plain(), "run": one.run or ""} for one in self.items]
        return {"items": kept}

    def take_plain(self, data: Plain) -> None:
        """Take the queue that was kept; it waits for a person."""
        try:
            found = [(form_from_plain(one["form"]), one["run"]) for one in data["items"]]
        except (CoreError, KeyError, TypeError, ValueError):
            return
        self.is_held = bool(found)
        self._set(
            QueueItem(next(self._numbers), form, RunId(run) if run else None) for form, run in found
        )

    def _put(self, item: QueueItem) -> None:
        form = item.form
        if form.api_key.strip():
            self._keys[form.address] = form.api_key.strip()
        item = replace(item, form=replace(form, api_key=""))
        is_free = not self.is_running
        # What was just asked for does not wait behind what a person holds back.
        self._set((item, *self.items) if is_free else (*self.items, item))
        if is_free:
            self._start(item, form)

    def _start_next(self) -> None:
        if self.is_running or self.is_held:
            return
        broken = {one.form.address for one in self.items if one.state is ItemState.STOPPED}
        for item in self.items:
            if item.state is ItemState.WAITING and item.form.address not in broken:
                self._start(item, item.form)
                return

    def _start(self, item: QueueItem, form: RunForm) -> None:
        self._replace(item.id, state=ItemState.RUNNING, sentence="")
        doing = self.tr("Asking %1").replace("%1", form.llm)
        self._job = self._context.operations.perform_later(
            doing,
            self._work(item, form),
            on_done=while_alive(self, self._take_end),
            on_error=while_alive(self, self._take_stop),
        )
        self.running_changed.emit(True)

    def _work(
        self, item: QueueItem, form: RunForm
    ) -> Callable[[CancelToken, ProgressCallback], Outcome[RunSummary]]:
        calling = replace(form.calling(), api_key=self._keys.get(form.address))
        evaluation = self._evaluation

        def work(token: CancelToken, report: ProgressCallback) -> Outcome[RunSummary]:
            form.endpoint.require_allowed()
            keep_key(form)
            watch = self._watcher(token)
            if item.run is not None:
                return evaluation.resume(
                    item.run, calling, cancel=token, progress=report, watch=watch
                )
            prepared = item.preparation or evaluation.prepare(
                form.request(self._examples), cancel=token, progress=report
            )
            return evaluation.start(prepared, calling, cancel=token, progress=report, watch=watch)

        return work

    def _watcher(self, token: CancelToken) -> Callable[[Watch], None]:
        def watch(moment: Watch) -> None:
            try:
                self.watched.emit(moment)
            except RuntimeError:
                # The window closed and took this object along; the run is being stopped.
                token.cancel()

        return watch

    def _take_end(self, summary: RunSummary) -> None:
        was_cancelled = self._job is not None and self._job.token.is_cancelled
        self._job = None
        current = self.current
        if current is not None and was_cancelled and summary.done < summary.total:
            self.is_held = True
            self._replace(current.id, state=ItemState.WAITING, run=summary.run.id)
        elif current is not None:
            self._set(one for one in self.items if one.id != current.id)
        self.running_changed.emit(False)
        self.ended.emit(summary)
        self._start_next()

    def _take_stop(self, error: BaseException) -> None:
        self._job = None
        current, sentence = self.current, str(error) if isinstance(error, CoreError) else ""
        was_cancelled = isinstance(error, Cancelled)
        self.is_held = self.is_held or was_cancelled
        if current is not None:
            state = ItemState.WAITING if was_cancelled else ItemState.STOPPED
            self._replace(current.id, state=state, sentence=sentence)
        self.running_changed.emit(False)
        self.stopped.emit(sentence)
        self._start_next()

    def _replace(
        self, item: int, *, state: ItemState, run: RunId | None = None, sentence: str = ""
    ) -> None:
        self._set(
            replace(one, state=state, run=run or one.run, sentence=sentence, preparation=None)
            if one.id == item
            else one
            for one in self.items
        )

    def _set(self, items: Iterable[QueueItem]) -> None:
        self.items = tuple(items)
        self.is_held = self.is_held and bool(self.items)
        self.queue_changed.emit()
