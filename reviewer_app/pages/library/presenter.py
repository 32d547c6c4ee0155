"""What the library shows: search, filters, the chosen question and what may be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Kind
from core.domain.body import AnswerFormat, Body
from core.domain.ids import QuestionId, RevisionId
from core.domain.people import Role
from core.domain.question import QuestionSummary
from core.domain.stage import Stage, StageMove
from core.domain.taxonomy import CAPACITY, SPECIALTY, Label, value_on
from reviewer_app.context import AppContext
from reviewer_app.operations import Latest
from reviewer_app.pages.library.moves import Move, QuestionMoves
from reviewer_app.undoing import redo_decision, undo_decision

if TYPE_CHECKING:
    from core.domain.revision import Revision
    from core.domain.revision_diff import FieldDiff
    from core.services.remarks import QuestionRemarks


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show; an empty value lets everything through."""

    stage: Stage | None = None
    answer_format: AnswerFormat | None = None
    specialty: str = ""
    capacity: str = ""
    is_flagged: bool = False
    """Only what readers flagged; who did so is not in a line."""

    def admits(self, line: QuestionSummary, *, any_stage: bool = False) -> bool:
        """Tell whether a question passes; without a stage, whatever is not in the bin."""
        fits = line.stage is not Stage.IN_BIN if self.stage is None else line.stage is self.stage
        return (
            (any_stage or fits)
            and (self.answer_format is None or line.format is self.answer_format)
            and (not self.specialty or Label(SPECIALTY, self.specialty) in line.labels)
            and (not self.capacity or Label(CAPACITY, self.capacity) in line.labels)
        )


@dataclass(frozen=True, slots=True)
class Detail:
    """All that the library says about one question; no key is among it."""

    summary: QuestionSummary
    body: Body
    author: str
    revisions: tuple[Revision, ...]
    moves: tuple[tuple[StageMove, str], ...]
    """Steps through the stages, each with the name of who made it."""
    remarks: QuestionRemarks
    """What readers say about it; empty for anybody but a lead."""
    steps: frozenset[str] = field(default_factory=frozenset)
    """What may be done now: author, blind, verify, return, retire, delete, restore."""


