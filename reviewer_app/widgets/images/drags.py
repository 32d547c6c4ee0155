"""What a pressed hand does on an image: window, pan, scroll frames, take a window from a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from core.domain.media import Window
from reviewer_app.widgets.images.windows import dragged

if TYPE_CHECKING:
    from reviewer_app.widgets.images.view import ImageView

_LEFT: Final = Qt.MouseButton.LeftButton
_LEAST_STEP_PX: Final = 3
_MOST_STEP_PX: Final = 16
"""So many pixels are one frame, whether a stack is long or short."""


class Drag(Protocol):
    """A way in which an image follows the hand."""

    def move(self, at: QPointF) -> None:
        """Follow the hand to a point of the view."""

    def end(self) -> None:
        """Do what is done when the hand lets go."""

    def paint(self, painter: QPainter) -> None:
        """Paint what the hand needs to see meanwhile."""


class _Plain:
    def __init__(self, view: ImageView, start: QPointF) -> None:
        self._view = view
        self._start = start

    def end(self) -> None:
        """Leave it as it is."""

    def paint(self, painter: QPainter) -> None:
        """Paint nothing: the image itself shows it."""


class WindowDrag(_Plain):
    """Sideways the width, up and down the center."""

    def __init__(self, view: ImageView, start: QPointF, window: Window) -> None:
        super().__init__(view, start)
        self._window = window

    def move(self, at: QPointF) -> None:
        """Change the window from what it was at the start."""
        away = at - self._start
        self._view.set_window(dragged(self._window, away.x(), away.y()))


class PanDrag(_Plain):
    """The picture goes with the hand."""

    def move(self, at: QPointF) -> None:
        """Move the picture as far as the hand went."""
        away, self._start = at - self._start, at
        self._view.pan(away.x(), away.y())


class FrameDrag(_Plain):
    """Up and down through the frames; a drag over the height of the view is the whole stack."""

    def __init__(self, view: ImageView, start: QPointF) -> None:
        super().__init__(view, start)
        self._place = view.place()
        step = view.height() / max(1, view.frame_count())
        self._step_px = min(max(step, _LEAST_STEP_PX), _MOST_STEP_PX)

    def move(self, at: QPointF) -> None:
        """Go to the frame that lies so far away."""
        away = at.y() - self._start.y()
        self._view.show_place(self._place + round(away / self._step_px))


class RegionDrag(_Plain):
    """A rectangle whose values give the window."""

    def __init__(self, view: ImageView, start: QPointF) -> None:
        super().__init__(view, start)
        self._region = QRectF(start, start)

    def move(self, at: QPointF) -> None:
        """Draw the rectangle."""
        self._region.setBottomRight(at)
        self._view.update()

    def end(self) -> None:
        """Take the window."""
        self._view.find_window_in(self._region.topLeft(), self._region.bottomRight())
        self._view.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the rectangle."""
        painter.setPen(QPen(Qt.GlobalColor.white, 1, Qt.PenStyle.DashLine))
        painter.drawRect(self._region)


def is_left_press(event: QMouseEvent) -> bool:
    """Tell whether the left button goes down."""
    return event.type() is QEvent.Type.MouseButtonPress and event.button() == _LEFT


def drag_for(view: ImageView, event: QMouseEvent) -> Drag:
    """Return what a pressed button means: by the button, the modifiers, and what is shown."""
    at, window = event.position(), view.shown_window()
    is_left = event.button() == _LEFT
    if is_left and window is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return RegionDrag(view, at)
    is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if is_left and is_control and view.frame_count() > 1:
        return FrameDrag(view, at)
    return WindowDrag(view, at, window) if is_left and window is not None else PanDrag(view, at)
