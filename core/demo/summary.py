"""What the demo made, as lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.domain.plain import Plain
from core.domain.score import ScoreState
from core.domain.stage import Stage

if TYPE_CHECKING:
    from core.services.analysis.records import AgreementSummary, Cell, Results
    from core.statistics.agreement import Coefficient
    from core.statistics.proportions import Interval

_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; None where it is not defined."""

    name: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One respondent: right of `n`, accuracy with interval, reports, and what is no answer."""

    name: str
    n: int
    correct: float
    accuracy: Figure
    reports: int
    rouge_l: float | None
    refused: int
    no_answer: int


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """Everything the demo prints at its end."""

    workspace: Path
    export: Path
    stages: tuple[tuple[Stage, int], ...]
    agreement_questions: int
    agreement: tuple[Figure, ...]
    agreement_reading: str
    scores: tuple[ScoreLine, ...]
    statements: tuple[str, ...]
    exported_questions: int
    exported_images: int
    export_differences: tuple[str, ...]
    check_counts: tuple[tuple[str, int], ...]
    check_problems: tuple[str, ...]
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether workspace and export are whole."""
        return not self.check_problems and not self.export_differences

    def lines(self) -> list[str]:
        """Return the summary for a terminal."""
        return [
            "",
            "Questions per stage",
            *_indented(_table([(stage.display_name, str(count)) for stage, count in self.stages])),
            "",
            f"Agreement of verifiers on {self.agreement_questions} verdicts (95 % interval)",
            *_indented(_table([_figure_row(one) for one in self.agreement])),
            *_indented([self.agreement_reading]),
            "",
            "Scores (95 % interval)",
            *_indented(_table([_SCORE_HEAD, *map(_score_row, self.scores)])),
            *_indented(self.statements),
            "",
            *_table(
                [
                    ("Workspace", str(self.workspace)),
                    ("Export", f"{self.export}  {self._exported()}"),
                    ("Check", self._checked()),
                    ("Time", f"{self.seconds:.0f} s"),
                ],
                left_columns=2,
            ),
            "",
            "The people and the model of the demo are invented; these figures are no finding.",
        ]

    def to_plain(self) -> Plain:
        """Return the JSON object of this summary."""
        return {
            "workspace": str(self.workspace),
            "stages": {stage.value: count for stage, count in self.stages},
            "agreement": {
                "questions": self.agreement_questions,
                "measures": [_figure_plain(one) for one in self.agreement],
            },
            "scores": [_score_plain(one) for one in self.scores],
            "export": {
                "folder": str(self.export),
                "questions": self.exported_questions,
                "images": self.exported_images,
                "differences": list(self.export_differences),
            },
            "check": {
                "is_clean": self.is_clean,
                "counts": dict(self.check_counts),
                "problems": list(self.check_problems),
            },
            "seconds": round(self.seconds, 1),
        }

    def _exported(self) -> str:
        return f"({self.exported_questions} questions, {self.exported_images} images)"

    def _checked(self) -> str:
        if self.is_clean:
            counted = ", ".join(f"{count} {name}" for name, count in self.check_counts)
            return f"clean ({counted})"
        problems = (*self.check_problems, *self.export_differences)
        return f"{len(problems)} problems, the first: {problems[0]}"


def score_lines(results: Results) -> tuple[ScoreLine, ...]:
    """Return one line for each respondent of the results."""
    return tuple(_score_line(one.name, one.overall) for one in results.respondents)


def agreement_figures(summary: AgreementSummary) -> tuple[Figure, ...]:
    """Return the measures that stand side by side for verdicts."""
    measured = summary.verdicts.agreement
    return (
        _coefficient("Percent agreement", measured.percent),
        _coefficient("Krippendorff's alpha", measured.krippendorff_alpha),
        _coefficient("Gwet's AC1", measured.gwet_ac1),
    )


def _coefficient(name: str, measure: Coefficient) -> Figure:
    return _figure(name, measure.value, measure.interval)


def _figure(name: str, value: float | None, interval: Interval | None) -> Figure:
    if interval is None:
        return Figure(name, value, None, None)
    return Figure(name, value, interval.low, interval.high)


def _score_line(name: str, cell: Cell) -> ScoreLine:
    return ScoreLine(
        name=name,
        n=cell.n,
        correct=cell.correct,
        accuracy=_figure("Accuracy", cell.accuracy, cell.interval),
        reports=cell.report_count,
        rouge_l=cell.rouge_l,
        refused=cell.count(ScoreState.REFUSED),
        no_answer=cell.count(ScoreState.NO_ANSWER),
    )


_SCORE_HEAD: Final = (
    "",
    "n",
    "right",
    "accuracy",
    "interval",
    "refused",
    "no answer",
    "reports",
    "ROUGE-L",
)


def _score_row(line: ScoreLine) -> tuple[str, ...]:
    return (
        line.name,
        str(line.n),
        f"{line.correct:.1f}".removesuffix(".0"),
        _number(line.accuracy.value),
        _interval(line.accuracy),
        str(line.refused),
        str(line.no_answer),
        str(line.reports),
        _number(line.rouge_l),
    )


def _figure_row(figure: Figure) -> tuple[str, ...]:
    return (figure.name, _number(figure.value), _interval(figure))


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return _NONE
    return f"{figure.low:.3f} to {figure.high:.3f}"


def _table(rows: Sequence[Sequence[str]], *, left_columns: int = 1) -> list[str]:
    """Return rows with columns of equal width; words left, figures right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place < left_columns else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _figure_plain(figure: Figure) -> Plain:
    interval = None if figure.low is None else [figure.low, figure.high]
    return {"name": figure.name, "value": figure.value, "interval": interval}


def _score_plain(line: ScoreLine) -> Plain:
    accuracy = _figure_plain(line.accuracy)
    return {
        "name": line.name,
        "n": line.n,
        "correct": line.correct,
        "accuracy": accuracy["value"],
        "interval": accuracy["interval"],
        "reports": line.reports,
        "rouge_l": line.rouge_l,
        "refused": line.refused,
        "no_answer": line.no_answer,
    }
