"""What both protocols have in common: pictures, whole numbers, thinking inside an answer."""

import json
import re
from base64 import b64encode
from secrets import token_hex
from typing import Any, Final

SCHEMA_NAME: Final = "answer"
_JSON: Final = json.JSONEncoder(separators=(",", ":"))
"""Made once: making it takes longer than writing a short request."""
_DATA: Final = b"data:image/png;base64,"
_THINKING: Final = re.compile(r"\s*<think(?:ing)?>(.*?)</think(?:ing)?>\s*", re.DOTALL)


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
    afterwards, which takes a third of the time.
    """

    def __init__(self) -> None:
        self._mark = ""
        self._pictures: list[bytes] = []

    def url(self, png: bytes) -> str:
        """Return what stands for the data URL of a picture."""
        self._mark = self._mark or token_hex(16)
        self._pictures.append(png)
        return f"{self._mark}:{len(self._pictures) - 1}:"

    def written(self, body: Any) -> bytes:  # any JSON value
        """Return the JSON of a body with the pictures in their places."""
        text = _JSON.encode(body).encode()
        if not self._pictures:
            return text
        first, *rest = text.split(self._mark.encode() + b":")
        parts = [first]
        for piece in rest:
            number, _, after = piece.partition(b":")
            parts += [_DATA, b64encode(self._pictures[int(number)]), after]
        return b"".join(parts)


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
    """Return the thinking that some servers leave in front of the answer, and the answer."""
    match = _THINKING.match(text)
    return (match[1].strip(), text[match.end() :]) if match else ("", text)
