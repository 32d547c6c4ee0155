"""Stops a run when its endpoint fails again and again in the same way."""

from typing import Final

from core.llm.client import CallError, EndpointError

_LASTING_FAILURES: Final = 8
_FIRST_FAILURES: Final = 5


class Fuse:
    """Blows when going on makes no sense."""

    def __init__(self) -> None:
        self._sentence = ""
        self._count = 0
        self._has_replied = False

    def note(self, error: CallError | None) -> None:
        """Count how a question ended; raise `EndpointError` when going on makes no sense."""
        if error is None:
            self._has_replied, self._count = True, 0
            return
        self._count = self._count + 1 if error.sentence == self._sentence else 1
        self._sentence = error.sentence
        # A refused request costs nothing and may concern single questions; waiting costs hours.
        is_hopeless = not self._has_replied and self._count >= _FIRST_FAILURES
        if is_hopeless or (error.is_retryable and self._count >= _LASTING_FAILURES):
            raise EndpointError(error.sentence, hint=error.hint)
