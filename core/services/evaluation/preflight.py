"""What a run would take, before the first call: questions, tokens, cost, time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, AnswerState
from core.domain.body import AnswerFormat
from core.llm.budget import Price
from core.llm.picture_tokens import picture_tokens, png_size
from core.llm.tokens import Range, text_tokens
from core.services.evaluation.records import Preparation

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion
    from core.llm.client import LlmRequest

_MILLION: Final = 1_000_000
_FRAME: Final = Range(3, 8, 40)
"""What a protocol adds around a message."""
_ENOUGH: Final = 10
"""So many earlier answers say more than a rule of thumb."""
_REPLY: Final[Mapping[AnswerFormat, tuple[float, float]]] = {
    AnswerFormat.SINGLE_CHOICE: (1, 8),
    AnswerFormat.YES_NO: (1, 8),
    AnswerFormat.SEVERAL_CHOICES: (2, 12),
    AnswerFormat.NUMERIC: (2, 12),
    AnswerFormat.RANKING: (4, 24),
    AnswerFormat.REGION: (12, 60),
    AnswerFormat.SHORT_TEXT: (2, 20),
    AnswerFormat.REPORT: (60, 220),
    AnswerFormat.LONG_TEXT: (60, 300),
}
_SECONDS: Final = Range(0.3, 2.0, 15.0)


@dataclass(frozen=True, slots=True)
class PreflightRow:
    """The calls of one answer format; tokens are those of all calls together."""

    format: AnswerFormat
    questions: int
    calls: int
    pictures: int
    prompt_tokens: Range
    reply_tokens: Range


@dataclass(frozen=True, slots=True)
class Preflight:
    """Complete, and nothing sent yet; `cost` is None without a price.

    `is_measured` says that tokens of replies and seconds come from earlier answers of this model.
    """

    preparation: Preparation
    rows: tuple[PreflightRow, ...]
    prompt_tokens: Range
    reply_tokens: Range
    cost: Range | None
    seconds: Range
    is_measured: bool


@dataclass(slots=True)
class _Sum:
    questions: set[str] = field(default_factory=set)
    calls: int = 0
    pictures: int = 0
    tokens: Range = Range()


class Tally:
    """Takes note of every request that would be sent, and keeps none."""

    def __init__(self, llm: str) -> None:
        self._llm = llm
        self._sums: dict[AnswerFormat, _Sum] = {}

    def add(self, blind: BlindQuestion, request: LlmRequest) -> None:
        """Count one request."""
        mine = self._sums.setdefault(blind.body.format, _Sum())
        mine.questions.add(blind.revision)
        mine.calls += 1
        texts = [request.system, request.text]
        pictures = list(request.pictures)
        for shot in request.shots:
            texts += [shot.text, shot.reply]
            pictures += shot.pictures
        mine.pictures += len(pictures)
        tokens = _FRAME
        for text in texts:
            tokens += text_tokens(text)
        for picture in pictures:
            tokens += picture_tokens(png_size(picture), self._llm)
        mine.tokens += tokens

    def preflight(
        self,
        preparation: Preparation,
        history: Mapping[AnswerFormat, Sequence[Answer]],
        price: Price,
        concurrency: int,
    ) -> Preflight:
        """Return the sums; `history` has earlier answers of this model by format."""
        most = preparation.spec.max_tokens
        rows = tuple(
            PreflightRow(
                one,
                len(mine.questions),
                mine.calls,
                mine.pictures,
                mine.tokens,
                reply_tokens(one, history.get(one, ()), most).times(mine.calls),
            )
            for one, mine in sorted(self._sums.items())
        )
        asked, said = (
            _total(row.prompt_tokens for row in rows),
            _total(row.reply_tokens for row in rows),
        )
        every = [answer for some in history.values() for answer in some]
        calls = sum(row.calls for row in rows)
        waves = calls / max(1, min(concurrency, calls or 1))
        return Preflight(
            preparation,
            rows,
            asked,
            said,
            _cost(asked, said, price) if price.is_known else None,
            _call_seconds(every).times(waves),
            len(every) >= _ENOUGH,
        )


def reply_tokens(one: AnswerFormat, history: Sequence[Answer], most: int) -> Range:
    """Return the tokens of one reply: as earlier ones, else by a rule of thumb up to `most`."""
    known = [int(answer.details.get("completion_tokens", 0)) for answer in history]
    if len(known) >= _ENOUGH:
        tenths = quantiles(known, n=10)
        return Range(tenths[0], sum(known) / len(known), tenths[-1])
    low, expected = _REPLY[one]
    return Range(min(low, most), min(expected, most), most)


def _call_seconds(history: Sequence[Answer]) -> Range:
    known = [answer.elapsed_s for answer in history if answer.elapsed_s]
    if len(known) < _ENOUGH:
        return _SECONDS
    tenths = quantiles(known, n=10)
    return Range(tenths[0], sum(known) / len(known), tenths[-1])


def by_format(
    answers: Iterable[tuple[AnswerFormat, Answer]],
) -> dict[AnswerFormat, list[Answer]]:
    """Return answers that came as replies, by format."""
    found: dict[AnswerFormat, list[Answer]] = {}
    for one, answer in answers:
        if answer.state not in (AnswerState.FAILED, AnswerState.NOT_APPLICABLE):
            found.setdefault(one, []).append(answer)
    return found


def _total(ranges: Iterable[Range]) -> Range:
    return sum(ranges, Range())


def _cost(asked: Range, said: Range, price: Price) -> Range:
    return asked.times(price.prompt / _MILLION) + said.times(price.completion / _MILLION)
