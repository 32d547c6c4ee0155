"""The data behind the figures as CSV: one line for each respondent and cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.domain.score import ScoreState
from core.errors import StorageError
from core.services.analysis.records import BESIDE, Cell, ResultAxis

if TYPE_CHECKING:
    from core.services.analysis.records import RespondentResult, Results
    from core.services.judging.records import JudgedFigure

HEADER: Final = (
    "respondent",
    "kind",
    "axis",
    "value",
    "n",
    "right",
    "accuracy",
    "wilson_95_low",
    "wilson_95_high",
    *(state.value for state in ScoreState),
    "reports",
    "rouge_l_f",
    "rouge_l_95_low",
    "rouge_l_95_high",
    "chance_on_these",
    "best_constant_on_these",
    *BESIDE,
)
JUDGED_HEADER: Final = (
    "judge",
    "judged_format",
    "judged_n",
    "judged_mean",
    "judged_unscored",
    "judged_corrected",
    "judged_corrected_95_low",
    "judged_corrected_95_high",
    "judged_checked_by_physicians",
)
"""Columns at the end; a judge's score has a line of its own and is in no other column."""
PLAIN_MEAN: Final = "plain mean over values"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_table(results: Results, path: Path) -> None:
    """Write all cells of all respondents; raise `StorageError` when that fails."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*HEADER, *(JUDGED_HEADER if results.judged else ())))
    for row in results.respondents:
        writer.writerows(_lines(row))
    writer.writerows(_judged_line(one) for one in results.judged)
    try:
        # With a byte order mark, without which Excel misreads letters beyond ASCII.
        path.write_text(text.getvalue(), encoding="utf-8-sig")
    except OSError as error:
        raise StorageError(
            f"The table could not be written to {path.name}.",
            hint="Choose another folder, or make room on the disk.",
        ) from error


def _lines(row: RespondentResult) -> Iterator[list[object]]:
    yield _line(row, ResultAxis.OVERALL, "", row.overall)
    for (axis, value), cell in sorted(row.cells.items()):
        yield _line(row, axis, value, cell)
    for axis, mean in row.plain_means.items():
        yield _line(row, axis, PLAIN_MEAN, Cell(accuracy=mean))


def _line(row: RespondentResult, axis: ResultAxis, value: str, cell: Cell) -> list[object]:
    accuracy, rouge = cell.interval, cell.rouge_interval
    return [  # None becomes an empty field.
        _harmless(row.name),
        row.kind.value,
        axis.value,
        _harmless(value),
        cell.n,
        cell.correct,
        cell.accuracy,
        *((None, None) if accuracy is None else (accuracy.low, accuracy.high)),
        *(cell.count(state) for state in ScoreState),
        cell.report_count,
        cell.rouge_l,
        *((None, None) if rouge is None else (rouge.low, rouge.high)),
        cell.chance,
        cell.best_constant,
        *(cell.beside[name].mean if name in cell.beside else None for name in BESIDE),
    ]


def _judged_line(one: JudgedFigure) -> list[object]:
    blanks = [None] * (len(HEADER) - 2)
    corrected = one.corrected
    ends = None if corrected is None else corrected.interval
    return [
        _harmless(one.run_name),
        "llm",
        *blanks,
        _harmless(one.judge.spec.name),
        one.format.value,
        one.n,
        one.mean,
        one.unscored,
        None if corrected is None else corrected.value,
        *((None, None) if ends is None else (ends.low, ends.high)),
        0 if corrected is None else corrected.checked,
    ]


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running a name as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
