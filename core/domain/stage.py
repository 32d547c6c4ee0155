"""Stages of a question and the one table that decides which step is allowed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.domain.ids import PersonId, QuestionId
from core.domain.people import Person, Role
from core.errors import WorkflowError


class Stage(StrEnum):
    """Where a question stands."""

    DRAFT = "draft"
    BLINDED = "blinded"
    IN_VERIFICATION = "in_verification"
    VERIFIED = "verified"
    REJECTED = "rejected"
    RETIRED = "retired"
    IN_BIN = "in_bin"
    """Deleted, and restored to where it was whenever somebody wants."""

    @property
    def display_name(self) -> str:
        """The name as shown on a screen."""
        return self.value.replace("_", " ").capitalize()


OPEN_STAGES: Final = (Stage.BLINDED, Stage.IN_VERIFICATION)
"""In these a question may be verified."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step; `needs_reason` demands a written reason."""

    start: Stage
    end: Stage
    roles: frozenset[Role]
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class StageMove:
    """A step that a question took: by whom, when and why."""

    question: QuestionId
    start: Stage
    end: Stage
    person: PersonId
    moved_at: datetime
    reason: str = ""


def _deletion(start: Stage, *roles: Role) -> Transition:
    return Transition(start, Stage.IN_BIN, frozenset(roles))


def _step(start: Stage, end: Stage, *roles: Role, needs_reason: bool = False) -> Transition:
    return Transition(start, end, frozenset(roles), needs_reason)


TRANSITIONS: Final = (
    _step(Stage.DRAFT, Stage.BLINDED, Role.AUTHOR, Role.LEAD),
    _step(Stage.BLINDED, Stage.DRAFT, Role.AUTHOR, Role.LEAD, needs_reason=True),
    _step(Stage.BLINDED, Stage.IN_VERIFICATION, Role.VERIFIER, Role.LEAD),
    _step(Stage.IN_VERIFICATION, Stage.VERIFIED, Role.ADJUDICATOR, Role.LEAD),
    _step(Stage.IN_VERIFICATION, Stage.DRAFT, Role.ADJUDICATOR, Role.LEAD, needs_reason=True),
    _step(Stage.IN_VERIFICATION, Stage.REJECTED, Role.ADJUDICATOR, Role.LEAD, needs_reason=True),
    _step(Stage.VERIFIED, Stage.RETIRED, Role.LEAD, needs_reason=True),
    _step(Stage.VERIFIED, Stage.DRAFT, Role.LEAD, needs_reason=True),
    _step(Stage.DRAFT, Stage.RETIRED, Role.AUTHOR, Role.LEAD, needs_reason=True),
    _step(Stage.BLINDED, Stage.RETIRED, Role.LEAD, needs_reason=True),
    _step(Stage.REJECTED, Stage.DRAFT, Role.LEAD, needs_reason=True),
    # Nothing leads out of the bin but restoring, which goes back to where the question stood.
    _deletion(Stage.DRAFT, Role.AUTHOR, Role.LEAD),
    _deletion(Stage.BLINDED, Role.AUTHOR, Role.LEAD),
    _deletion(Stage.REJECTED, Role.LEAD),
    _deletion(Stage.RETIRED, Role.LEAD),
)

IN_USE: Final = tuple(stage for stage in Stage if stage is not Stage.IN_BIN)
"""The stages of questions that were not deleted, in working order."""


def require_transition(start: Stage, end: Stage, person: Person, *, reason: str = "") -> None:
    """Raise `WorkflowError` with a sentence unless the table allows this step."""
    for step in TRANSITIONS:
        if (step.start, step.end) == (start, end):
            break
    else:
        ends = [step.end for step in TRANSITIONS if step.start is start]
        allowed = ", ".join(end.display_name for end in ends if end is not Stage.IN_BIN)
        raise WorkflowError(
            f"A question that is “{start.display_name}” cannot become “{end.display_name}”.",
            hint=_way_on(start, allowed),
        )
    move = f"from “{start.display_name}” to “{end.display_name}”"
    if not person.has_role(*step.roles):
        who = " or ".join(sorted(role.value for role in step.roles))
        raise WorkflowError(
            f"{person.name} may not move a question {move}.",
            hint=f"That takes the role {who}.",
        )
    if step.needs_reason and not reason.strip():
        raise WorkflowError(
            f"Moving a question {move} needs a reason.",
            hint="Write one sentence that the author can act on.",
        )


def _way_on(start: Stage, allowed: str) -> str:
    if start is Stage.IN_BIN:
        return "Restore it from the bin first."
    return f"Allowed from here: {allowed}." if allowed else "This stage is final."
