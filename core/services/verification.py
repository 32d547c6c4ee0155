"""Verification: a blind answer is locked, then the key is revealed, rated and decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, Occasion
from core.domain.binding import binding_hash
from core.domain.body import AnswerFormat, BlindQuestion, Response
from core.domain.ids import PersonId, QuestionId, RevisionId, VerificationId
from core.domain.key import Key
from core.domain.package import RecordKind
from core.domain.people import Role
from core.domain.question import Question, QuestionSummary
from core.domain.score import ScoreState
from core.domain.stage import OPEN_STAGES, Stage
from core.domain.taxonomy import SPECIALTY, Label
from core.domain.verification import (
    NEEDED_VERIFICATIONS,
    Gate,
    GateRating,
    Rating,
    Verdict,
    Verification,
)
from core.errors import BlindingError, ValidationError, WorkflowError
from core.services.locked_answers import (
    BlindAnswer,
    lock,
    own_answer,
    own_verification,
    revision_of,
)
from core.services.steps import move_question

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Database, Transaction


@dataclass(frozen=True, slots=True)
class VerificationDesk:
    """What a verifier has before them: the blind question and their own records only."""

    blind: BlindQuestion
    own_answer: Answer | None
    own_verification: Verification | None


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a verifier sees once their answer is locked.

    `is_right` is None where the scorer cannot say (a report).
    """

    key: Key
    answer: Answer
    is_right: bool | None
    labels: frozenset[Label]


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question in a verifier's queue: no author, no label, no source."""

    id: QuestionId
    number: int
    format: AnswerFormat
    image_count: int
    is_answered: bool
    """Whether the own blind answer is locked already."""
    was_changed: bool = False
    """Whether it was verified before and its content was changed since."""


