"""One sitting: question after question, no feedback, stopped and resumed without loss."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.services.baseline import Reading
from reviewer_app.context import AppContext
from reviewer_app.pages.baseline.clock import SittingClock
from reviewer_app.preload import warm_images

if TYPE_CHECKING:
    from core.domain.body import Response
    from core.domain.ids import PlanId
    from core.domain.plan import Sitting
    from core.services.baseline import SittingPage

TICK_MS = 500
"""The clock is stored at each tick, so that a crash loses less than a second of it."""


class SittingPresenter(QObject):
    """State and actions of a running sitting.

    Signals: `page_changed()` when another question is on screen; `ticked()` twice a second;
    `finished()` after the last answer; `paused()` when the reader stopped.
    """

    page_changed = Signal()
    ticked = Signal()
    finished = Signal()
    paused = Signal()

    def __init__(
        self,
        context: AppContext,
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._sitting: Sitting | None = None
        self.open_image = context.workspace.images.open
        self.clock = SittingClock(now_s)
        self.page: SittingPage | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def is_running(self) -> bool:
        """Whether a question is on screen."""
        return self.page is not None

    def start(self, plan: PlanId) -> None:
        """Start the reader's sitting, or go on exactly where it stopped."""
        service = self._context.workspace.baseline
        sitting = self._context.operations.perform(
            self.tr("Starting the sitting"), lambda: service.start(plan, self._context.me().id)
        )
        if sitting is not None:
            self._sitting = sitting
            self._show_page()

    def answer(self, response: Response | None, confidence: int | None) -> bool:
        """Store an answer (None: cannot tell) and show the next question."""
        if self._sitting is None or self.page is None:
            return False
        self.clock.stop()
        reading = Reading(response, confidence, self.clock.active_s, self.clock.idle_s)
        service, sitting = self._context.workspace.baseline, self._sitting.id
        moved = self._context.operations.perform(
            self.tr("Storing your answer"), lambda: service.answer(sitting, reading)
        )
        if moved is None:
            self.clock.start(active_s=reading.elapsed_s, idle_s=reading.idle_s)
            return False
        self._sitting = moved
        self._show_page()
        return True

    def remark(self, *, is_flagged: bool | None = None, comment: str | None = None) -> bool:
        """Store a flag or a comment on the question on screen; False when that failed."""
        if self._sitting is None or self.page is None:
            return False
        service, sitting = self._context.workspace.baseline, self._sitting.id
        said = self._context.operations.perform(
            self.tr("Storing what you say about the question"),
            lambda: service.remark(sitting, is_flagged=is_flagged, comment=comment),
        )
        if said is None:
            return False
        self.page = replace(self.page, said=said)
        return True

    def pause(self) -> None:
        """Stop the clock, store it and leave the question."""
        if self.page is None:
            return
        self.clock.stop()
        self._note_time()
        self._timer.stop()
        self.page = None
        self.paused.emit()

    @Slot()
    def tick(self) -> None:
        """Store the clock and show it."""
        self._note_time()
        self.ticked.emit()

    def _show_page(self) -> None:
        assert self._sitting is not None  # noqa: S101 - only called within a sitting
        service, sitting = self._context.workspace.baseline, self._sitting.id
        is_finished = self._sitting.finished_at is not None
        page = None
        if not is_finished:
            page = self._context.operations.ask(
                self.tr("Opening the question"), lambda: service.page(sitting)
            )
        self.page = page
        if page is None:
            self._timer.stop()
            (self.finished if is_finished else self.paused).emit()
            return
        self.page_changed.emit()
        self.clock.start(active_s=page.spent_s, idle_s=page.idle_s)
        self._timer.start()
        self.ticked.emit()
        self._warm_next()

    def _note_time(self) -> None:
        if self._sitting is None or self.page is None:
            return
        service, sitting = self._context.workspace.baseline, self._sitting.id
        spent_s, idle_s = self.clock.active_s, self.clock.idle_s
        self._context.operations.keep(
            self.tr("Storing the clock"),
            lambda: service.note_time(sitting, spent_s=spent_s, idle_s=idle_s),
            is_input=False,
        )

    def _warm_next(self) -> None:
        assert self._sitting is not None  # noqa: S101 - only called within a sitting
        service, sitting = self._context.workspace.baseline, self._sitting.id

        def warm(*_: object) -> int:
            following = service.page_after(sitting)
            return (
                0
                if following is None
                else warm_images(self.open_image, following.blind.body.images)
            )

        self._context.operations.ask_later("", warm, on_done=_forget)


def _forget(_: object) -> None:
    """Nothing to do: the images are on the shelf."""
