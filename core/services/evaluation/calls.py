"""Reaching an endpoint: the key, the client, and one call to see whether it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from struct import pack
from typing import TYPE_CHECKING, Final
from zlib import compress, crc32

from core.errors import CoreError, LlmError
from core.llm.client import CallError, LlmRequest
from core.llm.endpoint import is_loopback, normalize_base_url
from core.llm.engine import Built, Plan, Result, ask_all
from core.llm.retry import RetryPolicy
from core.secrets import find_key
from core.services.evaluation.preparing import checked
from core.services.evaluation.records import Calling, EndpointCheck, RunRequest

if TYPE_CHECKING:
    from core.llm.client import LlmClient

_PROBE_SIDE: Final = 64
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


def check_endpoint(
    request: RunRequest, calling: Calling, *, shows_picture: bool = False
) -> EndpointCheck:
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
    elapsed_s = _ask_once(probe, request.base_url, key, calling)
    takes_pictures: bool | None = None
    if shows_picture:
        takes_pictures = True
        try:
            _ask_once(replace(probe, pictures=(_gray_png(),)), request.base_url, key, calling)
        except CallError as error:
            if error.is_retryable:
                raise
            takes_pictures = False
    return EndpointCheck(request.base_url, request.llm, elapsed_s, takes_pictures)


def offered_models(base_url: str, calling: Calling) -> tuple[str, ...]:
    """Return the names of the models that an endpoint offers, by alphabet.

    Raises `ValidationError` for an address that is none, and `LlmError` where the endpoint does
    not tell or cannot be asked.
    """
    import asyncio

    from core.llm import openai_models

    address = normalize_base_url(base_url)
    return asyncio.run(openai_models.offered_models(address, require_key(address, calling)))


def _ask_once(probe: LlmRequest, base_url: str, key: str | None, calling: Calling) -> float:
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
        make_client=lambda: make_client(base_url, key, calling),
        policy=RetryPolicy(attempts=1),
        concurrency=1,
        is_cancelled=lambda: False,
    )
    ask_all(["probe"], plan)
    return sum(took_s)


def _gray_png() -> bytes:
    """Return a small gray picture, large enough for every endpoint."""

    def part(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    rows = (b"\0" + b"\x80" * _PROBE_SIDE) * _PROBE_SIDE
    header = pack(">IIBBBBB", _PROBE_SIDE, _PROBE_SIDE, 8, 0, 0, 0, 0)
    parts = part(b"IHDR", header) + part(b"IDAT", compress(rows)) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
