"""The boxes drawn on one image, with the way back and forth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.domain.media import Blackout
from core.domain.plain import Plain

MOST_STEPS: Final = 100

Drawn = tuple[Blackout, ...]


@dataclass(frozen=True, slots=True)
class BoxHistory:
    """What is drawn `now`, what was before (newest last) and what was undone (newest last)."""

    now: Drawn = ()
    past: tuple[Drawn, ...] = ()
    undone: tuple[Drawn, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was ever drawn."""
        return self == BoxHistory()

    def changed(self, boxes: Sequence[Blackout]) -> BoxHistory:
        """Return the history after another step; what was undone is gone."""
        if tuple(boxes) == self.now:
            return self
        return BoxHistory(tuple(boxes), (*self.past, self.now)[-MOST_STEPS:])

    def back(self) -> BoxHistory:
        """Return the history after an undo."""
        if not self.past:
            return self
        return BoxHistory(self.past[-1], self.past[:-1], (*self.undone, self.now))

    def forth(self) -> BoxHistory:
        """Return the history after a redo."""
        if not self.undone:
            return self
        return BoxHistory(self.undone[-1], (*self.past, self.now), self.undone[:-1])

    def to_plain(self) -> Plain:
        """Return plain values."""
        return {
            "boxes": _to_plain(self.now),
            "past": [_to_plain(one) for one in self.past],
            "undone": [_to_plain(one) for one in self.undone],
        }

    @classmethod
    def from_plain(cls, data: Plain) -> BoxHistory:
        """Read from plain values; an older version kept the boxes alone."""
        return cls(
            _from_plain(data["boxes"]),
            tuple(_from_plain(one) for one in data.get("past", ())),
            tuple(_from_plain(one) for one in data.get("undone", ())),
        )


def _to_plain(drawn: Drawn) -> list[list[int]]:
    return [[one.left, one.top, one.width, one.height] for one in drawn]


def _from_plain(data: Sequence[Sequence[int]]) -> Drawn:
    return tuple(Blackout(*one) for one in data)
