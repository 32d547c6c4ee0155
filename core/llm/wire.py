"""What both protocols have in common: pictures, whole numbers, thinking inside an answer."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

SCHEMA_NAME: Final = "answer"
_JSON: Final = json.JSONEncoder(separators=(",", ":"))
"""Made once: making it takes longer than writing a short request."""
_DATA: Final = b"data:image/png;base64,"
_PIECE: Final = 3 << 17
"""Bytes of a picture that become text at once; divisible by three, so that no padding is within."""
_BEGIN: Final = re.compile(r"\s*<think(?:ing)?>")
_END: Final = re.compile(r"</think(?:ing)?>\s*")


class ReplyShapeError(ValueError):
    """JSON arrived that is no reply; `is_lasting` when another call would bring the same.

    `said` is why, in the words of the endpoint; `is_busy` when it says that it has too much to do.
    """

    def __init__(self, *, is_lasting: bool, said: str = "", is_busy: bool = False) -> None:
        super().__init__("no reply")
        self.is_lasting = is_lasting
        self.said = said
        self.is_busy = is_busy


class Pictures:
    """Stands for the pictures of a request while its JSON is written.

    A picture is hundreds of kilobytes of text in which nothing needs escaping; it is put in
    when it is its turn to be sent, so that no call holds it as text.
    """

    def __init__(self) -> None:
        self._mark = ""
        self._pictures: list[bytes] = []

    def url(self, png: bytes) -> str:
        """Return what stands for the data URL of a picture."""
        self._mark = self._mark or token_hex(16)
        self._pictures.append(png)
        return f"{self._mark}:{len(self._pictures) - 1}:"

    def written(self, body: Any) -> Written:  # any JSON value
        """Return the JSON of a body with the pictures in their places."""
        text = _JSON.encode(body).encode()
        if not self._pictures:
            return Written(text)
        first, *rest = text.split(self._mark.encode() + b":")
        found = (piece.partition(b":") for piece in rest)
        return Written(
            first, tuple((self._pictures[int(number)], after) for number, _, after in found)
        )


@dataclass(frozen=True, slots=True)
class Written:
    """The JSON of a request; each picture comes with the text behind it."""

    first: bytes
    pictures: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def size(self) -> int:
        """How many bytes it is."""
        texts = len(self.first) + sum(len(after) for _, after in self.pictures)
        # Base64 makes four characters of each three bytes begun.
        return texts + sum(len(_DATA) + -(-len(png) // 3) * 4 for png, _ in self.pictures)

    def pieces(self) -> Iterator[bytes]:
        """Yield it in pieces of which none takes long to make."""
        parts, held = [self.first], 0
        for png, after in self.pictures:
            parts.append(_DATA)
            for start in range(0, len(png), _PIECE):
                parts.append(b64encode(png[start : start + _PIECE]))
                held += len(parts[-1])
                if held >= _PIECE:
                    yield b"".join(parts)
                    parts, held = [], 0
            parts.append(after)
        yield b"".join(parts)

    def whole(self) -> bytes:
        """Return it in one piece."""
        return b"".join(self.pieces())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces():
            yield piece


def object_in(value: Any, name: str) -> dict[str, Any]:  # parsed JSON
    """Return an object inside an object, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def text_in(value: Any, *names: str) -> str:  # parsed JSON
    """Return the first of these fields that is a text with something in it."""
    for name in names:
        found = value.get(name) if isinstance(value, dict) else None
        if isinstance(found, str) and found:
            return found
    return ""


def count_in(value: Any, name: str) -> int:  # parsed JSON
    """Return a whole number, or 0."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def split_thinking(text: str) -> tuple[str, str]:
    """Return the thinking that some servers leave in front of the answer, and the answer.

    Thinking that was cut off before its end left no answer. The mark of its beginning may be
    missing: some templates write it into the prompt.
    """
    begin, end = _BEGIN.match(text), _END.search(text)
    if end is None:
        return (text[begin.end() :].strip(), "") if begin else ("", text)
    is_whole = begin is not None or "<think" not in text[: end.start()]
    if not is_whole:
        return "", text
    start = begin.end() if begin else 0
    return text[start : end.start()].strip(), text[end.end() :]


def told_failure(data: Any) -> ReplyShapeError | None:  # parsed JSON
    """Return the failure that some servers tell in a reply that has status 200, or None."""
    error = object_in(data, "error")
    if not error:
        return None
    code = error.get("code")
    status = code if isinstance(code, int) and not isinstance(code, bool) else 500
    is_busy = status in (429, 503, 529)
    return ReplyShapeError(
        is_lasting=400 <= status < 500 and status not in (408, 409, 425, 429),
        said=text_in(error, "message") or "it gave no reason",
        is_busy=is_busy,
    )
