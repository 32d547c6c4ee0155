"""The Responses API: the request as a JSON object, the reply out of one."""

from typing import Any, Final

from core.domain.plain import Plain
from core.llm.client import LlmReply, LlmRequest
from core.llm.wire import (
    SCHEMA_NAME,
    Pictures,
    ReplyShapeError,
    count_in,
    object_in,
    split_thinking,
    text_in,
    told_failure,
)

PATH: Final = "/responses"
_REASONS: Final = {"max_output_tokens": "length"}
"""Names of this API for what Chat Completions calls otherwise."""
_LASTING: Final = ("invalid_", "image_", "unsupported_", "empty_image", "failed_to_download")
"""Beginnings of the codes of failures that lie in the request."""


def payload(request: LlmRequest, pictures: Pictures) -> Plain:
    """Return the body of a call; nothing is kept on the server for a later one."""
    body: Plain = {
        "model": request.llm,
        "input": _input(request, pictures),
        "max_output_tokens": request.max_tokens,
        "store": False,
    }
    if request.system:
        body["instructions"] = request.system
    if request.effort:
        body["reasoning"] = {"effort": request.effort, "summary": "auto"}
    elif request.temperature is not None:
        body["temperature"] = request.temperature
    if request.schema is not None:
        form = {"type": "json_schema", "name": SCHEMA_NAME, "strict": True}
        body["text"] = {"format": form | {"schema": request.schema}}
    return body


def read(data: Any) -> LlmReply:  # parsed JSON of any shape
    """Return the reply; raise `ReplyShapeError` when it is none."""
    if not isinstance(data, dict) or "output" not in data:
        raise told_failure(data) or ReplyShapeError(is_lasting=True)
    output = data["output"] if isinstance(data["output"], list) else []
    if data.get("status") == "failed":
        raise _failed(object_in(data, "error"))
    if not (output or data.get("status") == "incomplete"):
        raise ReplyShapeError(is_lasting=False)
    parts = [part for item in output for part in _list(item, "content")]
    summaries = [part for item in output for part in _list(item, "summary")]
    usage = object_in(data, "usage")
    thinking, text = split_thinking(_joined(parts, "output_text", "text"))
    return LlmReply(
        text=text,
        finish_reason=_finish_reason(data),
        prompt_tokens=count_in(usage, "input_tokens"),
        completion_tokens=count_in(usage, "output_tokens"),
        refusal=_joined(parts, "refusal", "refusal"),
        thinking=_joined(summaries, "summary_text", "text")
        or _joined(parts, "reasoning_text", "text")
        or thinking,
        thinking_tokens=count_in(object_in(usage, "output_tokens_details"), "reasoning_tokens"),
    )


def _failed(error: Plain) -> ReplyShapeError:
    code = text_in(error, "code")
    return ReplyShapeError(
        is_lasting=code.startswith(_LASTING),
        said=text_in(error, "message"),
        is_busy=code == "rate_limit_exceeded",
    )


def _finish_reason(data: Plain) -> str:
    if data.get("status") != "incomplete":
        return "stop"
    reason = text_in(object_in(data, "incomplete_details"), "reason")
    return _REASONS.get(reason, reason)


def _list(item: Any, name: str) -> list[Any]:  # parsed JSON
    found = item.get(name) if isinstance(item, dict) else None
    return found if isinstance(found, list) else []


def _joined(parts: list[Any], kind: str, field: str) -> str:
    return "".join(text_in(one, field) for one in parts if text_in(one, "type") == kind)


def _input(request: LlmRequest, pictures: Pictures) -> list[Plain]:
    turns: list[Plain] = []
    for shot in request.shots:
        turns.append({"role": "user", "content": _content(shot.text, shot.pictures, pictures)})
        turns.append({"role": "assistant", "content": shot.reply})
    turns.append({"role": "user", "content": _content(request.text, request.pictures, pictures)})
    return turns


def _content(text: str, shown: tuple[bytes, ...], pictures: Pictures) -> list[Plain]:
    images = [{"type": "input_image", "image_url": pictures.url(one)} for one in shown]
    return [{"type": "input_text", "text": text}, *images]
