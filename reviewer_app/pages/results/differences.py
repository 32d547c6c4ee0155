"""People minus models on the questions both were asked: rows of intervals and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from core.services.analysis.records import ResultKind
from reviewer_app.widgets.charts.intervals import IntervalRow, IntervalTable, Mark

if TYPE_CHECKING:
    from core.services.analysis.records import PairDifference, ReadersDifference, Results

_MOST_LINES: Final = 3


def difference_table(results: Results) -> IntervalTable:
    """Return for each run the readers in general, then the panel and each person."""
    rows: list[IntervalRow] = []
    for readers in results.readers_differences:
        if readers.analysis is not None:
            rows.append(_readers_row(results, readers))
        rows += [
            _pair_row(results, pair)
            for pair in results.pair_differences
            if pair.run_id == readers.run_id and pair.counts.n
        ]
    return IntervalTable(
        rows=tuple(rows),
        line=0.0,
        line_name=_tr("no difference"),
        axis_name=_tr("← the model is better · points of accuracy · people are better →"),
        axis_low=-1.0,
        axis_high=1.0,
        has_signs=True,
    )


def difference_words(results: Results) -> str:
    """Say in plain words what the data allow, one line for each of the first few models."""
    found = results.readers_differences
    if not found:
        return _tr(
            "People and models are compared once readers and a model have answered the same"
            " questions."
        )
    lines = list(dict.fromkeys(_statement(results, one) for one in found))
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], _tr("More models stand under Differences.")]
    return "\n".join(lines)


def points(value: float) -> str:
    """Return a difference in points with its sign."""
    whole = round(100 * value)
    return f"{whole:+d}".replace("-", "−") if whole else "0"


def _statement(results: Results, one: ReadersDifference) -> str:
    if one.analysis is None:
        return one.statement
    low, high = one.analysis.interval.low, one.analysis.interval.high
    return (
        _tr("Against %1 the data allow readers in general to be %2 (%3 questions).")
        .replace("%1", _name(results, one.run_id))
        .replace("%2", _span(low, high))
        .replace("%3", str(one.questions))
    )


def _span(low: float, high: float) -> str:
    """Say an interval of a difference: “15 points worse to 25 points better”."""
    ends = f"{abs(100 * low):.0f}", f"{abs(100 * high):.0f}"
    if high < 0:
        text = _tr("%2 to %1 points worse")
    elif low >= 0:
        text = _tr("%1 to %2 points better")
    else:
        text = _tr("%1 points worse to %2 points better")
    return text.replace("%1", ends[0]).replace("%2", ends[1])


def _readers_row(results: Results, one: ReadersDifference) -> IntervalRow:
    assert one.analysis is not None  # noqa: S101 - the caller looked
    ends = one.analysis.interval
    return IntervalRow(
        key=one.run_id,
        name=_against(results, _tr("Readers in general"), one.run_id),
        mark=Mark.SQUARE,
        value=one.analysis.estimate,
        low=max(-1.0, ends.low),
        high=min(1.0, ends.high),
        note=f"{points(one.analysis.estimate)}   n {one.questions}",
        words=_words(one.analysis.estimate, ends.low, ends.high, one.questions),
    )


def _pair_row(results: Results, pair: PairDifference) -> IntervalRow:
    estimate = pair.counts.difference or 0.0
    low, high = (pair.interval.low, pair.interval.high) if pair.interval else (None, None)
    person = results.respondent(pair.person_id)
    is_panel = person is not None and person.kind is ResultKind.PANEL
    return IntervalRow(
        key=pair.person_id,
        name=_against(results, _name(results, pair.person_id), pair.run_id),
        mark=Mark.DIAMOND if is_panel else Mark.CIRCLE,
        value=estimate,
        low=low,
        high=high,
        note=f"{points(estimate)}   n {pair.counts.n}",
        words=_words(estimate, low, high, pair.counts.n),
    )


def _words(estimate: float, low: float | None, high: float | None, questions: int) -> str:
    reach = "" if low is None or high is None else f" ({points(low)} – {points(high)})"
    return (
        _tr("%1 points of accuracy%2 on %3 common questions")
        .replace("%1", points(estimate))
        .replace("%2", reach)
        .replace("%3", str(questions))
    )


def _against(results: Results, name: str, run_id: str) -> str:
    return f"{name} · {_tr('against')} {_name(results, run_id)}"


def _name(results: Results, respondent_id: str) -> str:
    row = results.respondent(respondent_id)
    return respondent_id if row is None else row.name


def _tr(text: str) -> str:
    return QCoreApplication.translate("results", text)
