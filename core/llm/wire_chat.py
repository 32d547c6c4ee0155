"""Chat Completions: the request as a JSON object, the reply out of one."""

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

PATH: Final = "/chat/completions"


def payload(request: LlmRequest, pictures: Pictures, *, limit_name: str) -> Plain:
    """Return the body of a call; `limit_name` is how the endpoint calls the longest reply."""
    body: Plain = {"model": request.llm, "messages": _messages(request, pictures)}
    body["max_completion_tokens" if request.effort else limit_name] = request.max_tokens
    if request.effort:
        body["reasoning_effort"] = request.effort
    elif request.temperature is not None:
        body["temperature"] = request.temperature
    if request.seed is not None:
        body["seed"] = request.seed
    if request.schema is not None:
        form = {"name": SCHEMA_NAME, "strict": True, "schema": request.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    return body


def read(data: Any) -> LlmReply:  # parsed JSON of any shape
    """Return the reply; raise `ReplyShapeError` when it is none."""
    if not isinstance(data, dict) or "choices" not in data:
        raise told_failure(data) or ReplyShapeError(is_lasting=True)
    choices = data["choices"]
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(message, dict):
        raise told_failure(data) or told_failure(first) or ReplyShapeError(is_lasting=False)
    usage = object_in(data, "usage")
    thinking, text = split_thinking(text_in(message, "content"))
    return LlmReply(
        text=text,
        finish_reason=text_in(first, "finish_reason"),
        prompt_tokens=count_in(usage, "prompt_tokens"),
        completion_tokens=count_in(usage, "completion_tokens"),
        refusal=text_in(message, "refusal"),
        thinking=text_in(message, "reasoning_content", "reasoning") or thinking,
        thinking_tokens=count_in(object_in(usage, "completion_tokens_details"), "reasoning_tokens"),
    )


def _messages(request: LlmRequest, pictures: Pictures) -> list[Plain]:
    messages: list[Plain] = []
    if request.system:
        messages.append({"role": "system", "content": request.system})
    for shot in request.shots:
        messages.append({"role": "user", "content": _content(shot.text, shot.pictures, pictures)})
        messages.append({"role": "assistant", "content": shot.reply})
    messages.append({"role": "user", "content": _content(request.text, request.pictures, pictures)})
    return messages


def _content(text: str, shown: tuple[bytes, ...], pictures: Pictures) -> str | list[Plain]:
    if not shown:
        return text
    images = [{"type": "image_url", "image_url": {"url": pictures.url(one)}} for one in shown]
    return [{"type": "text", "text": text}, *images]
