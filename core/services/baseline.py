"""Human baseline: seeded plans, sittings that stop and go on, answers without feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, AnswerState, Occasion, person_respondent
from core.domain.binding import binding_hash
from core.domain.body import BlindQuestion, Response, options_of, response_problem
from core.domain.ids import AnswerId, PersonId, PlanId, RemarkId, RevisionId, SittingId
from core.domain.people import Role
from core.domain.plan import ReadingPlan, Sitting, StudyRules
from core.domain.remark import MAX_COMMENT, Remark, Said, said
from core.domain.sampling import shuffled, stratified_sample
from core.domain.stage import Stage
from core.domain.taxonomy import CAPACITY, SPECIALTY, value_on
from core.errors import ValidationError, WorkflowError

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.blind_ports import BlindDatabase, BlindTransaction

CONFIDENCE_LEVELS: Final = range(1, 6)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a study lead asks for; `count` 0 means every verified question."""

    name: str
    seed: int
    readers: tuple[PersonId, ...]
    count: int = 0
    rules: StudyRules = StudyRules()


@dataclass(frozen=True, slots=True)
class SittingPage:
    """The question on screen; `position` counts from 0, `option_order` is this reader's."""

    sitting: SittingId
    blind: BlindQuestion
    option_order: tuple[str, ...]
    position: int
    total: int
    spent_s: float
    idle_s: float
    rules: StudyRules
    said: Said = Said()
    """What this reader flagged and wrote about it in this sitting."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gives to one question; `response` None means "cannot tell"."""

    response: Response | None
    confidence: int | None
    elapsed_s: float
    idle_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SittingLine:
    """A sitting in the list of a reader; `sitting` is None before the first start."""

    plan: ReadingPlan
    sitting: Sitting | None

    @property
    def answered(self) -> int:
        """How many questions are behind the reader."""
        return 0 if self.sitting is None else self.sitting.position

    @property
    def is_finished(self) -> bool:
        """Whether every question was answered."""
        return self.sitting is not None and self.sitting.finished_at is not None


