"""One pass over a run: requests out of bodies, answers into the store, the status at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, AnswerState
from core.domain.binding import binding_hash
from core.domain.ids import AnswerId, RevisionId
from core.domain.run import Run, RunStatus
from core.errors import CoreError
from core.llm.budget import Budget
from core.llm.engine import Built, Plan, Result
from core.llm.variants import Ask
from core.services.evaluation.records import Calling, Sent, add_lost, all_spent, last_ends
from core.services.evaluation.requests import AnswerMaker, RequestMaker

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.body import BlindQuestion
    from core.llm.client import LlmClient
    from core.services.blind_ports import BlindDatabase, BlindTransaction

_ME: Final = "me"
_TEXTS: Final = 64
_PICTURED: Final = 8
"""Requests built at a time; those with pictures are large."""


class Running:
    """The work on one run; its methods may be called from several threads."""

    def __init__(
        self,
        database: BlindDatabase,
        clock: Clock,
        run: Run,
        requests: RequestMaker,
        calling: Calling,
    ) -> None:
        self._database = database
        self._clock = clock
        self._run = run
        self._calling = calling
        self._requests = requests
        self._answers = AnswerMaker.for_run(run, calling.price)

    def add_not_applicable(self, revisions: Sequence[RevisionId]) -> None:
        """Store the answers of questions that are not asked, unless they are there."""
        with self._database.read() as tx:
            answered = last_ends(tx, self._run.id)
        missing = [one for one in revisions if Ask(one) not in answered]
        if not missing:
            return
        with self._database.write() as tx:
            blinds = tx.bodies.many(missing)
            now = self._clock.now()
            made = [self._answers.not_applicable(one, self._id(), now) for one in blinds]
            keep(tx, made, person=self._person)

    def plan(
        self,
        make_client: Callable[[], LlmClient],
        note: Callable[[Sequence[tuple[BlindQuestion, Answer]]], None],
        *,
        is_cancelled: Callable[[], bool],
        tick: Callable[[], None],
        spent: float = 0.0,
        has_pictures: bool = True,
    ) -> Plan[Ask, Sent]:
        """Return how the engine works on this run; `note` is told of stored answers."""
        calling = self._calling
        return Plan(
            build=self.build,
            store=lambda results: note(self.store(results)),
            make_client=make_client,
            policy=calling.policy,
            concurrency=max(1, calling.concurrency),
            is_cancelled=is_cancelled,
            tick=tick,
            chunk=_PICTURED if has_pictures else _TEXTS,
            ahead=_PICTURED if has_pictures else _TEXTS,
            rate=calling.rate,
            budget=Budget(calling.price, calling.ceiling, spent=spent),
            finish_s=calling.finish_s,
        )

    def build(self, asks: Sequence[Ask]) -> list[Built[Sent] | CoreError]:
        """Return a request for each call, or why there must be none."""
        with self._database.read() as tx:
            blinds = tx.bodies.many([one.revision for one in asks])
        requests = self._requests.at_once(blinds)
        return [_built(requests, blind, ask) for blind, ask in zip(blinds, asks, strict=True)]

    def store(self, results: Sequence[Result[Ask, Sent]]) -> list[tuple[BlindQuestion, Answer]]:
        """Commit what came in; return the answers with their questions."""
        made = []
        for blind, result in zip(self._asked(results), results, strict=True):
            at = self._clock.now()
            made.append((blind, self._answers.from_result(blind, result, self._id(), at)))
        with self._database.write() as tx:
            keep(tx, [answer for _, answer in made], person=self._person)
        return made

    def _asked(self, results: Sequence[Result[Ask, Sent]]) -> list[BlindQuestion]:
        """Return the question of each result; it is read where no request could be made of it."""
        lost = [one.key.revision for one in results if one.context is None]
        found: dict[RevisionId, BlindQuestion] = {}
        if lost:
            with self._database.read() as tx:
                found = {one.revision: one for one in tx.bodies.many(lost)}
        return [one.context.blind if one.context else found[one.key.revision] for one in results]

    @cached_property
    def _person(self) -> str:
        with self._database.read() as tx:
            return tx.settings.get(_ME)

    def spent(self) -> float:
        """Return what the calls so far have cost, or may have cost."""
        with self._database.read() as tx:
            return all_spent(tx, self._run.id)

    def settle(self, *, lost: float = 0.0) -> None:
        """Write down where the run stands after it stopped, and what stopped calls may cost."""
        with self._database.write() as tx:
            add_lost(tx, self._run.id, lost)
            run = tx.runs.get(self._run.id)
            ends = last_ends(tx, run.id).values()
            done = sum(one.state is not AnswerState.FAILED for one in ends)
            is_finished = done == run.spec.total
            settled = replace(
                run,
                status=RunStatus.FINISHED if is_finished else RunStatus.PAUSED,
                finished_at=self._clock.now() if is_finished else None,
            )
            tx.runs.update(settled)
            note_run(tx, settled, f"run.{settled.status.value}")

    def _id(self) -> AnswerId:
        return AnswerId(self._clock.new_id())


def _built(requests: RequestMaker, blind: BlindQuestion, ask: Ask) -> Built[Sent] | CoreError:
    try:
        built = requests.build(blind, requests.variant(blind, ask.variant))
    except CoreError as error:
        return error
    return replace(built, request_hash=built.request.hash)


def keep(tx: BlindTransaction, answers: Sequence[Answer], *, person: str) -> None:
    """Store answers, each bound into the audit trail."""
    tx.answers.add(*answers)
    tx.audit.append_all(
        person=person,
        action="answer.stored",
        subjects=[(one.id, binding_hash(one)) for one in answers],
    )


def note_run(tx: BlindTransaction, run: Run, action: str) -> None:
    """Add what happened to a run to the audit trail."""
    tx.audit.append(
        person=tx.settings.get(_ME), action=action, subject=run.id, content=run.spec.hash
    )
