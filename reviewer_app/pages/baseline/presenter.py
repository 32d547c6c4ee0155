"""Reading plans for the lead, registration and sittings for the reader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Outcome
from core.domain.people import Person, Role
from core.domain.stage import Stage
from core.errors import ValidationError
from reviewer_app.context import AppContext

if TYPE_CHECKING:
    from core.domain.plan import ReadingPlan
    from core.services.baseline import PlanRequest, SittingLine


class BaselinePresenter(QObject):
    """State and actions around the sittings.

    Signals: `changed()` when lists, people or plans were read again; `refused(str, str)` field
    and sentence, to show in place.
    """

    changed = Signal()
    refused = Signal(str, str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.me: Person | None = None
        self.lines: tuple[SittingLine, ...] = ()
        self.plans: tuple[ReadingPlan, ...] = ()
        self.readers: tuple[Person, ...] = ()
        self.verified_count = 0

    @property
    def is_lead(self) -> bool:
        """Whether the person here plans readings."""
        return self.me is not None and self.me.has_role(Role.LEAD)

    @property
    def is_reader(self) -> bool:
        """Whether the person here answers."""
        return self.me is not None and self.me.has_role(Role.READER)

    @property
    def needs_registration(self) -> bool:
        """Whether specialty and confidence must be given before the first sitting."""
        return bool(self.waiting) and not (self.me and self.me.specialty_confidence)

    @property
    def waiting(self) -> tuple[SittingLine, ...]:
        """The sittings that are not finished."""
        return tuple(line for line in self.lines if not line.is_finished)

    def refresh(self) -> None:
        """Read everything again."""
        self._context.operations.ask(self.tr("Listing the sittings"), self._read)
        self.changed.emit()

    def make_plan(self, request: PlanRequest) -> bool:
        """Draw and store a reading plan; False when something is missing."""
        workspace = self._context.workspace

        def work() -> Outcome[ReadingPlan | None]:
            try:
                made = workspace.baseline.make_plan(request, self._context.me().id)
            except ValidationError as error:
                self.refused.emit(error.field, str(error))
                return Outcome(None, Changes())
            return Outcome(made.value, made.changes)

        plan = self._context.operations.perform(self.tr("Making the reading plan"), work)
        if plan is None:
            return False
        self._context.messages.done(
            self.tr("“%1” is ready with %2 questions.")
            .replace("%1", plan.name)
            .replace("%2", str(len(plan.revisions)))
        )
        self.refresh()
        return True

    def register(
        self, *, specialty: str, years_in_practice: int, confidence: dict[str, int]
    ) -> bool:
        """Store who reads: specialty, years, confidence 1 to 5 for each specialty."""
        if self.me is None:
            return False
        person = replace(
            self.me,
            specialty=specialty,
            years_in_practice=years_in_practice,
            specialty_confidence=confidence,
        )
        stored = self._context.operations.perform(
            self.tr("Storing your registration"),
            lambda: self._context.workspace.people.update(person),
        )
        self.refresh()
        return stored is not None

    def name_of(self, person_id: str) -> str:
        """Return a reader's name."""
        return next((one.name for one in self.readers if one.id == person_id), "")

    def _read(self) -> None:
        workspace = self._context.workspace
        self.me = self._context.me()
        self.lines = tuple(workspace.baseline.sittings(self.me.id))
        self.plans = tuple(workspace.baseline.plans())
        self.readers = tuple(
            person for person in workspace.people.all() if person.has_role(Role.READER)
        )
        self.verified_count = workspace.authoring.stage_counts()[Stage.VERIFIED]
