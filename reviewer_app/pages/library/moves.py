"""What may be done with one question or many: return, retire, delete, restore."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from core.domain.people import Role
from core.domain.question import QuestionSummary
from core.domain.stage import TRANSITIONS, Stage
from reviewer_app.context import AppContext
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from core.changes import Outcome
    from core.domain.ids import PersonId, QuestionId
    from core.services.bin import DeletedQuestion, Emptied

_AT_ONCE: Final = 50
"""So many questions are moved while one waits; more in the background."""


class Move(StrEnum):
    """What is done with questions."""

    RETURN = "return"
    RETIRE = "retire"
    DELETE = "delete"
    RESTORE = "restore"

    @property
    def takes_reason(self) -> bool:
        """Whether it is refused without a reason."""
        return self in (Move.RETURN, Move.RETIRE)


_ENDS: Final = {
    Move.RETURN: Stage.DRAFT,
    Move.RETIRE: Stage.RETIRED,
    Move.DELETE: Stage.IN_BIN,
}


class QuestionMoves(QObject):
    """Moves questions, all or none, so that one undo takes it back.

    Signals: `done(Move)`.
    """

    done = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def open_to(self, move: Move, lines: Sequence[QuestionSummary]) -> list[QuestionSummary]:
        """Return those of the questions that I may move so."""
        me = self._context.me()
        is_lead = me.has_role(Role.LEAD)
        if move is Move.RESTORE:
            starts = {Stage.IN_BIN}
        else:
            end = _ENDS[move]
            starts = {
                one.start for one in TRANSITIONS if one.end is end and me.has_role(*one.roles)
            }
        is_own = move in (Move.DELETE, Move.RESTORE) and not is_lead
        return [one for one in lines if one.stage in starts and (not is_own or one.author == me.id)]

    def make(self, move: Move, lines: Sequence[QuestionSummary], reason: str) -> None:
        """Move questions; a refusal is told and nothing is moved."""
        if not lines:
            return
        me, ids = self._context.me().id, [one.id for one in lines]
        doing = self._doing(move).replace("%1", _named(lines))
        operations = self._context.operations

        def tell(_count: int) -> None:
            done = self._said(move, is_one=len(lines) == 1).replace("%1", _named(lines))
            self._context.messages.done(f"{done} {self.tr('Ctrl+Z takes that back.')}")
            self.done.emit(move)

        def work() -> Outcome[int]:
            return self._work(move)(ids, me, reason)

        if len(ids) > _AT_ONCE:
            operations.perform_later(doing, lambda _token, _report: work(), on_done=tell)
            return
        moved = operations.perform(doing, work)
        if moved is not None:
            tell(moved)

    def deleted(self) -> list[DeletedQuestion]:
        """Return what is in the bin."""
        me, service = self._context.me().id, self._context.workspace.bin
        found = self._context.operations.ask(
            self.tr("Looking into the bin"), lambda: service.questions(me)
        )
        return found or []

    def empty_bin(self) -> None:
        """Remove for ever what may be removed, after a backup."""
        me, service = self._context.me().id, self._context.workspace.bin

        def tell(done: Emptied) -> None:
            text = self.tr("%1 removed for ever. The backup taken before still has them.")
            self._context.messages.done(text.replace("%1", question_count(done.removed)))

        self._context.operations.perform_later(
            self.tr("Emptying the bin"), lambda _token, _report: service.empty(me), on_done=tell
        )

    def _work(self, move: Move) -> Callable[[Sequence[QuestionId], PersonId, str], Outcome[int]]:
        workspace = self._context.workspace
        match move:
            case Move.RETURN:
                return workspace.authoring.return_all
            case Move.RETIRE:
                return workspace.authoring.retire_all
            case Move.DELETE:
                return workspace.bin.delete
            case Move.RESTORE:
                return lambda ids, me, _reason: workspace.bin.restore(ids, me)

    def _doing(self, move: Move) -> str:
        return {
            Move.RETURN: self.tr("Returning %1"),
            Move.RETIRE: self.tr("Retiring %1"),
            Move.DELETE: self.tr("Deleting %1"),
            Move.RESTORE: self.tr("Restoring %1"),
        }[move]

    def _said(self, move: Move, *, is_one: bool) -> str:
        one, many = {
            Move.RETURN: (self.tr("%1 is a draft again."), self.tr("%1 are drafts again.")),
            Move.RETIRE: (self.tr("%1 is retired."), self.tr("%1 are retired.")),
            Move.DELETE: (self.tr("%1 is in the bin."), self.tr("%1 are in the bin.")),
            Move.RESTORE: (self.tr("%1 is back as it was."), self.tr("%1 are back as they were.")),
        }[move]
        return one if is_one else many


def _named(lines: Sequence[QuestionSummary]) -> str:
    if len(lines) == 1:
        name = QCoreApplication.translate("library", "Question %1")
        return name.replace("%1", str(lines[0].number))
    return question_count(len(lines))
