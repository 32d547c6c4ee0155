"""An image view on which a hand measures; measures stay on screen and are nobody's record."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.domain.ids import MediaId
from reviewer_app import theme
from reviewer_app.widgets.images.keys import ImageKey
from reviewer_app.widgets.images.measures import (
    POINTS_OF,
    Measure,
    Point,
    Tool,
    measured,
    paint_measure,
)
from reviewer_app.widgets.images.view import ImageView
from reviewer_app.widgets.keys import keeps_key

TOOL_KEYS: Final = {
    Tool.LENGTH: ImageKey.LENGTH,
    Tool.ANGLE: ImageKey.ANGLE,
    Tool.COBB: ImageKey.COBB,
    Tool.ELLIPSE: ImageKey.ELLIPSE,
    Tool.OUTLINE: ImageKey.OUTLINE,
}
_GRAB_PX: Final = 8
_STEP_PX: Final = 2
_LEAST_OUTLINE: Final = 3
_CLICK_PX: Final = 3


class MeasuringView(ImageView):
    """An image view with measures; keys choose what is measured, Esc ends it.

    Drag or click the points; drag a point to move it; Del removes the last measure of the frame.
    Signal: `tool_changed(Tool | None)`.
    """

    tool_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: Tool | None = None
        self._points: list[Point] = []
        self._is_floating = False
        """Whether the last point follows the hand."""
        self._starts_line = False
        self._moving: tuple[int, int] | None = None
        self._pressed_at = QPointF()
        self._measures: dict[tuple[MediaId, int], list[Measure]] = {}

    def tool(self) -> Tool | None:
        """Return what is being measured, None while the hand windows."""
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Choose what is measured; the same again ends it."""
        self._tool = None if tool is self._tool else tool
        self._drop_points()
        self.tool_changed.emit(self._tool)
        self._describe()

    def measures(self) -> tuple[Measure, ...]:
        """Return the measures of the frame in sight."""
        return tuple(self._here())

    def forget_measures(self) -> None:
        """Drop all measures, as another question needs."""
        self._measures.clear()
        self._drop_points()
        self._moving = None
        if self._tool is not None:
            self.set_tool(None)

    def remove_last(self) -> None:
        """Drop the measure that was made last on this frame."""
        if self._points:
            self._drop_points()
        elif self._here():
            self._here().pop()
        self._describe()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that end or remove a measure from the buttons of the page."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        return (is_asked and keeps_key(event, *self._measure_keys())) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set a point, or grab one."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if self._sight is None or not (is_left and is_plain):
            super().mousePressEvent(event)
            return
        self._pressed_at = event.position()
        self._moving = None if self._points else self._grabbed(event.position())
        if self._moving is not None:
            return
        if self._tool is None:
            super().mousePressEvent(event)
            return
        point = self._stored_at(event.position())
        self._starts_line = not self._is_floating
        if self._is_floating:
            self._points[-1] = point
        else:
            self._points += [point] if self._tool is Tool.OUTLINE else [point, point]
            self._is_floating = True
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the point under way follow the hand."""
        if self._moving is not None:
            self._move_to(self._stored_at(event.position()))
        elif not self._is_floating or self._sight is None:
            super().mouseMoveEvent(event)
        elif self._tool is not Tool.OUTLINE:
            self._points[-1] = self._stored_at(event.position())
            self.update()
        elif self._away(event.position(), self._placed(self._points[-1])) >= _STEP_PX:
            self._points.append(self._stored_at(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the point; a measure with all its points is done."""
        if self._moving is not None:
            self._moving = None
        elif not self._is_floating:
            super().mouseReleaseEvent(event)
        elif self._tool is Tool.OUTLINE:
            self._finish(is_whole=len(self._points) >= _LEAST_OUTLINE)
        elif not self._starts_line or self._away(event.position(), self._pressed_at) > _CLICK_PX:
            self._take_point()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom, except while measuring."""
        if self._tool is None:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a tool, end it, or remove a measure; other keys are the view's."""
        key, meant = Qt.Key(event.key()), self.keys.meant(event)
        tool = next((one for one, name in TOOL_KEYS.items() if name in meant), None)
        if tool is not None and self._sight is not None:
            self.set_tool(tool)
        elif key == Qt.Key.Key_Escape and key in self._measure_keys():
            self.set_tool(None)
        elif key == Qt.Key.Key_Delete and key in self._measure_keys():
            self.remove_last()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the measures over the picture."""
        super().paintEvent(event)
        if self._sight is None or not self._has_text:
            return
        with QPainter(self) as painter:
            for one in self._here():
                paint_measure(painter, one, self._placed, theme.tabular_font())
            if self._points and self._tool is not None:
                under_way = Measure(self._tool, tuple(self._points))
                paint_measure(painter, under_way, self._placed, theme.tabular_font())

    def _measure_keys(self) -> tuple[Qt.Key, ...]:
        """Return the keys that mean something to what is measured."""
        ends = (Qt.Key.Key_Escape,) if self._points or self._tool is not None else ()
        removes = (Qt.Key.Key_Delete,) if self._points or self._here() else ()
        return ends + removes

    def _drop_points(self) -> None:
        self._points.clear()
        self._is_floating = False

    def _here(self) -> list[Measure]:
        if self._sight is None:
            return []
        return self._measures.setdefault((self._use.media, self._sight.index), [])

    def _take_point(self) -> None:
        """End the measure when its points are all there, else wait for the next one."""
        assert self._tool is not None  # noqa: S101 - points are set only with a tool
        if len(self._points) >= POINTS_OF[self._tool]:
            self._finish(is_whole=True)
        elif self._tool is Tool.ANGLE:
            self._points.append(self._points[-1])
        else:
            self._is_floating = False

    def _finish(self, *, is_whole: bool) -> None:
        if is_whole and self._sight is not None and self._tool is not None:
            image, index = self._sight.image, self._sight.index
            self._here().append(measured(image, index, self._tool, self._points))
        self._drop_points()
        self._describe()

    def _grabbed(self, at: QPointF) -> tuple[int, int] | None:
        """Return measure and point under the hand; outlines have no points to grab."""
        for number, one in enumerate(self._here()):
            for place, point in enumerate(one.points):
                is_near = self._away(self._placed(point), at) <= _GRAB_PX
                if is_near and one.tool is not Tool.OUTLINE and self._has_text:
                    return number, place
        return None

    def _move_to(self, point: Point) -> None:
        assert self._moving is not None  # noqa: S101 - asked only then
        assert self._sight is not None  # noqa: S101 - nothing is grabbed without a picture
        number, place = self._moving
        one = self._here()[number]
        points = (*one.points[:place], point, *one.points[place + 1 :])
        self._here()[number] = measured(self._sight.image, self._sight.index, one.tool, points)
        self._describe()

    def _placed(self, point: Point) -> QPointF:
        """Return where a stored point lies on the widget."""
        from core.imaging.placing import shown_point

        assert self._image is not None  # noqa: S101 - asked only with a picture on screen
        x, y = shown_point(self._image, self._view, point)
        ratio = self.devicePixelRatioF()
        camera = self._camera
        return QPointF(
            (x - camera.left) * camera.scale / ratio, (y - camera.top) * camera.scale / ratio
        )

    def _spoken(self) -> tuple[str, ...]:
        """Add what was measured to what a screen reader hears."""
        return (*super()._spoken(), *(text for one in self._here() for text in one.texts))

    @staticmethod
    def _away(one: QPointF, other: QPointF) -> float:
        return math.hypot(one.x() - other.x(), one.y() - other.y())
