"""Keeps count of a running run and reports it, at most ten times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Final

from core.domain.answer import Answer, AnswerState
from core.domain.ids import RevisionId
from core.services.evaluation_records import LatestReply, Watch, WatchCallback
from core.tasks import Progress, ProgressCallback

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion

_EVERY_S: Final = 0.1
_LATEST: Final = 20
_LONGEST_TEXT: Final = 300


class Watcher:
    """Counts states by question; used from one thread at a time."""

    def __init__(
        self,
        total: int,
        known: Iterable[Answer],
        progress: ProgressCallback,
        watch: WatchCallback | None,
    ) -> None:
        self._total = total
        self._progress = progress
        self._watch = watch
        self._states = {answer.revision: answer.state for answer in known}
        self._errors: dict[RevisionId, str] = {}
        self._latest: deque[LatestReply] = deque(maxlen=_LATEST)
        self._reported = float("-inf")

    def left(self, revisions: Sequence[RevisionId]) -> list[RevisionId]:
        """Return what still has to be asked: never answered, or failed."""
        open_states = (None, AnswerState.FAILED)
        return [one for one in revisions if self._states.get(one) in open_states]

    def note(self, answers: Sequence[tuple[BlindQuestion, Answer]]) -> None:
        """Take note of stored answers."""
        for blind, answer in answers:
            self._states[answer.revision] = answer.state
            error = str(answer.details.get("error", ""))
            self._errors[answer.revision] = error
            text = (answer.raw_text.strip() or error)[:_LONGEST_TEXT]
            self._latest.appendleft(
                LatestReply(blind.number, answer.state, text, answer.elapsed_s or 0.0)
            )
        if monotonic() - self._reported >= _EVERY_S:
            self.finish()

    def finish(self) -> None:
        """Report where the run stands now."""
        self._reported = monotonic()
        done = sum(state is not AnswerState.FAILED for state in self._states.values())
        self._progress(Progress(done, self._total, "Asking"))
        if self._watch is not None:
            self._watch(Watch(self._total, self._counts(), tuple(self._latest), self._failures()))

    def _counts(self) -> dict[AnswerState, int]:
        counts: dict[AnswerState, int] = {}
        for state in self._states.values():
            counts[state] = counts.get(state, 0) + 1
        return counts

    def _failures(self) -> tuple[tuple[str, int], ...]:
        found: dict[str, int] = {}
        for revision, error in self._errors.items():
            if self._states[revision] is AnswerState.FAILED:
                found[error] = found.get(error, 0) + 1
        return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))
