"""Tiles of a whole slide over its overview: fetched beside the UI thread, the middle first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from core.domain.media import View
from core.errors import CoreError
from reviewer_app.widgets.image_camera import LARGEST_SCALE, Camera
from reviewer_app.widgets.image_loader import ImageLoader, Urgency

if TYPE_CHECKING:
    from core.imaging.frame_memory import Held
    from core.imaging.image import Frame, LoadedImage
    from core.imaging.slide_tiles import Area, Tile

_LARGEST_OF_SLIDES: Final = 8.0


class SlideTiles(QObject):
    """Paints the tiles that a camera sees; what is missing comes later, and the newest look wins.

    Signal: `changed()` when a tile came, or the news that one is damaged.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = ImageLoader(self)
        self._asked: tuple[Tile, ...] = ()
        self._broken: dict[Tile, str] = {}
        self._before: tuple[Tile, ...] = ()
        self._held: dict[Tile, Held] = {}
        """Keeps in memory what is in sight; else tiles of a large screen drove each other out."""

    def forget(self) -> None:
        """Drop what was asked and let the memory go."""
        self._loader.forget()
        self._asked = self._before = ()
        self._broken.clear()
        self._held.clear()

    def error(self) -> str:
        """Return why a tile is missing; empty where none is."""
        return next(iter(self._broken.values()), "")

    def is_settled(self) -> bool:
        """Tell whether every tile in sight is there."""
        return self._loader.is_idle()

    def paint(
        self, painter: QPainter, image: LoadedImage, camera: Camera, view: View, ratio: float
    ) -> None:
        """Paint the tiles in sight that are there, over coarser ones of the last look."""
        from core.imaging.slide_tiles import area_of, tiles_in

        if image.slide is None:
            return
        tiles = tiles_in(image.slide, area_in_sight(image, camera, view), camera.scale)
        ready = {tile: part for tile in tiles if (part := image.ready_part(tile)) is not None}
        if len(ready) < len(tiles):
            older = {tile: part for tile in self._before if (part := image.ready_part(tile))}
            ready = older | ready
        else:
            self._before = tiles
        self._held = {
            tile: self._held.get(tile) or image.hold_part(tile, part)
            for tile, part in ready.items()
        }
        projection = _projection(image, camera, view)
        for tile, part in ready.items():
            spot = projection.rect(area_of(image.slide, tile))
            place = QRectF(
                spot.x() / ratio, spot.y() / ratio, spot.width() / ratio, spot.height() / ratio
            )
            painter.drawImage(place, _picture(part, view))
        self._ask(image, tuple(tile for tile in tiles if tile not in ready))

    def _ask(self, image: LoadedImage, missing: tuple[Tile, ...]) -> None:
        from core.imaging.slide_tiles import tile_of

        wanted = tuple(tile for tile in missing if tile not in self._broken)
        if wanted and set(wanted) <= set(self._asked):
            return
        self._loader.forget()
        self._asked = wanted
        for tile in wanted:
            self._loader.ask(
                partial(tile_of, image, tile),
                partial(self._on_ready, image, tile),
                partial(self._on_broken, tile),
                Urgency.OTHER_IMAGE,
            )

    def _on_ready(self, image: LoadedImage, tile: Tile, part: Frame) -> None:
        self._held[tile] = image.hold_part(tile, part)
        self._end(tile)

    def _on_broken(self, tile: Tile, error: CoreError) -> None:
        self._broken[tile] = error.sentence
        self._end(tile)

    def _end(self, tile: Tile) -> None:
        self._asked = tuple(one for one in self._asked if one != tile)
        self.changed.emit()


@dataclass(frozen=True, slots=True)
class _Projection:
    """Where pixels of the overview lie on the screen: a start, and the ways right and down."""

    start: tuple[float, float]
    right: tuple[float, float]
    down: tuple[float, float]

    def rect(self, area: Area) -> QRect:
        """Return an area on whole pixels, so that neighbors leave no seam."""
        xs, ys = [], []
        for across, along in ((area.left, area.top), (area.right, area.bottom)):
            xs.append(round(self.start[0] + across * self.right[0] + along * self.down[0]))
            ys.append(round(self.start[1] + across * self.right[1] + along * self.down[1]))
        x, y = min(xs), min(ys)
        return QRect(x, y, max(xs) - x, max(ys) - y)


def _projection(image: LoadedImage, camera: Camera, view: View) -> _Projection:
    from core.imaging.placing import shown_point

    (x, y), right, down = (shown_point(image, view, point) for point in ((0, 0), (1, 0), (0, 1)))
    scale = camera.scale
    return _Projection(
        ((x - camera.left) * scale, (y - camera.top) * scale),
        ((right[0] - x) * scale, (right[1] - y) * scale),
        ((down[0] - x) * scale, (down[1] - y) * scale),
    )


def _picture(part: Frame, view: View) -> QImage:
    """Return a tile as it is looked at; the frame's memory must live as long."""
    pixels = part.stored
    if view.is_mirrored or view.quarter_turns % 4:
        from core.imaging.shown import turned

        pixels = turned(pixels, view)
    if view.is_inverted:
        pixels = part.shade(pixels, view)
    height, width = pixels.shape[:2]
    picture = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
    return picture if pixels is part.stored else picture.copy()


def area_in_sight(image: LoadedImage, camera: Camera, view: View) -> Area:
    """Return what a camera sees, in stored pixels of the overview."""
    from core.imaging.placing import stored_point
    from core.imaging.slide_tiles import Area

    corners = [
        stored_point(image, view, camera.image_point(x, y))
        for x, y in ((0, 0), (camera.area_width, camera.area_height))
    ]
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
    return Area(left, top, right, bottom)


def pixel_scale(image: LoadedImage | None) -> float:
    """Return the scale at which a pixel of the file, of a slide its finest, is one of ours."""
    if image is None or image.slide is None:
        return 1.0
    from core.imaging.slide_tiles import overview_of

    return overview_of(image.slide).scale


def largest_scale(image: LoadedImage) -> float:
    """Return how far an image can be enlarged; a slide by its finest pixels, less than others."""
    return max(LARGEST_SCALE, pixel_scale(image) * _LARGEST_OF_SLIDES)


def magnification_text(image: LoadedImage | None, camera: Camera) -> str:
    """Return as what magnification a slide is shown; empty where that is unknown."""
    if image is None or image.slide is None:
        return ""
    from core.imaging.slide_tiles import magnification

    times = magnification(image.slide, camera.scale)
    return "" if times is None else f"  ≈ {times:.2g}×"
