"""Judges: a language model grades written answers, physicians grade a sample, a lead decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from core.changes import Changes, Kind, Outcome
from core.domain.binding import binding_hash
from core.domain.ids import AnswerId, GradingId, JudgeId, PersonId, RunId, SampleId
from core.domain.judging import (
    Grading,
    GradingSample,
    GradingState,
    Judge,
    JudgeDecision,
    JudgeSpec,
    JudgeVerdict,
    judge_id,
)
from core.domain.people import Role
from core.domain.sampling import shuffled, stratified_sample
from core.domain.stage import Stage
from core.errors import ConflictError, CoreError, ValidationError, WorkflowError
from core.llm.budget import Budget
from core.llm.engine import Built, Plan, Result, ask_all
from core.services.evaluation.calls import make_client, require_key
from core.services.evaluation.records import (
    UNKNOWN_COST,
    Calling,
    CeilingError,
    add_lost,
    lost_cost,
)
from core.services.evaluation.requests import Pictures
from core.services.judging.agreement import agreement_of
from core.services.judging.calls import GradingMaker, JudgeCalls
from core.services.judging.collect import (
    PHYSICIAN_TURN,
    answers_of_run,
    gradable,
    gradables,
    physician_gradings,
)
from core.services.judging.preparing import prepared, spec_of
from core.services.judging.records import (
    MIN_CHECKED,
    GradingCall,
    GradingTask,
    JudgeAgreement,
    JudgePreparation,
    JudgeRequest,
    JudgeSummary,
)
from core.services.judging.views import decision_figures, still_to_read, summary_of, task_of
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.judging import Rubric
    from core.services.ports import Database, Transaction

_GRADERS = (Role.LEAD, Role.ADJUDICATOR, Role.VERIFIER)


class JudgingService:
    """Judges and the physicians who check them."""

    def __init__(self, database: Database, clock: Clock, images: Pictures) -> None:
        self._database = database
        self._clock = clock
        self._images = images
        self._active: set[JudgeId] = set()
        self._lock = Lock()

    def sample(self) -> GradingSample | None:
        """Return the sample that physicians grade, or None before one is drawn."""
        with self._database.read() as tx:
            return tx.judging.newest_sample()

    def draw_sample(self, person: PersonId, size: int, *, seed: int = 0) -> Outcome[GradingSample]:
        """Draw up to `size` written answers to verified questions, evenly over runs and formats.

        Raises `ValidationError` when there is nothing to draw from.
        """
        if size < 1:
            raise ValidationError("A sample needs at least one answer.", field="size")
        with self._database.write() as tx:
            _require_role(tx, person, Role.LEAD)
            strata = {
                one.answer.id: (run.id, one.revision.body.format)
                for run in tx.runs.all()
                for one in gradables(tx, answers_of_run(tx, run.id))
                if tx.questions.get(one.answer.question).stage is Stage.VERIFIED
            }
            if not strata:
                raise ValidationError(
                    "No run has a short text or report answer to a verified question.",
                    field="size",
                    hint="Run a model over such questions first.",
                )
            sample = GradingSample(
                id=SampleId(self._clock.new_id()),
                seed=seed,
                answers=stratified_sample(strata, size, seed=seed),
                created_by=person,
                created_at=self._clock.now(),
            )
            tx.judging.add_sample(sample)
            tx.audit.append(person=person, action="grading.sample_drawn", subject=sample.id)
        return Outcome(sample, Changes.of(Kind.JUDGE))

    def tasks(self, person: PersonId) -> list[GradingTask]:
        """Return the answers of the sample for a physician, in an order of their own.

        What they may not see a key of is left out: a question that they still have to read for
        a baseline.
        """
        with self._database.read() as tx:
            _require_role(tx, person, *_GRADERS)
            sample = tx.judging.newest_sample()
            if sample is None:
                return []
            own = {answer: of.get(person) for answer, of in physician_gradings(tx).items()}
            hidden = still_to_read(tx, person)
            answers = shuffled(sample.answers, seed=sample.seed, salt=person)
            found = gradables(tx, [tx.answers.get(one) for one in answers])
            return [
                task_of(one, own.get(one.answer.id))
                for one in found
                if one.answer.revision not in hidden
            ]

    def grade(
        self, person: PersonId, answer: AnswerId, met: Sequence[bool], *, comment: str = ""
    ) -> Outcome[Grading]:
        """Store a physician's grading of an answer of the sample; a later one counts instead."""
        with self._database.write() as tx:
            _require_role(tx, person, *_GRADERS)
            sample = tx.judging.newest_sample()
            if sample is None or answer not in sample.answers:
                raise WorkflowError("This answer is not in the sample that is being graded.")
            found = gradable(tx, tx.answers.get(answer))
            if found is None:
                raise WorkflowError("This answer has nothing to be graded against.")
            if found.answer.revision in still_to_read(tx, person):
                raise WorkflowError(
                    "You still have to read this question for a baseline, so its key stays hidden."
                )
            rubric = found.material.rubric
            if len(met) != len(rubric.points):
                raise ValidationError("Say yes or no to every point.", field="met")
            grading = Grading(
                id=GradingId(self._clock.new_id()),
                answer=answer,
                judge=None,
                person=person,
                turn=PHYSICIAN_TURN,
                state=GradingState.GRADED,
                rubric=rubric,
                graded_at=self._clock.now(),
                met=tuple(met),
                comment=comment.strip(),
            )
            _keep(tx, [grading], person)
        return Outcome(grading, Changes.of(Kind.JUDGE))

    def prepare(self, request: JudgeRequest, run: RunId | None = None) -> JudgePreparation:
        """Return what a judge would be asked about a run, or about the sample without one.

        Raises `ValidationError` naming a wrong field.
        """
        spec = spec_of(request)
        with self._database.read() as tx:
            return prepared(tx, spec, run)

    def start(
        self,
        preparation: JudgePreparation,
        calling: Calling | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[JudgeSummary]:
        """Ask the judge what it was not asked yet, one call at a time kept; the same goes on.

        Raises `LlmError` when there is no key or the endpoint will answer nothing, and
        `ConflictError` while this program is at this judge already.
        """
        calling, cancel = calling or Calling(), cancel or CancelToken()
        if not preparation.answers:
            raise ValidationError(
                "There is no written answer for a judge here.",
                field="run",
                hint="Judges grade short texts, long texts and reports.",
            )
        key = require_key(preparation.spec.base_url, calling)
        with self._active_judge(preparation.spec) as judge:
            plan = self._plan(judge, preparation, calling, key, cancel, progress)
            try:
                is_within_budget = not preparation.calls or ask_all(preparation.calls, plan)
            finally:
                with self._database.write() as tx:
                    add_lost(tx, judge.id, plan.budget.lost)
            if not is_within_budget:
                raise CeilingError(
                    "The judge stopped because the next call might cost more than was allowed.",
                    hint="What it graded is kept; allow more to go on.",
                )
        changes = Changes.of(Kind.JUDGE, judge.id)
        return Outcome(self.summary(judge.id), changes)

    def judges(self) -> list[JudgeSummary]:
        """Return all judges, newest first."""
        with self._database.read() as tx:
            return [summary_of(tx, one) for one in reversed(tx.judging.judges())]

    def summary(self, judge: JudgeId) -> JudgeSummary:
        """Return one judge and how far it is."""
        with self._database.read() as tx:
            return summary_of(tx, tx.judging.judge(judge))

    def gradings(self, judge: JudgeId, answer: AnswerId) -> list[Grading]:
        """Return every turn of a judge on one answer, with its raw replies."""
        with self._database.read() as tx:
            return [one for one in tx.judging.gradings(judge=judge) if one.answer == answer]

    def agreement(self, judge: JudgeId) -> JudgeAgreement:
        """Return how far a judge agrees with the physicians on the sample."""
        with self._database.read() as tx:
            return agreement_of(tx, tx.judging.judge(judge))

    def decide(
        self, judge: JudgeId, person: PersonId, verdict: JudgeVerdict
    ) -> Outcome[JudgeDecision]:
        """Let a lead accept a judge, so that its scores count, or take that back.

        Raises `WorkflowError` while too few answers were graded by physicians and the judge.
        """
        with self._database.write() as tx:
            _require_role(tx, person, Role.LEAD)
            agreement = agreement_of(tx, tx.judging.judge(judge))
            if verdict is JudgeVerdict.ACCEPTED and not agreement.can_be_accepted:
                raise WorkflowError(
                    f"Only {agreement.checked} answers were graded by physicians and this judge.",
                    hint=f"At least {MIN_CHECKED} are needed before its scores can count.",
                )
            decision = JudgeDecision(
                judge, person, verdict, decision_figures(agreement), self._clock.now()
            )
            tx.judging.add_decision(decision)
            tx.audit.append(
                person=person,
                action=f"judge.{verdict.value}",
                subject=judge,
                content=binding_hash(decision),
            )
        return Outcome(decision, Changes.of(Kind.JUDGE, judge) | Changes.of(Kind.SCORE))

    @contextmanager
    def _active_judge(self, spec: JudgeSpec) -> Iterator[Judge]:
        """Give the judge of this specification, new or known, to one caller at a time."""
        with self._lock:
            judge = self._stored(spec)
            if judge.id in self._active:
                raise ConflictError("This judge is already at work.", hint="Wait or cancel it.")
            self._active.add(judge.id)
        try:
            yield judge
        finally:
            with self._lock:
                self._active.discard(judge.id)

    def _stored(self, spec: JudgeSpec) -> Judge:
        with self._database.write() as tx:
            known = tx.judging.by_spec_hash(spec.hash)
            if known is not None:
                return known
            judge = Judge(judge_id(spec), spec, self._clock.now())
            tx.judging.add_judge(judge)
            person = tx.settings.get("me")
            tx.audit.append(
                person=person, action="judge.set_up", subject=judge.id, content=spec.hash
            )
        return judge

    def _plan(
        self,
        judge: Judge,
        preparation: JudgePreparation,
        calling: Calling,
        key: str | None,
        cancel: CancelToken,
        progress: ProgressCallback,
    ) -> Plan[GradingCall, Rubric]:
        calls = JudgeCalls(judge.spec, self._images)
        gradings = GradingMaker(judge, self._clock.new_id)
        done = 0

        def build(chosen: Sequence[GradingCall]) -> list[Built[Rubric] | CoreError]:
            return [self._built(calls, call) for call in chosen]

        def store(results: Sequence[Result[GradingCall, Rubric]]) -> None:
            nonlocal done
            made = [gradings.from_result(one, self._clock.now()) for one in results]
            with self._database.write() as tx:
                _keep(tx, made, tx.settings.get("me"))
            done += len(made)
            progress(Progress(done, len(preparation.calls), "Grading answers"))

        return Plan(
            build=build,
            store=store,
            make_client=lambda: make_client(judge.spec.base_url, key, calling),
            policy=calling.policy,
            concurrency=max(1, calling.concurrency),
            is_cancelled=lambda: cancel.is_cancelled,
            rate=calling.rate,
            budget=Budget(calling.price, calling.ceiling, spent=self._spent(judge, calling)),
            finish_s=calling.finish_s,
        )

    def _spent(self, judge: Judge, calling: Calling) -> float:
        """Return what the judge has cost so far by its tokens, or may have cost beside."""
        if calling.ceiling is None:
            return 0.0
        with self._database.read() as tx:
            details = [one.details for one in tx.judging.gradings(judge=judge.id)]
            unknown = lost_cost(tx, judge.id)
        unknown += sum(float(one.get(UNKNOWN_COST, 0.0)) for one in details)
        asked, said = (
            sum(int(one.get(name, 0)) for one in details)
            for name in ("prompt_tokens", "completion_tokens")
        )
        known: float = calling.price.of(asked, said)
        return known + unknown

    def _built(self, calls: JudgeCalls, call: GradingCall) -> Built[Rubric] | CoreError:
        with self._database.read() as tx:
            found = gradable(tx, tx.answers.get(call.answer))
        if found is None:
            return WorkflowError("This answer has nothing to be graded against.")
        try:
            return calls.build(call, found)
        except CoreError as error:  # an image that must not go
            return error


def _require_role(tx: Transaction, person: PersonId, *roles: Role) -> None:
    if not tx.people.get(person).has_role(*roles):
        raise WorkflowError(
            "This needs the role of " + " or ".join(role.value for role in roles) + ".",
            hint="A study lead can give it under People.",
        )


def _keep(tx: Transaction, gradings: Sequence[Grading], person: str) -> None:
    """Store gradings, each bound into the audit trail."""
    tx.judging.add(*gradings)
    tx.audit.append_all(
        person=person,
        action="grading.stored",
        subjects=[(one.id, binding_hash(one)) for one in gradings],
    )
