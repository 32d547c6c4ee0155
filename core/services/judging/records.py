"""What the judging service takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.domain.body import AnswerFormat, Body
from core.domain.ids import AnswerId, RevisionId, RunId
from core.domain.judging import Judge, JudgeDecision, JudgeSpec, JudgeVerdict, Rubric
from core.llm.client import Api

if TYPE_CHECKING:
    from core.statistics.agreement import Agreement
    from core.statistics.judged import CorrectedMean

MIN_CHECKED: Final = 10
"""Answers that physicians and the judge must both have graded before a judge can count."""
WANTED_CHECKED: Final = 50
"""Below it intervals are rough, and a screen says so."""


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """Which judge is asked; see `JudgeSpec`."""

    llm: str
    base_url: str
    sees_images: bool = False
    repeats: int = 1
    swaps_order: bool = True
    temperature: float | None = 0.0
    max_tokens: int = 1024
    api: Api = Api.CHAT
    effort: str = ""
    takes_pictures: bool = True
    """Whether the endpoint can be shown images; nothing of it is stored."""


@dataclass(frozen=True, slots=True)
class GradingCall:
    """One call that a judge owes: an answer and the name of the turn."""

    answer: AnswerId
    turn: str


@dataclass(frozen=True, slots=True)
class JudgePreparation:
    """What a judge would be asked; nothing is sent yet. `run` None means the sample."""

    spec: JudgeSpec
    run: RunId | None
    answers: tuple[AnswerId, ...]
    calls: tuple[GradingCall, ...]
    """What is still to be asked."""
    skipped: int
    """Written answers whose key holds nothing to grade against."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradingTask:
    """One answer as a physician grades it: nothing says who or what gave it.

    `met` and `comment` are this physician's own, while there are none `met` is None.
    """

    answer: AnswerId
    revision: RevisionId
    body: Body
    reference: str
    variants: tuple[str, ...]
    text: str
    rubric: Rubric
    met: tuple[bool, ...] | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class JudgeSummary:
    """A judge and how far it is. `graded` and `unscored` are answers over all turns."""

    judge: Judge
    graded: int
    unscored: int
    failed: int
    """Calls without a reply; going on asks them again."""
    decision: JudgeDecision | None

    @property
    def is_accepted(self) -> bool:
        """Whether its scores count."""
        return self.decision is not None and self.decision.verdict is JudgeVerdict.ACCEPTED


@dataclass(frozen=True, slots=True)
class LlmAgreement:
    """How the judge grades the answers of one model, beside physicians."""

    llm: str
    answers: int
    judge_mean: float
    physicians_mean: float
    is_same_family: bool


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """A judge beside physicians on the sample; categories are right, partly right, wrong."""

    sample_size: int
    physicians: int
    checked: int
    """Answers that the judge and at least one physician graded."""
    undecided: int
    """Answers of the sample on which physicians are split; they are in no measure."""
    unscored: int
    """Answers of the sample on which the judge came to no grading."""
    judge: Agreement
    """The judge beside the majority of physicians."""
    among_physicians: Agreement | None
    """Physicians beside each other, on the same measures."""
    judge_mean: float | None
    physicians_mean: float | None
    by_llm: tuple[LlmAgreement, ...]
    consistency: float | None
    """Share of points on which all turns of an answer agree; None with one turn."""
    statement: str

    @property
    def can_be_accepted(self) -> bool:
        """Whether enough was graded by both to decide on the judge."""
        return self.checked >= MIN_CHECKED


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """A judge's mean over the answers of one run in one format, never mixed with other scores.

    A refusal or no answer counts 0 without a call; what is unscored is left out of `mean`, and
    `low` and `high` are the means if it were all 0 or all 1.
    """

    run: RunId
    run_name: str
    judge: Judge
    format: AnswerFormat
    n: int
    unscored: int
    mean: float | None
    low: float | None
    high: float | None
    corrected: CorrectedMean | None
    """As physicians would have graded, by those answers of this run that they did grade."""
    is_same_family: bool
