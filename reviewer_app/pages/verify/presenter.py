"""The verifier's queue: answer blind, lock, see the key, rate, decide, go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Outcome
from core.errors import ValidationError
from reviewer_app.context import AppContext
from reviewer_app.preload import warm_images

if TYPE_CHECKING:
    from core.domain.body import Response
    from core.domain.ids import QuestionId
    from core.domain.verification import GateRating, Verdict, Verification
    from core.services.verification import Revealed, VerificationDesk, WaitingQuestion


class QueuePresenter(QObject):
    """State and actions of the verifier's queue.

    Signals: `queue_changed()`; `desk_changed()` when another question lies on the desk;
    `key_revealed()` when the key of this question may be shown; `submitted(int)` with the
    number of a question that is done; `refused(str, str)` field and sentence, to show in place;
    `locked_without_key(int)` when the key of a locked answer is not in this workspace.
    """

    queue_changed = Signal()
    desk_changed = Signal()
    key_revealed = Signal()
    submitted = Signal(int)
    refused = Signal(str, str)
    locked_without_key = Signal(int)

    def __init__(
        self,
        context: AppContext,
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._now_s = now_s
        self._opened_s = 0.0
        self.open_image = context.workspace.images.open
        self.queue: tuple[WaitingQuestion, ...] = ()
        self.desk: VerificationDesk | None = None
        self.revealed: Revealed | None = None
        self.is_changing = False
        """Whether the question on the desk was verified by this person before."""

    def refresh(self) -> None:
        """Read the queue again; the question on the desk stays where it is."""
        service = self._context.workspace.verification
        found = self._context.operations.ask(
            self.tr("Listing the questions to verify"),
            lambda: service.waiting(self._context.me().id),
        )
        self.queue = tuple(found or ())
        self.queue_changed.emit()

    def open(self, question: QuestionId) -> None:
        """Put a question on the desk; one answered before goes on with its key."""
        service = self._context.workspace.verification
        desk = self._context.operations.ask(
            self.tr("Opening the question"),
            lambda: service.open(question, self._context.me().id),
        )
        if desk is None:
            return
        self.desk = desk
        self.revealed = None
        self.is_changing = desk.own_verification is not None
        self._opened_s = self._now_s()
        self.desk_changed.emit()
        if desk.own_answer is not None:
            self._reveal()
        self._warm_next()

    def reconsider(self) -> bool:
        """Put the question verified last on the desk, to change one's mind; False if none is."""
        service, me = self._context.workspace.verification, self._context.me().id
        last = self._context.operations.ask(
            self.tr("Finding your last verification"), lambda: service.last_open(me)
        )
        if last is None:
            return False
        self.open(last)
        return True

    def open_next(self) -> None:
        """Put the first waiting question on the desk, or clear the desk."""
        if self.queue:
            self.open(self.queue[0].id)
            return
        self.close_desk()

    def close_desk(self) -> None:
        """Take the question off the desk; what is locked stays locked."""
        self.desk = None
        self.revealed = None
        self.desk_changed.emit()

    def lock(self, response: Response) -> bool:
        """Lock the blind answer for good, then show the key; False when it was refused."""
        if self.desk is None:
            return False
        service, question = self._context.workspace.verification, self.desk.blind.question
        elapsed_s = self._now_s() - self._opened_s
        answer = self._context.operations.perform(
            self.tr("Locking your answer"),
            lambda: service.lock_answer(
                question, self._context.me().id, response, elapsed_s=elapsed_s
            ),
        )
        if answer is None:
            return False
        if service.lacks_key(question):
            self.locked_without_key.emit(self.desk.blind.number)
            self.refresh()
            self.open_next()
            return True
        self._reveal()
        return True

    def submit(self, gates: tuple[GateRating, ...], verdict: Verdict, comment: str) -> bool:
        """Store the verification; False when something is missing, which `refused` names."""
        if self.desk is None:
            return False
        blind = self.desk.blind
        service = self._context.workspace.verification

        def work() -> Outcome[Verification | None]:
            try:
                store = service.change if self.is_changing else service.submit
                done = store(
                    blind.question,
                    self._context.me().id,
                    gates=gates,
                    verdict=verdict,
                    comment=comment,
                )
            except ValidationError as error:
                self.refused.emit(error.field, str(error))
                return Outcome(None, Changes())
            return Outcome(done.value, done.changes)

        stored = self._context.operations.perform(self.tr("Storing your verification"), work)
        if stored is None:
            return False
        self.submitted.emit(blind.number)
        self.refresh()
        self.open_next()
        return True

    def _reveal(self) -> None:
        assert self.desk is not None  # noqa: S101 - only called with a desk
        service, question = self._context.workspace.verification, self.desk.blind.question
        me = self._context.me().id
        self._context.operations.ask_later(
            self.tr("Reading the key"),
            lambda *_: service.reveal(question, me),
            on_done=self._on_revealed,
        )

    def _on_revealed(self, revealed: Revealed) -> None:
        if self.desk is None or revealed.answer.question != self.desk.blind.question:
            return  # Another question was opened meanwhile.
        if self.revealed is not None:
            return  # It was opened twice; what is being entered beside the key stays.
        self.revealed = revealed
        self.key_revealed.emit()

    def _warm_next(self) -> None:
        assert self.desk is not None  # noqa: S101 - only called with a desk
        here = self.desk.blind.question
        following = next((one.id for one in self.queue if one.id != here), None)
        if following is None:
            return
        service, me = self._context.workspace.verification, self._context.me().id
        self._context.operations.ask_later(
            "",
            lambda *_: warm_images(self.open_image, service.open(following, me).blind.body.images),
            on_done=_forget,
        )


def _forget(_: object) -> None:
    """Nothing to do: the images are on the shelf."""
