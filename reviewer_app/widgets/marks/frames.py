"""The marks of an image, found by their frame, and the colors of their labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from core.domain.region import Region
from core.imaging.marks.shapes import Rgb, label_colors


class FrameMarks:
    """Marks that stay as they are: a stack may have thousands, and each paint asks for a few."""

    def __init__(self, marks: Iterable[Region] = ()) -> None:
        self.all = tuple(marks)
        self.colors: dict[str, Rgb] = label_colors(self.all)
        self._on: defaultdict[int, list[Region]] = defaultdict(list)
        for mark in self.all:
            self._on[mark.frame].append(mark)

    def on(self, frame: int) -> tuple[Region, ...]:
        """Return the marks of a frame, in their order."""
        return tuple(self._on.get(frame, ()))