class BaselineService:
    """Reader studies; never sees a key."""

    def __init__(self, database: BlindDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def plans(self) -> list[ReadingPlan]:
        """Return all plans, oldest first."""
        with self._database.read() as tx:
            return tx.plans.all()

    def make_plan(self, request: PlanRequest, person: PersonId) -> Outcome[ReadingPlan]:
        """Draw a sample stratified by specialty and capacity, for all readers alike."""
        if not request.readers:
            raise ValidationError("Choose at least one reader.", field="readers")
        if request.count < 0:
            raise ValidationError("The number of questions must not be negative.", field="count")
        with self._database.write() as tx:
            _require_lead(tx, person)
            _require_registered(tx, request.readers)
            strata = _verified(tx)
            if not strata:
                raise WorkflowError(
                    "No question is verified yet, so there is nothing to read.",
                    hint="Verify some questions first.",
                )
            count = request.count or len(strata)
            plan = ReadingPlan(
                id=PlanId(self._clock.new_id()),
                name=request.name.strip() or f"Reading {len(tx.plans.all()) + 1}",
                seed=request.seed,
                revisions=stratified_sample(strata, count, seed=request.seed),
                readers=request.readers,
                rules=request.rules,
                created_at=self._clock.now(),
            )
            tx.plans.add(plan)
            tx.audit.append(person=person, action="plan.made", subject=plan.id)
        return Outcome(plan, Changes.of(Kind.SITTING, plan.id))

    def sittings(self, person: PersonId) -> list[SittingLine]:
        """Return the plans dealt to this person, and how far their sittings are."""
        with self._database.read() as tx:
            own = {one.plan: one for one in tx.sittings.all() if one.reader == person}
            return [
                SittingLine(plan, own.get(plan.id))
                for plan in tx.plans.all()
                if person in plan.readers
            ]

    def start(self, plan: PlanId, person: PersonId) -> Outcome[Sitting]:
        """Start this reader's sitting, or return the one that was started."""
        with self._database.write() as tx:
            known = tx.plans.get(plan)
            if person not in known.readers:
                raise WorkflowError(
                    "You are not a reader of this plan.", hint="The study lead deals the plans."
                )
            for sitting in tx.sittings.all():
                if (sitting.plan, sitting.reader) == (plan, person):
                    return Outcome(sitting)
            sitting = Sitting(
                id=SittingId(self._clock.new_id()),
                plan=plan,
                reader=person,
                order=shuffled(known.revisions, seed=known.seed, salt=person),
                started_at=self._clock.now(),
            )
            tx.sittings.add(sitting)
            tx.audit.append(person=person, action="sitting.started", subject=sitting.id)
        return Outcome(sitting, Changes.of(Kind.SITTING, sitting.id))

    def page(self, sitting: SittingId) -> SittingPage | None:
        """Return the question on screen, or None when the sitting is finished."""
        with self._database.read() as tx:
            known = tx.sittings.get(sitting)
            return None if known.finished_at else _page(tx, known, known.position)

    def page_after(self, sitting: SittingId) -> SittingPage | None:
        """Return the question after the one on screen, so that it can be loaded early."""
        with self._database.read() as tx:
            known = tx.sittings.get(sitting)
            is_last = known.position + 1 >= len(known.order)
            return None if is_last else _page(tx, known, known.position + 1)

    def answer(self, sitting: SittingId, reading: Reading) -> Outcome[Sitting]:
        """Store the answer to the question on screen and go on to the next one."""
        if reading.confidence is not None and reading.confidence not in CONFIDENCE_LEVELS:
            raise ValidationError("Confidence goes from 1 to 5.", field="confidence")
        with self._database.write() as tx:
            known = tx.sittings.get(sitting)
            if known.finished_at is not None:
                raise WorkflowError("This sitting is finished; its answers cannot change.")
            page = _page(tx, known, known.position)
            answer = self._new_answer(tx, known, page, reading)
            is_last = known.position + 1 == len(known.order)
            moved = replace(
                known,
                position=known.position + 1,
                spent_s=0.0,
                idle_s=0.0,
                finished_at=self._clock.now() if is_last else None,
            )
            tx.answers.add(answer)
            tx.sittings.update(moved)
            tx.audit.append(
                person=known.reader,
                action="answer.given",
                subject=answer.id,
                content=binding_hash(answer),
            )
        return Outcome(moved, Changes.of(Kind.SITTING, sitting) | Changes.of(Kind.ANSWER))

    def remark(
        self, sitting: SittingId, *, is_flagged: bool | None = None, comment: str | None = None
    ) -> Outcome[Said]:
        """Flag the question on screen or comment on it; the answer is not touched.

        None leaves a flag or comment as it is, an empty comment takes it back.
        """
        if comment is not None and len(comment.strip()) > MAX_COMMENT:
            raise ValidationError(
                f"A comment has at most {MAX_COMMENT:,} characters.", field="comment"
            )
        with self._database.write() as tx:
            known = tx.sittings.get(sitting)
            if known.finished_at is not None:
                raise WorkflowError("This sitting is finished; nothing can be added to it.")
            before = _said(tx, known, known.position)
            words = None if comment is None else comment.strip()
            remark = self._new_remark(
                tx,
                known,
                is_flagged=None if is_flagged == before.is_flagged else is_flagged,
                comment=None if words == before.comment else words,
            )
            if remark.is_flagged is None and remark.comment is None:
                return Outcome(before)
            tx.remarks.add(remark)
            tx.audit.append(
                person=known.reader,
                action="remark.noted",
                subject=remark.id,
                content=binding_hash(remark),
            )
            after = _said(tx, known, known.position)
        return Outcome(after, Changes.of(Kind.REMARK, remark.question))

    def note_time(self, sitting: SittingId, *, spent_s: float, idle_s: float) -> None:
        """Store the clock of the question on screen, so that a crash does not reset it."""
        with self._database.write() as tx:
            known = tx.sittings.get(sitting)
            if known.finished_at is None:
                tx.sittings.update(replace(known, spent_s=spent_s, idle_s=idle_s))

    def _new_remark(
        self,
        tx: BlindTransaction,
        sitting: Sitting,
        *,
        is_flagged: bool | None,
        comment: str | None,
    ) -> Remark:
        blind = tx.bodies.get(sitting.order[sitting.position])
        return Remark(
            id=RemarkId(self._clock.new_id()),
            question=blind.question,
            revision=blind.revision,
            sitting=sitting.id,
            reader=sitting.reader,
            noted_at=self._clock.now(),
            is_flagged=is_flagged,
            comment=comment,
        )

    def _new_answer(
        self, tx: BlindTransaction, sitting: Sitting, page: SittingPage, reading: Reading
    ) -> Answer:
        if reading.response is not None:
            problem = response_problem(page.blind.body.asked, reading.response)
            if problem:
                raise ValidationError(problem, field="response")
        gave_up = reading.response is None
        return Answer(
            id=AnswerId(self._clock.new_id()),
            question=page.blind.question,
            revision=page.blind.revision,
            respondent=person_respondent(tx.people.get(sitting.reader)),
            occasion=Occasion.BASELINE,
            occasion_id=sitting.id,
            state=AnswerState.CANNOT_TELL if gave_up else AnswerState.ANSWERED,
            answered_at=self._clock.now(),
            response=reading.response,
            confidence=reading.confidence,
            elapsed_s=reading.elapsed_s,
            idle_s=reading.idle_s,
            option_order=page.option_order,
        )


def _page(tx: BlindTransaction, sitting: Sitting, position: int) -> SittingPage:
    plan = tx.plans.get(sitting.plan)
    blind = tx.bodies.get(sitting.order[position])
    is_on_screen = position == sitting.position
    return SittingPage(
        sitting=sitting.id,
        blind=blind,
        option_order=_option_order(blind, plan.seed, sitting.reader),
        position=position,
        total=len(sitting.order),
        spent_s=sitting.spent_s if is_on_screen else 0.0,
        idle_s=sitting.idle_s if is_on_screen else 0.0,
        rules=plan.rules,
        said=_said(tx, sitting, position),
    )


def _said(tx: BlindTransaction, sitting: Sitting, position: int) -> Said:
    revision = sitting.order[position]
    return said(one for one in tx.remarks.of_sitting(sitting.id) if one.revision == revision)


def _option_order(blind: BlindQuestion, seed: int, reader: PersonId) -> tuple[str, ...]:
    from core.domain.body import YesNo

    options = tuple(option.id for option in options_of(blind.body.asked))
    if isinstance(blind.body.asked, YesNo):
        return options
    return shuffled(options, seed=seed, salt=f"{reader}\0{blind.revision}")


def _verified(tx: BlindTransaction) -> dict[RevisionId, tuple[str, str]]:
    strata = {}
    for line in tx.questions.summaries(stage=Stage.VERIFIED):
        revision = tx.questions.get(line.id).current_revision
        if revision is not None:
            cell = (value_on(line.labels, SPECIALTY), value_on(line.labels, CAPACITY))
            strata[revision] = cell
    return strata


def _require_lead(tx: BlindTransaction, person: PersonId) -> None:
    me = tx.people.get(person)
    if not me.has_role(Role.LEAD):
        raise WorkflowError(
            f"{me.name} may not make a reading plan.", hint="That takes the role lead."
        )


def _require_registered(tx: BlindTransaction, readers: Sequence[PersonId]) -> None:
    for reader in readers:
        person = tx.people.get(reader)
        if not person.has_role(Role.READER):
            raise ValidationError(
                f"{person.name} is not a reader.",
                field="readers",
                hint="Give them the role reader first.",
            )
