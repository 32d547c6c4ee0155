"""Gathers graded answers: which questions count, who answered them, how each answer scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, Occasion, RespondentKind
from core.domain.body import AnswerFormat, Response
from core.domain.ids import AnswerId, RevisionId
from core.domain.question import QuestionSummary
from core.domain.revision import Revision
from core.domain.run import Run, RunStatus
from core.domain.score import Score, ScoreState
from core.domain.stage import Stage
from core.domain.taxonomy import CAPACITY, SPECIALTY, value_on
from core.services.analysis.calls import combine
from core.services.analysis.records import ResultAxis, ResultKind, Selection
from core.services.evaluation.records import last_answers

if TYPE_CHECKING:
    from core.services.ports import Transaction

UNLABELED: Final = "(no label)"
RUN_PREFIX: Final = "run:"
"""Before the id of a run in the id of its row."""
_GONE: Final = (Stage.REJECTED, Stage.RETIRED, Stage.IN_BIN)


@dataclass(frozen=True, slots=True)
class CountedQuestion:
    """A question in the selection, at its current revision."""

    summary: QuestionSummary
    revision: Revision

    @property
    def format(self) -> AnswerFormat:
        """The answer format."""
        return self.revision.body.format

    def value(self, axis: ResultAxis) -> str:
        """Return where the question belongs on an axis."""
        match axis:
            case ResultAxis.OVERALL:
                return ""
            case ResultAxis.FORMAT:
                return self.format.value
            case ResultAxis.SPECIALTY:
                return value_on(self.summary.labels, SPECIALTY) or UNLABELED
            case ResultAxis.CAPACITY:
                return value_on(self.summary.labels, CAPACITY) or UNLABELED


@dataclass(frozen=True, slots=True)
class Graded:
    """How one question ended; for chance `state` is None and `value` the expected accuracy."""

    question: CountedQuestion
    state: ScoreState | None
    value: float | None
    response: Response | None = None
    share: float | None = None
    """Mean credit of the calls, where a question was put more than once."""
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Respondent:
    """Someone or something with its graded answers by revision."""

    id: str
    name: str
    kind: ResultKind
    graded: dict[RevisionId, Graded]


@dataclass(frozen=True, slots=True)
class Collection:
    """All that a table of results is made of."""

    questions: tuple[CountedQuestion, ...]
    readers: tuple[Respondent, ...]
    reader_answers: dict[RevisionId, tuple[Answer, ...]]
    """What the panel is made of: one answer of each reader."""
    runs: tuple[Respondent, ...]
    notes: tuple[str, ...]


def collect(tx: Transaction, selection: Selection) -> Collection:
    """Read everything that `selection` covers, within one consistent view."""
    current = tx.revisions.current()
    questions = _counted_questions(tx, current, selection)
    by_revision = {one.revision.id: one for one in questions}
    scores = tx.scores.all()
    baseline = tx.answers.for_occasion(Occasion.BASELINE)
    chosen = first_sittings(one for one in baseline if one.revision in by_revision)
    runs = [run for run in tx.runs.all() if selection.condition in (None, run.spec.condition)]
    readers = _readers(chosen, by_revision, scores)
    models, run_notes = _run_respondents(tx, runs, by_revision, scores)
    by_question: dict[RevisionId, tuple[Answer, ...]] = {}
    for answer in chosen:
        by_question[answer.revision] = (*by_question.get(answer.revision, ()), answer)
    notes = (_stale_note({one.id for one in current}, baseline), *run_notes)
    return Collection(
        questions, readers, by_question, models, tuple(note for note in notes if note)
    )


def _counted_questions(
    tx: Transaction, current: Sequence[Revision], selection: Selection
) -> tuple[CountedQuestion, ...]:
    stage = None if selection.includes_unverified else Stage.VERIFIED
    summaries = {one.id: one for one in tx.questions.summaries(stage=stage)}
    found = (
        CountedQuestion(summaries[revision.question], revision)
        for revision in current
        if revision.question in summaries
    )
    return tuple(one for one in found if _is_selected(one, selection))


def first_sittings(answers: Iterable[Answer]) -> list[Answer]:
    """Return for each reader and revision the last word of the first sitting that met it.

    `answers` come oldest first. A second sitting is there to measure a reader against themself;
    it does not count twice.
    """
    sittings: dict[tuple[str, str], str] = {}
    chosen: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        place = (answer.respondent.id, answer.revision)
        if sittings.setdefault(place, answer.occasion_id) == answer.occasion_id:
            chosen[place] = answer
    return list(chosen.values())


def grade(answer: Answer, revision: Revision, scores: dict[AnswerId, list[Score]]) -> Score:
    """Return the stored score of the scorer now in use, or a fresh one."""
    from core.scoring.scorers import is_current, score

    for stored in scores.get(answer.id, []):
        if is_current(stored, revision.body.format):
            return stored
    return score(answer, revision.body.asked, revision.key)


def _is_selected(question: CountedQuestion, selection: Selection) -> bool:
    if question.summary.stage in _GONE:
        return False
    wanted = (
        (selection.specialty, question.value(ResultAxis.SPECIALTY)),
        (selection.capacity, question.value(ResultAxis.CAPACITY)),
        (selection.format, question.format),
    )
    return all(not value or value == own for value, own in wanted)


def _readers(
    answers: Sequence[Answer],
    by_revision: dict[RevisionId, CountedQuestion],
    scores: dict[AnswerId, list[Score]],
) -> tuple[Respondent, ...]:
    found: dict[str, Respondent] = {}
    for answer in answers:
        if answer.respondent.kind is not RespondentKind.PERSON:
            continue
        reader = found.setdefault(
            answer.respondent.id,
            Respondent(
                f"person:{answer.respondent.id}", answer.respondent.name, ResultKind.PERSON, {}
            ),
        )
        question = by_revision[answer.revision]
        reader.graded[answer.revision] = _graded(answer, question, scores)
    return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.id)))


def _run_respondents(
    tx: Transaction,
    runs: Sequence[Run],
    by_revision: dict[RevisionId, CountedQuestion],
    scores: dict[AnswerId, list[Score]],
) -> tuple[tuple[Respondent, ...], list[str]]:
    respondents, notes = [], []
    for run, name in zip(runs, _run_names(runs), strict=True):
        frozen = set(run.spec.revisions) & set(by_revision)
        graded = _run_graded(tx, run, frozen, by_revision, scores)
        if graded:
            respondents.append(Respondent(f"{RUN_PREFIX}{run.id}", name, ResultKind.LLM, graded))
        notes.append(_run_note(run, name, answered=len(graded), asked=len(frozen)))
    return tuple(respondents), notes


def _run_graded(
    tx: Transaction,
    run: Run,
    frozen: set[RevisionId],
    by_revision: dict[RevisionId, CountedQuestion],
    scores: dict[AnswerId, list[Score]],
) -> dict[RevisionId, Graded]:
    calls: dict[RevisionId, dict[str, Answer]] = {}
    for ask, answer in last_answers(tx.answers.of(Occasion.RUN, run.id)).items():
        if ask.revision in frozen:
            calls.setdefault(ask.revision, {})[ask.variant] = answer
    graded = {}
    for revision, answers in calls.items():
        question = by_revision[revision]
        found = combine(
            run.spec,
            question.revision,
            answers,
            partial(grade, revision=question.revision, scores=scores),
        )
        if found is not None:
            score = found.score
            graded[revision] = Graded(
                question, score.state, score.value, found.response, found.share, score.details
            )
    return graded


def _graded(
    answer: Answer, question: CountedQuestion, scores: dict[AnswerId, list[Score]]
) -> Graded:
    found = grade(answer, question.revision, scores)
    return Graded(question, found.state, found.value, answer.response, details=found.details)


def _short_name(run: Run) -> str:
    name = " · ".join((run.spec.llm, *run.spec.names))
    return f"{name} · imported" if run.spec.is_imported else name


def _run_names(runs: Sequence[Run]) -> list[str]:
    """Return “model · condition · setup”, with the prompt and a number only where needed."""
    names = [_short_name(run) for run in runs]
    repeated = {name for name, count in Counter(names).items() if count > 1}
    names = [
        f"{name} · {run.spec.prompt_name}" if name in repeated else name
        for name, run in zip(names, runs, strict=True)
    ]
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return numbered


def _run_note(run: Run, name: str, *, answered: int, asked: int) -> str:
    left_out = len(run.spec.revisions) - asked
    sentences = [f"{name}: {run.spec.prompt_name}."] if run.spec.is_imported else []
    if run.status is not RunStatus.FINISHED and answered < asked:
        sentences.append(f"{name} is not finished: {answered} of {asked} questions.")
    if left_out:
        sentences.append(
            f"{name} was asked {left_out} more that are not in this selection"
            " or have changed since."
        )
    return " ".join(sentences)


def _stale_note(current: set[RevisionId], baseline: Sequence[Answer]) -> str:
    stale = sum(answer.revision not in current for answer in baseline)
    if not stale:
        return ""
    return f"Left out: {stale} reader answers to earlier versions of questions."
