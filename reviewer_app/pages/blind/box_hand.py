"""A hand that draws, chooses and moves boxes, step by step; all in pixels of the image."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, QSizeF, Signal

from core.domain.media import Blackout
from reviewer_app.pages.blind.box_history import BoxHistory

_NONE: Final = -1
_STEPS_ACROSS: Final = 100
"""So many steps of a key lead from one side of the image to the other."""


class BoxHand(QObject):
    """The boxes of one image with the steps that led to them, and the chosen one.

    Signal: `changed()` when the boxes changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = BoxHistory()
        self.size = QSize(0, 0)
        """Of the image; empty while none is in sight, and then nothing can be drawn."""
        self.is_locked = False
        self._chosen = _NONE

    def boxes(self) -> tuple[Blackout, ...]:
        """Return the boxes as they are now."""
        return self.history.now

    def chosen(self) -> Blackout | None:
        """Return the box that keys move."""
        return self.boxes()[self._chosen] if self._chosen != _NONE else None

    def can_draw(self) -> bool:
        """Tell whether boxes can be drawn."""
        return not self.is_locked and not self.size.isEmpty()

    def begin(self, history: BoxHistory) -> None:
        """Go on with what was drawn before."""
        self._take(history, chosen=_NONE)

    def undo(self) -> bool:
        """Take the last step of drawing back; False when there is none."""
        return self._step(self.history.back())

    def redo(self) -> bool:
        """Make the step undone last again; False when there is none."""
        return self._step(self.history.forth())

    def add(self, wanted: QRectF) -> None:
        """Add what of a box lies on the image, and choose it."""
        # Outwards to whole pixels: better a line too much than a readable edge.
        box = self._inside(wanted)
        if self.can_draw() and box is not None:
            self._take(self.history.changed((*self.boxes(), box)), chosen=len(self.boxes()))

    def add_in_middle(self) -> None:
        """Add a box in the middle, for those who work with keys."""
        width, height = self.size.width(), self.size.height()
        self.add(QRectF(width / 4, height * 0.45, width / 2, max(height / 10, 1)))

    def remove(self) -> None:
        """Remove the chosen box, or the newest when none is chosen."""
        if self.is_locked or not self.boxes():
            return
        kept = list(self.boxes())
        del kept[self._chosen]
        self._take(self.history.changed(kept), chosen=_NONE)

    def choose_at(self, point: QPointF) -> None:
        """Choose the newest box around a point; none where there is none."""
        hits = [n for n, box in enumerate(self.boxes()) if as_rect(box).contains(point)]
        self._chosen = hits[-1] if hits else _NONE

    def step(self, *, is_next: bool) -> bool:
        """Choose the next or previous box; False beyond the last one, with none chosen."""
        count = 0 if self.is_locked else len(self.boxes())
        start = _NONE if is_next else count
        following = (start if self._chosen == _NONE else self._chosen) + (1 if is_next else -1)
        is_there = 0 <= following < count
        self._chosen = following if is_there else _NONE
        return is_there

    def nudge(self, right: int, down: int, *, resizes: bool) -> None:
        """Move the chosen box by steps, or its right and lower edge."""
        chosen = self.chosen()
        if chosen is None or self.is_locked:
            return
        stride = max(round(self.size.width() / _STEPS_ACROSS), 1)
        box, away = as_rect(chosen), (right * stride, down * stride)
        if resizes:
            box.adjust(0, 0, *away)
        else:
            box.translate(*away)
        inside = self._inside(box)
        if inside is not None:
            boxes = list(self.boxes())
            boxes[self._chosen] = inside
            self._take(self.history.changed(boxes), chosen=self._chosen)

    def _inside(self, wanted: QRectF) -> Blackout | None:
        whole = QRectF(QPointF(), QSizeF(self.size))
        box = wanted.intersected(whole).toAlignedRect()
        if box.isEmpty():
            return None
        return Blackout(box.left(), box.top(), box.width(), box.height())

    def _step(self, history: BoxHistory) -> bool:
        if self.is_locked or history == self.history:
            return False
        self._take(history, chosen=_NONE)
        return True

    def _take(self, history: BoxHistory, *, chosen: int) -> None:
        self.history, self._chosen = history, chosen
        self.changed.emit()


def as_rect(box: Blackout) -> QRectF:
    """Return where a box lies on the image."""
    return QRectF(box.left, box.top, box.width, box.height)
