"""Zoom under two fingers: pinched on a touchpad, or as a wheel with Ctrl, which is finer there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from reviewer_app.widgets.images.steps import NOTCH

ZOOM_STEP: Final = 1.25
"""A key, and a notch of a wheel, zoom so much."""
_LEAST: Final = 0.2
"""What an event says below this is taken for it: a picture never vanishes at once."""
_OWN: Final = (
    Qt.NativeGestureType.BeginNativeGesture,
    Qt.NativeGestureType.ZoomNativeGesture,
    Qt.NativeGestureType.EndNativeGesture,
)


def follow_pinch(widget: QWidget, event: QEvent, zoom: Callable[[float, QPointF], None]) -> bool:
    """Let two fingers on a touchpad zoom around their place; false for all other events."""
    if not (isinstance(event, QNativeGestureEvent) and event.gestureType() in _OWN):
        return False
    event.accept()
    if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
        # Its own position is one of the window: Qt leaves it so for the widget that it finds.
        zoom(max(_LEAST, 1 + event.value()), widget.mapFromGlobal(event.globalPosition()))
    return True


def wheel_factor(event: QWheelEvent) -> float:
    """Return how much a turn of the wheel zooms; Windows tells a pinch as many small ones."""
    return float(ZOOM_STEP ** (event.angleDelta().y() / NOTCH))
