"""The surface on which one image stands: opening, frames, camera, painting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.errors import CoreError
from reviewer_app import theme
from reviewer_app.widgets.images.ahead import Arrived, arrive, leave, missing_around
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.first_look import FirstLook, keep_first_look
from reviewer_app.widgets.images.loader import ImageLoader, Urgency
from reviewer_app.widgets.images.overlay import (
    Corners,
    paint_focus,
    paint_ground,
    paint_message,
    paint_texts,
)
from reviewer_app.widgets.images.picture import FramePicture, Sight
from reviewer_app.widgets.images.probe import head_lines, note_lines, view_lines
from reviewer_app.widgets.images.screen import paint_placed
from reviewer_app.widgets.images.tile_look import Look
from reviewer_app.widgets.images.tiles import (
    SlideTiles,
    largest_scale,
    magnification_text,
    pixel_scale,
)
from reviewer_app.widgets.images.upright import is_large
from reviewer_app.widgets.images.windows import number_text

if TYPE_CHECKING:
    from core.imaging.decoding.frame_memory import Held
    from core.imaging.image import Frame, LoadedImage

_NO_MEDIA: Final = MediaId("")
_REST_MS: Final = 80
"""A hand that has not moved for so long gets the smooth picture."""
_WAITING_MS: Final = 150
"""A word about waiting that comes sooner would flicker."""


class ImageCanvas(QWidget):
    """Shows one frame of an image use; decodes elsewhere, so that the window never waits.

    Signals: `frame_changed(int)` with the place within the use's frames and `scrolled(int)` with
    the steps to it; `camera_changed(Camera, Camera)` from and to; `arrived()` when an image or
    the reason why there is none came on screen.
    """

    frame_changed = Signal(int)
    scrolled = Signal(int)
    camera_changed = Signal(object, object)
    arrived = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open: Callable[[], LoadedImage] | None = None
        self._image: LoadedImage | None = None
        self._use = ImageUse(_NO_MEDIA)
        self._place = self._shown_place = 0
        self._view = View()
        self._frame: Frame | None = None
        self._held: Held | None = None
        self._sight: Sight | None = None
        self._is_painted = True
        """Whether the frame in sight was painted since it came."""
        self._camera = Camera.fitting((1, 1), (1, 1))
        self._picture = FramePicture()
        self._loader = ImageLoader(self)
        self._first_look = FirstLook(self)
        self._first_look.came.connect(self.update)
        self._tiles = SlideTiles(self)
        self._tiles.changed.connect(self.update)
        self._error = self._probe = ""
        self._empty_text = self.tr("No image")
        self._has_text = True
        self.names_role = False
        """Whether to say which image is the current one, as beside a prior."""
        self._is_marked = False
        self._rest = self._timer(_REST_MS, self.update)
        self._patience = self._timer(_WAITING_MS, self._describe)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Image"))

    def show_use(self, opener: Callable[[], LoadedImage], use: ImageUse, place: int = 0) -> None:
        """Open an image and show a place of its frames, fitted; errors are told in place."""
        self._forget_image()
        self._open, self._use, self._view = opener, use, use.view
        self._place = max(0, min(place, len(use.frames) - 1))
        self._load()

    def show_image(self, image: LoadedImage, use: ImageUse) -> None:
        """Show the first frame of an open image, as `show_use` does."""
        self.show_use(lambda: image, use)

    def clear(self, text: str = "") -> None:
        """Show no image; `text` says why."""
        self._forget_image()
        self._open = None
        self._empty_text = text or self.tr("No image")
        self._describe()

    def try_again(self) -> None:
        """Open once more what was refused: a file may be back, a decoder be started anew."""
        if self._error and self._open is not None:
            self._error = ""
            self._load()

    def image(self) -> LoadedImage | None:
        """Return the image on screen; None before it is open."""
        return self._image

    def use(self) -> ImageUse:
        """Return what was asked to be shown."""
        return self._use

    def view(self) -> View:
        """Return window and inversion as they are now."""
        return self._view

    def shown_window(self) -> Window | None:
        """Return the window in use; None without an image and for color."""
        if self._frame is None or self._frame.gray is None:
            return None
        return self._view.window or self._frame.default_window

    def place(self) -> int:
        """Return which of the use's frames is shown or on its way, from 0."""
        return self._place

    def frame_count(self) -> int:
        """Return how many frames can be scrolled."""
        return len(self._use.frames) if self._open is not None else 0

    def is_waiting(self) -> bool:
        """Tell whether what was asked for is not on screen yet."""
        return self._open is not None and not self._error and self._place != self._shown()

    def zoom_percent(self) -> float:
        """Return device pixels per image pixel (of a slide: its finest), times 100."""
        return self._camera.scale / pixel_scale(self._image) * 100

    def tiles(self) -> SlideTiles:
        """Return the tiles over the overview of a slide."""
        return self._tiles

    def show_place(self, place: int) -> None:
        """Go to a place within the use's frames; beyond the ends it stays at the end."""
        place = max(0, min(place, self.frame_count() - 1))
        if place == self._place or self._open is None:
            return
        steps, self._place = place - self._place, place
        self._load()
        self.frame_changed.emit(place)
        self.scrolled.emit(steps)

    def camera(self) -> Camera:
        """Return where the picture stands."""
        return self._camera

    def set_camera(self, camera: Camera) -> None:
        """Put the picture elsewhere."""
        self._move_camera(camera)

    def set_marked(self, *, is_marked: bool) -> None:
        """Show or hide the frame that tells this view from its neighbors."""
        if is_marked != self._is_marked:
            self._is_marked = is_marked
            self.update()

    def look_ahead(self, work: Callable[[], object]) -> None:
        """Do something for a later picture when nothing more urgent is left."""
        self._loader.ask(work, leave, leave, Urgency.OTHER_IMAGE)

    def sizeHint(self) -> QSize:
        """Half of a laptop's screen."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        """As small as an image can still be told apart."""
        return QSize(160, 120)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, picture, texts and focus."""
        painter = QPainter(self)
        self._is_painted = True
        if self._sight is None:
            self._paint_words(painter)
        else:
            self._paint_picture(painter, self._sight)
            if self._has_text:
                self._paint_texts(painter, self._sight)
        if self.hasFocus() or self._is_marked:
            paint_focus(painter, self.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep fitting, or keep the middle."""
        super().resizeEvent(event)
        self._camera = self._camera.resized(*self._area())

    def _load(self) -> None:
        """Get the frame that is wanted, before all that was wanted until now."""
        if self._open is None:
            return
        self._loader.forget()
        index = self._use.frames[self._place]
        ready = self._image.ready_frame(index) if self._image is not None else None
        if self._image is not None and ready is not None and not is_large(ready):
            self._on_arrived(self._place, Arrived(self._image, ready))
            return
        self._patience.start()
        opener = self._open
        if self._sight is None:
            opener = self._first_look.watch(opener, index, self._use.view)
        wanted = partial(arrive, opener, index, self._view, self._area())
        self._describe()
        self._loader.ask(wanted, partial(self._on_arrived, self._place), self._on_refused)

    def _on_arrived(self, place: int, arrived: Arrived) -> None:
        self._patience.stop()
        self._first_look.forget()
        if self._image is not arrived.image:
            self._image = arrived.image
            largest = largest_scale(arrived.image)
            self._camera = Camera.fitting(self._upright_size(), self._area(), largest)
            self.setCursor(Qt.CursorShape.CrossCursor)
        index = self._use.frames[place]
        self._sight = Sight(arrived.image, arrived.frame, index)
        self._held = arrived.image.hold(index, arrived.frame)
        self._picture.take(arrived.upright)
        self._frame, self._shown_place, self._error = arrived.frame, place, ""
        self._describe()
        self.arrived.emit()
        self._make_picture(self._sight)
        missing = missing_around(arrived, self._use.frames, self._shown_place)
        if missing:
            self._loader.walk(partial(arrived.image.frame_ahead, one) for one in missing)
        if self._first_look.is_worth_keeping(arrived.image):
            keep = partial(keep_first_look, arrived.image, index, self._use.view)
            self._loader.ask(keep, leave, leave, Urgency.THUMBNAIL)

    def _make_picture(self, sight: Sight) -> None:
        """Resample before painting begins, which waits until the screen has the picture before.

        Of frames that come faster than they are painted, those that are passed over are left out.
        """
        is_behind, self._is_painted = not self._is_painted, False
        hand = self._rest.isActive()
        if is_behind or not self.isVisible() or sight.image.slide is not None:
            return
        if not (hand and self._picture.is_slow(self._camera)):
            self._picture.make(sight, self._camera, self._view, is_hasty=hand)

    def _on_refused(self, error: CoreError) -> None:
        self._patience.stop()
        self._first_look.forget()
        self._frame = self._sight = self._held = None
        again = self.tr("Reset opens it once more.")
        self._error = f"{error.sentence}\n\n{again}"
        self._describe()
        self.arrived.emit()

    def _forget_image(self) -> None:
        self._loader.forget()
        self._first_look.forget()
        self._patience.stop()
        self._image = self._frame = self._sight = self._held = None
        self._place = self._shown_place = 0
        self._error = self._probe = ""
        self._picture.forget()
        self._tiles.forget()
        self.unsetCursor()

    def _move_camera(self, camera: Camera) -> None:
        if self._image is not None and camera != self._camera:
            before, self._camera = self._camera, camera
            self._rest.start()
            self._describe()
            self.camera_changed.emit(before, camera)

    def _area(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _device(self, point: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return point.x() * ratio, point.y() * ratio

    def _paint_words(self, painter: QPainter) -> None:
        paint_ground(painter, self.rect())
        if self._first_look.is_there():
            self._first_look.paint(painter, self.rect(), self._headline())
        elif not self._patience.isActive():
            heading = self.tr("This image cannot be shown") if self._error else self._headline()
            paint_message(painter, self.rect(), heading, self._error, self.font())

    def _paint_texts(self, painter: QPainter, sight: Sight) -> None:
        letters = sight.image.geometry.letters(sight.index, self._view)
        edges = (letters.left, letters.top, letters.right, letters.bottom)
        spacing = self._spacing_mm()
        scale = self._camera.scale / self.devicePixelRatioF()
        px_per_mm = None if spacing is None else scale / spacing
        font = theme.tabular_font()
        paint_texts(painter, self.rect(), edges, self._corners(), font, px_per_mm)

    def _upright_size(self) -> tuple[int, int]:
        from core.imaging.placing import upright_size

        return upright_size(self._image, self._view) if self._image is not None else (1, 1)

    def _spacing_mm(self) -> float | None:
        from core.imaging.placing import spacing_shown_mm

        return None if self._image is None else spacing_shown_mm(self._image)

    def _turn_camera(self) -> None:
        """Fit the picture again when it was turned on its side."""
        size = self._upright_size()
        if size != (self._camera.image_width, self._camera.image_height):
            self._camera = Camera.fitting(size, self._area(), self._camera.largest)

    def _paint_picture(self, painter: QPainter, sight: Sight) -> None:
        if (self._camera.area_width, self._camera.area_height) != self._area():
            self._camera = self._camera.resized(*self._area())  # moved to another screen
        ratio = self.devicePixelRatioF()
        if sight.image.slide is not None:
            look = Look(sight, self._camera, self._view, self._picture.is_smooth)
            if self._tiles.paint(painter, look, ratio):
                return
        hand = self._rest.isActive()
        placed = self._picture.make(sight, self._camera, self._view, is_hasty=hand)
        if placed is None:
            paint_ground(painter, self.rect())
        else:
            paint_ground(painter, self.rect(), placed.rect(ratio).toAlignedRect())
            paint_placed(painter, placed, ratio)

    def _corners(self) -> Corners:
        lines = view_lines(self._image, self._frame, self._view)
        percent = number_text(round(self.zoom_percent(), 1))
        times = magnification_text(self._image, self._camera)
        lines.append(self.tr("Zoom {0} %").format(percent) + times)
        return Corners(
            top_left=head_lines(self._use, self._image, names_role=self.names_role),
            top_right=(*note_lines(self._image), self._tiles.error()),
            bottom_left=(self._probe, self._frame_text()),
            bottom_right=lines,
        )

    def _frame_text(self) -> str:
        if self.frame_count() < 2:
            return ""
        text = self.tr("Frame {0} / {1}").format(self._shown_place + 1, self.frame_count())
        if self.is_waiting():
            return self.tr("{0}, opening {1} …").format(text, self._place + 1)
        return text

    def _headline(self) -> str:
        return self.tr("Opening the image …") if self._open is not None else self._empty_text

    def _describe(self) -> None:
        """Tell a screen reader what is shown, and repaint."""
        if self._frame is None:
            self.setAccessibleDescription(self._error or self._headline())
        else:
            self.setAccessibleDescription(", ".join(line for line in self._spoken() if line))
        self.update()

    def _spoken(self) -> tuple[str, ...]:
        """Return what a screen reader is told of the picture in sight."""
        texts = self._corners()
        return (*texts.top_left, self._frame_text(), *texts.bottom_right)

    def _shown(self) -> int:
        return self._shown_place if self._frame is not None else -1

    def _timer(self, span_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(span_ms)
        timer.timeout.connect(then)
        return timer
