"""Replies of language models beside question and key: how they ended, how they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, Occasion
from core.domain.ids import AnswerId, RevisionId, RunId
from core.domain.response_words import response_words
from core.domain.score import Score, ScoreState
from core.errors import NotFoundError
from core.services.analysis.calls import combine
from core.services.analysis.collect import grade
from core.services.evaluation.records import (
    COST,
    ask_of,
    last_answers,
    lost_cost,
    spent_on,
    unknown_cost,
)
from core.services.readings.records import READ_BY, is_corrected
from core.services.replies.records import (
    ComparedCell,
    ComparedQuestion,
    Comparison,
    ReplyDetail,
    ReplyLine,
    RunTally,
)
from core.services.replies.speed import speed_of

if TYPE_CHECKING:
    from core.domain.revision import Revision
    from core.domain.run import Run
    from core.services.ports import Database, Transaction

_FEW: Final = 50


class RepliesService:
    """Reads stored replies for the study lead, who sees the key; it changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tallied: tuple[RunId, dict[AnswerId, ScoreState]] | None = None

    def tally(self, run: RunId) -> RunTally:
        """Return how a run stands now; while it is watched, only new answers are scored."""
        with self._database.read() as tx:
            stored = tx.answers.of(Occasion.RUN, run)
            answers = list(last_answers(stored).values())
            states = self._states(tx, run, answers)
            unknown = unknown_cost(stored) + lost_cost(tx, run)
        return _tally(answers, [states[one.id] for one in answers], unknown)

    def tallies(self) -> dict[RunId, RunTally]:
        """Return how the calls of every run ended."""
        with self._database.read() as tx:
            scores, known = tx.scores.all(), {one.id: one for one in tx.revisions.current()}
            found = {}
            for run in tx.runs.all():
                stored = tx.answers.of(Occasion.RUN, run.id)
                answers = list(last_answers(stored).values())
                held = _held(tx, [one.revision for one in answers], known)
                states = [grade(one, held[one.revision], scores).state for one in answers]
                unknown = unknown_cost(stored) + lost_cost(tx, run.id)
                found[run.id] = _tally(answers, states, unknown)
        return found

    def lines(self, run: RunId) -> tuple[ReplyLine, ...]:
        """Return how each call of a run ended, by question number."""
        with self._database.read() as tx:
            scores, answers = tx.scores.all(), _last_answers(tx, run)
            held, numbers = _asked(tx, [one.revision for one in answers])
        lines = [_line(one, held[one.revision], numbers[one.revision], scores) for one in answers]
        return tuple(sorted(lines, key=lambda line: (line.number, line.variant)))

    def detail(self, run: RunId, revision: RevisionId, variant: str | None = None) -> ReplyDetail:
        """Return one reply in full, of any variant for None.

        Raises `NotFoundError` where there is none yet.
        """
        with self._database.read() as tx:
            found = [
                one
                for one in _last_answers(tx, run)
                if one.revision == revision and variant in (None, ask_of(one).variant)
            ]
            if not found:
                raise NotFoundError("This question has no reply in this run yet.")
            answer, held = found[0], tx.revisions.get(revision)
            right = held.key.right.response()
            return ReplyDetail(
                run=tx.runs.get(run),
                blind=tx.bodies.get(revision),
                answer=answer,
                score=grade(answer, held, tx.scores.all()),
                read_words=_said(answer, held),
                right=right,
                right_words="" if right is None else response_words(held.body.asked, right),
                corrector=_corrector(tx, answer),
            )

    def side_by_side(
        self, runs: Sequence[RunId], revision: RevisionId
    ) -> tuple[ReplyDetail | None, ...]:
        """Return the reply of each run to one question, None where a run has none."""

        def found(run: RunId) -> ReplyDetail | None:
            try:
                return self.detail(run, revision)
            except NotFoundError:
                return None

        return tuple(found(run) for run in runs)

    def compare(self, runs: Sequence[RunId]) -> Comparison:
        """Return runs side by side over every question that one of them was asked."""
        with self._database.read() as tx:
            scores = tx.scores.all()
            compared = tuple(tx.runs.get(run) for run in runs)
            calls = [_by_question(_last_answers(tx, run)) for run in runs]
            asked = tuple(dict.fromkeys(revision for one in calls for revision in one))
            held, numbers = _asked(tx, asked)
        rows = []
        for revision in asked:
            found = [one.get(revision, {}) for one in calls]
            cells = [
                _cell(run, held[revision], answers, scores)
                for run, answers in zip(compared, found, strict=True)
            ]
            rows.append(_compared(held[revision], numbers[revision], cells))
        return Comparison(compared, tuple(sorted(rows, key=lambda row: (row.number, row.revision))))

    def _states(
        self, tx: Transaction, run: RunId, answers: Sequence[Answer]
    ) -> dict[AnswerId, ScoreState]:
        known = self._tallied[1] if self._tallied and self._tallied[0] == run else {}
        new = [one for one in answers if one.id not in known]
        held = _held(tx, [one.revision for one in new])
        scored = {one.id: grade(one, held[one.revision], {}).state for one in new}
        states = {**known, **scored}
        self._tallied = (run, states)
        return states


