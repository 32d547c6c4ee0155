"""What calls cost, and a ceiling that no call may break."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from socket import gaierror
from typing import Final

from core.llm.client import CallError, LlmReply, LlmRequest

_NEVER_SENT: Final = (ConnectionRefusedError, gaierror)
_MILLION: Final = 1_000_000
_ASCII_PER_TOKEN: Final = 2
"""English has about four letters a token; half of that is on the safe side."""
_PICTURE_TOKENS: Final = 3_000
"""More than any endpoint known takes for one picture at full detail."""
_FRAME_TOKENS: Final = 64


@dataclass(frozen=True, slots=True)
class Price:
    """Cost per million tokens, in the currency of the endpoint, as known at `date`."""

    prompt: float = 0.0
    completion: float = 0.0
    date: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a price at all."""
        return bool(self.prompt or self.completion)

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what these tokens cost."""
        total = prompt_tokens * self.prompt + completion_tokens * self.completion
        return total / _MILLION


def most_prompt_tokens(request: LlmRequest) -> int:
    """Return a number of tokens that the prompt will hardly exceed."""
    texts = [request.system, request.text]
    pictures = len(request.pictures)
    for shot in request.shots:
        texts += [shot.text, shot.reply]
        pictures += len(shot.pictures)
    return _most_in(texts) + pictures * _PICTURE_TOKENS + _FRAME_TOKENS


def _most_in(texts: Sequence[str]) -> int:
    total = 0
    for text in texts:
        size = len(text.encode())
        other = size - len(text) if size != len(text) else 0
        total += ceil(len(text) / _ASCII_PER_TOKEN) + other
    return total


def may_have_cost(error: CallError) -> bool:
    """Tell whether a failed call may have been answered; a refused connection carried nothing."""
    chain: list[BaseException] = [error]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(before)
    return error.may_cost and not any(isinstance(one, _NEVER_SENT) for one in chain)


class Budget:
    """Money spent and promised; `ceiling` None has no end."""

    def __init__(self, price: Price, ceiling: float | None = None, *, spent: float = 0.0) -> None:
        self._price = price
        self._ceiling = ceiling
        self._reserved = 0.0
        self.spent = spent
        self.lost = 0.0
        """What calls may have cost of which no result tells, since they were stopped."""

    @property
    def has_open_calls(self) -> bool:
        """Whether calls under way may still give something back."""
        return self._reserved > 1e-12

    def most(self, request: LlmRequest) -> float:
        """Return the most that a call can cost."""
        return self._price.of(most_prompt_tokens(request), request.max_tokens)

    def unknown_cost(self, request: LlmRequest, end: LlmReply | CallError) -> float:
        """Return the most that a call may have cost where its end does not tell."""
        if isinstance(end, CallError):
            return self.most(request) if may_have_cost(end) else 0.0
        return 0.0 if _is_counted(end) else self.most(request)

    def reserve(self, request: LlmRequest) -> float | None:
        """Set aside the most that a call can cost and return it; None when it is too much."""
        if self._ceiling is None:
            return 0.0
        most = self.most(request)
        if self.spent + self._reserved + most > self._ceiling:
            return None
        self._reserved += most
        return most

    def settle(self, reserved: float, reply: LlmReply | None, *, may_cost: bool = False) -> None:
        """Give back what was set aside and count what was used; unknown costs count in full."""
        self._reserved -= reserved
        if reply is not None and _is_counted(reply):
            self.spent += self._price.of(reply.prompt_tokens, reply.completion_tokens)
        elif reply is not None or may_cost:
            self.spent += reserved


def _is_counted(reply: LlmReply) -> bool:
    return bool(reply.prompt_tokens or reply.completion_tokens)
