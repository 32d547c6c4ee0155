"""Turns results into figures: cells of the heat map, rows of intervals, sentences to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from core.domain.body import AnswerFormat
from core.domain.score import ScoreState
from core.services.analysis.records import BESIDE, REGIONS_AGREE, Cell, ResultAxis, ResultKind
from reviewer_app.widgets.charts.heat_map import HeatCell, HeatTable
from reviewer_app.widgets.charts.intervals import IntervalRow, IntervalTable, Mark
from reviewer_app.widgets.score_looks import score_look
from reviewer_app.wording import format_name

if TYPE_CHECKING:
    from core.services.analysis.records import (
        AgreementSummary,
        RegionAgreement,
        RespondentResult,
        Results,
    )
    from core.statistics.agreement import Coefficient

_MARKS: Final = {
    ResultKind.PERSON: Mark.CIRCLE,
    ResultKind.PANEL: Mark.DIAMOND,
    ResultKind.LLM: Mark.SQUARE,
    ResultKind.BUILT_IN: Mark.TRIANGLE,
}


NO_VALUE: Final = "–"


def percent(value: float | None) -> str:
    """Return a share in whole percent; a dash for no value."""
    return NO_VALUE if value is None else f"{100 * value:.0f}%"


def accuracy_text(cell: Cell) -> str:
    """Return accuracy in percent with its interval."""
    if cell.interval is None:
        return percent(cell.accuracy)
    return (
        f"{percent(cell.accuracy)} ({100 * cell.interval.low:.0f} – {100 * cell.interval.high:.0f})"
    )


def rouge_text(cell: Cell) -> str:
    """Return mean ROUGE-L and the number of reports and long texts."""
    return NO_VALUE if cell.rouge_l is None else f"{cell.rouge_l:.2f}, n {cell.report_count}"


def right_text(row: RespondentResult) -> str:
    """Return right of asked; chance only expects."""
    cell = row.overall
    if not cell.n:
        return NO_VALUE
    right = f"{cell.correct:.0f}" if cell.correct.is_integer() else f"{cell.correct:.1f}"
    return f"{right} / {cell.n}"


def value_name(axis: ResultAxis, value: str) -> str:
    """Return the name of a value of an axis."""
    return format_name(AnswerFormat(value)) if axis is ResultAxis.FORMAT else value


def state_word(state: ScoreState | None) -> str:
    """Return how a question ended, in words."""
    if state is None:
        return _tr("Expected")
    return score_look(state).word


def heat_table(results: Results, axis: ResultAxis, columns: Sequence[str]) -> HeatTable:
    """Return respondents × values of an axis, with a first column over everything."""
    rows = results.respondents
    return HeatTable(
        rows=tuple(row.name for row in rows),
        columns=(_tr("All"), *(value_name(axis, one) for one in columns)),
        cells=tuple(
            (_heat_cell(row.overall), *(_heat_cell(row.cell(axis, one)) for one in columns))
            for row in rows
        ),
        legend=_tr("accuracy from 0% (light) to 100% (dark)"),
        few=_tr("fewer than 10 questions"),
    )


def interval_table(results: Results) -> IntervalTable:
    """Return overall accuracy of everybody with intervals over the line of chance."""
    chance = results.respondent("builtin:chance")
    level = chance.overall.accuracy if chance else None
    return IntervalTable(
        rows=tuple(_interval_row(row) for row in results.respondents if row.id != "builtin:chance"),
        line=level,
        line_name=_tr("chance %1").replace("%1", percent(level)),
        axis_name=_tr("Accuracy with Wilson's 95% interval"),
    )


def unscored_text(cell: Cell) -> str:
    """Return how many have no score, with what accuracy could be with all of them."""
    count = str(cell.count(ScoreState.UNSCORED))
    if cell.bounds is None:
        return count
    return f"{count} ({100 * cell.bounds.worst:.0f}–{percent(cell.bounds.best)})"


def cell_words(cell: Cell) -> str:
    """Say a cell in one sentence, for tooltip and screen reader."""
    parts = []
    if cell.accuracy is not None:
        parts.append(
            _tr("%1 right of %2 asked, accuracy %3")
            .replace("%1", f"{cell.correct:.4g}")
            .replace("%2", str(cell.n))
            .replace("%3", accuracy_text(cell))
        )
    if cell.chance is not None:
        parts.append(_tr("chance on these %1").replace("%1", percent(cell.chance)))
    parts += [
        _tr("%1 %2 (n %3)")
        .replace("%1", BESIDE[name])
        .replace("%2", f"{one.mean:.2f}")
        .replace("%3", str(one.n))
        for name, one in cell.beside.items()
    ]
    if cell.rouge_l is not None:
        parts.append(_tr("ROUGE-L of reports and long texts %1").replace("%1", _rouge_words(cell)))
    parts += [
        f"{state_word(state).lower()} {cell.count(state)}"
        for state in (
            ScoreState.REFUSED,
            ScoreState.NO_ANSWER,
            ScoreState.FAILED,
            ScoreState.NOT_APPLICABLE,
            ScoreState.UNSCORED,
        )
        if cell.count(state)
    ]
    if cell.bounds is not None:
        parts.append(
            _tr("between %1 and %2 if what has no score were all wrong or all right")
            .replace("%1", percent(cell.bounds.worst))
            .replace("%2", percent(cell.bounds.best))
        )
    if cell.mean_credit is not None:
        parts.append(_tr("mean over all calls %1").replace("%1", percent(cell.mean_credit)))
    if cell.n and cell.is_small:
        parts.append(_tr("few questions, do not read alone"))
    return "; ".join(parts) or _tr("nothing was asked here")


def unevenness_words(results: Results, axis: ResultAxis) -> str:
    """Name who is uneven over an axis by more than sampling noise explains."""
    return " ".join(
        _tr("%1 is uneven over %2 %3: standard deviation %4 points beyond sampling noise.")
        .replace("%1", row.name)
        .replace("%2", str(spread.cells))
        .replace("%3", _plural(axis))
        .replace("%4", f"{100 * spread.corrected**0.5:.0f}")
        for row in results.respondents
        if (spread := row.spreads.get(axis)) is not None
        and spread.is_uneven
        and spread.interval.low > 0
    )


def agreement_rows(summary: AgreementSummary) -> list[tuple[str, ...]]:
    """Return name, questions and every measure with its interval, for the agreement table."""
    rows: list[tuple[str, ...]] = [
        (
            line.name,
            str(line.agreement.questions),
            _share(line.agreement.percent),
            *(
                _coefficient(one)
                for one in (
                    line.agreement.cohen_kappa,
                    line.agreement.fleiss_kappa,
                    line.agreement.krippendorff_alpha,
                    line.agreement.gwet_ac1,
                )
            ),
            ", ".join(
                f"{name.replace('_', ' ')} {count}"
                for name, count in line.agreement.category_counts
                if count
            ),
            line.agreement.prevalence,
        )
        for line in (summary.verdicts, *summary.gates, *summary.answers)
    ]
    return rows if summary.regions is None else [*rows, _region_row(summary.regions)]


def _region_row(regions: RegionAgreement) -> tuple[str, ...]:
    """Return the row of regions: kappas know categories, and an overlap is none."""
    overlap = _tr("IoU %2, Dice %3, %1 answers")
    for place, text in (
        ("%1", str(regions.answers)),
        ("%2", _coefficient(regions.iou)),
        ("%3", _coefficient(regions.dice)),
    ):
        overlap = overlap.replace(place, text)
    return (
        _tr("Blind answers: region"),
        str(regions.questions),
        _share(regions.meeting),
        *[NO_VALUE] * 4,
        overlap,
        _tr("Pairs agree from an IoU of %1 on; means and intervals are over questions.").replace(
            "%1", decimal(REGIONS_AGREE)
        ),
    )


def _share(one: Coefficient) -> str:
    """Say a share in percent: 0.92 under “percent” would be read as less than one percent."""
    if one.value is None:
        return NO_VALUE
    ends = one.interval
    reach = "" if ends is None else f" ({100 * ends.low:.0f} – {100 * ends.high:.0f})"
    return f"{percent(one.value)}{reach}"


def _coefficient(one: Coefficient | None) -> str:
    if one is None or one.value is None:
        return NO_VALUE
    ends = one.interval
    reach = "" if ends is None else f" ({decimal(ends.low)} – {decimal(ends.high)})"
    return f"{decimal(one.value)}{reach}"


def decimal(value: float) -> str:
    """Return two digits; nothing is not negative."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _rouge_words(cell: Cell) -> str:
    ends = cell.rouge_interval
    reach = "" if ends is None else f" ({ends.low:.2f} – {ends.high:.2f})"
    return f"{rouge_text(cell)}{reach}"