class LibraryPresenter(QObject):
    """State of the library.

    Signals: `lines_changed(list)`, the filtered questions; `counts_changed(dict)`, how many
    questions stand at each stage under the other filters; `choices_changed(specialties,
    capacities)`; `detail_changed(Detail | None)`; `flagged_counted(int)`, how many questions
    readers flagged.
    """

    lines_changed = Signal(object)
    counts_changed = Signal(object)
    choices_changed = Signal(object, object)
    detail_changed = Signal(object)
    flagged_counted = Signal(int)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._authoring = context.workspace.authoring
        self._lines: list[QuestionSummary] = []
        self.flags: dict[QuestionId, int] = {}
        """How many readers flagged a question; empty for anybody but a lead."""
        self._search = ""
        self._fetching = Latest(context.operations)
        self._is_stale = True
        self._chosen: str | None = None
        self.moves = QuestionMoves(context, self)
        self.filters = Filters()
        self.is_empty = True

    def refresh(self, *, force: bool = False) -> None:
        """Fetch the questions in the background if something changed since the last time."""
        if not (self._is_stale or force):
            return
        self._is_stale = False
        search = self._search
        me, workspace = self._context.me().id, self._context.workspace

        self._fetching.ask(
            "",
            lambda _token, _report: (
                [
                    *self._authoring.library(search=search, viewer=me),
                    *self._authoring.library(stage=Stage.IN_BIN, search=search, viewer=me),
                ],
                workspace.remarks.flags(me) if workspace.has_remarks() else {},
            ),
            on_done=lambda found: self._take(*found),
            on_error=self._mark_stale,
        )

    def note_changes(self, changes: Changes) -> bool:
        """Tell whether the list shown is out of date now."""
        concerned = changes.concerns(
            Kind.QUESTION,
            Kind.DRAFT,
            Kind.BLINDING,
            Kind.VERIFICATION,
            Kind.PERSON,
            Kind.REMARK,
        )
        self._is_stale = self._is_stale or concerned
        return concerned

    def set_search(self, text: str) -> None:
        """Show only questions with these words."""
        if text.strip() != self._search:
            self._search = text.strip()
            self.refresh(force=True)

    @property
    def is_narrowed(self) -> bool:
        """Whether search or filters hide questions."""
        return bool(self._search) or self.filters != Filters()

    def set_filters(self, filters: Filters) -> None:
        """Show only questions that pass."""
        self.filters = filters
        self._publish()

    def choose(self, question_id: str | None) -> None:
        """Show a question's details, or none."""
        self._chosen = question_id
        line = next((one for one in self._lines if one.id == question_id), None)
        self.detail_changed.emit(None if line is None else self._detail(line))

    def create(self, answer_format: AnswerFormat) -> None:
        """Start a question and open it on the Author page."""
        me = self._context.me()
        draft = self._context.operations.perform(
            self.tr("Starting a question"), lambda: self._authoring.create(answer_format, me.id)
        )
        if draft is not None:
            self._context.open_question("author", draft.question)

    def open_on(self, page: str, question_id: str) -> None:
        """Show a question on another page."""
        self._context.open_question(page, question_id)

    def undo(self) -> bool:
        """Take my newest decision back."""
        return undo_decision(self._context)

    def redo(self) -> bool:
        """Make the decision undone last again."""
        return redo_decision(self._context)

    def compare(self, before: str, after: str) -> tuple[FieldDiff, ...]:
        """Return what differs between two revisions of the chosen question, without the key."""
        if self._chosen is None:
            return ()
        question = QuestionId(self._chosen)
        found = self._context.operations.ask(
            self.tr("Comparing two revisions"),
            lambda: self._authoring.compare(question, RevisionId(before), RevisionId(after)),
        )
        return found or ()

    def restore(self, line: QuestionSummary, revision: str) -> None:
        """Make an earlier revision the draft and open it on the Author page."""
        me = self._context.me().id
        draft = self._context.operations.perform(
            self.tr("Restoring a revision of question %1").replace("%1", str(line.number)),
            lambda: self._authoring.restore(line.id, RevisionId(revision), me),
        )
        if draft is not None:
            self._context.open_question("author", line.id)

    def name_of(self, person: str) -> str:
        """Return the name of a person, where it may be told."""
        return self._context.name_of(person)

    def fetch_thumbnails(
        self, body: Body, size_px: int, show: Callable[[list[bytes]], None]
    ) -> None:
        """Draw small pictures of a body's images in the background."""
        images = self._context.workspace.images
        self._context.operations.ask_later(
            "",
            lambda _token, _report: [images.thumbnail(use, size_px) for use in body.images],
            on_done=show,
        )

    def _mark_stale(self) -> None:
        self._is_stale = True

    def _take(self, lines: list[QuestionSummary], flags: dict[QuestionId, int]) -> None:
        self._lines, self.flags = lines, flags
        flagged = [one for one in lines if one.id in flags and one.stage is not Stage.IN_BIN]
        self.flagged_counted.emit(len(flagged))
        self.is_empty = not self._search and all(one.stage is Stage.IN_BIN for one in lines)
        specialties = sorted({value_on(line.labels, SPECIALTY) for line in lines} - {""})
        capacities = sorted({value_on(line.labels, CAPACITY) for line in lines} - {""})
        self.choices_changed.emit(
            _with(specialties, self.filters.specialty), _with(capacities, self.filters.capacity)
        )
        self._publish()
        if self._chosen is not None:
            self.choose(self._chosen)

    def _publish(self) -> None:
        lines = self._lines
        if self.filters.is_flagged:
            lines = [one for one in lines if one.id in self.flags]
        admitted = [one for one in lines if self.filters.admits(one, any_stage=True)]
        counts = Counter(line.stage for line in admitted)
        self.counts_changed.emit({stage: counts[stage] for stage in Stage})
        by_stage = replace(Filters(), stage=self.filters.stage)
        self.lines_changed.emit([line for line in admitted if by_stage.admits(line)])

    def _detail(self, line: QuestionSummary) -> Detail | None:
        return self._context.operations.ask(
            self.tr("Opening question %1").replace("%1", str(line.number)),
            lambda: self._read_detail(line),
        )

    def _read_detail(self, line: QuestionSummary) -> Detail:
        names = self._names()
        revisions = tuple(self._authoring.revisions(line.id))
        body = revisions[-1].body if revisions else self._authoring.draft(line.id).body
        moves = tuple((move, names.get(move.person, "")) for move in self._authoring.moves(line.id))
        author = names.get(line.author, "")
        remarks = self._context.workspace.remarks.of_question(line.id, self._context.me().id)
        return Detail(line, body, author, revisions, moves, remarks, self._steps(line))

    def _names(self) -> dict[str, str]:
        """Return the names that may be told: all to a lead, to others only their own."""
        me, somebody = self._context.me(), self.tr("somebody else")
        return {
            one.id: one.name if one.id == me.id or me.has_role(Role.LEAD) else somebody
            for one in self._context.workspace.people.all()
        }

    def _steps(self, line: QuestionSummary) -> frozenset[str]:
        me = self._context.me()
        steps = set()
        if line.stage is Stage.DRAFT:
            steps.add("author")
            if line.revision_number and not line.has_open_draft:
                steps.add("blind")
        if line.stage in (Stage.BLINDED, Stage.IN_VERIFICATION) and line.author != me.id:
            steps.add("verify")
        return frozenset(steps | {move.value for move in Move if self.moves.open_to(move, [line])})


def _with(values: Iterable[str], chosen: str) -> list[str]:
    """Keep the chosen value in the list, even while nothing has it."""
    listed = list(values)
    return listed if not chosen or chosen in listed else [*listed, chosen]
