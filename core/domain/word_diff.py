"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class DiffKind(StrEnum):
    """What happened to a run of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DiffSpan:
    """A run of words, blanks included; joining SAME and ADDED gives the newer text."""

    kind: DiffKind
    text: str


def word_diff(before: str, after: str) -> tuple[DiffSpan, ...]:
    """Return the spans that turn `before` into `after`, in reading order."""
    old, new = _words(before), _words(after)
    spans: list[DiffSpan] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(DiffSpan(DiffKind.SAME, "".join(old[i1:i2])))
            continue
        if i2 > i1:
            spans.append(DiffSpan(DiffKind.REMOVED, "".join(old[i1:i2])))
        if j2 > j1:
            spans.append(DiffSpan(DiffKind.ADDED, "".join(new[j1:j2])))
    return tuple(spans)


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)
