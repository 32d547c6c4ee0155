"""What is drawn over a section: the lines of the other two, slab edges, letters, texts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.imaging.geometry import Plane, direction_letters
from core.imaging.mpr.sections import Direction, Slab, depth_of
from core.imaging.mpr.volume import Volume
from reviewer_app.widgets.images.overlay import Corners
from reviewer_app.widgets.images.windows import number_text
from reviewer_app.widgets.sections.state import MprState, place_text

COLORS: Final = {
    # Blue, orange and green of Okabe and Ito, lightened for black: told apart by all eyes.
    Direction.AXIAL: QColor(86, 180, 233),
    Direction.CORONAL: QColor(240, 170, 30),
    Direction.SAGITTAL: QColor(40, 200, 150),
}
_HALO: Final = QColor(0, 0, 0, 150)
_GAP_PX: Final = 10
"""Around the cross nothing hides what it points at."""
_BAND_PX: Final = 3
_UPRIGHT: Final = {
    # The section that is seen as the upright line, then the one seen as the level line.
    Direction.AXIAL: (Direction.SAGITTAL, Direction.CORONAL),
    Direction.CORONAL: (Direction.SAGITTAL, Direction.AXIAL),
    Direction.SAGITTAL: (Direction.CORONAL, Direction.AXIAL),
}


def paint_cross(
    painter: QPainter, area: QRect, cross: QPointF, direction: Direction, slab_px: float
) -> None:
    """Paint where the other two sections cut this one, and how thick they are."""
    upright, level = _UPRIGHT[direction]
    x, y = cross.x(), cross.y()
    left, right, top, bottom = (
        float(one) for one in (area.left(), area.right(), area.top(), area.bottom())
    )
    _paint_lines(
        painter, COLORS[upright], QLineF(x, top, x, y - _GAP_PX), QLineF(x, y + _GAP_PX, x, bottom)
    )
    _paint_lines(
        painter, COLORS[level], QLineF(left, y, x - _GAP_PX, y), QLineF(x + _GAP_PX, y, right, y)
    )
    if slab_px < 2:
        return
    for side in (-slab_px / 2, slab_px / 2):
        painter.setPen(QPen(COLORS[upright], 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(x + side, top, x + side, bottom))
        painter.setPen(QPen(COLORS[level], 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(left, y + side, right, y + side))


def _paint_lines(painter: QPainter, color: QColor, *lines: QLineF) -> None:
    for pen in (QPen(_HALO, 3), QPen(color, 1)):
        painter.setPen(pen)
        painter.drawLines(list(lines))


def paint_band(painter: QPainter, area: QRect, direction: Direction) -> None:
    """Paint the color by which the other sections show where this one lies."""
    painter.fillRect(QRect(area.left(), area.top(), area.width(), _BAND_PX), COLORS[direction])


def letters_of(plane: Plane) -> tuple[str, str, str, str]:
    """Return the sides at the left, upper, right and lower edge."""
    across, down = direction_letters(plane.across), direction_letters(plane.down)
    away = [direction_letters((-x, -y, -z)) for x, y, z in (plane.across, plane.down)]
    return away[0], away[1], across, down


def corners_of(
    direction: Direction, state: MprState, volume: Volume, texts: tuple[str, ...]
) -> Corners:
    """Return what stands in the corners of a section."""
    lines = [direction_text(direction), f"{place_text(state.cross_mm, depth_of(direction))} mm"]
    if state.slab_mm > 0:
        lines.append(f"{slab_text(state.slab)} {state.slab_mm:g} mm")
    window = state.grays(volume).window
    grays = []
    if window is not None:
        grays.append(f"C {number_text(window.center)}  W {number_text(window.width)}")
    if state.view.is_inverted:
        grays.append(QCoreApplication.translate("MprView", "Inverted"))
    is_first = direction is Direction.AXIAL
    return Corners(
        top_left=lines,
        top_right=volume.notes if is_first else (),
        bottom_left=texts if is_first else (),
        bottom_right=grays if is_first else (),
    )


def direction_text(direction: Direction) -> str:
    """Return what a direction is called."""
    names = {
        Direction.AXIAL: QCoreApplication.translate("MprView", "Axial"),
        Direction.CORONAL: QCoreApplication.translate("MprView", "Coronal"),
        Direction.SAGITTAL: QCoreApplication.translate("MprView", "Sagittal"),
    }
    return names[direction]


def slab_text(slab: Slab) -> str:
    """Return what a slab shows, as radiologists call it."""
    names = {
        Slab.MEAN: QCoreApplication.translate("MprView", "Mean"),
        Slab.MAXIMUM: QCoreApplication.translate("MprView", "MIP"),
        Slab.MINIMUM: QCoreApplication.translate("MprView", "MinIP"),
    }
    return names[slab]
