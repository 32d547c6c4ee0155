"""Turns graded answers into cells, rows and differences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Final

from core.domain.body import GRADED_FORMATS
from core.domain.ids import RevisionId
from core.domain.score import ScoreState
from core.services.analysis.collect import Graded, Respondent
from core.services.analysis.records import (
    BESIDE,
    Bounds,
    Cell,
    MeanOf,
    PairDifference,
    ReadersDifference,
    RespondentResult,
    ResultAxis,
    ResultKind,
)

if TYPE_CHECKING:
    from core.statistics.proportions import Interval
    from core.statistics.unevenness import Spread

SPLIT_AXES: Final = (ResultAxis.SPECIALTY, ResultAxis.CAPACITY, ResultAxis.FORMAT)
_WITHOUT_SCORE: Final = (ScoreState.FAILED, ScoreState.UNSCORED)
_LEFT_OUT: Final = (*_WITHOUT_SCORE, ScoreState.NOT_APPLICABLE)


def counts_for_accuracy(graded: Graded) -> bool:
    """Tell whether a graded answer enters accuracy."""
    return graded.question.format not in GRADED_FORMATS and graded.state not in _LEFT_OUT


def credit(graded: Graded) -> float:
    """Return 1 for right and 0 for anything else; for chance the expected accuracy."""
    if graded.state is None:
        return graded.value or 0.0
    return float(graded.state is ScoreState.CORRECT)


def make_row(
    respondent: Respondent, chance: Respondent, best_constant: Respondent
) -> RespondentResult:
    """Return the row of one respondent with its cells on every axis."""
    is_drawn = respondent.kind is not ResultKind.BUILT_IN
    split: dict[tuple[ResultAxis, str], list[Graded]] = {}
    for graded in respondent.graded.values():
        for axis in SPLIT_AXES:
            split.setdefault((axis, graded.question.value(axis)), []).append(graded)

    def cell(some: Iterable[Graded]) -> Cell:
        return _cell(list(some), chance, best_constant, has_interval=is_drawn)

    cells = {place: cell(some) for place, some in split.items()}
    return RespondentResult(
        id=respondent.id,
        name=respondent.name,
        kind=respondent.kind,
        overall=cell(respondent.graded.values()),
        cells=cells,
        plain_means={axis: _plain_mean(cells, axis) for axis in SPLIT_AXES},
        spreads={axis: _spread(cells, axis) if is_drawn else None for axis in SPLIT_AXES},
    )


def pair_difference(person: Respondent, run: Respondent) -> PairDifference | None:
    """Return the paired difference on the questions both were asked, or None without any."""
    from core.statistics.paired import PairedCounts, mcnemar_mid_p, tango

    pairs = [
        (credit(person.graded[one]) == 1, credit(run.graded[one]) == 1)
        for one in _common([person, run])
    ]
    if not pairs:
        return None
    counts = Counter(pairs)
    table = PairedCounts(
        counts[True, True], counts[True, False], counts[False, True], counts[False, False]
    )
    return PairDifference(person.id, run.id, table, tango(table), mcnemar_mid_p(table))


def readers_difference(readers: Sequence[Respondent], run: Respondent) -> ReadersDifference | None:
    """Return the readers' mean minus the run's accuracy on what all of them were asked."""
    from core.statistics.reader_study import MIN_READERS, crossed_difference

    common = _common([*readers, run])
    if not readers or not common:
        return None
    own = [credit(run.graded[one]) for one in common]
    table = [[credit(reader.graded[one]) for one in common] for reader in readers]
    differences = [[a - b for a, b in zip(row, own, strict=True)] for row in table]
    analysis = crossed_difference(differences) if len(readers) >= MIN_READERS else None
    return ReadersDifference(
        run_id=run.id,
        readers=len(readers),
        questions=len(common),
        readers_mean=fmean(map(fmean, table)),
        run_accuracy=fmean(own),
        analysis=analysis,
        statement=_statement(run.name, len(readers), analysis.interval if analysis else None),
    )


def _common(respondents: Sequence[Respondent]) -> list[RevisionId]:
    """Return the revisions that enter everybody's accuracy."""
    return [
        revision
        for revision in respondents[0].graded
        if all(
            revision in one.graded and counts_for_accuracy(one.graded[revision])
            for one in respondents
        )
    ]


