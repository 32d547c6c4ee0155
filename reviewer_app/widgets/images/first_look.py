"""What is seen of a large image until it is decoded: a small picture kept from the last time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter

from core.domain.media import View
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.overlay import Corners, paint_corners

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage

Opener = Callable[[], "LoadedImage"]
_LARGE_PIXELS: Final = 1 << 21


def keep_first_look(image: LoadedImage, index: int, view: View) -> None:
    """Keep a small picture of a decoded frame for the next time; runs beside the UI thread."""
    from core.imaging.pictures import keep_glimpse

    keep_glimpse(image, index, view)


class _Bell(QObject):
    rung = Signal(object)


class _Asked:
    """One wish for a first look; what comes for an older one is not shown."""

    def __init__(self, bell: _Bell) -> None:
        self._bell = bell
        self.png = b""
        self.size = (1, 1)

    def tell(self, image: LoadedImage, index: int, view: View) -> None:
        """Read the small picture where it is worth it; runs beside the UI thread."""
        if image.glimpses is None or image.ready_frame(index) is not None:
            return
        png = image.glimpses.get(index, view)
        if png is None:
            return
        from core.imaging.placing import upright_size

        self.png, self.size = png, upright_size(image, view)
        with suppress(RuntimeError):  # the view is gone meanwhile
            self._bell.rung.emit(self)


class FirstLook(QObject):
    """Signal: `came()` when there is something to paint."""

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bell = _Bell(self)
        self._bell.rung.connect(self._on_rung, Qt.ConnectionType.QueuedConnection)
        self._asked = _Asked(self._bell)
        self._picture: QImage | None = None

    def watch(self, opener: Opener, index: int, view: View) -> Opener:
        """Return an opener that also looks for a small picture of a frame."""
        self.forget()
        asked = self._asked

        def opened() -> LoadedImage:
            image = opener()
            asked.tell(image, index, view)
            return image

        return opened

    def forget(self) -> None:
        """Show nothing any more, whatever is still on its way."""
        self._asked = _Asked(self._bell)
        self._picture = None

    def is_there(self) -> bool:
        """Tell whether there is something to paint."""
        return self._picture is not None

    def is_worth_keeping(self, image: LoadedImage) -> bool:
        """Tell whether a frame of an image takes long enough for a small picture to be kept."""
        return image.glimpses is not None and image.width * image.height >= _LARGE_PIXELS

    def paint(self, painter: QPainter, area: QRect, told: str) -> None:
        """Paint the small picture where the large one will stand, and that it is on its way."""
        if self._picture is None:
            return
        camera = Camera.fitting(self._asked.size, (area.width(), area.height()))
        width, height = (side * camera.scale for side in self._asked.size)
        place = QRectF((area.width() - width) / 2, (area.height() - height) / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._picture)
        paint_corners(painter, area, Corners(bottom_left=(told,)), painter.font())

    @Slot(object)
    def _on_rung(self, asked: _Asked) -> None:
        if asked is self._asked:
            self._picture = QImage.fromData(asked.png)
            self.came.emit()
