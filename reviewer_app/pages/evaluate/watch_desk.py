"""The run under way beside the queue, kept up to date."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.domain.ids import RunId
from core.services.evaluation.records import RunSummary, Watch
from reviewer_app import theme
from reviewer_app.pages.evaluate.queue_panel import QueuePanel
from reviewer_app.pages.evaluate.queue_presenter import QueuePresenter
from reviewer_app.pages.evaluate.replies_presenter import RepliesPresenter, RunList
from reviewer_app.pages.evaluate.replies_view import Wanted
from reviewer_app.pages.evaluate.watch_view import WatchView
from reviewer_app.pages.evaluate.wording import form_name

_QUEUE_PX: Final = 320


class WatchDesk(QWidget):
    """Shows what the queue does.

    Signals: `replies_wanted(Wanted)`, replies of the run that is or was watched.
    """

    replies_wanted = Signal(object)

    def __init__(
        self, queue: QueuePresenter, came_back: RepliesPresenter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._came_back = came_back
        self._last_run: RunId | None = None
        self._is_unlisted = False
        self.view = WatchView(self)
        self.panel = QueuePanel(self)
        self.panel.setFixedWidth(theme.text_px(_QUEUE_PX))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self.view, 1)
        row.addWidget(self.panel)
        self._connect()
        self._on_queue_changed()

    def show_runs(self, runs: RunList) -> None:
        """Take note of the runs: one of them may be the one under way."""
        active = next((one.run.id for one in runs.runs if one.is_active), None)
        self._last_run = active or self._last_run
        self._came_back.watch(active if self._queue.is_running else None)
        if not self._queue.is_running and self._last_run is not None:
            self.view.show_tally(runs.tally(self._last_run))

    def _connect(self) -> None:
        queue = self._queue
        self.view.cancel_requested.connect(queue.cancel)
        self.view.state_opened.connect(self._on_state_opened)
        self.view.reply_opened.connect(self._on_reply_opened)
        queue.queue_changed.connect(self._on_queue_changed)
        queue.watched.connect(self._on_watched)
        queue.running_changed.connect(self._on_running_changed)
        queue.stopped.connect(self._on_stopped)
        queue.ended.connect(self._on_ended)
        self._came_back.tallied.connect(self.view.show_tally)

    @Slot()
    def _on_queue_changed(self) -> None:
        queue = self._queue
        self.panel.show_queue(queue.items, is_held=queue.is_held, is_running=queue.is_running)

    @Slot(object)
    def _on_watched(self, moment: Watch) -> None:
        if self._is_unlisted:
            # Only now the run is stored and stands in the list.
            self._is_unlisted = False
            self._came_back.refresh()
        self.view.show_watch(moment)

    @Slot(bool)
    def _on_running_changed(self, is_running: bool) -> None:
        self._is_unlisted = is_running
        self.view.show_running(is_running=is_running)
        current = self._queue.current
        if is_running and current is not None:
            self.view.begin(current.form.llm, form_name(current.form))
        if not is_running:
            self._came_back.watch(None)

    @Slot(str)
    def _on_stopped(self, sentence: str) -> None:
        self.view.show_stopped(sentence)
        self._on_queue_changed()

    @Slot(object)
    def _on_ended(self, summary: RunSummary) -> None:
        self._last_run = summary.run.id
        self.view.show_ended(summary)
        self._on_queue_changed()

    @Slot(str)
    def _on_state_opened(self, state: str) -> None:
        if self._last_run is not None:
            self.replies_wanted.emit(Wanted(self._last_run, state=state))

    @Slot(int)
    def _on_reply_opened(self, number: int) -> None:
        if self._last_run is not None:
            self.replies_wanted.emit(Wanted(self._last_run, number=number))
