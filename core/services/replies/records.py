"""What is handed out about replies: tallies, lines, one reply in full, runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, NamedTuple

from core.domain.answer import Answer
from core.domain.body import BlindQuestion, Response
from core.domain.ids import QuestionId, RevisionId
from core.domain.run import Run
from core.domain.score import Score, ScoreState
from core.services.replies.speed import Speed

NOT_RIGHT: Final = (ScoreState.INCORRECT, ScoreState.REFUSED, ScoreState.NO_ANSWER)
"""States that count as asked and not right."""


@dataclass(frozen=True, slots=True)
class RunTally:
    """How the calls of a run ended so far, and what they used."""

    states: Mapping[ScoreState, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    repeated_calls: int = 0
    """Attempts beyond the first of each call."""
    cost: float | None = None
    """What the calls cost; None where no price was known."""
    unknown_cost: float = 0.0
    """The most that calls may have cost beside it, which failed or were stopped."""
    speed: Speed = Speed()

    @property
    def count(self) -> int:
        """Calls that ended in some state."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply as a list shows it; `text` is the reply or why there is none."""

    question: QuestionId
    revision: RevisionId
    variant: str
    """Which of several ways of asking; empty where a question is asked once."""
    number: int
    stem: str
    state: ScoreState
    answer: str
    """What was read, in words; empty when nothing was."""
    text: str
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class ReplyDetail:
    """One reply beside the question and its right answer."""

    run: Run
    blind: BlindQuestion
    answer: Answer
    score: Score
    read_words: str
    """What was read, in words; empty when nothing was."""
    right: Response | None
    right_words: str
    corrector: str = ""
    """The name of the person who read the reply, where one did."""

    @property
    def thinking(self) -> str:
        """What a reasoning model thought aloud; no answer is read from it."""
        return str(self.answer.details.get("thinking", ""))

    @property
    def span(self) -> tuple[int, int] | None:
        """The characters of the reply on which the reading rests."""
        details = self.answer.details
        if "span_start" not in details or "span_end" not in details:
            return None
        return int(details["span_start"]), int(details["span_end"])


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """How one run answered one question."""

    state: ScoreState
    words: str
    response: Response | None

    @property
    def is_right(self) -> bool:
        """Whether it counts as right."""
        return self.state is ScoreState.CORRECT

    @property
    def is_counted(self) -> bool:
        """Whether it is either right or not right; reports and failed calls are neither."""
        return self.is_right or self.state in NOT_RIGHT


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """One question and what each run made of it; a run that was not asked has None."""

    question: QuestionId
    revision: RevisionId
    number: int
    stem: str
    right: str
    cells: tuple[ComparedCell | None, ...]

    @property
    def is_shared(self) -> bool:
        """Whether every run has a state here that counts."""
        return all(cell is not None and cell.is_counted for cell in self.cells)

    @property
    def right_count(self) -> int:
        """How many runs are right."""
        return sum(cell is not None and cell.is_right for cell in self.cells)

    @property
    def is_all_right(self) -> bool:
        """Whether every run is right."""
        return self.is_shared and self.right_count == len(self.cells)

    @property
    def is_all_wrong(self) -> bool:
        """Whether no run is right."""
        return self.is_shared and self.right_count == 0

    @property
    def is_one_right(self) -> bool:
        """Whether exactly one run is right."""
        return self.is_shared and self.right_count == 1

    @property
    def differs(self) -> bool:
        """Whether the runs say different things, in answer or in state."""
        said = {
            None if cell is None else (cell.state, str(cell.response or "")) for cell in self.cells
        }
        return len(said) > 1


class PairCounts(NamedTuple):
    """How two runs meet on the questions that count for both."""

    first: int
    second: int
    questions: int
    both_right: int
    only_first: int
    only_second: int
    neither: int
    same_answer: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side, questions by number."""

    runs: tuple[Run, ...]
    questions: tuple[ComparedQuestion, ...]

    def pairs(self) -> tuple[PairCounts, ...]:
        """Return the counts of every two runs, in the order of the columns."""
        places = range(len(self.runs))
        return tuple(_pair(self.questions, *two) for two in combinations(places, 2))


def _pair(questions: Sequence[ComparedQuestion], first: int, second: int) -> PairCounts:
    both_right = only_first = only_second = neither = same = 0
    for question in questions:
        one, other = question.cells[first], question.cells[second]
        if one is None or other is None or not (one.is_counted and other.is_counted):
            continue
        both_right += one.is_right and other.is_right
        only_first += one.is_right and not other.is_right
        only_second += other.is_right and not one.is_right
        neither += not one.is_right and not other.is_right
        same += one.response is not None and one.response == other.response
    count = both_right + only_first + only_second + neither
    return PairCounts(first, second, count, both_right, only_first, only_second, neither, same)
