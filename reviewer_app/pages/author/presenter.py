"""What an author works on: my drafts, the one on the desk, and what is missing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.changes import Changes, Kind
from core.domain.body import AnswerFormat, BlindQuestion
from core.domain.ids import QuestionId, RevisionId
from core.domain.question import Question, QuestionSummary
from core.domain.revision import Draft, Problem
from core.domain.stage import Stage
from reviewer_app.context import AppContext
from reviewer_app.pages.author.draft_desk import DraftDesk, OpenDraft
from reviewer_app.pages.author.draft_history import DraftHistory
from reviewer_app.pages.author.draft_images import DraftImages
from reviewer_app.pages.author.format_switch import Parts, switch_format

if TYPE_CHECKING:
    from core.domain.edit_log import EditLog
    from core.domain.writing_hints import Hint

_CHECK_MS: Final = 250


class AuthorPresenter(QObject):
    """State of the Author page; `desk`, `images` and `history` are parts of it.

    Signals: `drafts_listed(list[QuestionSummary])`; `opened(OpenDraft | None)`;
    `checked(problems, hints)`; `finished(number)`.
    """

    drafts_listed = Signal(object)
    opened = Signal(object)
    checked = Signal(object, object)
    finished = Signal(int)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._authoring = context.workspace.authoring
        self._remembered: dict[tuple[QuestionId, AnswerFormat], Parts] = {}
        self._drafts: list[QuestionSummary] = []
        self.desk = DraftDesk(context, self)
        self.images = DraftImages(context, self.desk, self)
        self.history = DraftHistory(context, self.desk, self)
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(_CHECK_MS)
        self._check.timeout.connect(self.check_now)
        self.desk.draft_edited.connect(self._check.start)

    @property
    def current(self) -> OpenDraft | None:
        """What is on the desk."""
        return self.desk.opened

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
        here = None if self.current is None else self.current.question.id
        is_stored = any(one.id == here and not one.has_open_draft for one in self._drafts)
        return is_stored and not self.desk.is_dirty

    def waiting_count(self) -> int:
        """Return how many of my drafts are not finished."""
        return sum(1 for one in self._drafts if one.has_open_draft)

    def note_changes(self, changes: Changes) -> None:
        """Follow what happened elsewhere; my own saving is no news."""
        if changes.concerns(Kind.QUESTION, Kind.BLINDING):
            self.list_drafts()
            if self.current is not None and not self.desk.is_dirty:
                self._reopen_if_moved(self.current)

    def open(self, question_id: str) -> bool:
        """Put a question on the desk, after storing the one there."""
        if not self.desk.flush():
            return False
        question, me = QuestionId(question_id), self._context.me().id

        def read() -> tuple[Question, Draft, EditLog]:
            draft = self._authoring.draft(question, viewer=me)
            return self._authoring.question(question), draft, self._authoring.edit_log(draft)

        found = self._context.operations.ask(self.tr("Opening the question"), read)
        if found is None:
            return False
        known, draft, log = found
        self.desk.put(OpenDraft(known, draft, self._refusal(known)), log)
        self.opened.emit(self.desk.opened)
        self.desk.undo_changed.emit()
        self.check_now()
        return True

    def create(self, answer_format: AnswerFormat) -> None:
        """Start a question and put it on the desk."""
        if not self.desk.flush():
            return
        me = self._context.me().id
        draft = self._context.operations.perform(
            self.tr("Starting a question"), lambda: self._authoring.create(answer_format, me)
        )
        if draft is not None:
            self.list_drafts()
            self.open(draft.question)

    def finish(self, reason: str = "") -> bool:
        """Make the draft a revision; False when something is missing or it was refused."""
        if self.current is None or self.current.refusal or not self.desk.flush():
            return False
        self.check_now()
        if self._authoring.problems(self.current.draft):
            return False
        question, me = self.current.question, self._context.me().id
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

    def switch_format(self, wanted: AnswerFormat) -> None:
        """Ask for another kind of answer; options and texts are kept where they fit."""
        if self.current is None or wanted is self.current.draft.body.format:
            return
        draft = self.current.draft
        key = (draft.question, draft.body.format)
        self._remembered[key] = (draft.body.asked, draft.key.right)
        remembered = self._remembered.get((draft.question, wanted))
        self.desk.replace_draft(switch_format(draft, wanted, remembered), "format")

    def preview(self) -> BlindQuestion | None:
        """Return the question as its reader would get it."""
        if self.current is None:
            return None
        question = self.current.question
        revision = question.current_revision or RevisionId("")
        return BlindQuestion(question.id, revision, question.number, self.current.draft.body)

    @Slot()
    def check_now(self) -> None:
        """Look for what is missing and what could be better."""
        self._check.stop()
        if self.current is None:
            return
        draft = self.current.draft
        problems: tuple[Problem, ...] = self._authoring.problems(draft)
        hints: tuple[Hint, ...] = self._authoring.hints(draft)
        self.checked.emit(problems, hints)

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
