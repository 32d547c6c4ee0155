"""Keeps count of a running run and reports it, at most ten times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, AnswerEnd, AnswerState
from core.llm.variants import Ask
from core.services.evaluation.records import (
    ERROR,
    LatestReply,
    Watch,
    WatchCallback,
    ask_of,
    count_states,
)
from core.tasks import Progress, ProgressCallback

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion

_EVERY_S: Final = 0.1
_LATEST: Final = 20


def reply_line(number: int, answer: Answer) -> LatestReply:
    """Return an answer as one line of a list."""
    text = answer.raw_text.strip() or str(answer.details.get(ERROR, ""))
    return LatestReply(number, answer.state, text, answer.elapsed_s or 0.0)


class Watcher:
    """Counts states by call; may be told and asked from several threads."""

    def __init__(
        self,
        total: int,
        known: Mapping[Ask, AnswerEnd],
        progress: ProgressCallback,
        watch: WatchCallback | None,
    ) -> None:
        self._total = total
        self._progress = progress
        self._watch = watch
        self._counts = count_states(known)
        self._done = {ask for ask, one in known.items() if one.state is not AnswerState.FAILED}
        self._failed: dict[Ask, str | None] = dict.fromkeys(known.keys() - self._done)
        """Why calls failed; None of those that failed before and are asked again now."""
        self._latest: deque[LatestReply] = deque(maxlen=_LATEST)
        self._reported_s = float("-inf")
        self._is_stale = False
        self._lock = Lock()

    def left(self, asks: Sequence[Ask]) -> list[Ask]:
        """Return what still has to be asked: never answered, or failed."""
        return [one for one in asks if one not in self._done]

    def note(self, answers: Sequence[tuple[BlindQuestion, Answer]]) -> None:
        """Take note of stored answers."""
        with self._lock:
            for blind, answer in answers:
                self._count(ask_of(answer), answer)
                self._latest.appendleft(reply_line(blind.number, answer))
            self._is_stale = True

    def tick(self) -> None:
        """Report what is new, unless the last report was a moment ago."""
        if self._is_stale and monotonic() - self._reported_s >= _EVERY_S:
            self.report()

    def report(self) -> None:
        """Report where the run stands now."""
        with self._lock:
            self._reported_s, self._is_stale = monotonic(), False
            counts = {state: number for state, number in self._counts.items() if number}
            moment = Watch(self._total, counts, tuple(self._latest), self._failures())
        done = sum(n for state, n in counts.items() if state is not AnswerState.FAILED)
        self._progress(Progress(done, self._total, "Asking"))
        if self._watch is not None:
            self._watch(moment)

    def _count(self, ask: Ask, answer: Answer) -> None:
        if ask in self._failed:
            del self._failed[ask]
            self._counts[AnswerState.FAILED] -= 1
        self._counts[answer.state] = self._counts.get(answer.state, 0) + 1
        if answer.state is AnswerState.FAILED:
            self._failed[ask] = str(answer.details.get(ERROR, ""))

    def _failures(self) -> tuple[tuple[str, int], ...]:
        found: dict[str, int] = {}
        for error in self._failed.values():
            if error is not None:
                found[error] = found.get(error, 0) + 1
        return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))