def _cell(
    some: Sequence[Graded], chance: Respondent, best_constant: Respondent, *, has_interval: bool
) -> Cell:
    from core.statistics.proportions import wilson

    counted = [one for one in some if counts_for_accuracy(one)]
    reports = [
        one.value or 0.0
        for one in some
        if one.question.format in GRADED_FORMATS and one.state not in _LEFT_OUT
    ]
    n, correct = len(counted), math.fsum(map(credit, counted))
    return Cell(
        n=n,
        correct=correct,
        accuracy=correct / n if n else None,
        interval=wilson(correct, n) if has_interval else None,
        states=dict(Counter(one.state for one in some if one.state is not None)),
        report_count=len(reports),
        rouge_l=fmean(reports) if reports else None,
        rouge_interval=_t_interval(reports),
        chance=_mean_on(chance, counted),
        best_constant=_mean_on(best_constant, counted),
        bounds=_bounds(some, correct, n),
        mean_credit=_mean_credit(counted),
        beside=_beside(counted),
    )


def _bounds(some: Sequence[Graded], correct: float, n: int) -> Bounds | None:
    """Return what accuracy could be with every score, or None when none is missing."""
    missing = sum(
        one.state in _WITHOUT_SCORE and one.question.format not in GRADED_FORMATS for one in some
    )
    if not missing:
        return None
    whole = n + missing
    return Bounds(correct / whole, (correct + missing) / whole)


def _beside(counted: Sequence[Graded]) -> dict[str, MeanOf]:
    found = {name: [one.details[name] for one in counted if name in one.details] for name in BESIDE}
    return {name: MeanOf(fmean(some), len(some)) for name, some in found.items() if some}


def _mean_credit(counted: Sequence[Graded]) -> float | None:
    if all(one.share is None for one in counted):
        return None
    return fmean(credit(one) if one.share is None else one.share for one in counted)


def _mean_on(built_in: Respondent, counted: Sequence[Graded]) -> float | None:
    revisions = [one.question.revision.id for one in counted]
    values = [credit(built_in.graded[one]) for one in revisions if one in built_in.graded]
    return fmean(values) if values else None


def _t_interval(values: Sequence[float]) -> Interval | None:
    """Return Student's interval of a mean between 0 and 1, or None where nothing varies."""
    from core.statistics.distributions import t_quantile
    from core.statistics.proportions import Interval

    if len(values) < 2 or stdev(values) == 0:
        return None
    reach = t_quantile(0.975, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    center = fmean(values)
    return Interval(max(0.0, center - reach), min(1.0, center + reach))


def _measured(cells: dict[tuple[ResultAxis, str], Cell], axis: ResultAxis) -> list[Cell]:
    return [cell for (own, _), cell in cells.items() if own is axis and cell.accuracy is not None]


def _plain_mean(cells: dict[tuple[ResultAxis, str], Cell], axis: ResultAxis) -> float | None:
    found = [cell.accuracy for cell in _measured(cells, axis) if cell.accuracy is not None]
    return fmean(found) if found else None


def _spread(cells: dict[tuple[ResultAxis, str], Cell], axis: ResultAxis) -> Spread | None:
    from core.statistics.unevenness import spread_of

    # Where few were asked, right or wrong throughout would count as certain.
    measured = [cell for cell in _measured(cells, axis) if not cell.is_small]
    return spread_of([(cell.correct, cell.n) for cell in measured])


def _statement(run: str, readers: int, interval: Interval | None) -> str:
    if readers < 3:
        return (
            f"With {readers} reader{'s' if readers > 1 else ''} nothing can be said about"
            " physicians in general: at least three are needed."
        )
    if interval is None:
        return f"Readers and {run} differ by the same on every question: there is no interval."
    low, high = (round(100 * end) for end in (interval.low, interval.high))
    return (
        f"The data allow readers in general to differ from {run} by {low:+d} to {high:+d}"
        " points of accuracy."
    )
