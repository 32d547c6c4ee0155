"""Asks an OpenAI-compatible endpoint; with openai_failures the only module that imports openai."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import openai

from core.domain.plain import Plain
from core.llm import wire_chat, wire_responses
from core.llm.client import Api, EndpointError, LlmReply, LlmRequest
from core.llm.lanes import Lanes
from core.llm.openai_failures import Failures
from core.llm.wire import ReplyShapeError, text_in

TIMEOUT_S: Final = 180.0
_PLACEHOLDER: Final = "none"
_LARGE_BYTES: Final = 32_768
"""From here on a request is written in a thread; the loop has other calls to serve."""


class OpenAiClient:
    """One endpoint; makes exactly one call for each request.

    With `is_streaming` chat completions come in pieces, which tells when the first one came.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        timeout_s: float = TIMEOUT_S,
        is_streaming: bool = False,
    ) -> None:
        self._key = api_key or _PLACEHOLDER
        if not (self._key.isascii() and self._key.isprintable()) or " " in self._key:
            # Checked here: what a library says of a header that it cannot send quotes it.
            raise EndpointError(
                "The API key holds a character that no key has, such as a line break.",
                hint="Copy it once more and paste it without what stands around it.",
            )
        self._limit_name = _limit_name(base_url)
        self._timeout_s = timeout_s
        self._is_streaming = is_streaming
        self._failures = Failures(base_url, self._key)
        self._lanes = Lanes(base_url, self._key, timeout_s)

    async def ask(self, request: LlmRequest) -> LlmReply:
        """Make one call; raise `CallError` or `EndpointError` when there is no reply."""
        with self._translated(), self._lanes.client() as client:
            # The library's time-out is per chunk; a slow drip needs one over the whole call.
            async with asyncio.timeout(self._timeout_s):
                if self._is_streaming and request.api is Api.CHAT:
                    return self._kept(await self._streamed(client, request))
                path, read = (
                    (wire_chat.PATH, wire_chat.read)
                    if request.api is Api.CHAT
                    else (wire_responses.PATH, wire_responses.read)
                )
                # The library's own types would take as long to check as all the rest together.
                response = await client.post(
                    path,
                    cast_to=httpx2.Response,
                    content=await self._written(request),
                )
            return self._kept(read(self._json(response)))

    async def close(self) -> None:
        """Give back connections."""
        await self._lanes.close()

    def body_of(self, request: LlmRequest) -> Plain:
        """Return the JSON object that is sent for a request."""
        if request.api is Api.RESPONSES:
            return wire_responses.payload(request)
        return wire_chat.payload(request, limit_name=self._limit_name)

    async def _written(self, request: LlmRequest) -> bytes:
        size = sum(map(len, request.pictures)) + len(request.text)
        if size < _LARGE_BYTES:
            return self._write(request)
        return await asyncio.to_thread(self._write, request)

    def _write(self, request: LlmRequest) -> bytes:
        return json.dumps(self.body_of(request), separators=(",", ":")).encode()

    def _json(self, response: httpx2.Response) -> Any:  # whatever came
        try:
            return json.loads(response.content)
        except ValueError as error:
            is_json = "json" in response.headers.get("content-type", "json")
            raise self._failures.unreadable(is_retryable=is_json) from error

    async def _streamed(self, client: openai.AsyncOpenAI, request: LlmRequest) -> LlmReply:
        started = perf_counter()
        first_byte_s: float | None = None
        pieces: list[tuple[str, str, str]] = []
        ends: list[str] = []
        usage: Any = None  # of the last piece that has one
        chunks = await client.chat.completions.create(
            **self.body_of(request), stream=True, stream_options={"include_usage": True}
        )
        async for chunk in chunks:
            plain = chunk.model_dump()
            usage = plain.get("usage") or usage
            for choice in plain.get("choices") or []:
                delta = choice.get("delta") or {}
                thought = text_in(delta, "reasoning_content", "reasoning")
                pieces.append((text_in(delta, "content"), text_in(delta, "refusal"), thought))
                ends.append(text_in(choice, "finish_reason"))
                if first_byte_s is None and pieces[-1][0]:
                    first_byte_s = perf_counter() - started
        if not any(ends):
            raise self._failures.cut()
        text, refusal, thinking = ("".join(column) for column in zip(*pieces, strict=True))
        message = {"content": text, "refusal": refusal, "reasoning_content": thinking}
        choice = {"message": message, "finish_reason": next(filter(None, ends))}
        reply = wire_chat.read({"choices": [choice], "usage": usage})
        return replace(reply, first_byte_s=first_byte_s)

    def _kept(self, reply: LlmReply) -> LlmReply:
        without_key = self._failures.without_key
        return replace(
            reply,
            text=without_key(reply.text),
            finish_reason=without_key(reply.finish_reason),
            refusal=without_key(reply.refusal),
            thinking=without_key(reply.thinking),
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (TimeoutError, openai.APITimeoutError) as error:
            raise self._failures.too_slow(self._timeout_s) from error
        except openai.APIStatusError as error:
            raise self._failures.status(error) from error
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise self._failures.cut() from error
        except ReplyShapeError as error:
            raise self._failures.unreadable(is_retryable=not error.is_lasting) from error
        except (openai.OpenAIError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise self._failures.unreadable(is_retryable=True) from error


def _limit_name(base_url: str) -> str:
    # OpenAI's newer models refuse max_tokens; other servers often know nothing else.
    is_openai = urlsplit(base_url).hostname == "api.openai.com"
    return "max_completion_tokens" if is_openai else "max_tokens"
