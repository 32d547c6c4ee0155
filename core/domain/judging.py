"""Grading of written answers by judges and physicians: rubric, gradings, decisions on a judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.domain.body import AnswerFormat
from core.domain.ids import AnswerId, GradingId, JudgeId, PersonId, SampleId
from core.domain.plain import Plain, sha256_of
from core.domain.rubric_points import RubricPoint, written_points

JUDGED_FORMATS: Final = (AnswerFormat.SHORT_TEXT, AnswerFormat.LONG_TEXT, AnswerFormat.REPORT)
"""The formats whose answers are free text."""

DEFAULT_POINTS: Final[Mapping[AnswerFormat, tuple[RubricPoint, ...]]] = {
    AnswerFormat.SHORT_TEXT: (
        RubricPoint("It means the same as the reference answer or an accepted variant."),
    ),
    AnswerFormat.LONG_TEXT: (
        RubricPoint("It says all that the reference says.", 2),
        RubricPoint("It comes to the same conclusion as the reference.", 1),
        RubricPoint("It says something that contradicts the reference.", -1),
    ),
    AnswerFormat.REPORT: (
        RubricPoint("It gives every abnormal finding of the reference.", 2),
        RubricPoint("It comes to the same conclusion as the reference.", 1),
        RubricPoint("It states a finding that the reference excludes or does not hold.", -1),
        RubricPoint("It gives a wrong side, place or size of a finding.", -1),
    ),
}
"""What counts where the author wrote no rubric."""


@dataclass(frozen=True, slots=True)
class Rubric:
    """The points an answer is graded by; a short text is right or wrong, a longer one graded."""

    points: tuple[RubricPoint, ...]
    is_all_or_nothing: bool = False

    def value(self, met: Sequence[bool]) -> float:
        """Return the score from 0 to 1: points met, less negative ones, of all that can be won."""
        won = sum(p.weight for p, is_met in zip(self.points, met, strict=True) if is_met)
        best = sum(point.weight for point in self.points if point.is_positive)
        share = min(1.0, max(0.0, won / best))
        return float(share == 1.0) if self.is_all_or_nothing else share

    def to_plain(self) -> Plain:
        """Return the JSON object of this rubric."""
        return {
            "points": [asdict(point) for point in self.points],
            "all_or_nothing": self.is_all_or_nothing,
        }

    @classmethod
    def from_plain(cls, data: Plain) -> Rubric:
        """Read a rubric from its JSON object."""
        points = tuple(RubricPoint(one["text"], one["weight"]) for one in data["points"])
        return cls(points, data["all_or_nothing"])


def read_rubric(text: str, answer_format: AnswerFormat) -> Rubric:
    """Return the rubric an author wrote, one point a line; `+2 …` and `-1 …` give a weight.

    Without a positive point the default points of the format come first.
    """
    points = written_points(text)
    if not any(point.is_positive for point in points):
        points = (*DEFAULT_POINTS.get(answer_format, ()), *points)
    return Rubric(points, is_all_or_nothing=answer_format is AnswerFormat.SHORT_TEXT)


_LATER: Final[Plain] = {"api": "chat", "effort": ""}


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """A judge, complete and never edited: another model, wording or number of turns is another.

    With `swaps_order` each of the `repeats` is asked twice: the second time the answer stands
    before the reference and the points come last to first.
    """

    llm: str
    base_url: str
    contract: str
    instruction_hash: str
    sees_images: bool = False
    repeats: int = 1
    swaps_order: bool = True
    temperature: float | None = 0.0
    max_tokens: int = 1024
    api: str = "chat"
    effort: str = ""
    """Makes it a judge that reasons; `temperature` is left out then."""

    @property
    def hash(self) -> str:
        """The identity of this specification."""
        return sha256_of(self.to_plain())

    @property
    def turns(self) -> tuple[str, ...]:
        """The names of the gradings each answer gets: 1, 1-swapped, 2, …"""
        numbers = [str(number) for number in range(1, self.repeats + 1)]
        if not self.swaps_order:
            return tuple(numbers)
        return tuple(turn for number in numbers for turn in (number, f"{number}{SWAPPED}"))

    @property
    def name(self) -> str:
        """What stands beside every score: model and contract version."""
        return f"{self.llm} · {self.contract}"

    def to_plain(self) -> Plain:
        """Return the JSON object of this specification.

        What came with later versions is left out at its default, so that a hash stays.
        """
        plain = asdict(self)
        for name, default in _LATER.items():
            if plain[name] == default:
                del plain[name]
        return plain

    @classmethod
    def from_plain(cls, data: Plain) -> JudgeSpec:
        """Read a specification from its JSON object."""
        return cls(**data)


SWAPPED: Final = "-swapped"


@dataclass(frozen=True, slots=True)
class Judge:
    """A language model that grades, as it was set up."""

    id: JudgeId
    spec: JudgeSpec
    created_at: datetime


def judge_id(spec: JudgeSpec) -> JudgeId:
    """Return the id of a judge: the same wherever it is set up, so that gradings come together."""
    return JudgeId(f"judge-{spec.hash[:32]}")


class GradingState(StrEnum):
    """How one grading ended; every state but the first is “unscored”, never 0."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    """A reply came, but not in the form of the contract."""
    REFUSED = "refused"
    FAILED = "failed"
    """No reply; asked again when the judge goes on."""


@dataclass(frozen=True, slots=True)
class Grading:
    """One passage over one answer by a judge or a person; never changed, only added to.

    `met` has one entry for each point of `rubric`, which is stored as it was shown.
    """

    id: GradingId
    answer: AnswerId
    judge: JudgeId | None
    person: PersonId | None
    turn: str
    state: GradingState
    rubric: Rubric
    graded_at: datetime
    met: tuple[bool, ...] = ()
    raw_text: str = ""
    comment: str = ""
    """Why there is no grading, or a physician's remark."""
    request_hash: str = ""
    details: dict[str, str | int | float] = field(default_factory=dict)

    @property
    def value(self) -> float | None:
        """The score from 0 to 1, or None while unscored."""
        return self.rubric.value(self.met) if self.state is GradingState.GRADED else None


