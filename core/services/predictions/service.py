"""Results of other engines in, ours out: models evaluated elsewhere stand beside ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.changes import Changes, Kind, Outcome
from core.domain.answer import Answer, AnswerState, Occasion, Respondent, RespondentKind
from core.domain.binding import binding_hash
from core.domain.ids import AnswerId, PersonId, RevisionId, RunId
from core.domain.plain import sha256_of
from core.domain.prediction import Engine
from core.domain.run import IMPORTED, Condition, Run, RunSpec, RunStatus
from core.errors import ExchangeError
from core.exchange.imported import RowProblem
from core.exchange.predictions import ReadPredictions
from core.services.predictions.matching import Matched, Matcher
from core.services.predictions.rows import export_rows
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.clock import Clock
    from core.services.ports import Database, Transaction

_Group = tuple[str, Condition, int]
"""Who answered, under which condition, which repeat: one run each."""
_NAMED_DIGITS = 12


@dataclass(frozen=True, slots=True)
class PredictionOptions:
    """How predictions are read; empty values mean: as the file says.

    With `skips_unknown` rows about questions that are not here are left out instead of refused.
    """

    engine_name: str = ""
    llm: str = ""
    condition: Condition | None = None
    is_dry_run: bool = False
    skips_unknown: bool = False


@dataclass(frozen=True, slots=True)
class PredictionReport:
    """What an import did, or would do: nothing at all while there are `problems`."""

    engine: Engine
    sha256: str
    runs: tuple[RunId, ...]
    """The runs that were added; of a dry run none."""
    names: tuple[str, ...]
    """What each run is called, also those that are here already."""
    added: int
    same: int
    """Predictions of runs that are here already."""
    read: int
    """Answers that could be read out of replies."""
    problems: tuple[RowProblem, ...] = ()
    skipped: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


def engine_of(name: str) -> Engine | None:
    """Return the engine of this name, or None for an empty one; raise `ExchangeError`."""
    from core.exchange.predictions import engine_named

    return engine_named(name) if name else None


class PredictionsService:
    """Imports predictions as runs, exports runs as predictions."""

    def __init__(
        self, database: Database, clock: Clock, *, before_import: Callable[[], None]
    ) -> None:
        """`before_import` is called when a file is about to change the workspace."""
        self._database = database
        self._clock = clock
        self._before_import = before_import

    def recognize(self, path: Path) -> Engine | None:
        """Return whose predictions a file holds, or None when it holds none."""
        from core.exchange.predictions import detect_engine

        try:
            return detect_engine(path)
        except ExchangeError:
            return None

    def import_file(
        self,
        path: Path,
        person: PersonId,
        options: PredictionOptions = PredictionOptions(),
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Outcome[PredictionReport]:
        """Add each model, condition and repeat of a file as a run that is not here yet.

        Replies are read by our own rules. Raises `ExchangeError` when the file cannot be read.
        """
        from core.exchange.predictions import read_predictions

        read = read_predictions(path, engine_of(options.engine_name))
        with self._database.read() as tx:
            groups, skipped = _grouped(tx, read, options, path)
            specs = {group: _spec(read, group, of) for group, of in groups.items()}
            known = {group for group in groups if tx.runs.by_spec_hash(specs[group].hash)}
        report = _report(read, groups, known, tuple(skipped))
        new = {group: of for group, of in groups.items() if group not in known}
        if read.problems or not groups or not new or options.is_dry_run:
            return Outcome(report)
        self._before_import()
        cancel = cancel or CancelToken()
        runs = []
        with self._database.write() as tx:
            for done, (group, of) in enumerate(new.items()):
                cancel.raise_if_cancelled()
                progress(Progress(done, len(new), "Adding runs"))
                runs.append(self._add(tx, specs[group], of, person))
        changes = Changes.of(Kind.RUN, *runs) | Changes.of(Kind.ANSWER)
        return Outcome(replace(report, runs=tuple(runs)), changes)

    def export(
        self, run: RunId, out: Path, engine: Engine | None = None, *, with_keys: bool = False
    ) -> int:
        """Write the replies of a run for another engine; return how many.

        Without an engine the ending decides: csv, xlsx, jsonl, eval or json (Inspect). The
        file appears whole or not at all; one that is there already is not replaced.
        """
        from core.exchange.predictions_writer import write_predictions

        with self._database.read() as tx:
            found = tx.runs.get(run)
            rows = export_rows(tx, found, with_keys=with_keys)
        write_predictions(out, engine, found, rows, self._clock.now())
        return len(rows)

    def _add(
        self, tx: Transaction, spec: RunSpec, matched: list[Matched], person: PersonId
    ) -> RunId:
        now = self._clock.now()
        run = Run(RunId(self._clock.new_id()), spec, RunStatus.FINISHED, now, now)
        tx.runs.add(run)
        tx.audit.append(person=person, action="run.imported", subject=run.id, content=spec.hash)
        answers = [_answer(run, one, AnswerId(self._clock.new_id())) for one in matched]
        tx.answers.add(*answers)
        tx.audit.append_all(
            person=person,
            action="answer.stored",
            subjects=[(one.id, binding_hash(one)) for one in answers],
        )
        return run.id


def _grouped(
    tx: Transaction, read: ReadPredictions, options: PredictionOptions, path: Path
) -> tuple[dict[_Group, list[Matched]], list[RowProblem]]:
    """Return what is about questions here by run; problems are added to `read`."""
    matcher = Matcher(tx)
    groups: dict[_Group, dict[RevisionId, Matched]] = {}
    skipped: list[RowProblem] = []
    unnamed = 0
    for one in read.predictions:
        condition = options.condition or matcher.condition(one)
        found = matcher.match(one)
        if condition is None:
            read.refuse(one.where, "The condition is none of both, text and image.")
        elif isinstance(found, str):
            problem = RowProblem(one.where, found)
            (skipped if options.skips_unknown else read.problems).append(problem)
        else:
            unnamed += not (options.llm or one.llm)
            llm = options.llm or one.llm or path.stem
            group = groups.setdefault((llm, condition, one.epoch), {})
            if found.blind.revision in group:
                number = found.blind.number
                read.refuse(one.where, f"Question {number} is answered twice by one model.")
            group[found.blind.revision] = found
    if unnamed:
        read.notes.append(f"The file names no model, so it is called “{path.stem}”.")
    return {group: list(of.values()) for group, of in groups.items()}, skipped


def _spec(read: ReadPredictions, group: _Group, matched: list[Matched]) -> RunSpec:
    llm, condition, epoch = group
    origin = f"imported from {read.engine.display_name}, {read.file_name}"
    repeat = f", repeat {epoch}" if epoch > 1 else ""
    replies = [[one.blind.revision, one.prediction.reply] for one in matched]
    return RunSpec(
        llm=llm,
        base_url=f"{IMPORTED}{read.engine.value}",
        condition=condition,
        prompt_name=f"{origin}, sha256 {read.sha256[:_NAMED_DIGITS]}{repeat}",
        prompt_hash=read.sha256,
        revisions=tuple(one.blind.revision for one in matched),
        requests_hash=sha256_of([read.sha256, epoch, replies]),
        temperature=None,
        max_tokens=0,
    )


def _report(
    read: ReadPredictions,
    groups: dict[_Group, list[Matched]],
    known: set[_Group],
    skipped: tuple[RowProblem, ...],
) -> PredictionReport:
    new = [one for group, of in groups.items() if group not in known for one in of]
    answered = sum(one.reading.state is AnswerState.ANSWERED for one in new)
    names = tuple(
        f"{llm}, {condition.value}{f', repeat {epoch}' if epoch > 1 else ''}"
        for llm, condition, epoch in groups
    )
    return PredictionReport(
        engine=read.engine,
        sha256=read.sha256,
        runs=(),
        names=names,
        added=0 if read.problems else len(new),
        same=sum(len(groups[group]) for group in known),
        read=answered,
        problems=tuple(read.problems),
        skipped=skipped,
        notes=tuple(read.notes),
    )


def _answer(run: Run, matched: Matched, answer: AnswerId) -> Answer:
    one, blind, reading = matched.prediction, matched.blind, matched.reading
    details: dict[str, str | int | float] = {"imported_from": one.where}
    if reading.span is not None:
        details |= {"span_start": reading.span[0], "span_end": reading.span[1]}
    if one.error:
        details["error"] = one.error
    if not one.is_whole_reply:
        details["only_answer"] = 1
    return Answer(
        id=answer,
        question=blind.question,
        revision=blind.revision,
        respondent=Respondent(RespondentKind.LLM, run.spec.llm, run.spec.llm),
        occasion=Occasion.RUN,
        occasion_id=run.id,
        state=reading.state,
        answered_at=run.created_at,
        response=reading.response,
        elapsed_s=one.elapsed_s,
        option_order=matched.order,
        raw_text=matched.said,
        reading_rule=reading.rule,
        details=details,
    )
