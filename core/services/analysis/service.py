"""Results: people beside models, agreement of verifiers, and the answers behind each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, Occasion
from core.domain.body import AnswerFormat
from core.domain.ids import RevisionId, RunId
from core.domain.revision import Revision
from core.domain.score import ScoreState
from core.services.analysis import agreement, derived
from core.services.analysis.collect import (
    RUN_PREFIX,
    Collection,
    CountedQuestion,
    Respondent,
    collect,
)
from core.services.analysis.records import (
    EVERYTHING,
    AgreementSummary,
    AnswerLine,
    ResultAxis,
    Results,
    Selection,
)
from core.services.analysis.tables import (
    SPLIT_AXES,
    make_row,
    pair_difference,
    readers_difference,
)
from core.services.analysis.words import line_of
from core.services.judging.figures import judged_figures
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.domain.score import Score
    from core.services.judging.records import JudgedFigure
    from core.services.ports import Database, Transaction

SCORED_OCCASIONS: Final = (Occasion.VERIFICATION, Occasion.BASELINE, Occasion.RUN)
BOOTSTRAP_SEED: Final = 20250701
"""Any fixed number: the same ratings give the same interval on every machine."""


class AnalysisService:
    """Scores stored answers and makes tables of them; it never changes an answer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def rescore(
        self,
        *,
        progress: ProgressCallback = ignore_progress,
        token: CancelToken | None = None,
    ) -> Outcome[int]:
        """Score every answer that the scorers now in use have not scored; return how many."""
        with self._database.read() as tx:
            waiting = _unscored(tx)
        scores = _score_all(waiting, progress, token)
        if not scores:
            return Outcome(0)
        with self._database.write() as tx:
            tx.scores.put(*scores)
            tx.audit.append(person="", action="answers.scored", subject=str(len(scores)))
        return Outcome(len(scores), Changes.of(Kind.SCORE))

    def results(self, selection: Selection = EVERYTHING) -> Results:
        """Return the table of people, panel, runs and built-in respondents."""
        with self._database.read() as tx:
            collection = collect(tx, selection)
            judged = _judged(tx, collection)
        asked = _asked_questions(collection)
        chance = derived.chance(asked)
        constant = derived.best_constant(asked)
        respondents = _respondents(collection)
        rows = tuple(make_row(one, chance, constant) for one in (*respondents, chance, constant))
        people = [one for one in respondents if one not in collection.runs]
        pairs = [pair_difference(one, run) for one in people for run in collection.runs]
        readers = [readers_difference(collection.readers, run) for run in collection.runs]
        return Results(
            selection=selection,
            respondents=rows,
            values={axis: _values(asked, axis) for axis in SPLIT_AXES},
            question_count=len(collection.questions),
            pair_differences=tuple(one for one in pairs if one is not None),
            readers_differences=tuple(one for one in readers if one is not None),
            made_at=self._clock.now(),
            judged=judged,
            note=_note(collection, selection, asked),
        )

    def answers_behind(
        self,
        respondent_id: str,
        axis: ResultAxis = ResultAxis.OVERALL,
        value: str = "",
        *,
        selection: Selection = EVERYTHING,
    ) -> list[AnswerLine]:
        """Return the answers that a figure is made of, by question number."""
        with self._database.read() as tx:
            collection = collect(tx, selection)
        asked = _asked_questions(collection)
        built_in = (derived.chance(asked), derived.best_constant(asked))
        for respondent in (*_respondents(collection), *built_in):
            if respondent.id == respondent_id:
                break
        else:
            return []
        lines = [
            line_of(graded)
            for graded in respondent.graded.values()
            if axis is ResultAxis.OVERALL or graded.question.value(axis) == value
        ]
        return sorted(lines, key=lambda line: line.number)

    def agreement(self) -> AgreementSummary:
        """Return how far verifiers agree, with intervals."""
        with self._database.read() as tx:
            return agreement.summarize(tx, seed=BOOTSTRAP_SEED)


def _unscored(tx: Transaction) -> list[tuple[Answer, Revision]]:
    from core.scoring.scorers import is_current

    scores = tx.scores.all()
    revisions: dict[RevisionId, Revision] = {one.id: one for one in tx.revisions.current()}
    waiting = []
    for occasion in SCORED_OCCASIONS:
        for answer in tx.answers.for_occasion(occasion):
            if answer.revision not in revisions:
                revisions[answer.revision] = tx.revisions.get(answer.revision)
            revision = revisions[answer.revision]
            known = scores.get(answer.id, [])
            if not any(is_current(one, revision.body.format) for one in known):
                waiting.append((answer, revision))
    return waiting


def _score_all(
    waiting: list[tuple[Answer, Revision]], progress: ProgressCallback, token: CancelToken | None
) -> list[Score]:
    from core.scoring.scorers import score

    scores = []
    for done, (answer, revision) in enumerate(waiting):
        if token is not None:
            token.raise_if_cancelled()
        progress(Progress(done, len(waiting), "scoring answers"))
        scores.append(score(answer, revision.body.asked, revision.key))
    return scores


def _judged(tx: Transaction, collection: Collection) -> tuple[JudgedFigure, ...]:
    formats = {one.revision.id: one.format for one in collection.questions}
    names = {RunId(one.id.removeprefix(RUN_PREFIX)): one.name for one in collection.runs}
    return judged_figures(tx, formats, names)


def _respondents(collection: Collection) -> tuple[Respondent, ...]:
    panel = derived.panel_of(collection)
    return (*collection.readers, *([panel] if panel else []), *collection.runs)


def _asked_questions(collection: Collection) -> list[CountedQuestion]:
    """Return what anybody answered, so that built-in respondents meet the same questions."""
    answered = {
        revision for one in (*collection.readers, *collection.runs) for revision in one.graded
    }
    return [one for one in collection.questions if not answered or one.revision.id in answered]


def _beside(collection: Collection) -> list[str]:
    """Return what figures beside accuracy mean, where there are any."""
    graded = [one for run in collection.runs for one in run.graded.values()]
    sentences = []
    if any(one.state in (ScoreState.FAILED, ScoreState.UNSCORED) for one in graded):
        sentences.append("Bounds: accuracy if all that failed or is unscored were wrong, or right.")
    if any(one.share is not None for one in graded):
        sentences.append(
            "Where a question was put more than once, repeats count by their majority and"
            " rotations only when all are right; the plain mean over calls stands beside."
        )
    return sentences


def _values(questions: list[CountedQuestion], axis: ResultAxis) -> tuple[str, ...]:
    found = {one.value(axis) for one in questions}
    if axis is ResultAxis.FORMAT:
        return tuple(name.value for name in AnswerFormat if name.value in found)
    return tuple(sorted(found))


def _note(collection: Collection, selection: Selection, asked: list[CountedQuestion]) -> str:
    count = len(collection.questions)
    covered = f"{count} verified question{'' if count == 1 else 's'}"
    if selection.includes_unverified:
        covered = f"{count} question{'' if count == 1 else 's'}, verified or not"
    sentences = [
        f"{covered}; {len(asked) if collection.readers or collection.runs else 0} answered.",
        "Accuracy is right / asked, over questions; refused and unanswered count as not right;"
        " reports, long texts, failed calls, what is unscored and what could not be put are left"
        " out.",
        "Chance and the best constant answer cover questions with options.",
        *_beside(collection),
        *collection.notes,
    ]
    return " ".join(sentences)