class JudgeVerdict(StrEnum):
    """What a lead decided on a judge; the newest counts."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class JudgeDecision:
    """A lead's decision, with the agreement figures that were on the screen."""

    judge: JudgeId
    person: PersonId
    verdict: JudgeVerdict
    figures: Plain
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class GradingSample:
    """Answers drawn for physicians to grade; it tells nobody who gave them."""

    id: SampleId
    seed: int
    answers: tuple[AnswerId, ...]
    created_by: PersonId
    created_at: datetime


class Quality(StrEnum):
    """What a score amounts to; the categories of agreement."""

    RIGHT = "right"
    PARTLY = "partly right"
    WRONG = "wrong"


def quality_of(value: float) -> Quality:
    """Return the category of a score."""
    if value >= 1:
        return Quality.RIGHT
    return Quality.WRONG if value <= 0 else Quality.PARTLY


def combined_value(gradings: Iterable[Grading], turns: int) -> float | None:
    """Return the score by the majority over the turns of each point; None is unscored.

    A point needs more than half of all turns asked for, so a turn that failed counts for no side.
    """
    readable = [one for one in gradings if one.state is GradingState.GRADED]
    if not readable or any(one.rubric != readable[0].rubric for one in readable):
        return None
    met = []
    for votes in zip(*(one.met for one in readable), strict=True):
        ayes, noes = sum(votes), len(votes) - sum(votes)
        if 2 * max(ayes, noes) <= turns:
            return None
        met.append(ayes > noes)
    return readable[0].rubric.value(met)


_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "GPT": ("gpt", "chatgpt", "o1", "o3", "o4", "davinci", "codex"),
    "Claude": ("claude",),
    "Gemini and Gemma": ("gemini", "gemma", "medgemma", "palm", "bard"),
    "Llama": ("llama", "vicuna", "alpaca"),
    "Qwen": ("qwen", "qwq", "qvq"),
    "Mistral": ("mistral", "mixtral", "ministral", "magistral", "pixtral", "codestral"),
    "DeepSeek": ("deepseek",),
    "Grok": ("grok",),
    "Phi": ("phi",),
    "Command": ("command", "aya"),
    "InternLM": ("internlm", "internvl"),
    "GLM": ("glm", "chatglm", "cogvlm"),
}


def family_of(llm: str) -> str:
    """Return the family of a model by its name; its first word where none is known."""
    words = re.findall(r"[a-z]+\d?", llm.casefold().rpartition("/")[2])
    for word in words:
        for family, starts in _FAMILIES.items():
            if any(
                word == start or (len(start) > 2 and word.startswith(start)) for start in starts
            ):
                return family
    return words[0] if words else llm


def is_same_family(first: str, second: str) -> bool:
    """Tell whether two models are likely to share training, so one may favor the other."""
    return family_of(first) == family_of(second)
