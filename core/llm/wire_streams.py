"""Replies that come in pieces, put together again, in both protocols."""

from typing import Any, Final, Protocol

from core.llm import wire_chat, wire_responses
from core.llm.client import Api, LlmReply
from core.llm.wire import object_in, text_in

_THOUGHTS: Final = frozenset(
    {"response.reasoning_summary_text.delta", "response.reasoning_text.delta"}
)
_ENDS: Final = frozenset({"response.completed", "response.incomplete", "response.failed"})


class Pieces(Protocol):
    """What a stream has brought so far; what it brings may have any shape."""

    def add(self, piece: Any) -> bool:
        """Take one piece; return whether it holds a part of the answer."""

    def reply(self) -> LlmReply | None:
        """Return the whole reply, or None when its end has not come.

        Raises `ReplyShapeError` when it came to an end without one.
        """


def pieces_of(api: Api) -> Pieces:
    """Return what puts the replies of a protocol together."""
    return ChatPieces() if api is Api.CHAT else ResponsePieces()


class ChatPieces:
    """A chat completion: each piece adds to the message, one names the end."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {"content": [], "refusal": [], "thinking": []}
        self._end = ""
        self._usage: Any = None  # of the last piece that has one

    def add(self, piece: Any) -> bool:
        """Take one piece; return whether it holds a part of the answer."""
        self._usage = object_in(piece, "usage") or self._usage
        choices = piece.get("choices") if isinstance(piece, dict) else None
        before = len(self._texts["content"])
        for choice in choices if isinstance(choices, list) else ():
            delta = object_in(choice, "delta")
            for name, found in (
                ("content", text_in(delta, "content")),
                ("refusal", text_in(delta, "refusal")),
                ("thinking", text_in(delta, "reasoning_content", "reasoning")),
            ):
                self._texts[name] += [found] if found else []
            self._end = self._end or text_in(choice, "finish_reason")
        return len(self._texts["content"]) > before

    def reply(self) -> LlmReply | None:
        """Return the whole reply, or None when its end has not come."""
        if not self._end:
            return None
        content, refusal, thinking = map("".join, self._texts.values())
        message = {"content": content, "refusal": refusal, "reasoning_content": thinking}
        choice = {"message": message, "finish_reason": self._end}
        return wire_chat.read({"choices": [choice], "usage": self._usage})


class ResponsePieces:
    """A reply of the Responses API: the last event carries all of it once more."""

    def __init__(self) -> None:
        self._parts: dict[str, list[str]] = {"output_text": [], "refusal": [], "thinking": []}
        self._whole: dict[str, Any] | None = None

    def add(self, piece: Any) -> bool:
        """Take one event; return whether it holds a part of the answer."""
        kind = text_in(piece, "type")
        delta = text_in(piece, "delta")
        if kind in _ENDS:
            self._whole = object_in(piece, "response")
        elif kind == "error":
            self._whole = {"status": "failed", "output": [], "error": piece}
        elif kind == "response.refusal.delta":
            self._parts["refusal"].append(delta)
        elif kind in _THOUGHTS:
            self._parts["thinking"].append(delta)
        elif kind == "response.output_text.delta":
            self._parts["output_text"].append(delta)
            return bool(delta)
        return False

    def reply(self) -> LlmReply | None:
        """Return the whole reply, or None when its end has not come."""
        if self._whole is None:
            return None
        # Some servers leave the text out of the last event, for all of it was sent before.
        is_bare = not self._whole.get("output") and self._whole.get("status") != "failed"
        return wire_responses.read(self._whole | ({"output": self._output()} if is_bare else {}))

    def _output(self) -> list[dict[str, Any]]:
        said, refused, thought = map("".join, self._parts.values())
        parts = [
            {"type": "output_text", "text": said},
            {"type": "refusal", "refusal": refused},
            {"type": "reasoning_text", "text": thought},
        ]
        return [{"content": parts}] if said or refused or thought else []