def _last_answers(tx: Transaction, run: RunId) -> list[Answer]:
    answers = tx.answers.of(Occasion.RUN, run)
    return list(last_answers(answers).values())


def _tally(
    answers: Sequence[Answer], states: Sequence[ScoreState], unknown_cost: float
) -> RunTally:
    counts: dict[ScoreState, int] = {}
    for state in states:
        counts[state] = counts.get(state, 0) + 1
    return RunTally(
        counts,
        prompt_tokens=sum(_number(one, "prompt_tokens") for one in answers),
        completion_tokens=sum(_number(one, "completion_tokens") for one in answers),
        repeated_calls=sum(max(0, _number(one, "attempts") - 1) for one in answers),
        cost=spent_on(answers) if any(COST in one.details for one in answers) else None,
        unknown_cost=unknown_cost,
        speed=speed_of(answers),
    )


def _number(answer: Answer, name: str) -> int:
    return int(answer.details.get(name, 0))


def _held(
    tx: Transaction,
    asked: Sequence[RevisionId],
    known: Mapping[RevisionId, Revision] | None = None,
) -> dict[RevisionId, Revision]:
    if known is None:
        # One query for all is cheaper than many single ones.
        known = {one.id: one for one in tx.revisions.current()} if len(asked) > _FEW else {}
    return {one: known.get(one) or tx.revisions.get(one) for one in asked}


def _asked(
    tx: Transaction, asked: Sequence[RevisionId]
) -> tuple[dict[RevisionId, Revision], dict[RevisionId, int]]:
    """Return revisions and the numbers of their questions."""
    numbers = {one.revision: one.number for one in tx.bodies.many(asked)}
    return _held(tx, asked), numbers


def _line(
    answer: Answer, held: Revision, number: int, scores: dict[AnswerId, list[Score]]
) -> ReplyLine:
    return ReplyLine(
        question=answer.question,
        revision=answer.revision,
        variant=ask_of(answer).variant,
        number=number,
        stem=held.body.stem,
        state=grade(answer, held, scores).state,
        answer=_said(answer, held),
        text=answer.raw_text.strip() or str(answer.details.get("error", "")),
        elapsed_s=answer.elapsed_s or 0.0,
    )


def _corrector(tx: Transaction, answer: Answer) -> str:
    if not is_corrected(answer):
        return ""
    person = answer.details[READ_BY]
    return next((one.name for one in tx.people.all() if one.id == person), "")


def _by_question(answers: Sequence[Answer]) -> dict[RevisionId, dict[str, Answer]]:
    """Return the calls of each question by the name of the variant."""
    found: dict[RevisionId, dict[str, Answer]] = {}
    for answer in answers:
        found.setdefault(answer.revision, {})[ask_of(answer).variant] = answer
    return found


def _compared(
    held: Revision, number: int, cells: Sequence[ComparedCell | None]
) -> ComparedQuestion:
    right = held.key.right.response()
    return ComparedQuestion(
        question=held.question,
        revision=held.id,
        number=number,
        stem=held.body.stem,
        right="" if right is None else response_words(held.body.asked, right),
        cells=tuple(cells),
    )


def _cell(
    run: Run, held: Revision, calls: Mapping[str, Answer], scores: dict[AnswerId, list[Score]]
) -> ComparedCell | None:
    """Return how a question ended over all its calls; None while some are not made."""
    if not calls:
        return None
    found = combine(run.spec, held, calls, lambda one: grade(one, held, scores))
    if found is None:
        return None
    words = "" if found.response is None else response_words(held.body.asked, found.response)
    return ComparedCell(found.score.state, words, found.response)


def _said(answer: Answer, held: Revision) -> str:
    return "" if answer.response is None else response_words(held.body.asked, answer.response)
