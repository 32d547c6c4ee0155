"""Asking language models: what would be sent, runs that stop and go on, one answer each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, AnswerEnd, Occasion
from core.domain.ids import RevisionId, RunId
from core.domain.run import Condition, Run, RunSpec, RunStatus
from core.domain.setup import AS_AUTHORED, Setup
from core.errors import ConflictError, ValidationError
from core.llm.client import Api
from core.llm.engine import ask_all
from core.services.evaluation.calls import check_endpoint, make_client, require_key
from core.services.evaluation.looking import Looking
from core.services.evaluation.preparing import (
    changed,
    is_alike,
    request_of,
)
from core.services.evaluation.records import (
    Calling,
    CeilingError,
    EndpointCheck,
    LatestReply,
    Preparation,
    PromptPreview,
    RunRequest,
    RunSummary,
    WatchCallback,
    count_states,
    group_failures,
    last_answers,
    last_ends,
)
from core.services.evaluation.requests import (
    Examples,
    NoExamples,
    Pictures,
)
from core.services.evaluation.running import Running, note_run
from core.services.evaluation.watch import Watcher, reply_line
from core.tasks import CancelToken, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.body import AnswerFormat
    from core.llm.variants import Ask
    from core.services.blind_ports import BlindDatabase, BlindTransaction
    from core.services.evaluation.batch import BatchProgress
    from core.services.evaluation.preflight import Preflight
    from core.services.evaluation.profiles import EndpointProfiles


class EvaluationService:
    """Runs of language models; sees bodies and answers, never a key."""

    def __init__(
        self,
        database: BlindDatabase,
        clock: Clock,
        images: Pictures,
        examples: Examples | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._looking = Looking(database, images, examples or NoExamples())
        self._active: set[RunId] = set()
        self._lock = Lock()

    @property
    def profiles(self) -> EndpointProfiles:
        """The named endpoints of this user."""
        from core.paths import endpoints_file
        from core.services.evaluation.profiles import EndpointProfiles

        return EndpointProfiles(endpoints_file())

    def questions(self, setup: Setup = AS_AUTHORED) -> tuple[tuple[RevisionId, ...], bool]:
        """Return the verified questions by number, and False.

        While none is verified: every question that has a version, and True. Examples and other
        languages than that of `setup` are left out.
        """
        return self._looking.questions(setup)

    def revisions_of(self, numbers: Sequence[int]) -> tuple[RevisionId, ...]:
        """Return the current versions of questions by number; raise `NotFoundError` naming one."""
        return self._looking.revisions_of(numbers)

    def preview(
        self,
        revision: RevisionId,
        condition: Condition,
        prompt: str,
        *,
        setup: Setup = AS_AUTHORED,
        seed: int = 0,
    ) -> PromptPreview:
        """Return what an endpoint would read about one question."""
        return self._looking.preview(revision, condition, prompt, setup=setup, seed=seed)

    def prepare(
        self,
        request: RunRequest,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Preparation:
        """Return what would be sent; every image is opened and drawn, nothing is sent.

        Raises `ValidationError` naming the field that is wrong.
        """
        found = self._looking.look(request, cancel=cancel, progress=progress)
        return replace(found, existing=self._existing(found.spec))

    def preflight(
        self,
        request: RunRequest,
        calling: Calling | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Preflight:
        """Return what a run would take; `preparation` in it can be started.

        Tokens of replies and time come from earlier answers of this model, where there are some.
        """
        from core.services.evaluation.preflight import Tally

        calling = calling or Calling()
        tally = Tally(request.llm)
        found = self._looking.look(request, tally.add, cancel=cancel, progress=progress)
        preparation = replace(found, existing=self._existing(found.spec))
        history = self._history(preparation.spec)
        return tally.preflight(preparation, history, calling.price, calling.concurrency)

    def start(
        self,
        preparation: Preparation,
        calling: Calling | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
        watch: WatchCallback | None = None,
    ) -> Outcome[RunSummary]:
        """Ask every question that has no answer yet; the same specification goes on.

        Blocks until all are asked or `cancel` is set; what is finished is kept either way.
        Raises `LlmError` when there is no key or the endpoint will answer nothing, and
        `CeilingError` when the next call might cost too much, both with the run paused, and
        `ConflictError` when this program is at this run already.
        """
        from core.services.evaluation.batch import BatchBook

        calling = calling or Calling()
        _require_questions(preparation.spec)
        key = require_key(preparation.spec.base_url, calling)
        token = cancel or CancelToken()
        with self._active_run(preparation.spec) as run:
            requests = self._looking.requests(run.spec, run.spec.revisions)
            running = Running(self._database, self._clock, run, requests, calling)
            running.add_not_applicable(preparation.not_applicable)
            known = self._ends(run.id)
            watcher = Watcher(run.spec.total, known, progress, watch)
            watcher.report()
            plan = running.plan(
                lambda: make_client(run.spec.base_url, key, calling),
                watcher.note,
                is_cancelled=lambda: token.is_cancelled,
                tick=watcher.tick,
                spent=running.spent() + BatchBook(self._database, run.id).reserved(),
                has_pictures=preparation.has_pictures,
            )
            try:
                is_within_budget = ask_all(watcher.left(preparation.asks), plan)
            finally:
                running.settle(lost=plan.budget.lost)
                watcher.report()
        if not is_within_budget:
            raise _ceiling_reached(calling)
        return Outcome(self.summary(run.id), _changes(run.id))

    def batch(
        self, preparation: Preparation, calling: Calling | None = None
    ) -> Outcome[BatchProgress]:
        """Hand the run in as batches; when that was done before, collect what is there.

        The endpoint takes up to a day. Calls that came back failed are handed in by the next
        call of this, and so are those that were held back by a ceiling. Raises as `start` does.
        """
        from core.llm.budget import Budget
        from core.services.evaluation.batch import BatchBook, Batching, batch_client

        calling = calling or Calling()
        spec = preparation.spec
        _require_questions(spec)
        key = require_key(spec.base_url, calling)
        with self._active_run(spec) as run:
            requests = self._looking.requests(run.spec, run.spec.revisions)
            running = Running(self._database, self._clock, run, requests, calling)
            running.add_not_applicable(preparation.not_applicable)
            ends = self._ends(run.id)
            known = Watcher(run.spec.total, ends, ignore_progress, None)
            budget = Budget(calling.price, calling.ceiling, spent=running.spent())
            client = batch_client(spec.base_url, key, Api(spec.api), calling)
            book = BatchBook(self._database, run.id)
            batching = Batching(book, running, preparation.asks)
            try:
                left = known.left(preparation.asks)
                found = batching.submit(client, left, spec.base_url, budget)
            finally:
                running.settle()
        return Outcome(found, _changes(run.id))

    def resume(
        self,
        run_id: RunId,
        calling: Calling | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
        watch: WatchCallback | None = None,
    ) -> Outcome[RunSummary]:
        """Go on with a run; raise `ConflictError` when its requests are no longer the same."""
        with self._database.read() as tx:
            spec = tx.runs.get(run_id).spec
        if spec.is_imported:
            raise ConflictError(f"This run was {spec.prompt_name}; nothing is asked for it here.")
        preparation = self.prepare(request_of(spec), cancel=cancel)
        if preparation.spec.hash != spec.hash:
            raise changed(spec, preparation)
        return self.start(preparation, calling, cancel=cancel, progress=progress, watch=watch)

    def warm_up(self) -> None:
        """Load what talks to endpoints, so that the first run need not wait half a second."""
        import core.llm.openai_client  # noqa: F401  # loading it is the purpose

    def runs(self) -> list[RunSummary]:
        """Return all runs, newest first."""
        with self._database.read() as tx:
            return [self._summary(tx, run) for run in reversed(tx.runs.all())]

    def summary(self, run_id: RunId) -> RunSummary:
        """Return one run and how far it is."""
        with self._database.read() as tx:
            return self._summary(tx, tx.runs.get(run_id))

    def answers(self, run_id: RunId) -> list[Answer]:
        """Return the last answer of each call of a run, in the order they came."""
        with self._database.read() as tx:
            return list(last_answers(tx.answers.of(Occasion.RUN, run_id)).values())

    def replies(self, run_id: RunId) -> list[LatestReply]:
        """Return how each call of a run ended, in the order they came."""
        answers = self.answers(run_id)
        with self._database.read() as tx:
            blinds = tx.bodies.many([one.revision for one in answers])
        pairs = zip(blinds, answers, strict=True)
        return [reply_line(blind.number, answer) for blind, answer in pairs]

    def check_endpoint(
        self, base_url: str, llm: str, calling: Calling | None = None
    ) -> EndpointCheck:
        """Ask the endpoint for one word; raise `LlmError` with the reason when it fails."""
        return self.check_request(RunRequest(llm, base_url, temperature=None), calling)

    def check_request(
        self, request: RunRequest, calling: Calling | None = None, *, shows_picture: bool = False
    ) -> EndpointCheck:
        """Ask for one word in the way of a run; raise `LlmError` with the reason when it fails.

        With `shows_picture` a second call shows a small gray picture.
        """
        return check_endpoint(request, calling or Calling(), shows_picture=shows_picture)

    def _history(self, spec: RunSpec) -> dict[AnswerFormat, list[Answer]]:
        """Return the answers of the latest run that asked this model in the same way."""
        from core.services.evaluation.preflight import by_format

        with self._database.read() as tx:
            same = [one for one in tx.runs.all() if is_alike(one.spec, spec)]
            stored = tx.answers.of(Occasion.RUN, same[-1].id) if same else []
            answers = list(last_answers(stored).values())
            blinds = tx.bodies.many([one.revision for one in answers])
        pairs = zip(blinds, answers, strict=True)
        return by_format((blind.body.format, answer) for blind, answer in pairs)

    def _ends(self, run: RunId) -> dict[Ask, AnswerEnd]:
        with self._database.read() as tx:
            return last_ends(tx, run)

    def _existing(self, spec: RunSpec) -> RunSummary | None:
        with self._database.read() as tx:
            run = tx.runs.by_spec_hash(spec.hash)
            return None if run is None else self._summary(tx, run)

    def _summary(self, tx: BlindTransaction, run: Run) -> RunSummary:
        ends = last_ends(tx, run.id)
        return RunSummary(run, count_states(ends), group_failures(ends), run.id in self._active)

    @contextmanager
    def _active_run(self, spec: RunSpec) -> Iterator[Run]:
        """Give the run of this specification, new or known, to one caller at a time."""
        with self._lock:
            known = self._existing(spec)
            if known is not None and known.is_active:
                raise ConflictError("This run is already under way.", hint="Watch or cancel it.")
            run = self._started(spec)
            self._active.add(run.id)
        try:
            yield run
        finally:
            with self._lock:
                self._active.discard(run.id)

    def _started(self, spec: RunSpec) -> Run:
        with self._database.write() as tx:
            known = tx.runs.by_spec_hash(spec.hash)
            if known is not None:
                run = replace(known, status=RunStatus.RUNNING, finished_at=None)
                tx.runs.update(run)
            else:
                now = self._clock.now()
                run = Run(RunId(self._clock.new_id()), spec, RunStatus.RUNNING, now)
                tx.runs.add(run)
            note_run(tx, run, "run.resumed" if known else "run.started")
        return run


def _require_questions(spec: RunSpec) -> None:
    if not spec.revisions:
        raise ValidationError(
            "There is no question that can be sent.",
            field="questions",
            hint="Finish and clear at least one question first.",
        )


def _changes(run_id: RunId) -> Changes:
    return Changes.of(Kind.RUN, run_id) | Changes.of(Kind.ANSWER)


def _ceiling_reached(calling: Calling) -> CeilingError:
    return CeilingError(
        f"The run stopped before its cost could exceed {calling.ceiling:g}.",
        hint="What was answered is kept. Raise the ceiling and resume the run.",
    )
