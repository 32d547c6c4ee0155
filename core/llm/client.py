"""What is asked of a language model, what comes back, and the ways in which it can fail."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from core.domain.plain import Plain, sha256_of
from core.errors import LlmError


class Api(StrEnum):
    """The protocol in which an endpoint is asked."""

    CHAT = "chat"
    """Chat Completions."""
    RESPONSES = "responses"


@dataclass(frozen=True, slots=True)
class Shot:
    """A worked example that is shown before the question."""

    text: str
    reply: str
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class LlmRequest:
    """One question as an endpoint gets it; `pictures` are PNG files.

    `temperature` None leaves it to the endpoint; so does `seed` None. A reasoning `effort` makes
    it a request to a reasoning model, which takes no temperature. `schema` is a JSON schema that
    the reply must follow.
    """

    llm: str
    system: str
    text: str
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    temperature: float | None = 0.0
    max_tokens: int = 512
    seed: int | None = None
    api: Api = Api.CHAT
    effort: str = ""
    schema: Plain | None = None
    shots: tuple[Shot, ...] = ()

    @property
    def hash(self) -> str:
        """The SHA-256 of the rendered prompt and of every picture, in order."""
        return request_hash(self)


@dataclass(frozen=True, slots=True)
class LlmReply:
    """What an endpoint sent back; `refusal` is its own refusal text, usually empty.

    `thinking` is what a reasoning model wrote before its answer, as far as it is shown;
    `completion_tokens` include those of the thinking.
    """

    text: str
    finish_reason: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    refusal: str = ""
    thinking: str = ""
    thinking_tokens: int = 0
    first_byte_s: float | None = None
    """Seconds to the first piece of the answer, where it was streamed."""


class CallError(LlmError):
    """One call failed; another one may succeed when `is_retryable`.

    `retry_after_s` is the pause that the endpoint asked for; `is_busy` says that it had too much
    to do, which is no fault of the question. `may_cost`: it may have been answered all the same.
    """

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        is_retryable: bool = False,
        is_busy: bool = False,
        may_cost: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.is_retryable = is_retryable
        self.is_busy = is_busy
        self.may_cost = may_cost
        self.retry_after_s = retry_after_s


class EndpointError(LlmError):
    """The endpoint will answer no question at all: a wrong key, no right to use it."""


class LlmClient(Protocol):
    """A way to ask one endpoint."""

    async def ask(self, request: LlmRequest) -> LlmReply:
        """Make one call; raise `CallError` or `EndpointError` when there is no reply."""

    async def close(self) -> None:
        """Give back connections."""


def request_hash(request: LlmRequest) -> str:
    """Return the identity of what is sent to an endpoint; later parts count where present."""
    parts: list[Any] = [request.system, request.text, _hashes(request.pictures)]
    if request.shots:
        parts.append([[one.text, one.reply, _hashes(one.pictures)] for one in request.shots])
    if request.schema is not None:
        parts.append(request.schema)
    return sha256_of(parts)


def _hashes(pictures: tuple[bytes, ...]) -> list[str]:
    return [sha256(picture).hexdigest() for picture in pictures]
