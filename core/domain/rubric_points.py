"""The points of a rubric as an author writes them, one a line."""

import re
from dataclasses import dataclass
from typing import Final

_WEIGHTED: Final = re.compile(r"[\[(]?([+\-−–]\d{1,2})[\])]?\s*[:.]?\s+(\S.*)")
_BULLET: Final = re.compile(r"^(?:[-*•–]\s+|\d{1,2}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class RubricPoint:
    """One statement about an answer; a negative weight marks a statement that should not hold."""

    text: str
    weight: int = 1

    @property
    def is_positive(self) -> bool:
        """Whether an answer gains by meeting it."""
        return self.weight > 0


def written_points(text: str) -> tuple[RubricPoint, ...]:
    """Return the points that an author wrote, and no others."""
    return tuple(_point(line) for line in text.splitlines() if line.strip())


def _point(line: str) -> RubricPoint:
    bare = line.strip()
    weighted = _WEIGHTED.fullmatch(bare) or _WEIGHTED.fullmatch(_BULLET.sub("", bare))
    if weighted is None:
        return RubricPoint(_BULLET.sub("", bare))
    weight = int(weighted[1].replace("−", "-").replace("–", "-"))
    return RubricPoint(weighted[2].strip(), weight or 1)
