"""One section of a volume under a hand: the cross, the slab, zoom and window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.domain.media import Window
from core.errors import CoreError
from core.imaging.geometry import Plane, Vector
from core.imaging.mpr import Direction, depth_of, grid_of, range_mm, step_mm
from core.imaging.volume import Volume
from reviewer_app import theme
from reviewer_app.widgets.image_camera import Camera
from reviewer_app.widgets.image_keys import ImageKey, ImageKeys
from reviewer_app.widgets.image_overlay import (
    Corners,
    paint_corners,
    paint_focus,
    paint_letters,
    paint_message,
    paint_scale_bar,
)
from reviewer_app.widgets.image_screen import paint_placed
from reviewer_app.widgets.image_windows import dragged
from reviewer_app.widgets.mpr_drawing import corners_of, letters_of, paint_band, paint_cross
from reviewer_app.widgets.mpr_maker import Made, SectionMaker, Wish
from reviewer_app.widgets.mpr_picture import SectionPicture
from reviewer_app.widgets.mpr_state import MprState

if TYPE_CHECKING:
    from reviewer_app.widgets.mpr_marks import SectionMarks

_ZOOM_STEP: Final = 1.25
_NOTCH: Final = 120
_FAR_STEPS: Final = 10


class SectionPane(QWidget):
    """Shows the section of one direction.

    Left drag: the point where the sections meet. Right drag, or Shift with the left: window.
    Middle drag: pan. Wheel: through the sections; with Ctrl: zoom. Arrows move the point, with
    Shift ten pixels; PgUp, PgDn, Home and End go through the sections. Keys of `keys` zoom.

    Signals: `cross_wanted(Vector)`; `window_wanted(Window)`; `enlarging_wanted()`.
    """

    cross_wanted = Signal(object)
    window_wanted = Signal(object)
    enlarging_wanted = Signal()

    def __init__(self, direction: Direction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.direction = direction
        self.has_text = True
        self._volume: Volume | None = None
        self._state = MprState((0, 0, 0))
        self._made: Made | None = None
        self._texts: tuple[str, ...] = ()
        self._error = ""
        self._picture = SectionPicture()
        self._camera = Camera.fitting((1, 1), (1, 1))
        self._maker = SectionMaker(direction, self._on_made, self._on_refused, self)
        self._drag: Callable[[QPointF], None] | None = None
        self._drag_from = QPointF()
        self._wheel = 0
        self.keys = ImageKeys()
        self._step_keys = self._key_table()
        self._marks: SectionMarks | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def show_volume(self, volume: Volume | None, state: MprState) -> None:
        """Show a volume, fitted; None shows nothing and lets the memory go."""
        self._volume, self._state, self._made = volume, state, None
        self._error = ""
        self._picture.forget()
        self._maker.set_volume(volume)
        if volume is not None:
            rows, columns = grid_of(volume, self.direction, state.at_mm(self.direction))[1]
            self._camera = Camera.fitting((columns, rows), self._area())
            self._wish()

    def set_marks(self, marks: SectionMarks | None) -> None:
        """Show marks upon the section, and let a hand draw them where they can be."""
        if self._marks is not None:
            self._marks.let_go()
        self._marks = marks
        self.update()

    def has_slices(self) -> bool:
        """Tell whether whole slices are seen here, so that marks can be drawn on them."""
        return self._marks is not None and self._marks.has_slices

    def tell_marks(self) -> None:
        """Show and tell marks that changed."""
        if self._volume is not None:
            self._describe()
        self.update()

    def marks(self) -> SectionMarks | None:
        """Return the marks upon the section."""
        return self._marks

    def set_state(self, state: MprState, texts: tuple[str, ...]) -> None:
        """Show another point, slab or window; `texts` are told in a corner."""
        self._state, self._texts = state, texts
        if self._volume is not None:
            self._wish()
            self._describe()
        if self._marks is not None:
            self._marks.follow()

    def state(self) -> MprState:
        """Return what is shown."""
        return self._state

    def made(self) -> Made | None:
        """Return the section on screen; None before there is one."""
        return self._made

    def camera(self) -> Camera:
        """Return where the section stands."""
        return self._camera

    def is_settled(self) -> bool:
        """Tell whether the section on screen is the one that is wanted, in full."""
        return self._maker.is_settled()

    def fit(self) -> None:
        """Show the whole section."""
        self._move(self._camera.fitted())

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the widget; around the cross without one."""
        point = at or self.placed(self._state.cross_mm)
        ratio = self.devicePixelRatioF()
        self._move(self._camera.zoomed(factor, point.x() * ratio, point.y() * ratio))

    def placed(self, point_mm: Vector) -> QPointF:
        """Return where a patient point lies on the widget."""
        (x, y), _ = self._plane().image_point(point_mm)
        camera, ratio = self._camera, self.devicePixelRatioF()
        return QPointF(
            (x - camera.left) * camera.scale / ratio, (y - camera.top) * camera.scale / ratio
        )

    def transform(self) -> QTransform:
        """Return what leads from the pixels of a fine section to the widget."""
        camera, scale = self._camera, self._camera.scale / self.devicePixelRatioF()
        return QTransform(scale, 0, 0, scale, -camera.left * scale, -camera.top * scale)

    def patient_mm(self, point: QPointF) -> Vector:
        """Return the patient point of this section under a point of the widget."""
        ratio = self.devicePixelRatioF()
        return self._plane().patient_mm(
            self._camera.image_point(point.x() * ratio, point.y() * ratio)
        )

    def sizeHint(self) -> QSize:
        """A third of a laptop's screen."""
        return QSize(360, 300)

    def minimumSizeHint(self) -> QSize:
        """As small as a section can still be told apart."""
        return QSize(96, 96)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep fitting, or keep the middle."""
        super().resizeEvent(event)
        self._camera = self._camera.resized(*self._area())

    def event(self, event: QEvent) -> bool:
        """Claim the keys that a mark under way needs before buttons of the page get them."""
        if isinstance(event, QKeyEvent) and self._marks is not None:
            return self._marks.claim_key(event) or super().event(event)
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Go through the marks in sight before leaving the section."""
        is_mark = self._marks is not None and self._marks.step_mark(is_next=is_next)
        return is_mark or super().focusNextPrevChild(is_next)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw a mark, or start a drag."""
        if self._marks is not None and self._marks.take_press(event):
            return
        is_window = event.button() == Qt.MouseButton.RightButton or bool(
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        self._drag_from = event.position()
        if self._volume is None:
            self._drag = None
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._drag = self._pan
        elif is_window:
            start = self._state.grays(self._volume).window
            self._drag = None if start is None else (lambda at: self._drag_window(start, at))
        else:
            self._drag = lambda at: self.cross_wanted.emit(self.patient_mm(at))
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw a mark, or drag."""
        if self._marks is not None and self._drag is None and self._marks.take_move(event):
            return
        if self._drag is not None:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take a mark, or end a drag."""
        if self._marks is not None and self._marks.take_release(event):
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a polygon; show this section alone, or all three again."""
        if self._marks is not None and self._marks.take_double_click():
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.enlarging_wanted.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the brush away."""
        super().leaveEvent(event)
        if self._marks is not None:
            self._marks.take_away()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go through the sections; zoom with Ctrl."""
        self._wheel += event.angleDelta().y()
        notches, rest = divmod(abs(self._wheel), _NOTCH)
        sign = 1 if self._wheel > 0 else -1
        self._wheel = sign * rest
        if notches and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM_STEP ** (sign * notches), event.position())
        elif notches:
            self._step_through(-sign * notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for; unknown keys go on."""
        if self._marks is not None and self._marks.take_key(event):
            return
        meant = self.keys.meant(event)
        if self._volume is not None and ImageKey.ZOOM_IN in meant:
            self.zoom(_ZOOM_STEP)
            return
        if self._volume is not None and ImageKey.ZOOM_OUT in meant:
            self.zoom(1 / _ZOOM_STEP)
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_far = modifiers == Qt.KeyboardModifier.ShiftModifier
        action = self._step_keys.get(Qt.Key(event.key()))
        if self._volume is None or action is None or not (is_far or modifiers == _PLAIN):
            super().keyPressEvent(event)
            return
        action(_FAR_STEPS if is_far else 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint section, cross and texts."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._error:
            heading = self.tr("This section cannot be shown")
            paint_message(painter, self.rect(), heading, self._error, self.font())
        elif self._volume is not None and self._made is not None:
            self._paint_section(painter, self._volume, self._made)
        paint_band(painter, self.rect(), self.direction)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _paint_section(self, painter: QPainter, volume: Volume, made: Made) -> None:
        if (self._camera.area_width, self._camera.area_height) != self._area():
            self._camera = self._camera.resized(*self._area())  # moved to another screen
        ratio, view = self.devicePixelRatioF(), self._state.grays(volume)
        placed = self._picture.make(made.section, made.coarse, self._camera, view)
        if placed is not None:
            paint_placed(painter, placed, ratio)
        if not self.has_text:
            return
        px_per_mm = self._camera.scale / ratio / self._plane().spacing_mm[0]
        cross = self.placed(self._state.cross_mm)
        slab_px = self._state.slab_mm * px_per_mm
        paint_cross(painter, self.rect(), cross, self.direction, slab_px)
        if self._marks is not None:
            self._marks.paint(painter)
        font = theme.tabular_font()
        paint_letters(painter, self.rect(), letters_of(self._plane()), font)
        paint_scale_bar(painter, self.rect(), px_per_mm, font)
        paint_corners(painter, self.rect(), self._corners(volume), font)

    def _corners(self, volume: Volume) -> Corners:
        return corners_of(self.direction, self._state, volume, self._texts)

    def _plane(self) -> Plane:
        assert self._volume is not None  # noqa: S101 - asked only with a volume
        return grid_of(self._volume, self.direction, self._state.at_mm(self.direction))[0]

    def _wish(self) -> None:
        state = self._state
        self._maker.wish(Wish(state.at_mm(self.direction), state.slab_mm, state.slab))
        self.update()

    def _on_made(self, made: Made) -> None:
        self._made, self._error = made, ""
        self.update()

    def _on_refused(self, error: CoreError) -> None:
        self._error = error.sentence
        self._describe()
        self.update()

    def _describe(self) -> None:
        assert self._volume is not None  # noqa: S101 - asked only with a volume
        corners = self._corners(self._volume)
        marks = () if self._marks is None else self._marks.spoken()
        lines = (*corners.top_left, *corners.bottom_left, *corners.bottom_right, *marks)
        self.setAccessibleDescription(self._error or ", ".join(line for line in lines if line))

    def _pan(self, at: QPointF) -> None:
        moved, self._drag_from = at - self._drag_from, at
        ratio = self.devicePixelRatioF()
        self._move(self._camera.panned(moved.x() * ratio, moved.y() * ratio))

    def _drag_window(self, start: Window, at: QPointF) -> None:
        moved = at - self._drag_from
        self.window_wanted.emit(dragged(start, moved.x(), moved.y()))

    def _step_through(self, steps: float) -> None:
        if self._volume is not None:
            self._go_to(
                self._state.at_mm(self.direction) + steps * step_mm(self._volume, self.direction)
            )

    def _go_to_end(self, end: int) -> None:
        assert self._volume is not None  # noqa: S101 - asked only with a volume
        self._go_to(range_mm(self._volume, self.direction)[end])

    def _go_to(self, at_mm: float) -> None:
        point = list(self._state.cross_mm)
        point[depth_of(self.direction)] = at_mm
        self.cross_wanted.emit((point[0], point[1], point[2]))

    def _nudge(self, columns: int, rows: int) -> None:
        plane = self._plane()
        (x, y), _ = plane.image_point(self._state.cross_mm)
        self.cross_wanted.emit(plane.patient_mm((x + columns, y + rows)))

    def _key_table(self) -> dict[Qt.Key, Callable[[int], None]]:
        return {
            Qt.Key.Key_Left: lambda steps: self._nudge(-steps, 0),
            Qt.Key.Key_Right: lambda steps: self._nudge(steps, 0),
            Qt.Key.Key_Up: lambda steps: self._nudge(0, -steps),
            Qt.Key.Key_Down: lambda steps: self._nudge(0, steps),
            Qt.Key.Key_PageUp: lambda steps: self._step_through(-steps),
            Qt.Key.Key_PageDown: lambda steps: self._step_through(steps),
            Qt.Key.Key_Home: lambda _: self._go_to_end(0),
            Qt.Key.Key_End: lambda _: self._go_to_end(1),
        }

    def _move(self, camera: Camera) -> None:
        self._camera = camera
        self.update()

    def _area(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))


_PLAIN: Final = Qt.KeyboardModifier.NoModifier
