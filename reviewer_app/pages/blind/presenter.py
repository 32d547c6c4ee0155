"""Blinding one question: look at source and images, clear, approve, go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.domain.people import Role
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.changes import Outcome
    from core.domain.ids import QuestionId
    from core.domain.media import Blackout, Clearance
    from core.domain.question import QuestionSummary
    from core.services.blinding import Dossier
    from core.tasks import CancelToken, Progress


class BlindPresenter(QObject):
    """State and actions of the page.

    Signals: `queue_changed()`; `dossier_changed()` when another dossier is on screen or the
    same one was read again; `busy_changed(bool)` while an image is being cleared;
    `approved(int)` with the number of a question that is blinded.
    """

    queue_changed = Signal()
    dossier_changed = Signal()
    busy_changed = Signal(bool)
    approved = Signal(int)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._wanted: QuestionId | None = None
        self.open_image = context.workspace.images.open
        self.queue: tuple[QuestionSummary, ...] = ()
        self.dossier: Dossier | None = None
        self.is_busy = False
        self._undone: tuple[QuestionId, int, tuple[Blackout, ...]] | None = None

    def refresh(self) -> None:
        """Read the queue again: one's own questions, all of them for a lead."""
        found = self._context.operations.ask(
            self.tr("Listing the questions to blind"), self._context.workspace.blinding.waiting
        )
        me = self._context.me()
        self.queue = tuple(
            line for line in found or () if line.author == me.id or me.has_role(Role.LEAD)
        )
        self.queue_changed.emit()

    def open(self, question: QuestionId) -> None:
        """Read a question's dossier, which holds its source: for its author and the lead only."""
        if not self._may_see(question):
            return
        self._wanted = question
        service = self._context.workspace.blinding

        def read(*_: object) -> Dossier:
            return service.dossier(question)

        self._context.operations.ask_later(
            self.tr("Reading source and images"), read, on_done=self._on_read
        )

    def open_next(self) -> None:
        """Open the first waiting question, or clear the screen."""
        if self.queue:
            self.open(self.queue[0].id)
            return
        self.close()

    def close(self) -> None:
        """Clear the screen."""
        self._wanted = None
        self.dossier = None
        self.dossier_changed.emit()

    def clear_image(self, index: int, blackouts: tuple[Blackout, ...]) -> None:
        """Replace an image by its copy without patient data."""
        if self.dossier is None or self.is_busy:
            return
        service, question = self._context.workspace.blinding, self.dossier.question.id
        me = self._context.me().id
        self._undone = None
        self._set_busy(is_busy=True)

        def work(_: CancelToken, __: Callable[[Progress], None]) -> Outcome[Clearance]:
            return service.clear_image(question, index, me, blackouts=blackouts)

        self._context.operations.perform_later(
            self.tr("Clearing image %1").replace("%1", str(index + 1)),
            work,
            on_done=lambda _: self._on_cleared(question),
            on_error=lambda _: self._set_busy(is_busy=False),
        )

    def undo_clearing(self, index: int) -> bool:
        """Put back the original of an image if clearing it was the last thing done; else False."""
        if self.dossier is None or self.is_busy or index >= len(self.dossier.images):
            return False
        clearance = self.dossier.images[index].clearance
        me, question = self._context.me().id, self.dossier.question.id
        if clearance is None or clearance.cleared_by != me or self._decided_since(clearance):
            return False
        service = self._context.workspace.blinding
        done = self._context.operations.perform(
            self.tr("Undoing the clearing of image %1").replace("%1", str(index + 1)),
            lambda: service.undo_clearing(question, index, me),
        )
        if done is not None:
            self._undone = (question, index, done.blackouts)
            self._context.messages.done(
                self.tr("Image %1 is the original again. Ctrl+Shift+Z clears it again.").replace(
                    "%1", str(index + 1)
                )
            )
            self.open(question)
        return True

    def redo_clearing(self, index: int) -> bool:
        """Clear the image again whose clearing was undone last; False when it is another one."""
        if self.dossier is None or self._undone is None:
            return False
        question, place, blackouts = self._undone
        if (question, place) != (self.dossier.question.id, index):
            return False
        self._undone = None
        self.clear_image(index, blackouts)
        return True

    def _decided_since(self, clearance: Clearance) -> bool:
        """Tell whether a decision of mine is newer, so that it is the next one to be undone."""
        undo, me = self._context.workspace.undo, self._context.me().id
        newest = self._context.operations.ask(self.tr("Undoing"), lambda: undo.next_undo(me))
        return newest is not None and newest.made_at > clearance.cleared_at

    def approve(self, notes: str, override_reason: str) -> bool:
        """Move the question on to verification; each line of `notes` is a ledger entry.

        False when that was refused.
        """
        if self.dossier is None:
            return False
        number, question = self.dossier.question.number, self.dossier.question.id
        lines = tuple(line.strip() for line in notes.splitlines() if line.strip())
        service = self._context.workspace.blinding
        moved = self._context.operations.perform(
            self.tr("Approving the blinding"),
            lambda: service.approve(
                question, self._context.me().id, notes=lines, override_reason=override_reason
            ),
        )
        if moved is None:
            return False
        self.approved.emit(number)
        self.refresh()
        self.open_next()
        return True

    def _may_see(self, question: QuestionId) -> bool:
        authoring, me = self._context.workspace.authoring, self._context.me()
        known = self._context.operations.ask(
            self.tr("Opening the question"), lambda: authoring.question(question)
        )
        if known is None or known.author == me.id or me.has_role(Role.LEAD):
            return known is not None
        self._context.messages.warn(
            self.tr("Question %1 was written by somebody else.").replace("%1", str(known.number)),
            self.tr("Only its author and the study lead see its source."),
        )
        return False

    def _on_read(self, dossier: Dossier) -> None:
        if dossier.question.id != self._wanted:
            return  # Another question was chosen meanwhile.
        self.dossier = dossier
        self.dossier_changed.emit()

    def _on_cleared(self, question: QuestionId) -> None:
        self._set_busy(is_busy=False)
        if self._wanted == question:
            self.open(question)

    def _set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.busy_changed.emit(is_busy)
