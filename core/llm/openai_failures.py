"""Puts the failures of a call into words, without a key in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from json import JSONDecodeError
from typing import Final

import aiohttp
import httpx2
import openai

from core.llm.client import CallError, EndpointError
from core.llm.retry_after import retry_after_s
from core.llm.wire import ReplyShapeError

_PLACEHOLDER: Final = "none"
_RETRYABLE: Final = frozenset({408, 409, 425, 429})
_BUSY: Final = frozenset({429, 503, 529})
_LONGEST_MESSAGE: Final = 240
_SHORTEST_SECRET: Final = 8
"""A shorter key is none, or a made-up one for a server nearby; "A" as a key is no answer's end."""


def usable_key(api_key: str | None) -> str:
    """Return a key that a header can carry; raise `EndpointError` when this one cannot be."""
    key = api_key or _PLACEHOLDER
    if not (key.isascii() and key.isprintable()) or " " in key:
        # Checked here: what a library says of a header that it cannot send quotes it.
        raise EndpointError(
            "The API key holds a character that no key has, such as a line break.",
            hint="Copy it once more and paste it without what stands around it.",
        )
    return key


class Failures:
    """Sentences about one endpoint; `key` is taken out of whatever it says."""

    def __init__(self, base_url: str, key: str) -> None:
        self._name = f"The endpoint {base_url}"
        self._key = key

    def without_key(self, text: str) -> str:
        """Return what an endpoint sent; one that echoes the key must not bring it into a record."""
        return text.replace(self._key, "…") if len(self._key) >= _SHORTEST_SECRET else text

    def too_slow(self, timeout_s: float) -> CallError:
        """Return what to say when the last byte did not come in time."""
        return CallError(
            f"{self._name} did not answer within {timeout_s:g} seconds.",
            is_retryable=True,
            may_cost=True,
        )

    def cut(self) -> CallError:
        """Return what to say when there is no connection, or it broke."""
        return CallError(
            f"{self._name} cannot be reached, or it cut the connection.",
            hint="Check the base URL, the network and that the server is running.",
            is_retryable=True,
            may_cost=True,
        )

    def unreadable(self, *, is_retryable: bool) -> CallError:
        """Return what to say when something else than a reply came."""
        return CallError(
            f"{self._name} sent something that is not a chat completion.",
            hint="Check the base URL; it usually ends with /v1.",
            is_retryable=is_retryable,
            may_cost=True,
        )

    def no_reply(self, error: ReplyShapeError) -> CallError:
        """Return what to say about something that came instead of a reply."""
        if not error.said:
            return self.unreadable(is_retryable=not error.is_lasting)
        return CallError(
            f"{self._name} gave up this reply{self._quoted(error.said)}.",
            hint="Resume the run later; if it goes on, look at the endpoint's own log.",
            is_retryable=not error.is_lasting,
            is_busy=error.is_busy,
            may_cost=True,
        )

    @contextmanager
    def translated(self, timeout_s: float) -> Iterator[None]:
        """Put what the library raises within this block into words."""
        try:
            yield
        except (TimeoutError, openai.APITimeoutError) as error:
            raise (self.too_slow(timeout_s) if _is_late(error) else self.cut()) from error
        except openai.APIStatusError as error:
            raise self.status(error) from error
        except (openai.APIConnectionError, httpx2.HTTPError, aiohttp.ClientError) as error:
            raise self.cut() from error
        except ReplyShapeError as error:
            raise self.no_reply(error) from error
        except openai.APIResponseValidationError as error:
            raise self.unreadable(is_retryable=True) from error
        except openai.APIError as error:  # told in the middle of a stream
            failed = ReplyShapeError(is_lasting=False, said=error.message)
            raise self.no_reply(failed) from error
        except (openai.OpenAIError, JSONDecodeError, UnicodeDecodeError) as error:
            raise self.unreadable(is_retryable=True) from error

    def status(self, error: openai.APIStatusError) -> CallError | EndpointError:
        """Return what to say about an HTTP status that is no success."""
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
                is_busy=status in _BUSY,
                retry_after_s=retry_after_s(error.response.headers, datetime.now(UTC)),
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
        return self._quoted(message)

    def _quoted(self, message: str) -> str:
        words = " ".join(self.without_key(message).split())
        return f": “{words[:_LONGEST_MESSAGE].rstrip('.')}”"


def _is_late(error: BaseException) -> bool:
    """Tell time that ran out from a cut connection, which the library calls a time-out, too."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return True
        cause = cause.__cause__
    return False
