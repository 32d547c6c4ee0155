"""How far somebody is with what a package brought, and whether all of it was sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from core.domain.answer import Occasion
from core.domain.ids import PersonId
from core.domain.package import PackageKind, RecordKind
from core.domain.people import Role
from core.domain.remark import by_reading, said
from core.domain.stage import OPEN_STAGES

if TYPE_CHECKING:
    from core.domain.audit import AuditEvent
    from core.services.ports import Transaction

_SENT: Final = f"package.{PackageKind.RETURN.value}"
_WORK: Final = frozenset(
    {
        "answer.locked",
        "answer.given",
        "remark.noted",
        "verification.submitted",
        "verification.changed",
    }
)


@dataclass(frozen=True, slots=True)
class SittingState:
    """How far one reading plan is."""

    name: str
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class WorkState:
    """One person's work: `rateable` counts answered questions whose key is here."""

    questions: int
    answered: int
    rateable: int
    rated: int
    sittings: tuple[SittingState, ...]
    unsent: int
    """Answers, remarks, verdicts and gradings given since the work was sent last."""
    sent_at: datetime | None
    graded: int = 0
    """Written answers of models that this person graded."""
    remarked: int = 0
    """Questions that this person flagged or commented on in a sitting."""

    @property
    def read(self) -> int:
        """Answers given in sittings."""
        return sum(one.answered for one in self.sittings)

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to send."""
        done = (self.answered, self.rated, self.read, self.graded, self.remarked)
        return any(done)

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do with what is here."""
        is_verified = self.answered == self.questions and self.rated == self.rateable
        return is_verified and all(one.answered == one.questions for one in self.sittings)


def work_of(tx: Transaction, person: PersonId) -> WorkState:
    """Return how far this person is."""
    current = _to_verify(tx, person)
    answers = tx.records.of(RecordKind.ANSWER, "respondent_id", [person])
    locked = {
        one.data["revision"]
        for one in answers
        if one.data["occasion"] == Occasion.VERIFICATION.value
    }
    rated = {one.revision for one in tx.verifications.by_person(person)}
    answered = current & locked
    keys = set(tx.records.some(RecordKind.KEY, answered))
    own = {one.plan: one.position for one in tx.sittings.all() if one.reader == person}
    sittings = tuple(
        SittingState(plan.name, own.get(plan.id, 0), len(plan.revisions))
        for plan in tx.plans.all()
        if person in plan.readers
    )
    gradings = tx.records.of(RecordKind.GRADING, "person", [person])
    own_gradings = {one.id for one in gradings}
    unsent, sent = _since_sent(tx.audit.all(), person, own_gradings)
    return WorkState(
        questions=len(current),
        answered=len(answered),
        rateable=len(keys),
        rated=len(keys & rated),
        sittings=sittings,
        unsent=unsent,
        sent_at=None if sent is None else sent.at,
        graded=len({one.data["answer"] for one in gradings}),
        remarked=_remarked(tx, person),
    )


def _remarked(tx: Transaction, person: PersonId) -> int:
    own = (one for one in tx.remarks.all() if one.reader == person)
    return sum(not said(some).is_empty for some in by_reading(own))


def _to_verify(tx: Transaction, person: PersonId) -> set[str]:
    if not tx.people.get(person).has_role(Role.VERIFIER):
        return set()
    lines = [line for stage in OPEN_STAGES for line in tx.questions.summaries(stage=stage)]
    known = (tx.questions.get(line.id) for line in lines if line.author != person)
    return {one.current_revision for one in known if one.current_revision is not None}


def _since_sent(
    events: list[AuditEvent], person: PersonId, gradings: set[str]
) -> tuple[int, AuditEvent | None]:
    # The chain has an order that no clock can upset.
    unsent = 0
    for event in reversed(events):
        if event.person == person and event.action == _SENT:
            return unsent, event
        # A judge's gradings bear the name of who asked it; they are not that person's own.
        is_work = event.action in _WORK or event.subject in gradings
        unsent += event.person == person and is_work
    return unsent, None
