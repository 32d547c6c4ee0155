"""What the analysis hands out: tables of people beside models, differences, agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId, RevisionId
from core.domain.run import Condition
from core.domain.score import ScoreState

if TYPE_CHECKING:
    from core.services.judging.records import JudgedFigure
    from core.statistics.agreement import Agreement, Coefficient
    from core.statistics.paired import PairedCounts
    from core.statistics.proportions import Interval
    from core.statistics.reader_study import ReaderDifference
    from core.statistics.unevenness import Spread

REGIONS_AGREE: Final = 0.5
"""Two people mean the same place where their regions overlap by this IoU."""
SMALL_CELL: Final = 10
"""A cell over fewer questions is marked, not hidden."""


class ResultAxis(StrEnum):
    """Along what results are split."""

    OVERALL = "overall"
    SPECIALTY = "specialty"
    CAPACITY = "capacity"
    FORMAT = "format"

    @property
    def display_name(self) -> str:
        """The name as shown on a screen."""
        return "Answer format" if self is ResultAxis.FORMAT else self.value.capitalize()


class ResultKind(StrEnum):
    """What a row of results stands for."""

    PERSON = "person"
    PANEL = "panel"
    LLM = "llm"
    BUILT_IN = "built_in"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which results are wanted; empty values select everything."""

    condition: Condition | None = None
    specialty: str = ""
    capacity: str = ""
    format: AnswerFormat | None = None
    includes_unverified: bool = False


EVERYTHING: Final = Selection()


class Bounds(NamedTuple):
    """The worst and the best case of what has no score."""

    worst: float
    best: float


class MeanOf(NamedTuple):
    """A plain mean and over how many questions."""

    mean: float
    n: int


BESIDE: Final = {
    "f1": "F1 over options",
    "kendall_tau": "Kendall's tau",
    "iou": "IoU",
    "dice": "Dice",
}
"""Figures that stand beside right or wrong: of several choices, of rankings, of regions."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Figures of one respondent over some questions.

    Accuracy is `correct` / `n`: `n` counts all but reports, long texts, failed calls, what no
    scorer could decide and what could not be put to the respondent; a refusal or no answer counts
    as not right. `states` counts all.
    `chance` and `best_constant` are the accuracy of the built-in respondents on those of these
    very questions that have options. Over nothing a figure is None, never 0.
    """

    n: int = 0
    correct: float = 0.0
    accuracy: float | None = None
    interval: Interval | None = None
    """Wilson, 95 %; None for built-in respondents, which draw nothing."""
    states: dict[ScoreState, int] = field(default_factory=dict)
    report_count: int = 0
    rouge_l: float | None = None
    """Mean ROUGE-L F over reports and long texts; a refused or missing one counts 0."""
    rouge_interval: Interval | None = None
    """Student's t over them, 95 %."""
    chance: float | None = None
    best_constant: float | None = None
    bounds: Bounds | None = None
    """Accuracy if all that failed or is unscored were wrong, and if it were right."""
    mean_credit: float | None = None
    """Plain mean over the calls, where questions were put more than once."""

    beside: dict[str, MeanOf] = field(default_factory=dict)
    """Means by the names of `BESIDE`, over the answers that have such a figure."""

    @property
    def is_small(self) -> bool:
        """Whether the cell rests on too few questions to be read alone."""
        return self.n < SMALL_CELL

    def count(self, state: ScoreState) -> int:
        """Return how many questions ended in `state`."""
        return self.states.get(state, 0)


@dataclass(frozen=True, slots=True)
class RespondentResult:
    """One row: a person, the panel, a run or a built-in respondent.

    `plain_means` are means over the values of an axis, each value weighing the same; the accuracy
    of `overall` is the mean over questions. `spreads` are over values that are not small.
    """

    id: str
    name: str
    kind: ResultKind
    overall: Cell
    cells: dict[tuple[ResultAxis, str], Cell]
    plain_means: dict[ResultAxis, float | None]
    spreads: dict[ResultAxis, Spread | None]

    def cell(self, axis: ResultAxis, value: str) -> Cell:
        """Return a cell; an empty one where nothing was asked."""
        if axis is ResultAxis.OVERALL:
            return self.overall
        return self.cells.get((axis, value), Cell())


@dataclass(frozen=True, slots=True)
class PairDifference:
    """Accuracy of a person or the panel minus that of a run on the questions both were asked."""

    person_id: str
    run_id: str
    counts: PairedCounts
    interval: Interval | None
    """Tango, 95 %."""
    p_value: float | None
    """Mid-p McNemar, two-sided, not adjusted for the number of comparisons."""


@dataclass(frozen=True, slots=True)
class ReadersDifference:
    """Mean accuracy of the readers minus that of a run, readers and questions both random.

    Over the questions that every reader and the run were asked. `analysis` is None with fewer
    than three readers or where nothing varies; `statement` says so in words.
    """

    run_id: str
    readers: int
    questions: int
    readers_mean: float | None
    run_accuracy: float | None
    analysis: ReaderDifference | None
    statement: str


@dataclass(frozen=True, slots=True)
class Results:
    """People beside models over one selection of questions."""

    selection: Selection
    respondents: tuple[RespondentResult, ...]
    values: dict[ResultAxis, tuple[str, ...]]
    """The values that occur on each axis, in order."""
    question_count: int
    pair_differences: tuple[PairDifference, ...]
    readers_differences: tuple[ReadersDifference, ...]
    made_at: datetime
    judged: tuple[JudgedFigure, ...]
    """Scores of accepted judges over written answers, in no other figure."""
    note: str
    """What the figures cover and leave out, in sentences."""

    def respondent(self, respondent_id: str) -> RespondentResult | None:
        """Return one row, or None when it is not there."""
        return next((one for one in self.respondents if one.id == respondent_id), None)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer behind a figure, in words."""

    question: QuestionId
    revision: RevisionId
    number: int
    stem: str
    response: str
    right: str
    state: ScoreState | None
    """None for chance, which answers nothing."""
    value: float | None
    check: tuple[str, ...] = ()
    """What the score of a report cannot see and a person should: negations, sides, numbers."""


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """Agreement on one thing that verifiers said."""

    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class RegionAgreement:
    """How far the regions of verifiers overlap: means over questions of all pairs of verifiers."""

    questions: int
    """Questions on which at least two verifiers marked regions."""
    answers: int
    meeting: Coefficient
    """Share of pairs whose IoU is at least `REGIONS_AGREE`."""
    iou: Coefficient
    dice: Coefficient


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """Agreement of verifiers over the current revisions, first verdicts and blind answers."""

    verdicts: AgreementLine
    gates: tuple[AgreementLine, ...]
    answers: tuple[AgreementLine, ...]
    """Blind answers, one line for each choice format; categories are places of options."""
    regions: RegionAgreement | None
    wanted: float
    verifier_count: int
    reading: str
    """One sentence: which measures of the verdicts reach the wanted level."""