def _heat_cell(cell: Cell) -> HeatCell:
    if cell.accuracy is not None:
        label, note = percent(cell.accuracy), f"n {cell.n}"
        return HeatCell(cell.accuracy, label, note, cell_words(cell), is_small=cell.is_small)
    if cell.rouge_l is not None:
        label, note = f"{cell.rouge_l:.2f}", f"R-L, n {cell.report_count}"
        return HeatCell(cell.rouge_l, label, note, cell_words(cell), is_shaded=False)
    return HeatCell(None, NO_VALUE, "", cell_words(cell))


def _interval_row(row: RespondentResult) -> IntervalRow:
    cell = row.overall
    return IntervalRow(
        key=row.id,
        name=row.name,
        mark=_MARKS[row.kind],
        value=cell.accuracy,
        low=None if cell.interval is None else cell.interval.low,
        high=None if cell.interval is None else cell.interval.high,
        note=f"{percent(cell.accuracy)}   n {cell.n}",
        words=cell_words(cell),
    )


def _plural(axis: ResultAxis) -> str:
    return {
        ResultAxis.SPECIALTY: _tr("specialties"),
        ResultAxis.CAPACITY: _tr("capacities"),
        ResultAxis.FORMAT: _tr("answer formats"),
    }.get(axis, "")


def _tr(text: str) -> str:
    return QCoreApplication.translate("results", text)
