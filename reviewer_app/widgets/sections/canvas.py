"""One section of a volume on the screen: picture, cross, slab, marks and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.errors import CoreError
from core.imaging.geometry import Plane, Vector
from core.imaging.mpr.sections import Direction, grid_of
from core.imaging.mpr.volume import Volume
from reviewer_app import theme
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.overlay import (
    Corners,
    paint_focus,
    paint_message,
    paint_texts,
)
from reviewer_app.widgets.images.screen import paint_placed
from reviewer_app.widgets.sections.drawing import corners_of, letters_of, paint_band, paint_cross
from reviewer_app.widgets.sections.maker import Made, SectionMaker, Wish
from reviewer_app.widgets.sections.picture import SectionPicture
from reviewer_app.widgets.sections.state import MprState

if TYPE_CHECKING:
    from reviewer_app.widgets.sections.marks import SectionMarks


class SectionCanvas(QWidget):
    """Shows the section of one direction; what a hand does with it is `SectionPane`'s."""

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
        self._marks: SectionMarks | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

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
        letters, corners = letters_of(self._plane()), self._corners(volume)
        paint_texts(painter, self.rect(), letters, corners, font, px_per_mm)

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

    def _move(self, camera: Camera) -> None:
        self._camera = camera
        self.update()

    def _area(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
