"""The names of the models that an OpenAI-compatible endpoint offers."""

import json
from typing import Any, Final

import httpx2
import openai

from core.errors import LlmError
from core.llm.openai_connection import connected
from core.llm.openai_failures import Failures, usable_key
from core.llm.wire import text_in

TIMEOUT_S: Final = 20.0
"""Somebody is waiting at the screen."""
_PATH: Final = "/models"
_NO_LIST: Final = frozenset({404, 405, 410, 501})


class NoModelListError(LlmError):
    """The endpoint does not tell which models it has."""


async def offered_models(
    base_url: str, api_key: str | None, *, timeout_s: float = TIMEOUT_S
) -> tuple[str, ...]:
    """Return the names by alphabet.

    Raises `NoModelListError` where there is no list, `LlmError` when the endpoint cannot be asked.
    """
    key = usable_key(api_key)
    failures, client = Failures(base_url, key), connected(base_url, key, timeout_s)
    try:
        with failures.translated(timeout_s):
            try:
                response = await client.get(_PATH, cast_to=httpx2.Response)
            except openai.APIStatusError as error:
                if error.status_code in _NO_LIST:
                    raise _no_list(base_url) from error
                raise
    finally:
        await client.close()
    try:
        names = _names(json.loads(response.content))
    except ValueError as error:
        raise _no_list(base_url) from error
    return tuple(sorted({failures.without_key(one) for one in names}, key=str.casefold))


def _names(data: Any) -> list[str]:  # parsed JSON of any shape
    """Return what a list names; some servers send it bare, others inside of an object."""
    found = data.get("data") if isinstance(data, dict) else data
    if not isinstance(found, list):
        raise ValueError("no list of models")
    return [name for name in (text_in(one, "id", "name") for one in found) if name]


def _no_list(base_url: str) -> NoModelListError:
    return NoModelListError(
        f"The endpoint {base_url} does not tell which models it has.",
        hint="Type the name of the model, as its maker or your server's settings spell it.",
    )
