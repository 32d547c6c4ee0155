"""What a hand does on an image, and what is seen then."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.image import LoadedImage
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import wheel_bytes

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
CT = ImageUse(MediaId("CT_small.dcm"), view=View(Window(40, 400)))
"""128 × 128 pixels."""

Place = QPoint | tuple[int, int]


def load(name: str) -> LoadedImage:
    """Open a file of pydicom's package; panels ask for an image by what its use names."""
    return open_image(wheel_bytes(name), name=name)


def drag(
    qtbot: QtBot,
    widget: QWidget,
    *places: Place,
    button: Qt.MouseButton = LEFT,
    modifier: Qt.KeyboardModifier = PLAIN,
) -> None:
    """Press at the first place, go through all, let go at the last."""
    first, *others = (one if isinstance(one, QPoint) else QPoint(*one) for one in places)
    qtbot.mousePress(widget, button, modifier, first)
    for at in others:
        away = QPointF(widget.mapToGlobal(at))
        moved, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        # The button is held, which it is not in the moves of QTest.
        event = QMouseEvent(moved, QPointF(at), away, none, button, modifier)
        QApplication.sendEvent(widget, event)
    qtbot.mouseRelease(widget, button, modifier, others[-1])


def turn_wheel(
    widget: QWidget,
    notches: int = 1,
    at: Place | None = None,
    modifier: Qt.KeyboardModifier = PLAIN,
    delta: int = 120,
) -> QWheelEvent:
    """Turn the wheel over a place, without one over the middle; towards the user is less than 0."""
    point = widget.rect().center() if at is None else at
    point = point if isinstance(point, QPoint) else QPoint(*point)
    event = QWheelEvent(
        QPointF(point),
        QPointF(widget.mapToGlobal(point)),
        QPoint(),
        QPoint(0, delta * notches),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event


def grays_of(widget: QWidget) -> np.ndarray:
    """Return what is painted, as rows of grays."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].copy()


def colors_of(widget: QWidget) -> np.ndarray:
    """Return what is painted, as rows of red, green and blue."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
