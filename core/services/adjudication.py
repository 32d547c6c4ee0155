"""Deciding questions after verification: the unanimous in bulk, the others one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, Occasion
from core.domain.binding import binding_hash
from core.domain.body import BlindQuestion, Response
from core.domain.decision import DecisionKind, Moved
from core.domain.ids import PersonId, QuestionId
from core.domain.key import Key
from core.domain.people import Role
from core.domain.question import Question, QuestionSummary
from core.domain.stage import Stage
from core.domain.verification import (
    NEEDED_VERIFICATIONS,
    Adjudication,
    GateRating,
    Verdict,
    in_force,
    is_unanimous,
)
from core.errors import BlindingError, ValidationError, WorkflowError
from core.services.locked_answers import (
    BlindAnswer,
    lock,
    own_answer,
    own_verification,
    revision_of,
)
from core.services.steps import move_question, record_decision

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Database, Transaction

_END_STAGE: Final = {
    Verdict.ACCEPT: Stage.VERIFIED,
    Verdict.REVISE: Stage.DRAFT,
    Verdict.REJECT: Stage.REJECTED,
}


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One question under verification and how far it is."""

    summary: QuestionSummary
    verdicts: tuple[Verdict, ...]
    is_complete: bool
    is_unanimous: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """One verification for the adjudicator: nothing in it tells whose it is."""

    letter: str
    response: Response | None
    gates: tuple[GateRating, ...]
    verdict: Verdict
    comment: str


@dataclass(frozen=True, slots=True)
class AdjudicationDesk:
    """What an adjudicator has before them: first only the blind question.

    `candidates` and `key` are there once `own_answer` is locked.
    """

    blind: BlindQuestion
    own_answer: Answer | None
    candidates: tuple[Candidate, ...]
    key: Key | None


class AdjudicationService:
    """Ends verification; the verifications themselves stay untouched."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def board(self) -> list[BoardLine]:
        """Return every question under verification and how far it is."""
        with self._database.read() as tx:
            lines = tx.questions.summaries(stage=Stage.IN_VERIFICATION)
            return [_board_line(tx, line) for line in lines]

    def accept(self, questions: Sequence[QuestionId], person: PersonId) -> Outcome[int]:
        """Move unanimous questions to verified, all or none; return how many."""
        moves = []
        with self._database.write() as tx:
            for question in questions:
                known = tx.questions.get(question)
                if not is_unanimous(tx.verifications.for_revision(revision_of(known))):
                    raise WorkflowError(
                        f"Question {known.number} is not unanimous.",
                        hint="Let an adjudicator decide it.",
                    )
                move_question(tx, known, Stage.VERIFIED, person, at=self._clock.now())
                moves.append(Moved(question, known.stage, Stage.VERIFIED))
            record_decision(tx, self._clock, DecisionKind.ACCEPT, person, moves)
        return Outcome(len(questions), Changes.of(Kind.QUESTION, *questions))

    def open(self, question: QuestionId, person: PersonId) -> AdjudicationDesk:
        """Return the blind question, and the rest once the own answer is locked."""
        with self._database.read() as tx:
            known = _require_adjudicator(tx, question, person)
            revision = revision_of(known)
            blind = tx.bodies.get(revision)
            own = own_answer(tx, revision, person, Occasion.ADJUDICATION)
            if own is None:
                return AdjudicationDesk(blind, None, (), None)
            key = tx.revisions.get(revision).key
            return AdjudicationDesk(blind, own, _candidates(tx, known), key)

    def lock_answer(
        self, question: QuestionId, person: PersonId, response: Response, *, elapsed_s: float
    ) -> Outcome[Answer]:
        """Store the adjudicator's own blind answer for good."""
        with self._database.write() as tx:
            known = _require_adjudicator(tx, question, person)
            blind = BlindAnswer(Occasion.ADJUDICATION, response, elapsed_s)
            answer = lock(tx, self._clock, known, person, blind)
        return Outcome(answer, Changes.of(Kind.VERIFICATION, question))

    def decide(
        self, question: QuestionId, person: PersonId, *, verdict: Verdict, reason: str
    ) -> Outcome[Adjudication]:
        """Decide a question after answering it; accept, back to draft, or reject."""
        if not reason.strip():
            raise ValidationError(
                "A decision needs a reason.", field="reason", hint="One sentence is enough."
            )
        with self._database.write() as tx:
            known = _require_adjudicator(tx, question, person)
            own = own_answer(tx, revision_of(known), person, Occasion.ADJUDICATION)
            if own is None:
                raise BlindingError(f"Answer question {known.number} before you decide it.")
            decision = Adjudication(
                question=question,
                revision=own.revision,
                adjudicator=person,
                answer=own.id,
                verdict=verdict,
                reason=reason,
                decided_at=self._clock.now(),
            )
            tx.verifications.add_adjudication(decision)
            tx.audit.append(
                person=person,
                action="adjudication.decided",
                subject=own.revision,
                content=binding_hash(decision),
            )
            end, now = _END_STAGE[verdict], self._clock.now()
            move_question(tx, known, end, person, at=now, reason=reason)
            moves = [Moved(question, known.stage, end)]
            kind = DecisionKind.ADJUDICATE
            record_decision(tx, self._clock, kind, person, moves, reason=reason)
        return Outcome(decision, Changes.of(Kind.QUESTION, question))


def _board_line(tx: Transaction, line: QuestionSummary) -> BoardLine:
    found = in_force(tx.verifications.for_revision(revision_of(tx.questions.get(line.id))))
    return BoardLine(
        summary=line,
        verdicts=tuple(one.verdict for one in found),
        is_complete=len(found) >= NEEDED_VERIFICATIONS,
        is_unanimous=is_unanimous(found),
    )


def _candidates(tx: Transaction, question: Question) -> tuple[Candidate, ...]:
    # The end of an id is random, so an order by it tells neither names nor who came first.
    found = sorted(
        in_force(tx.verifications.for_revision(revision_of(question))),
        key=lambda one: one.answer[::-1],
    )
    return tuple(
        Candidate(
            letter=chr(ord("A") + place),
            response=tx.answers.get(one.answer).response,
            gates=one.gates,
            verdict=one.verdict,
            comment=one.comment,
        )
        for place, one in enumerate(found)
    )


def _require_adjudicator(tx: Transaction, question: QuestionId, person: PersonId) -> Question:
    known = tx.questions.get(question)
    me = tx.people.get(person)
    if known.author == person:
        raise BlindingError(f"Question {known.number} is your own; somebody else decides it.")
    if not me.has_role(Role.ADJUDICATOR, Role.LEAD):
        raise WorkflowError(
            f"{me.name} is not an adjudicator.", hint="The study lead gives this role."
        )
    if known.stage is not Stage.IN_VERIFICATION:
        raise WorkflowError(
            f"Question {known.number} is “{known.stage.display_name}” and not under verification."
        )
    revision = revision_of(known)
    if own_verification(tx, revision, person) is not None:
        raise BlindingError(
            f"You verified question {known.number} yourself; somebody else decides it."
        )
    if len(in_force(tx.verifications.for_revision(revision))) < NEEDED_VERIFICATIONS:
        raise WorkflowError(
            f"Question {known.number} has fewer than {NEEDED_VERIFICATIONS} verifications.",
            hint="Wait until they are finished.",
        )
    return known