class VerificationService:
    """Blinded double review."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def waiting(self, person: PersonId) -> list[WaitingQuestion]:
        """Return questions that this person may verify and has not, in their own order.

        Enough verifications end the wait for everybody. The person's specialty comes first. A
        question answered in a package waits again when a package brings its key.
        """
        with self._database.read() as tx:
            me = tx.people.get(person)
            if not me.has_role(Role.VERIFIER):
                return []
            done = {one.question: one.revision for one in tx.verifications.by_person(person)}
            lines = [
                (line, tx.questions.get(line.id))
                for stage in OPEN_STAGES
                for line in tx.questions.summaries(stage=stage)
                if line.author != person and line.verification_count < NEEDED_VERIFICATIONS
            ]
            mine = Label(SPECIALTY, me.specialty)
            lines.sort(key=lambda pair: (mine not in pair[0].labels, pair[0].number))
            found = [
                _waiting(tx, line, revision_of(known), person)
                for line, known in lines
                if done.get(line.id) != known.current_revision
            ]
            return [one for one in found if not (one.is_answered and _lacks_key(tx, one.id))]

    def lacks_key(self, question: QuestionId) -> bool:
        """Tell whether the key is not in this workspace, because a package left it out."""
        with self._database.read() as tx:
            return _lacks_key(tx, question)

    def open(self, question: QuestionId, person: PersonId) -> VerificationDesk:
        """Return the blind question; raise `BlindingError` for its own author."""
        with self._database.read() as tx:
            known = _require_verifier(tx, question, person)
            revision = revision_of(known)
            return VerificationDesk(
                blind=tx.bodies.get(revision),
                own_answer=own_answer(tx, revision, person, Occasion.VERIFICATION),
                own_verification=own_verification(tx, revision, person),
            )

    def lock_answer(
        self,
        question: QuestionId,
        person: PersonId,
        response: Response,
        *,
        elapsed_s: float,
        confidence: int | None = None,
    ) -> Outcome[Answer]:
        """Store the blind answer for good; the first one moves the question into verification."""
        with self._database.write() as tx:
            known = _require_verifier(tx, question, person)
            blind = BlindAnswer(Occasion.VERIFICATION, response, elapsed_s, confidence)
            answer = lock(tx, self._clock, known, person, blind)
            if known.stage is Stage.BLINDED:
                move_question(tx, known, Stage.IN_VERIFICATION, person, at=self._clock.now())
        return Outcome(answer, _touched(question))

    def reveal(self, question: QuestionId, person: PersonId) -> Revealed:
        """Return key and labels; raise `BlindingError` while the own answer is not locked."""
        from core.scoring.scorers import score

        with self._database.read() as tx:
            known = _require_verifier(tx, question, person)
            revision = tx.revisions.get(revision_of(known))
            answer = own_answer(tx, revision.id, person, Occasion.VERIFICATION)
        if answer is None:
            raise BlindingError(
                f"The key of question {known.number} stays hidden until your answer is locked.",
                hint="Answer the question first.",
            )
        state = score(answer, revision.body.asked, revision.key).state
        decided = {ScoreState.CORRECT: True, ScoreState.INCORRECT: False}
        return Revealed(revision.key, answer, decided.get(state), known.labels)

    def submit(
        self,
        question: QuestionId,
        person: PersonId,
        *,
        gates: tuple[GateRating, ...],
        verdict: Verdict,
        comment: str = "",
    ) -> Outcome[Verification]:
        """Store gates and verdict; a later change of mind is a record of its own."""
        return self._store(question, person, gates, verdict, comment, is_change=False)

    def change(
        self,
        question: QuestionId,
        person: PersonId,
        *,
        gates: tuple[GateRating, ...],
        verdict: Verdict,
        comment: str,
    ) -> Outcome[Verification]:
        """Add a verification that counts instead of one's own earlier one, which is kept.

        The comment says why; the first verdict stays for the statistics. Allowed until the
        question is decided.
        """
        if not comment.strip():
            raise ValidationError(
                "Say in one sentence why you changed it.",
                field="comment",
                hint="Your first verification is kept beside it.",
            )
        return self._store(question, person, gates, verdict, comment, is_change=True)

    def last_open(self, person: PersonId) -> QuestionId | None:
        """Return the question this person verified last whose verification may still change."""
        with self._database.read() as tx:
            for one in reversed(tx.verifications.by_person(person)):
                known = tx.questions.get(one.question)
                is_current = known.current_revision == one.revision
                if is_current and known.stage in OPEN_STAGES:
                    return one.question
        return None

    def _store(
        self,
        question: QuestionId,
        person: PersonId,
        gates: tuple[GateRating, ...],
        verdict: Verdict,
        comment: str,
        *,
        is_change: bool,
    ) -> Outcome[Verification]:
        _require_all_gates(gates)
        _require_comment(gates, verdict, comment)
        with self._database.write() as tx:
            known = _require_verifier(tx, question, person)
            revision = revision_of(known)
            answer = own_answer(tx, revision, person, Occasion.VERIFICATION)
            if answer is None:
                raise BlindingError(
                    f"Question {known.number} has no locked answer of yours.",
                    hint="Answer it first, then rate it.",
                )
            before = own_verification(tx, revision, person)
            _require_first_or_changed(known, before, (gates, verdict, comment), is_change=is_change)
            verification = Verification(
                id=VerificationId(self._clock.new_id()),
                question=question,
                revision=revision,
                verifier=person,
                answer=answer.id,
                gates=gates,
                verdict=verdict,
                comment=comment,
                verified_at=self._clock.now(),
            )
            tx.verifications.add(verification)
            action = "verification.changed" if is_change else "verification.submitted"
            bound = binding_hash(verification)
            tx.audit.append(person=person, action=action, subject=revision, content=bound)
        return Outcome(verification, _touched(question))


def _lacks_key(tx: Transaction, question: QuestionId) -> bool:
    revision = revision_of(tx.questions.get(question))
    return not tx.records.some(RecordKind.KEY, [revision])


def _waiting(
    tx: Transaction, line: QuestionSummary, revision: RevisionId, person: PersonId
) -> WaitingQuestion:
    locked = own_answer(tx, revision, person, Occasion.VERIFICATION)
    return WaitingQuestion(
        id=line.id,
        number=line.number,
        format=line.format,
        image_count=line.image_count,
        is_answered=locked is not None,
        was_changed=line.needs_reverification,
    )


def _touched(question: QuestionId) -> Changes:
    return Changes.of(Kind.VERIFICATION, question) | Changes.of(Kind.QUESTION, question)


def _require_verifier(tx: Transaction, question: QuestionId, person: PersonId) -> Question:
    known = tx.questions.get(question)
    me = tx.people.get(person)
    if known.author == person:
        raise BlindingError(
            f"Question {known.number} is your own; it cannot be verified by its author.",
            hint="Let two others verify it.",
        )
    if not me.has_role(Role.VERIFIER):
        raise WorkflowError(f"{me.name} is not a verifier.", hint="The study lead gives this role.")
    if known.stage not in OPEN_STAGES:
        raise WorkflowError(
            f"Question {known.number} is “{known.stage.display_name}” and not open to verify.",
            hint="It must be blinded first.",
        )
    return known


def _require_first_or_changed(
    question: Question,
    before: Verification | None,
    entered: tuple[tuple[GateRating, ...], Verdict, str],
    *,
    is_change: bool,
) -> None:
    if before is not None and not is_change:
        raise WorkflowError(f"You have verified question {question.number} already.")
    if before is None and is_change:
        raise WorkflowError(
            f"You have not verified question {question.number} yet, so there is nothing to change."
        )
    if before is not None and entered == (before.gates, before.verdict, before.comment):
        raise ValidationError("Nothing is changed yet.", field="comment")


def _require_all_gates(gates: tuple[GateRating, ...]) -> None:
    rated = {one.gate for one in gates}
    for gate in Gate:
        if gate not in rated:
            raise ValidationError(f"Not rated yet: “{gate.display_name}”.", field=gate.value)


def _require_comment(gates: tuple[GateRating, ...], verdict: Verdict, comment: str) -> None:
    if verdict is not Verdict.ACCEPT and not comment.strip():
        raise ValidationError(
            "Say in one sentence what must change.",
            field="comment",
            hint="The author reads it.",
        )
    denied = [one for one in gates if one.rating is Rating.NO]
    if verdict is Verdict.ACCEPT and any(not one.comment.strip() for one in denied):
        raise ValidationError(
            "A question accepted in spite of a “no” needs a comment on that gate.",
            field=denied[0].gate.value,
        )
