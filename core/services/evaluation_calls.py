"""Reaching an endpoint: the key, the client, and one call to see whether it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from core.errors import CoreError, LlmError
from core.llm.client import LlmRequest
from core.llm.endpoint import is_loopback
from core.llm.engine import Built, Plan, Result, ask_all
from core.llm.retry import RetryPolicy
from core.secrets import find_key
from core.services.evaluation_preparing import checked
from core.services.evaluation_records import Calling, EndpointCheck, RunRequest

if TYPE_CHECKING:
    from core.llm.client import LlmClient

_PROBE_TOKENS: Final = 512
"""A reasoning model thinks before it says OK."""


def require_key(base_url: str, calling: Calling) -> str | None:
    """Return the key for an endpoint; raise `LlmError` where one is needed and none is there."""
    key = (calling.api_key or "").strip() or find_key(base_url)
    if not key and not is_loopback(base_url):
        raise LlmError(
            f"There is no API key for {base_url}.",
            hint="Enter one on the Evaluate page or set the variable ASCLEPIUS_API_KEY.",
        )
    return key


def make_client(base_url: str, key: str | None, calling: Calling) -> LlmClient:
    """Return what asks the endpoint."""
    if calling.make_client is not None:
        return calling.make_client(base_url, key)
    from core.llm.openai_client import OpenAiClient

    return OpenAiClient(
        base_url, key, timeout_s=calling.timeout_s, is_streaming=calling.is_streaming
    )


def check_endpoint(request: RunRequest, calling: Calling) -> EndpointCheck:
    """Ask the endpoint for one word; raise `LlmError` with the reason when it fails."""
    request = checked(request)
    key = require_key(request.base_url, calling)
    probe = LlmRequest(
        request.llm,
        "",
        "Reply with the word OK.",
        temperature=None,
        max_tokens=_PROBE_TOKENS,
        api=request.api,
        effort=request.effort,
    )
    took_s: list[float] = []

    def build(keys: Sequence[str]) -> list[Built[None] | CoreError]:
        return [Built(probe, None) for _ in keys]

    def note(results: Sequence[Result[str, None]]) -> None:
        for result in results:
            if result.error is not None:
                raise result.error
            if result.patient is not None:
                took_s.append(result.patient.elapsed_s)

    # One attempt: somebody is waiting at the screen.
    plan: Plan[str, None] = Plan(
        build=build,
        store=note,
        make_client=lambda: make_client(request.base_url, key, calling),
        policy=RetryPolicy(attempts=1),
        concurrency=1,
        is_cancelled=lambda: False,
    )
    ask_all(["probe"], plan)
    return EndpointCheck(request.base_url, request.llm, sum(took_s))
