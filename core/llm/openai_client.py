"""Asks an OpenAI-compatible endpoint; the only module that imports openai."""

import asyncio
from base64 import b64encode
from json import JSONDecodeError
from typing import Any, Final
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletion

from core.llm.client import CallError, EndpointError, LlmReply, LlmRequest
from core.llm.endpoint import is_loopback

TIMEOUT_S: Final = 180.0
_RETRYABLE: Final = frozenset({408, 409, 425, 429})
_PLACEHOLDER: Final = "none"
_LONGEST_MESSAGE: Final = 240
_SHORTEST_SECRET: Final = 8
"""A shorter key is none, or a made-up one for a server nearby; "A" as a key is no answer's end."""


class OpenAiClient:
    """One endpoint, reached by chat completions; makes exactly one call for each request."""

    def __init__(self, base_url: str, api_key: str | None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._base_url = base_url
        self._key = api_key or _PLACEHOLDER
        if not (self._key.isascii() and self._key.isprintable()) or " " in self._key:
            # Checked here: what a library says of a header that it cannot send quotes it.
            raise EndpointError(
                "The API key holds a character that no key has, such as a line break.",
                hint="Copy it once more and paste it without what stands around it.",
            )
        self._timeout_s = timeout_s
        # De-identified pictures still go only where the user said: redirects are refused, and a
        # proxy of the network does not stand between this program and a server beside it.
        http = openai.DefaultAsyncHttpxClient(
            follow_redirects=False, trust_env=not is_loopback(base_url)
        )
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=self._key,
            max_retries=0,
            timeout=timeout_s,
            http_client=http,
        )

    async def ask(self, request: LlmRequest) -> LlmReply:
        """Make one call; raise `CallError` or `EndpointError` when there is no reply."""
        try:
            # The library's time-out is per chunk; a slow drip needs one over the whole call.
            async with asyncio.timeout(self._timeout_s):
                completion = await self._client.chat.completions.create(**self._payload(request))
        except (TimeoutError, openai.APITimeoutError) as error:
            raise CallError(
                f"{self._name} did not answer within {self._timeout_s:g} seconds.",
                is_retryable=True,
            ) from error
        except openai.APIStatusError as error:
            raise self._status_error(error) from error
        except openai.APIConnectionError as error:
            raise CallError(
                f"{self._name} cannot be reached, or it cut the connection.",
                hint="Check the base URL, the network and that the server is running.",
                is_retryable=True,
            ) from error
        except (openai.OpenAIError, JSONDecodeError, UnicodeDecodeError) as error:
            raise self._unreadable(is_retryable=True) from error
        return self._reply(completion)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    @property
    def _name(self) -> str:
        return f"The endpoint {self._base_url}"

    def _payload(self, request: LlmRequest) -> dict[str, Any]:  # arguments of the library's call
        payload: dict[str, Any] = {
            "model": request.llm,
            "messages": _messages(request),
            self._limit_name(): request.max_tokens,
        }
        if request.temperature is not None:
            payload["temperature"] = request.temperature
        if request.seed is not None:
            payload["seed"] = request.seed
        return payload

    def _limit_name(self) -> str:
        # OpenAI's newer models refuse max_tokens; other servers often know nothing else.
        host = urlsplit(self._base_url).hostname
        return "max_completion_tokens" if host == "api.openai.com" else "max_tokens"

    def _reply(self, completion: object) -> LlmReply:
        # The library validates nothing: any JSON, and even text, arrives here.
        if not isinstance(completion, ChatCompletion):
            raise self._unreadable(is_retryable=False)
        choices = completion.choices
        first = choices[0] if isinstance(choices, list) and choices else None
        message = getattr(first, "message", None)
        if message is None:
            raise self._unreadable(is_retryable=True)
        usage = completion.usage
        return LlmReply(
            text=self._without_key(_text(message.content)),
            finish_reason=self._without_key(_text(choices[0].finish_reason)),
            prompt_tokens=_count(usage, "prompt_tokens"),
            completion_tokens=_count(usage, "completion_tokens"),
            refusal=self._without_key(_text(message.refusal)),
        )

    def _unreadable(self, *, is_retryable: bool) -> CallError:
        return CallError(
            f"{self._name} sent something that is not a chat completion.",
            hint="Check the base URL; it usually ends with /v1.",
            is_retryable=is_retryable,
        )

    def _status_error(self, error: openai.APIStatusError) -> CallError | EndpointError:
        status = error.status_code
        if status in (401, 403):
            return EndpointError(
                f"{self._name} refused the API key (HTTP {status}).",
                hint="Check the key and that it may use this model.",
            )
        if status in _RETRYABLE or status >= 500:
            return CallError(
                f"{self._name} was busy or failing (HTTP {status}).",
                hint="Resume the run later, or use fewer calls at a time.",
                is_retryable=True,
                retry_after_s=_retry_after(error),
            )
        said = self._said(error)
        if status == 404:
            return CallError(
                f"{self._name} does not know this address or model (HTTP 404){said}.",
                hint="Check the base URL and the model name.",
            )
        return CallError(
            f"{self._name} did not accept the request (HTTP {status}){said}.",
            hint="The model may not take pictures or one of the parameters.",
        )

    def _said(self, error: openai.APIStatusError) -> str:
        """Return the endpoint's own words, shortened and without the key."""
        body = error.body
        message = body.get("message") if isinstance(body, dict) else None
        if not isinstance(message, str) or not message.strip():
            return ""
        words = " ".join(self._without_key(message).split())
        return f": “{words[:_LONGEST_MESSAGE].rstrip('.')}”"

    def _without_key(self, text: str) -> str:
        """Return what an endpoint sent; one that echoes the key must not bring it into a record."""
        return text.replace(self._key, "…") if len(self._key) >= _SHORTEST_SECRET else text


def _messages(request: LlmRequest) -> list[dict[str, Any]]:  # the library's own shape
    pictures = [
        {"type": "image_url", "image_url": {"url": _data_url(picture)}}
        for picture in request.pictures
    ]
    content: Any = [{"type": "text", "text": request.text}, *pictures] if pictures else request.text
    system = [{"role": "system", "content": request.system}] if request.system else []
    return [*system, {"role": "user", "content": content}]


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode("ascii")


def _retry_after(error: openai.APIStatusError) -> float | None:
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(usage: object, name: str) -> int:
    value = getattr(usage, name, 0)
    return value if isinstance(value, int) else 0
