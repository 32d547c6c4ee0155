"""Scores of accepted judges in the table of respondents: columns of their own, named in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.services.analysis.collect import RUN_PREFIX
from reviewer_app.pages.results.figures import NO_VALUE
from reviewer_app.wording import format_name

if TYPE_CHECKING:
    from core.domain.body import AnswerFormat
    from core.domain.ids import JudgeId
    from core.services.analysis.records import Results
    from core.services.judging.records import JudgedFigure

JudgedColumn = tuple["JudgeId", "AnswerFormat"]
"""One judge and one format: scores of two are never in one column."""


def judged_columns(results: Results) -> dict[JudgedColumn, str]:
    """Return the columns with their captions: model, contract version, format."""
    return {
        (one.judge.id, one.format): f"{one.judge.spec.name}\n{format_name(one.format)}"
        for one in results.judged
    }


def judged_cells(results: Results, respondent: str) -> dict[JudgedColumn, JudgedFigure]:
    """Return the figures of one respondent."""
    run = respondent.removeprefix(RUN_PREFIX)
    return {(one.judge.id, one.format): one for one in results.judged if one.run == run}


def judged_text(figure: JudgedFigure | None) -> str:
    """Return mean and n."""
    if figure is None or figure.mean is None:
        return NO_VALUE
    return f"{figure.mean:.2f}, n {figure.n}"


def judged_words(figure: JudgedFigure) -> str:
    """Say all that is known of a judge's score."""
    parts = [f"{figure.run_name}: {judged_text(figure)}"]
    if figure.unscored and figure.low is not None and figure.high is not None:
        parts.append(
            _tr("%1 unscored: %2 to %3 if all of these were wrong or right")
            .replace("%1", str(figure.unscored))
            .replace("%2", f"{figure.low:.2f}")
            .replace("%3", f"{figure.high:.2f}")
        )
    corrected = figure.corrected
    if corrected is not None:
        ends = corrected.interval
        reach = "" if ends is None else f" ({ends.low:.2f} – {ends.high:.2f})"
        parts.append(
            _tr("%1 corrected by %2 answers that physicians graded")
            .replace("%1", f"{corrected.value:.2f}{reach}")
            .replace("%2", str(corrected.checked))
        )
    if figure.is_same_family:
        parts.append(_tr("judge and model are of one family"))
    return "; ".join(parts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("judged", text)
