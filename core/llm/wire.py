"""What both protocols have in common: pictures, whole numbers, thinking inside an answer."""

import re
from base64 import b64encode
from collections.abc import Iterable
from typing import Any, Final

SCHEMA_NAME: Final = "answer"
_THINKING: Final = re.compile(r"\s*<think(?:ing)?>(.*?)</think(?:ing)?>\s*", re.DOTALL)


class ReplyShapeError(ValueError):
    """JSON arrived that is no reply; `is_lasting` when another call would bring the same."""

    def __init__(self, *, is_lasting: bool) -> None:
        super().__init__("no reply")
        self.is_lasting = is_lasting


def picture_urls(pictures: Iterable[bytes]) -> list[str]:
    """Return PNG files as data URLs."""
    return [f"data:image/png;base64,{b64encode(one).decode('ascii')}" for one in pictures]


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
