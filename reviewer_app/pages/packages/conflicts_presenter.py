"""What the tab Conflicts shows and does: questions with two versions, settled field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Outcome
from core.errors import ValidationError
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.domain.ids import QuestionId
    from core.domain.revision import Revision
    from core.domain.three_way import FieldDiff, Side
    from core.services.merging.service import OpenConflict


@dataclass(frozen=True, slots=True)
class Version:
    """Who wrote one of the two versions, when and why."""

    author: str
    revision: Revision


class ConflictsPresenter(QObject):
    """State of the tab.

    Signals: `conflicts_changed()`; `conflict_changed()`, another question is in front;
    `picks_changed()`; `settled(int)`, the number of a question; `refused(str)`, a sentence.
    """

    conflicts_changed = Signal()
    conflict_changed = Signal()
    picks_changed = Signal()
    settled = Signal(int)
    refused = Signal(str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.conflicts: tuple[OpenConflict, ...] = ()
        self.current: OpenConflict | None = None
        self.picks: dict[str, Side] = {}

    @property
    def missing(self) -> int:
        """How many fields are not decided yet."""
        fields = self.current.fields if self.current is not None else ()
        return sum(1 for one in fields if one.field not in self.picks)

    @property
    def can_settle(self) -> bool:
        """Whether every field is decided."""
        is_writable = not self._context.workspace.is_read_only
        return self.current is not None and self.missing == 0 and is_writable

    def refresh(self) -> None:
        """Look for questions with two versions; what was picked stays while it still fits."""
        service = self._context.workspace.merging

        def show(found: list[OpenConflict]) -> None:
            self.conflicts = tuple(found)
            known = {one.question: one for one in found}
            name = self.current.question if self.current is not None else None
            again = known.get(name) if name is not None else None
            if again is None or again != self.current:
                self._put_in_front(again or (found[0] if found else None))
            self.conflicts_changed.emit()

        self._context.operations.ask_later("", lambda *_: service.conflicts(), on_done=show)

    def choose(self, question: QuestionId) -> None:
        """Put a question in front."""
        if self.current is not None and self.current.question == question:
            return
        self._put_in_front(next((one for one in self.conflicts if one.question == question), None))

    def pick(self, field: str, side: Side) -> None:
        """Take a field from one side."""
        self.picks[field] = side
        self.picks_changed.emit()

    def pick_all(self, side: Side) -> None:
        """Take every field from one side."""
        fields: tuple[FieldDiff, ...] = self.current.fields if self.current is not None else ()
        self.picks = {one.field: side for one in fields}
        self.picks_changed.emit()

    def versions(self) -> tuple[Version, Version] | None:
        """Return who wrote my version and theirs."""
        if self.current is None:
            return None
        mine, theirs = self.current.mine, self.current.theirs
        name = self._context.name_of
        return Version(name(mine.author), mine), Version(name(theirs.author), theirs)

    def settle(self, reason: str) -> None:
        """Store a version that names both as its parents."""
        from core.domain.three_way import assemble

        conflict = self.current
        if conflict is None or not self.can_settle:
            return
        service, me, picks = self._context.workspace.merging, self._context.me().id, self.picks

        def work() -> Outcome[Revision | None]:
            try:
                kept = assemble(conflict.mine, conflict.theirs, picks)
                done = service.resolve(conflict.question, me, kept, reason=reason)
            except ValidationError as error:
                self.refused.emit(str(error))
                return Outcome(None)
            return Outcome(done.value, done.changes)

        stored = self._context.operations.perform(self.tr("Settling the conflict"), work)
        if stored is not None:
            self.settled.emit(conflict.number)
            self.refresh()

    def _put_in_front(self, conflict: OpenConflict | None) -> None:
        from core.domain.three_way import suggested

        self.current = conflict
        self.picks = suggested(conflict.fields) if conflict is not None else {}
        self.conflict_changed.emit()
