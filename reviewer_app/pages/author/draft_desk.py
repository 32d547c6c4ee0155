"""The draft on the desk: edited, undone, redone, and saved while one types."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.domain.question import Question
from core.domain.revision import Draft
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.domain.edit_log import EditLog

_AUTOSAVE_MS: Final = 500
_RETRY_MS: Final = 5000


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A question on the desk; `refusal` says why it cannot be edited, or is empty."""

    question: Question
    draft: Draft
    refusal: str = ""


class DraftDesk(QObject):
    """Holds one draft with its log of edits; nothing typed is lost.

    Signals: `draft_edited()`, by whatever means; `draft_replaced(Draft, field)`, changed other
    than by typing; `undo_changed()`; `save_state_changed()`.
    """

    draft_edited = Signal()
    draft_replaced = Signal(object, str)
    undo_changed = Signal()
    save_state_changed = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._opened: OpenDraft | None = None
        self._log: EditLog | None = None
        self._is_dirty = False
        self._has_failed = False
        self._autosave = QTimer(self)
        self._autosave.setSingleShot(True)
        self._autosave.setInterval(_AUTOSAVE_MS)
        self._autosave.timeout.connect(self._on_autosave_due)

    @property
    def opened(self) -> OpenDraft | None:
        """What is on the desk."""
        return self._opened

    @property
    def editable(self) -> Draft | None:
        """The draft on the desk, where it may be edited."""
        if self._opened is None or self._opened.refusal:
            return None
        return self._opened.draft

    @property
    def is_dirty(self) -> bool:
        """Whether something was entered that is not on disk yet."""
        return self._is_dirty

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt to save failed."""
        return self._has_failed

    def put(self, opened: OpenDraft, log: EditLog) -> None:
        """Take a question and what was edited in it; the one before must be stored."""
        self._opened, self._log = opened, log

    def edit(self, draft: Draft, field: str, *, joins: bool = True) -> None:
        """Take an edited draft; it is saved soon."""
        before = self.editable
        if before is None or draft == before:
            return
        self._edits.note(before, draft, field, time.monotonic(), joins=joins)
        self._take(draft)

    def edit_form(self, draft: Draft, field: str, *, joins: bool) -> None:
        """Take a draft from the form; images are edited beside it, so it may hold older ones."""
        if self._opened is None:
            return
        kept = self._opened.draft.body
        body = replace(draft.body, images=kept.images, layout=kept.layout, links=kept.links)
        self.edit(replace(draft, body=body), field, joins=joins)

    def replace_draft(self, draft: Draft, field: str) -> None:
        """Take a draft that was changed by an action, and show it."""
        self.edit(draft, field, joins=False)
        if self._opened is not None:
            self.draft_replaced.emit(self._opened.draft, field)

    @property
    def can_undo(self) -> bool:
        """Whether an edit can be taken back."""
        return self.editable is not None and self._edits.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether an undo can be taken back."""
        return self.editable is not None and self._edits.can_redo

    @Slot()
    def undo(self) -> None:
        """Take the last edit back."""
        if self._opened is not None and self.can_undo:
            draft, field = self._edits.undo(self._opened.draft)
            self._take(draft)
            self.draft_replaced.emit(draft, field)

    @Slot()
    def redo(self) -> None:
        """Take the last undo back."""
        if self._opened is not None and self.can_redo:
            draft, field = self._edits.redo(self._opened.draft)
            self._take(draft)
            self.draft_replaced.emit(draft, field)

    @Slot()
    def flush(self) -> bool:
        """Save now what is not saved; False when that failed, and the edit is kept."""
        self._autosave.stop()
        if self._opened is None or not self._is_dirty:
            return True
        draft, me, log = self._opened.draft, self._context.me().id, self._log
        saved = self._context.operations.perform(
            self.tr("Saving question %1").replace("%1", str(self._opened.question.number)),
            lambda: self._context.workspace.authoring.save_draft(draft, me, log=log),
        )
        self._is_dirty = self._has_failed = saved is None
        if self._is_dirty:
            self._autosave.start(_RETRY_MS)
        self.save_state_changed.emit()
        return not self._is_dirty

    @property
    def _edits(self) -> EditLog:
        assert self._log is not None  # noqa: S101 - there is a log for what is open
        return self._log

    def _take(self, draft: Draft) -> None:
        assert self._opened is not None  # noqa: S101 - only an open draft is edited
        self._opened = replace(self._opened, draft=draft)
        self._is_dirty = True
        # Not restarted by every key: whoever types without a pause is saved, too.
        if not self._autosave.isActive() or self._has_failed:
            self._autosave.start(_AUTOSAVE_MS)
        self.draft_edited.emit()
        self.undo_changed.emit()
        self.save_state_changed.emit()

    @Slot()
    def _on_autosave_due(self) -> None:
        self.flush()
