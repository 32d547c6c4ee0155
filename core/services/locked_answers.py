"""Blind answers of verifiers and adjudicators: locked once, then never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain.answer import Answer, AnswerState, Occasion, person_respondent
from core.domain.binding import binding_hash
from core.domain.body import Response, response_problem
from core.domain.ids import AnswerId, PersonId, RevisionId
from core.domain.question import Question
from core.domain.verification import Verification, in_force
from core.errors import ValidationError, WorkflowError

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Transaction


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """A response on its way into the store, with the time it took."""

    occasion: Occasion
    response: Response
    elapsed_s: float
    confidence: int | None = None


def lock(
    tx: Transaction, clock: Clock, question: Question, person: PersonId, blind: BlindAnswer
) -> Answer:
    """Store a blind answer for good; raise `WorkflowError` when there is one already."""
    revision = revision_of(question)
    if own_answer(tx, revision, person, blind.occasion) is not None:
        raise WorkflowError(
            f"Your answer to question {question.number} is locked already.",
            hint="Go on from here; a locked answer never changes.",
        )
    problem = response_problem(tx.bodies.get(revision).body.asked, blind.response)
    if problem:
        raise ValidationError(problem, field="response")
    answer = Answer(
        id=AnswerId(clock.new_id()),
        question=question.id,
        revision=revision,
        respondent=person_respondent(tx.people.get(person)),
        occasion=blind.occasion,
        occasion_id=revision,
        state=AnswerState.ANSWERED,
        answered_at=clock.now(),
        response=blind.response,
        confidence=blind.confidence,
        elapsed_s=blind.elapsed_s,
    )
    tx.answers.add(answer)
    tx.audit.append(
        person=person, action="answer.locked", subject=answer.id, content=binding_hash(answer)
    )
    return answer


def revision_of(question: Question) -> RevisionId:
    """Return the id of the current revision; raise `WorkflowError` while there is none."""
    if question.current_revision is None:
        raise WorkflowError(f"Question {question.number} has no finished version yet.")
    return question.current_revision


def own_answer(
    tx: Transaction, revision: RevisionId, person: PersonId, occasion: Occasion
) -> Answer | None:
    """Return this person's locked answer, or None."""
    for answer in tx.answers.for_revision(revision, occasion):
        if answer.respondent.id == person:
            return answer
    return None


def own_verification(
    tx: Transaction, revision: RevisionId, person: PersonId
) -> Verification | None:
    """Return this person's newest verification, or None."""
    for one in in_force(tx.verifications.for_revision(revision)):
        if one.verifier == person:
            return one
    return None
