"""What an author works on: drafts, autosave, undo, images, finishing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.changes import Changes, Kind
from core.domain.body import AnswerFormat, BlindQuestion
from core.domain.ids import MediaId, QuestionId, RevisionId
from core.domain.links import Links
from core.domain.media import MAX_IMAGES, ImageUse, MediaInfo
from core.domain.question import Question, QuestionSummary
from core.domain.revision import Draft, Problem
from core.domain.stage import Stage
from reviewer_app.context import AppContext
from reviewer_app.pages.author.format_switch import Parts, switch_format
from reviewer_app.pages.author.image_intake import ImageIntake

if TYPE_CHECKING:
    from core.domain.edit_log import EditLog
    from core.domain.revision import Revision
    from core.domain.revision_diff import FieldDiff
    from core.domain.writing_hints import Hint
    from core.imaging.image import LoadedImage
    from core.imaging.slide_tiles import Area

AUTOSAVE_MS: Final = 500
_RETRY_MS: Final = 5000
_CHECK_MS: Final = 250


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A question on the desk; `refusal` says why it cannot be edited, or is empty."""

    question: Question
    draft: Draft
    refusal: str = ""


class AuthorPresenter(QObject):
    """State of the Author page.

    Signals: `drafts_listed(list[QuestionSummary])`; `opened(OpenDraft | None)`;
    `draft_replaced(Draft, field)`, changed other than by typing; `checked(problems, hints)`;
    `undo_changed()`; `save_state_changed()`; `finished(number)`.
    """

    drafts_listed = Signal(object)
    opened = Signal(object)
    draft_replaced = Signal(object, str)
    checked = Signal(object, object)
    undo_changed = Signal()
    save_state_changed = Signal()
    finished = Signal(int)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._authoring = context.workspace.authoring
        self._open: OpenDraft | None = None
        self._is_dirty = False
        self._has_failed = False
        self._log: EditLog | None = None
        self._remembered: dict[tuple[QuestionId, AnswerFormat], Parts] = {}
        self._infos: dict[MediaId, MediaInfo] = {}
        self._drafts: list[QuestionSummary] = []
        self.intake = ImageIntake(context, self)
        self.intake.taken.connect(self._on_image_taken)
        self._autosave = self._timer(AUTOSAVE_MS, self._on_autosave_due)
        self._check = self._timer(_CHECK_MS, self.check_now)

    @property
    def current(self) -> OpenDraft | None:
        """What is on the desk."""
        return self._open

    @property
    def is_dirty(self) -> bool:
        """Whether something was entered that is not on disk yet."""
        return self._is_dirty

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt to save failed."""
        return self._has_failed

    @property
    def drafts(self) -> tuple[QuestionSummary, ...]:
        """My drafts, those to be finished first, of these the latest."""
        return tuple(self._drafts)

    def list_drafts(self) -> None:
        """Fetch my drafts."""
        me = self._context.me().id
        found = self._context.operations.ask(
            self.tr("Listing your drafts"), lambda: self._authoring.library(stage=Stage.DRAFT)
        )
        mine = [one for one in found or () if one.author == me]
        mine.sort(key=lambda one: one.updated_at, reverse=True)
        self._drafts = sorted(mine, key=lambda one: not one.has_open_draft)
        self.drafts_listed.emit(list(self._drafts))

    @property
    def is_finished(self) -> bool:
        """Whether the question on the desk is a revision that waits for blinding as it stands."""
        here = None if self._open is None else self._open.question.id
        is_stored = any(one.id == here and not one.has_open_draft for one in self._drafts)
        return is_stored and not self._is_dirty

    def waiting_count(self) -> int:
        """Return how many of my drafts are not finished."""
        return sum(1 for one in self._drafts if one.has_open_draft)

    def note_changes(self, changes: Changes) -> None:
        """Follow what happened elsewhere; my own saving is no news."""
        if changes.concerns(Kind.QUESTION, Kind.BLINDING):
            self.list_drafts()
            if self._open is not None and not self._is_dirty:
                self._reopen_if_moved(self._open)

    def open(self, question_id: str) -> bool:
        """Put a question on the desk, after storing the one there."""
        if not self.flush():
            return False
        question, me = QuestionId(question_id), self._context.me().id

        def read() -> tuple[Question, Draft, EditLog]:
            draft = self._authoring.draft(question, viewer=me)
            return self._authoring.question(question), draft, self._authoring.edit_log(draft)

        found = self._context.operations.ask(self.tr("Opening the question"), read)
        if found is None:
            return False
        known, draft, self._log = found
        self._open = OpenDraft(known, draft, self._refusal(known))
        self.opened.emit(self._open)
        self.undo_changed.emit()
        self.check_now()
        return True

    def create(self, answer_format: AnswerFormat) -> None:
        """Start a question and put it on the desk."""
        if not self.flush():
            return
        me = self._context.me().id
        draft = self._context.operations.perform(
            self.tr("Starting a question"), lambda: self._authoring.create(answer_format, me)
        )
        if draft is not None:
            self.list_drafts()
            self.open(draft.question)

    def edit(self, draft: Draft, field: str, *, joins: bool = True) -> None:
        """Take an edited draft; it is saved soon."""
        if self._open is None or self._open.refusal or draft == self._open.draft:
            return
        self._history.note(self._open.draft, draft, field, time.monotonic(), joins=joins)
        self._put(draft)

    def replace_draft(self, draft: Draft, field: str) -> None:
        """Take a draft that was changed by an action, and show it."""
        self.edit(draft, field, joins=False)
        if self._open is not None:
            self.draft_replaced.emit(self._open.draft, field)

    @property
    def can_undo(self) -> bool:
        """Whether an edit can be taken back."""
        return self._open is not None and not self._open.refusal and self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether an undo can be taken back."""
        return self._open is not None and not self._open.refusal and self._history.can_redo

    @Slot()
    def undo(self) -> None:
        """Take the last edit back."""
        if self._open is not None and self.can_undo:
            draft, field = self._history.undo(self._open.draft)
            self._put(draft)
            self.draft_replaced.emit(draft, field)

    @Slot()
    def redo(self) -> None:
        """Take the last undo back."""
        if self._open is not None and self.can_redo:
            draft, field = self._history.redo(self._open.draft)
            self._put(draft)
            self.draft_replaced.emit(draft, field)

    @Slot()
    def flush(self) -> bool:
        """Save now what is not saved; False when that failed, and the edit is kept."""
        self._autosave.stop()
        if self._open is None or not self._is_dirty:
            return True
        draft, me, log = self._open.draft, self._context.me().id, self._log
        saved = self._context.operations.perform(
            self.tr("Saving question %1").replace("%1", str(self._open.question.number)),
            lambda: self._authoring.save_draft(draft, me, log=log),
        )
        self._is_dirty = self._has_failed = saved is None
        if self._is_dirty:
            self._autosave.start(_RETRY_MS)
        self.save_state_changed.emit()
        return not self._is_dirty

    def finish(self, reason: str = "") -> bool:
        """Make the draft a revision; False when something is missing or it was refused."""
        if self._open is None or self._open.refusal or not self.flush():
            return False
        self.check_now()
        if self._authoring.problems(self._open.draft):
            return False
        question, me = self._open.question, self._context.me().id
        revision = self._context.operations.perform(
            self.tr("Finishing question %1").replace("%1", str(question.number)),
            lambda: self._authoring.commit(question.id, me, reason=reason),
        )
        if revision is None:
            return False
        self.list_drafts()
        self.open(question.id)
        self.finished.emit(question.number)
        self._context.messages.done(
            self.tr("Question %1 is finished as revision %2 and waits for blinding.")
            .replace("%1", str(question.number))
            .replace("%2", str(revision.number))
        )
        return True

    def revisions(self) -> list[Revision]:
        """Return the revisions of the question on the desk, first to last."""
        if self._open is None:
            return []
        question = self._open.question.id
        found = self._context.operations.ask(
            self.tr("Reading the history"), lambda: self._authoring.revisions(question)
        )
        return found or []

    def compare(self, before: str, after: str) -> tuple[FieldDiff, ...]:
        """Return what differs between two revisions; an empty id stands for the draft."""
        if self._open is None or not self.flush():
            return ()
        question, me = self._open.question.id, self._context.me().id
        old, new = (RevisionId(one) if one else None for one in (before, after))
        found = self._context.operations.ask(
            self.tr("Comparing two revisions"),
            lambda: self._authoring.compare(question, old, new, viewer=me, with_key=True),
        )
        return found or ()

    def restore(self, revision: str) -> int | None:
        """Make an earlier revision the draft, as a step that can be undone; return its number."""
        wanted = next((one for one in self.revisions() if one.id == revision), None)
        if wanted is None or self._open is None or self._open.refusal:
            return None
        draft = replace(self._open.draft, body=wanted.body, key=wanted.key)
        self.replace_draft(draft, "restored")
        self.flush()
        return wanted.number

    def name_of(self, person: str) -> str:
        """Return the name of a person, where it may be told."""
        return self._context.name_of(person)

    def switch_format(self, wanted: AnswerFormat) -> None:
        """Ask for another kind of answer; options and texts are kept where they fit."""
        if self._open is None or wanted is self._open.draft.body.format:
            return
        draft = self._open.draft
        key = (draft.question, draft.body.format)
        self._remembered[key] = (draft.body.asked, draft.key.right)
        remembered = self._remembered.get((draft.question, wanted))
        self.replace_draft(switch_format(draft, wanted, remembered), "format")

    def add_files(self, paths: tuple[Path, ...]) -> None:
        """Look for images in files and folders, and take them into workspace and draft."""
        if self._open is None or self._open.refusal:
            return
        if not self.room():
            self._context.messages.warn(
                self.tr("A question has at most %1 images.").replace("%1", str(MAX_IMAGES))
            )
            return
        self.intake.look_through(paths, self._open.question.id, room=self.room())

    def cut_out(self, use: ImageUse, area: Area) -> None:
        """Add a part of a slide to the question."""
        if self._open is not None and self.room():
            self.intake.cut_out(use, area, self._open.question.id)

    def room(self) -> int:
        """Return how many images the question on the desk can still take."""
        return 0 if self._open is None else MAX_IMAGES - len(self._open.draft.body.images)

    def set_images(self, images: tuple[ImageUse, ...]) -> None:
        """Change the images or how they are used."""
        if self._open is not None:
            draft = self._open.draft
            self.replace_draft(replace(draft, body=replace(draft.body, images=images)), "images")

    def set_layout(self, layout: str) -> None:
        """Change how the images stand side by side for whoever answers."""
        if self._open is not None:
            draft = self._open.draft
            self.edit(replace(draft, body=replace(draft.body, layout=layout)), "layout")

    def set_links(self, links: Links) -> None:
        """Change what the images do together for whoever answers."""
        if self._open is not None:
            draft = self._open.draft
            self.edit(replace(draft, body=replace(draft.body, links=links)), "links", joins=False)

    def edit_image(self, index: int, use: ImageUse, field: str, *, joins: bool = True) -> None:
        """Take an edited caption, role, date, frames or marks of one image."""
        if self._open is None:
            return
        draft = self._open.draft
        images = tuple(
            use if place == index else one for place, one in enumerate(draft.body.images)
        )
        edited = replace(draft, body=replace(draft.body, images=images))
        self.edit(edited, f"{field} {index}", joins=joins)

    def edit_marks(self, index: int, use: ImageUse, joins: bool) -> None:
        """Take what was drawn on one image; `joins` goes on from the step before."""
        self.edit_image(index, use, "marks", joins=joins)

    def image(self, media: MediaId) -> LoadedImage:
        """Open an image; raises `ImageError` when it cannot be shown."""
        return self._context.workspace.images.open(media)

    def frame_count(self, media: MediaId) -> int:
        """Return how many frames an image has; 1 when that cannot be found out."""
        if media not in self._infos:
            info = self._context.operations.ask(
                self.tr("Looking at an image"), lambda: self._context.workspace.images.info(media)
            )
            if info is None:
                return 1
            self._infos[media] = info
        return self._infos[media].frame_count

    def preview(self) -> BlindQuestion | None:
        """Return the question as its reader would get it."""
        if self._open is None:
            return None
        question = self._open.question
        revision = question.current_revision or RevisionId("")
        return BlindQuestion(question.id, revision, question.number, self._open.draft.body)

    @Slot()
    def check_now(self) -> None:
        """Look for what is missing and what could be better."""
        self._check.stop()
        if self._open is None:
            return
        draft = self._open.draft
        problems: tuple[Problem, ...] = self._authoring.problems(draft)
        hints: tuple[Hint, ...] = self._authoring.hints(draft)
        self.checked.emit(problems, hints)

    @property
    def _history(self) -> EditLog:
        assert self._log is not None  # noqa: S101 - there is a log for what is open
        return self._log

    def _put(self, draft: Draft) -> None:
        assert self._open is not None  # noqa: S101 - only an open draft is edited
        self._open = replace(self._open, draft=draft)
        self._is_dirty = True
        # Not restarted by every key: whoever types without a pause is saved, too.
        if not self._autosave.isActive() or self._has_failed:
            self._autosave.start(AUTOSAVE_MS)
        self._check.start()
        self.undo_changed.emit()
        self.save_state_changed.emit()

    def _refusal(self, question: Question) -> str:
        if self._context.workspace.is_read_only:
            return self.tr("This workspace is open read-only.")
        if question.stage is Stage.IN_BIN:
            return self.tr("This question is in the bin. To change it, restore it in the Library.")
        if question.stage is not Stage.DRAFT:
            return self.tr(
                "This question is “%1”. To change it, return it to draft in the Library."
            ).replace("%1", question.stage.display_name)
        return ""

    def _reopen_if_moved(self, before: OpenDraft) -> None:
        question = self._context.operations.ask(
            "", lambda: self._authoring.question(before.question.id)
        )
        if question is not None and question != before.question:
            self.open(question.id)

    @Slot(object, object, str)
    def _on_image_taken(self, info: MediaInfo, use: ImageUse, question: str) -> None:
        self._infos[info.id] = info
        if self._open is not None and self._open.question.id == question and self.room():
            self.set_images((*self._open.draft.body.images, use))

    @Slot()
    def _on_autosave_due(self) -> None:
        self.flush()

    def _timer(self, interval_ms: int, slot: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer
