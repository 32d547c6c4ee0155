"""Tiles of a whole slide over its overview: fetched beside the UI thread, the middle first."""

from __future__ import annotations

import math
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPainter

from core.domain.media import View
from core.errors import CoreError
from reviewer_app.widgets.images.ahead import leave
from reviewer_app.widgets.images.camera import LARGEST_SCALE, Camera
from reviewer_app.widgets.images.loader import ImageLoader, Urgency
from reviewer_app.widgets.images.tile_look import Grid, Look, area_in_sight
from reviewer_app.widgets.images.tile_screen import Box, TileScreen, ready_screen

if TYPE_CHECKING:
    from core.imaging.decoding.frame_memory import Held
    from core.imaging.display import Gray
    from core.imaging.image import Frame, LoadedImage
    from core.imaging.slides.spread import Spread
    from core.imaging.slides.tiles import Span, Tile

_LARGEST_OF_SLIDES: Final = 8.0
_SPREAD_BYTES: Final = 64 << 20
"""So much of the tiles stays at the resolution of the screen: those at the rim are met again."""
_BAND_PX: Final = 128
_SMOOTH_PIXELS: Final = 1 << 20
"""An area of so many is enlarged smoothly between two refreshes."""
_MOST_ASKED: Final = 64
"""So many tiles wait for a decoder at a time."""
_STEP_S: Final = 0.005
"""So long tiles are drawn before the window gets its turn: a third of a screen refresh."""


class SlideTiles(QObject):
    """Paints a slide from the tiles that a camera sees, and asks for those that are missing.

    What was drawn stays on a screen of its own (`TileScreen`): a pan draws the rim, a tile that
    comes is drawn once. Where much is new, as after a zoom, it is drawn in several short steps.
    Signal: `changed()` when there is more to paint, or the news that a tile is damaged.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = ImageLoader(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.changed)
        self._broken: dict[Tile, str] = {}
        self._maker = ImageLoader(self)
        self._spare: TileScreen | None = None
        """A screen that nobody looks at, for the next scale."""
        self._forget_screen()

    def forget(self) -> None:
        """Drop what was asked and let the memory go."""
        self._broken.clear()
        self._forget_screen()
        self._maker.forget()
        self._spare = None

    def error(self) -> str:
        """Return why a tile is missing; empty where none is."""
        return next(iter(self._broken.values()), "")

    def is_settled(self) -> bool:
        """Tell whether every tile in sight is there and drawn."""
        is_complete = self._missing.keys() <= self._broken.keys()
        return is_complete and self._loader.is_idle() and not self._has_more

    def paint(self, painter: QPainter, look: Look, ratio: float) -> bool:
        """Paint all of the area; false where the overview is fine enough, which others paint."""
        from core.imaging.slides.tiles import span_in

        image, camera = look.sight.image, look.camera
        assert image.slide is not None  # noqa: S101 - the caller has looked
        span = span_in(image.slide, area_in_sight(image, camera, look.view), camera.scale)
        if span is None:
            self._spare = self._screen or self._spare
            self._forget_screen()
            self._make_spare(camera)
            return False
        before, rim = self._screen, self._rim(look)
        is_rescaled = before is not None and before is not self._screen
        if span != self._span and not is_rescaled:
            self._take_span(look, span)
        for box in rim:
            self._draw_rim(look, box)
        if is_rescaled:  # that took its time already; tiles have theirs in the next step
            self._come_again()
        else:
            self._draw_what_came(look)
            self._ask(image, span)
        assert self._screen is not None  # noqa: S101 - made above
        self._screen.paint(painter, ratio)
        self._make_spare(camera)
        return True

    def _forget_screen(self) -> None:
        self._loader.forget()
        self._later.stop()
        self._has_more = False
        """Whether there was no time left for tiles."""
        self._screen: TileScreen | None = None
        self._look: Look | None = None
        self._span: Span | None = None
        self._way = (0, 0)
        self._ahead: tuple[Span | None, tuple[int, int]] = (None, (0, 0))
        """For which tiles in sight, and which way over them, more were decoded."""
        self._grid: Grid | None = None
        self._missing: dict[Tile, None] = {}
        """The tiles in sight that are not drawn, in their order."""
        self._unseen: deque[Tile] = deque()
        """Those of them that may be in memory."""
        self._absent: dict[Tile, None] = {}
        """Those of them that are not, and for which nobody was asked."""
        self._asked: dict[Tile, None] = {}
        self._coarse: deque[Box] = deque()
        """Where the overview stands in single pixels."""
        self._held: dict[Tile, Held] = {}
        """Keeps in memory what is in sight; else tiles of a large screen drove each other out."""
        self._spreads: dict[Tile, Spread] = {}
        """Tiles drawn last, at the resolution of the screen."""

    def _make_spare(self, camera: Camera) -> None:
        """Have a screen made beside the UI thread, before it is needed."""
        size = (camera.area_width, camera.area_height)
        is_there = self._spare is not None and self._spare.window.size == size
        if not is_there and self._maker.is_idle():
            made = partial(ready_screen, size)
            self._maker.ask(made, self._on_spare_made, leave, Urgency.OTHER_IMAGE)

    def _on_spare_made(self, spare: TileScreen) -> None:
        self._spare = spare

    def _rim(self, look: Look) -> list[Box]:
        """Put the screen where the camera stands and return what must be drawn at once."""
        before, screen, window = self._look, self._screen, look.window()
        self._look = look
        if before is not None and screen is not None and look.shares_pixels(before):
            return screen.move_to(window)
        self._screen, self._spare = TileScreen(window, self._spare), screen
        self._span, self._grid = None, None
        self._missing, self._spreads = {}, {}
        self._coarse.clear()
        if before is None or screen is None or not look.shows_the_same_as(before):
            return [window]
        return self._screen.take_from(screen, look.camera.scale / before.camera.scale)

    def _take_span(self, look: Look, span: Span) -> None:
        """Know which tiles are in sight; after a pan the rim tells those that are missing."""
        from core.imaging.slides.tiles import tiles_of

        before, self._span, self._grid = self._span, span, look.grid(span)
        self._way = (0, 0) if before is None else span.way_from(before)
        for kept in (self._missing, self._absent, self._held):
            for tile in [one for one in kept if not span.has(one)]:
                del kept[tile]
        if before is None:
            self._missing = dict.fromkeys(tiles_of(span))
            self._unseen, self._absent = deque(self._missing), {}

    def _draw_rim(self, look: Look, box: Box) -> None:
        """Draw what a pan brought into sight, of tiles that are not there the overview."""
        grid, drawn = self._grid, list[Box]()
        tiles = [] if grid is None else grid.tiles_in(box)
        for tile in tiles:
            if tile in self._missing:
                continue
            part = look.sight.image.ready_part(tile)
            if part is None:
                self._missing[tile] = self._absent[tile] = None
                continue
            drawn.append(self._draw(look, tile, part, box))
        if grid is not None and tiles and len(drawn) == len(tiles):
            drawn = [grid.extent()]  # which is soon taken away
        for rest in box.without_any(drawn):
            self._draw_overview(look, rest)

    def _come_again(self) -> None:
        """Go on after the window had its turn."""
        self._has_more = True
        self._later.start(0)

    def _draw_what_came(self, look: Look) -> None:
        """Draw tiles that are there by now, as many as there is time for."""
        assert self._screen is not None  # noqa: S101 - made before
        end, self._has_more = time.perf_counter() + _STEP_S, False
        while self._unseen:
            if time.perf_counter() > end:
                self._come_again()
                return
            tile = self._unseen.popleft()
            if tile not in self._missing:
                continue
            part = look.sight.image.ready_part(tile)
            if part is None:
                self._absent[tile] = None
                continue
            self._draw(look, tile, part, self._screen.window)
            del self._missing[tile]
        self._smooth_until(look, end)

    def _smooth_until(self, look: Look, end: float) -> None:
        """Draw the overview smoothly where it is coarse and no tile has come yet."""
        assert self._grid is not None  # noqa: S101 - made before
        while self._coarse:
            if time.perf_counter() > end:
                self._come_again()
                return
            band = self._coarse.popleft()
            there = [tile for tile in self._grid.tiles_in(band) if tile not in self._missing]
            for rest in band.without_any(self._grid.box(tile) for tile in there):
                self._draw_band(look, rest, is_smooth=True)

    def _draw(self, look: Look, tile: Tile, part: Frame, inside: Box) -> Box:
        """Draw a tile as far as it lies inside a box, and return where that is."""
        from core.imaging.slides.spread import Spread

        assert self._screen is not None  # noqa: S101 - made before
        assert self._grid is not None  # noqa: S101 - made before
        if tile not in self._held:
            self._held[tile] = look.sight.image.hold_part(tile, part)
        spread = self._spreads.pop(tile, None)
        if spread is None:
            spread = Spread(_picture(part, look.view), is_smooth=look.is_smooth)
        seen = self._screen.draw(spread, self._grid.box(tile), inside)
        self._spreads[tile] = spread  # as the newest one
        while len(self._spreads) > max(1, _SPREAD_BYTES // spread.nbytes):
            del self._spreads[next(iter(self._spreads))]
        return seen

    def _draw_overview(self, look: Look, box: Box) -> None:
        """Draw the overview: smooth where that is soon done, else its single pixels at first.

        It is drawn in bands: to touch fresh memory takes longer than to fill it.
        """
        is_rescaled = self._grid is None  # which took its time already
        is_smooth = not is_rescaled and math.prod(box.size) <= _SMOOTH_PIXELS
        for top in range(box.top, box.bottom, _BAND_PX):
            band = Box(box.left, top, box.right, min(top + _BAND_PX, box.bottom))
            self._draw_band(look, band, is_smooth=is_smooth)
            if not is_smooth:
                self._coarse.append(band)

    def _draw_band(self, look: Look, box: Box, *, is_smooth: bool) -> None:
        from core.imaging.display import opaque
        from core.imaging.resample import Viewport
        from core.imaging.slides.spread import Spread
        from core.imaging.slides.tiles import coarse_part

        assert self._screen is not None  # noqa: S101 - made before
        scale = look.camera.scale
        wider = box.grown(math.ceil(scale) + 1)  # what lies between pixels needs both of them
        port = Viewport(*wider.size, wider.left / scale, wider.top / scale, scale)
        found = coarse_part(look.sight.frame, look.view, port)
        bare = [box]
        if found is not None:
            colors, part = found
            left, top = wider.left + part.x, wider.top + part.y
            place = Box(left, top, left + part.width, top + part.height)
            if is_smooth:
                self._screen.draw(Spread(colors), place, box)
            else:
                self._screen.spread(opaque(colors), place, box)
            bare = box.without(place)
        for rest in bare:
            self._screen.blacken(rest)

    def _ask(self, image: LoadedImage, span: Span) -> None:
        """Ask for some of the tiles that are absent; the others follow as these come."""
        from core.imaging.slides.tiles import tile_of

        if not all(span.has(tile) for tile in self._asked):
            self._loader.forget()
            again = {tile: None for tile in self._asked if tile in self._missing}
            self._asked, self._absent = {}, again | self._absent
        while self._absent and len(self._asked) < _MOST_ASKED:
            tile = next(iter(self._absent))
            del self._absent[tile]
            if tile in self._broken or tile in self._asked:
                continue
            self._asked[tile] = None
            self._loader.ask(
                partial(tile_of, image, tile),
                partial(self._on_ready, image, tile),
                partial(self._on_broken, tile),
                Urgency.OTHER_IMAGE,
            )
        self._walk_ahead(image)

    def _walk_ahead(self, image: LoadedImage) -> None:
        """Decode what a hand that goes on will see next."""
        from core.imaging.slides.tiles import tile_of, tiles_beyond

        assert self._span is not None  # noqa: S101 - something was painted
        assert image.slide is not None  # noqa: S101 - only slides have tiles
        if self._ahead == (self._span, self._way):
            return
        self._ahead = (self._span, self._way)
        beyond = tiles_beyond(image.slide, self._span, self._way)
        self._loader.walk([partial(tile_of, image, tile) for tile in beyond])

    def _on_ready(self, image: LoadedImage, tile: Tile, part: Frame) -> None:
        del self._asked[tile]
        if tile in self._missing:
            self._held[tile] = image.hold_part(tile, part)
            self._unseen.append(tile)
        self.changed.emit()

    def _on_broken(self, tile: Tile, error: CoreError) -> None:
        del self._asked[tile]
        self._broken[tile] = error.sentence
        self.changed.emit()


def _picture(part: Frame, view: View) -> Gray:
    """Return a tile as it is looked at."""
    pixels = part.stored
    if view.is_mirrored or view.quarter_turns % 4:
        from core.imaging.shown import turned

        pixels = turned(pixels, view)
    return part.shade(pixels, view) if view.is_inverted else pixels


def pixel_scale(image: LoadedImage | None) -> float:
    """Return the scale at which a pixel of the file, of a slide its finest, is one of ours."""
    if image is None or image.slide is None:
        return 1.0
    from core.imaging.slides.tiles import overview_of

    return overview_of(image.slide).scale


def largest_scale(image: LoadedImage) -> float:
    """Return how far an image can be enlarged; a slide by its finest pixels, less than others."""
    return max(LARGEST_SCALE, pixel_scale(image) * _LARGEST_OF_SLIDES)


def magnification_text(image: LoadedImage | None, camera: Camera) -> str:
    """Return as what magnification a slide is shown; empty where that is unknown."""
    if image is None or image.slide is None:
        return ""
    from core.imaging.slides.tiles import magnification

    times = magnification(image.slide, camera.scale)
    return "" if times is None else f"  ≈ {times:.2g}×"
