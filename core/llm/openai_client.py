"""Asks an OpenAI-compatible endpoint; with openai_failures the only module that imports openai."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import openai

from core.llm import wire_chat, wire_responses
from core.llm.client import Api, LlmReply, LlmRequest
from core.llm.openai_connection import connected
from core.llm.openai_failures import Failures, usable_key
from core.llm.wire import Pictures, Written
from core.llm.wire_streams import pieces_of

TIMEOUT_S: Final = 180.0
_EVENTS: Final = "text/event-stream"
_OPTIONS: Final = {"max_retries": 0, "timeout": None, "security": {"bearer_auth": True}}
"""Told again for each call: what is not told, the library copies deeply from its defaults."""


class OpenAiClient:
    """One endpoint; makes exactly one call for each request.

    With `is_streaming` replies come in pieces, which tells when the first one came.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        timeout_s: float = TIMEOUT_S,
        is_streaming: bool = False,
    ) -> None:
        key = usable_key(api_key)
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._is_streaming = is_streaming
        self._failures = Failures(base_url, key)
        self._client = connected(base_url, key, None)  # `ask` has its own over the whole call

    async def ask(self, request: LlmRequest) -> LlmReply:
        """Make one call; raise `CallError` or `EndpointError` when there is no reply."""
        with self._failures.translated(self._timeout_s):
            # The library's time-out is per chunk; a slow drip needs one over the whole call.
            async with asyncio.timeout(self._timeout_s):
                if self._is_streaming:
                    return without_key(await self._streamed(request), self._failures)
                path, read = protocol_of(request.api)
                # The library's own types would take as long to check as all the rest together.
                response = await self._client.post(
                    self._base_url + path,  # whole: joining takes the library longer than sending
                    cast_to=httpx2.Response,
                    **content_of(written(request, self._base_url)),
                )
            return without_key(read(self._json(response)), self._failures)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    def _json(self, response: httpx2.Response) -> Any:  # whatever came
        try:
            return json.loads(response.content)
        except ValueError as error:
            is_json = "json" in response.headers.get("content-type", "json")
            raise self._failures.unreadable(is_retryable=is_json) from error

    async def _streamed(self, request: LlmRequest) -> LlmReply:
        started = perf_counter()
        first_byte_s: float | None = None
        path, read = protocol_of(request.api)
        stream = await self._client.post(
            self._base_url + path,
            cast_to=object,
            stream=True,
            stream_cls=openai.AsyncStream[object],
            **content_of(written(request, self._base_url, is_streamed=True)),
        )
        async with stream:  # one that was cut short must not keep its connection
            response = stream.response
            if _EVENTS not in response.headers.get("content-type", _EVENTS):
                # A server that cannot stream sends the whole reply at once.
                await response.aread()
                return read(self._json(response))
            pieces = pieces_of(request.api)
            async for piece in stream:
                if pieces.add(piece) and first_byte_s is None:
                    first_byte_s = perf_counter() - started
        reply = pieces.reply()
        if reply is None:
            raise self._failures.cut()
        return replace(reply, first_byte_s=first_byte_s)


def content_of(body: Written) -> Any:  # keyword arguments of several types
    """Return a body as the library takes it: with pictures in pieces, of a length that is told."""
    headers = {"Content-Length": str(body.size)} if body.pictures else {}
    content = body if body.pictures else body.first
    return {"content": content, "options": {**_OPTIONS, "headers": headers}}


def written(request: LlmRequest, base_url: str, *, is_streamed: bool = False) -> Written:
    """Return the JSON that is sent for a request."""
    pictures = Pictures()
    if request.api is Api.RESPONSES:
        asked = wire_responses.payload(request, pictures)
        return pictures.written(asked | ({"stream": True} if is_streamed else {}))
    # OpenAI's newer models refuse max_tokens; other servers often know nothing else.
    is_openai = urlsplit(base_url).hostname == "api.openai.com"
    name = "max_completion_tokens" if is_openai else "max_tokens"
    body = wire_chat.payload(request, pictures, limit_name=name)
    if is_streamed:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return pictures.written(body)


def protocol_of(api: Api) -> tuple[str, Callable[[Any], LlmReply]]:
    """Return the path of a protocol, and what reads its replies."""
    if api is Api.CHAT:
        return wire_chat.PATH, wire_chat.read
    return wire_responses.PATH, wire_responses.read


def without_key(reply: LlmReply, failures: Failures) -> LlmReply:
    """Return a reply in which an endpoint does not repeat the key."""
    clean = failures.without_key
    return replace(
        reply,
        text=clean(reply.text),
        finish_reason=clean(reply.finish_reason),
        refusal=clean(reply.refusal),
        thinking=clean(reply.thinking),
    )
