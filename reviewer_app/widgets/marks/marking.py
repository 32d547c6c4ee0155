"""An image view on which a hand draws marks: mouse, brush and keys."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from core.domain.region import Point, RegionKind
from core.errors import ValidationError
from reviewer_app.widgets.images.keys import MARK_KEYS, ImageKey
from reviewer_app.widgets.marks.brush import Stroke, larger, ring_rect, smaller
from reviewer_app.widgets.marks.edits import clamped, in_middle
from reviewer_app.widgets.marks.marked import MarkedView

_REACH_PX: Final = 7
_CLICK_PX: Final = 3
_FAR: Final = 10
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MarkingView(MarkedView):
    """An image view whose marks are drawn by hand, where `set_kinds` allows it.

    A key chooses a tool, Esc ends it. Tab chooses the next mark, arrows move it by a pixel, with
    Shift by ten; Enter goes to its next handle, which arrows then move; Del removes it. Enter with
    a tool and nothing chosen makes a mark in the middle. Without a mouse, arrows move the brush,
    and Enter puts it down and lifts it. All other keys are those of `keys`.

    Signal: `label_wanted()` when the chosen mark is to be named.
    """

    label_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._down_at: QPointF | None = None

    def event(self, event: QEvent) -> bool:
        """Claim the keys that a mark under way needs before buttons of the page get them."""
        return self.claim_key(event) or super().event(event)

    def claim_key(self, event: QEvent) -> bool:
        """Claim a key that a mark under way needs; tell whether it is one."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return False
        if self._key_action(event) is None:
            return False
        event.accept()
        return True

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Go through the marks of the frame before leaving the image."""
        return self.step_mark(is_next=is_next) or super().focusNextPrevChild(is_next)

    def step_mark(self, *, is_next: bool) -> bool:
        """Choose the next or previous mark of the frame; tell whether there is one."""
        if not self._can_draw() or self._sight is None:
            return False
        is_there = self._drawn.step(self._sight.index, 1 if is_next else -1)
        self._tell_choice()
        return is_there

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw, or take hold of a mark."""
        if not self.take_press(event):
            super().mousePressEvent(event)

    def take_press(self, event: QMouseEvent) -> bool:
        """Draw, or take hold of a mark; false where the press is not for marks."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        is_erasing = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        is_brush = self._hand.tool is RegionKind.MASK
        if not (self._can_draw() and is_left and (is_plain or (is_brush and is_erasing))):
            return False
        self._down_at = event.position()
        at = self._stored_at(event.position())
        if is_brush:
            self._start_stroke(at, is_other_way=is_erasing)
        elif self.tool() is not None or not self._take(at):
            return False
        else:
            self._tell_choice()
        return True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the mark under way follow the hand."""
        if not self.take_move(event):
            super().mouseMoveEvent(event)

    def take_move(self, event: QMouseEvent) -> bool:
        """Let the mark under way follow the hand; false where there is none."""
        if not self._can_draw():
            return False
        at = self._stored_at(event.position())
        if self._stroke is not None:
            dirty = self._stroke.paint_to(at)
            self.update(self._transform().mapRect(dirty).adjusted(-3, -3, 3, 3))
            is_ours = True
        else:
            is_ours = self._hand.move(at)
            if is_ours:
                self.update()
        if self._hand.tool is RegionKind.MASK:
            self._show_ring(at)
        return is_ours

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the mark; a click beside all marks chooses the one around it."""
        if not self.take_release(event):
            super().mouseReleaseEvent(event)

    def take_release(self, event: QMouseEvent) -> bool:
        """Take the mark; false where none was held. A click chooses the mark around it."""
        down_at, self._down_at = self._down_at, None
        is_click = down_at is not None and self._away(event.position(), down_at) <= _CLICK_PX
        if self._stroke is not None:
            self._end_stroke(self._stroke)
            return True
        if self._can_draw() and self._hand.release(is_click=is_click):
            self._tell_choice()
            return True
        if is_click and self._can_draw() and self.tool() is None and self._sight is not None:
            self._hand.click(self._stored_at(event.position()), self._sight.index)
            self._tell_choice()
        return False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a polygon; zoom, except while drawing."""
        if not self.take_double_click():
            super().mouseDoubleClickEvent(event)

    def take_double_click(self) -> bool:
        """End a polygon; false where nothing is drawn."""
        if self._hand.tool is None or not self._can_draw():
            return False
        if self._hand.under_way() is not None:
            self._hand.finish()
            self._tell_choice()
        return True

    def leaveEvent(self, event: QEvent) -> None:
        """Take the brush away."""
        super().leaveEvent(event)
        self.take_away()

    def take_away(self) -> None:
        """Take the brush away from under the pointer."""
        self._pointer = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for while marks are drawn; other keys are the view's."""
        if not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key stands for while marks are drawn; false for other keys."""
        action = self._key_action(event)
        if action is None:
            return False
        action()
        self._tell_choice()
        return True

    def take_tool_key(self, event: QKeyEvent) -> bool:
        """Choose the tool that a key stands for; false for other keys."""
        kind = self._tool_of(self.keys.meant(event)) if self._can_draw() else None
        if kind is not None:
            self.set_kind(kind)
        return kind is not None

    def _tool_of(self, meant: Collection[str]) -> RegionKind | None:
        kinds = (kind for kind, name in MARK_KEYS.items() if name in meant)
        return next((kind for kind in kinds if kind in self._kinds), None)

    def _take(self, at: Point) -> bool:
        """Set a point or take hold of a mark."""
        assert self._sight is not None  # noqa: S101 - asked only with a picture on screen
        return self._hand.press(at, self._sight.index, _REACH_PX * self._pixel())

    def _pixel(self) -> float:
        """Return how many image pixels one of the widget is."""
        return float(abs(self._transform().determinant()) ** -0.5)

    def _start_stroke(self, at: Point, *, is_other_way: bool = False) -> None:
        assert self._sight is not None  # noqa: S101 - asked only with a picture on screen
        chosen, brush = self.chosen(), self._brush
        is_own = chosen is not None and chosen.kind is RegionKind.MASK and not chosen.is_locked
        if not is_own:
            self._drawn.choose(None)
            chosen = None
        if is_other_way:
            brush = replace(brush, is_erasing=not brush.is_erasing)
        color = self._new_color() if chosen is None else self._colors()[chosen.label]
        mask = None if chosen is None else chosen.mask
        self._stroke = Stroke(self._sight.frame, mask, brush, at, color)
        self._describe()

    def _end_stroke(self, stroke: Stroke) -> None:
        """Keep what was painted; what cannot be kept is refused in words."""
        assert self._sight is not None  # noqa: S101 - a stroke is on a picture
        self._stroke = None
        chosen = self.chosen()
        try:
            region = stroke.region(self._sight.index, chosen.label if chosen else "")
        except ValidationError as error:
            self.mark_refused.emit(error.sentence)
            return
        finally:
            self._tell_choice()
        if region is not None and chosen is not None:
            self._drawn.change(region)
        elif region is not None:
            self._drawn.add(region)
        elif chosen is not None:
            self._drawn.remove()

    def _show_ring(self, at: Point) -> None:
        place, size = self._transform(), self._brush.size_px
        if self._pointer is not None:
            self.update(ring_rect(place, self._pointer, size))
        self._pointer = at
        self.update(ring_rect(place, at, size))

    def _key_action(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does to marks; None where it is not theirs."""
        if not self._can_draw():
            return None
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        meant = self.keys.meant(event)
        if (kind := self._tool_of(meant)) is not None:
            return lambda: self.set_kind(kind)
        if key == Qt.Key.Key_Escape:
            return self._escape_action()
        plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if key in _ARROWS and modifiers in plain:
            far = _FAR if modifiers == Qt.KeyboardModifier.ShiftModifier else 1
            return self._arrow_action(_ARROWS[key][0] * far, _ARROWS[key][1] * far)
        if key in _ENTER and modifiers == Qt.KeyboardModifier.NoModifier:
            return self._enter_action()
        if key == Qt.Key.Key_Backspace and self._hand.under_way() is not None:
            return self._hand.remove_point
        if key == Qt.Key.Key_Delete and modifiers == Qt.KeyboardModifier.NoModifier:
            return self.remove_chosen if self.chosen() is not None else None
        return self._choice_action(meant) or self._brush_action(meant)

    def _escape_action(self) -> Callable[[], None] | None:
        if self._stroke is not None:
            return self._lift
        if self._hand.under_way() is not None:
            return self._hand.drop
        if self.chosen() is not None:
            return lambda: self._drawn.choose(None)
        return None if self._hand.tool is None else lambda: self.set_kind(None)

    def _arrow_action(self, across: int, down: int) -> Callable[[], None] | None:
        if self._hand.tool is RegionKind.MASK:
            return lambda: self._move_brush(across, down)
        if self.chosen() is None:
            return None
        return lambda: self._drawn.nudge(across, down)

    def _enter_action(self) -> Callable[[], None] | None:
        chosen, kind = self.chosen(), self._hand.tool
        if self._hand.under_way() is not None:
            return self._hand.finish
        if kind is RegionKind.MASK:
            return self._put_down if self._stroke is None else self._lift
        if chosen is not None:
            return self._drawn.next_handle
        return None if kind is None else lambda: self._add_in_middle(kind)

    def _choice_action(self, meant: Collection[str]) -> Callable[[], None] | None:
        if self.chosen() is None:
            return None
        actions: dict[str, Callable[[], None]] = {
            ImageKey.MARK_LOCK: self.toggle_lock,
            ImageKey.MARK_COPY: self.copy_to_next,
            ImageKey.MARK_NAME: self.label_wanted.emit,
        }
        return next((actions[name] for name in meant if name in actions), None)

    def _brush_action(self, meant: Collection[str]) -> Callable[[], None] | None:
        brush = self._brush
        if self._hand.tool is not RegionKind.MASK:
            return None
        changed = {
            ImageKey.BRUSH_LARGER: replace(brush, size_px=larger(brush.size_px)),
            ImageKey.BRUSH_SMALLER: replace(brush, size_px=smaller(brush.size_px)),
            ImageKey.BRUSH_ERASE: replace(brush, is_erasing=not brush.is_erasing),
        }
        wanted = next((one for name, one in changed.items() if name in meant), None)
        return None if wanted is None else lambda: self.set_brush(wanted)

    def _in_sight(self) -> tuple[Point, Point]:
        """Return the corners of the part of the image that is on screen."""
        size = self.size() if self._board is None else self._board.size()
        ends = (0, 0), (size.width(), size.height())
        corners = [self._stored_at(QPointF(*at)) for at in ends]
        xs, ys = zip(*(clamped(one, self._drawn.size) for one in corners), strict=True)
        return (min(xs), min(ys)), (max(xs), max(ys))

    def _add_in_middle(self, kind: RegionKind) -> None:
        assert self._sight is not None  # noqa: S101 - asked only with a picture on screen
        self._drawn.add(in_middle(kind, self._in_sight(), self._sight.index))

    def _move_brush(self, across: int, down: int) -> None:
        if self._pointer is None:
            (left, top), (right, bottom) = self._in_sight()
            self._pointer = (left + right) / 2, (top + bottom) / 2
        x, y = self._pointer
        self._pointer = clamped((x + across, y + down), self._drawn.size)
        if self._stroke is not None:
            self._stroke.paint_to(self._pointer)

    def _put_down(self) -> None:
        self._move_brush(0, 0)
        if self._pointer is not None:
            self._start_stroke(self._pointer)

    def _lift(self) -> None:
        if self._stroke is not None:
            self._end_stroke(self._stroke)
