"""Taking decisions back and making them again: new steps through the stages, nothing removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.decision import Decision, DecisionKind, DecisionState, Moved
from core.domain.ids import PersonId, RevisionId
from core.domain.question import Question
from core.domain.stage import Stage
from core.domain.verification import is_unanimous
from core.errors import WorkflowError
from core.services.steps import require_deletable, step_again, step_back

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Database, Transaction

_WHAT: Final = {
    DecisionKind.ACCEPT: "accepted as unanimous",
    DecisionKind.ADJUDICATE: "decided",
    DecisionKind.RETURN: "returned to draft",
    DecisionKind.RETIRE: "retired",
    DecisionKind.APPROVE: "approved as blinded",
    DecisionKind.BIN: "moved to the bin",
    DecisionKind.RESTORE: "restored from the bin",
}


class UndoService:
    """Takes a person's own decisions back, the newest first, while nothing was built on them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def next_undo(self, person: PersonId) -> Decision | None:
        """Return the decision that `undo` would take back."""
        with self._database.read() as tx:
            return tx.decisions.last_done(person)

    def next_redo(self, person: PersonId) -> Decision | None:
        """Return the decision that `redo` would make again."""
        with self._database.read() as tx:
            return tx.decisions.last_undone(person)

    def undo(self, person: PersonId) -> Outcome[Decision | None]:
        """Take the newest decision back, whole or not at all; None when there is none.

        Raises `WorkflowError` naming the question on which something was built since.
        """
        with self._database.write() as tx:
            decision = tx.decisions.last_done(person)
            if decision is None:
                return Outcome(None)
            why = f"Undone: {_WHAT[decision.kind]}."
            for moved in decision.moves:
                question = tx.questions.get(moved.question)
                _require_untouched(tx, question, moved, decision)
                step_back(tx, question, moved, person, at=self._clock.now(), why=why)
            tx.decisions.set_state(decision.id, DecisionState.UNDONE)
            tx.audit.append(person=person, action="decision.undone", subject=decision.id)
        return Outcome(replace(decision, state=DecisionState.UNDONE), _touched(decision))

    def redo(self, person: PersonId) -> Outcome[Decision | None]:
        """Make the decision undone last again; None when there is none."""
        with self._database.write() as tx:
            decision = tx.decisions.last_undone(person)
            if decision is None:
                return Outcome(None)
            for moved in decision.moves:
                question = tx.questions.get(moved.question)
                _require_still_fitting(tx, question, moved, decision)
                now, reason = self._clock.now(), decision.reason
                step_again(tx, question, moved, person, at=now, why=reason)
            tx.decisions.set_state(decision.id, DecisionState.DONE)
            tx.audit.append(person=person, action="decision.redone", subject=decision.id)
        return Outcome(replace(decision, state=DecisionState.DONE), _touched(decision))


def _require_untouched(
    tx: Transaction, question: Question, moved: Moved, decision: Decision
) -> None:
    last = tx.stage_moves.of_question(question.id)[-1]
    is_last = (last.start, last.end, last.person) == (moved.start, moved.end, decision.person)
    if question.stage is not moved.end or not is_last:
        raise _refusal(question, "somebody has moved it since")
    if moved.end is Stage.DRAFT:
        revisions = tx.revisions.of_question(question.id)
        is_newer = bool(revisions) and revisions[-1].created_at > decision.made_at
        # What was restored may well be an open draft, and goes back into the bin as it is.
        is_open = decision.kind is not DecisionKind.RESTORE and _has_open_draft(tx, question)
        if is_newer or is_open:
            raise _refusal(question, "its author has changed it since")
    if moved.end is Stage.VERIFIED and question.current_revision is not None:
        user = _user_of(tx, question.current_revision)
        if user:
            raise _refusal(question, f"{user} uses it since")


def _require_still_fitting(
    tx: Transaction, question: Question, moved: Moved, decision: Decision
) -> None:
    current = question.current_revision
    if question.stage is not moved.start:
        raise _refusal(question, "somebody has moved it since", again=True)
    if decision.kind is DecisionKind.BIN:
        require_deletable(tx, (question,))
    elif moved.start is Stage.DRAFT and _has_open_draft(tx, question):
        raise _refusal(question, "its author has changed it since", again=True)
    found = () if current is None else tx.verifications.for_revision(current)
    if decision.kind is DecisionKind.ACCEPT and not is_unanimous(found):
        raise _refusal(question, "its verifiers no longer agree", again=True)
    if decision.kind is DecisionKind.APPROVE:
        approved = tx.blindings.of_question(question.id)
        if not approved or approved[-1].revision != current:
            raise _refusal(question, "its author has changed it since", again=True)


def _refusal(question: Question, why: str, *, again: bool = False) -> WorkflowError:
    what = "cannot be made again" if again else "cannot be undone"
    return WorkflowError(
        f"The decision on question {question.number} {what}: {why}.",
        hint="Nothing was changed. Move the question by hand, with a reason.",
    )


def _has_open_draft(tx: Transaction, question: Question) -> bool:
    return tx.questions.summaries(ids=(question.id,))[0].has_open_draft


def _user_of(tx: Transaction, revision: RevisionId) -> str:
    for plan in tx.plans.all():
        if revision in plan.revisions:
            return f"the reading plan “{plan.name}”"
    for run in tx.runs.all():
        if revision in run.spec.revisions:
            return f"a run of {run.spec.llm}"
    return ""


def _touched(decision: Decision) -> Changes:
    ids = [one.question for one in decision.moves]
    return Changes.of(Kind.QUESTION, *ids)
