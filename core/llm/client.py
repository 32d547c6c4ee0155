"""What is asked of a language model, what comes back, and the ways in which it can fail."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from core.domain.plain import sha256_of
from core.errors import LlmError


@dataclass(frozen=True, slots=True)
class LlmRequest:
    """One question as an endpoint gets it; `pictures` are PNG files.

    `temperature` None leaves it to the endpoint; so does `seed` None.
    """

    llm: str
    system: str
    text: str
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    temperature: float | None = 0.0
    max_tokens: int = 512
    seed: int | None = None

    @property
    def hash(self) -> str:
        """The SHA-256 of the rendered prompt and of every picture, in order."""
        return request_hash(self.system, self.text, self.pictures)


@dataclass(frozen=True, slots=True)
class LlmReply:
    """What an endpoint sent back; `refusal` is its own refusal text, usually empty."""

    text: str
    finish_reason: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    refusal: str = ""


class CallError(LlmError):
    """One call failed; another one may succeed when `is_retryable`.

    `retry_after_s` is the pause that the endpoint asked for.
    """

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        is_retryable: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.is_retryable = is_retryable
        self.retry_after_s = retry_after_s


class EndpointError(LlmError):
    """The endpoint will answer no question at all: a wrong key, no right to use it."""


class LlmClient(Protocol):
    """A way to ask one endpoint."""

    async def ask(self, request: LlmRequest) -> LlmReply:
        """Make one call; raise `CallError` or `EndpointError` when there is no reply."""

    async def close(self) -> None:
        """Give back connections."""


def request_hash(system: str, text: str, pictures: tuple[bytes, ...]) -> str:
    """Return the identity of what is sent to an endpoint."""
    return sha256_of([system, text, [sha256(picture).hexdigest() for picture in pictures]])
