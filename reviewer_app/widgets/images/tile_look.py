"""What of a slide is looked at, and where its tiles lie in device pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain.media import View
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.picture import Sight
from reviewer_app.widgets.images.tile_screen import Box

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage
    from core.imaging.slides.tiles import Area, Span, Tile

Line = tuple[int, int]
"""Start and end, in device pixels of the whole picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """What of a slide is looked at, and how."""

    sight: Sight
    camera: Camera
    view: View
    is_smooth: bool

    def window(self) -> Box:
        """Return the screen's area in device pixels of the whole picture."""
        camera = self.camera
        left, top = round(camera.left * camera.scale), round(camera.top * camera.scale)
        return Box(left, top, left + camera.area_width, top + camera.area_height)

    def shares_pixels(self, other: Look) -> bool:
        """Tell whether only the place differs."""
        size, before = self.camera, other.camera
        return (
            self.shows_the_same_as(other)
            and size.scale == before.scale
            and (size.area_width, size.area_height) == (before.area_width, before.area_height)
        )

    def shows_the_same_as(self, other: Look) -> bool:
        """Tell whether only place, size and scale differ."""
        is_same = self.sight.frame is other.sight.frame and self.view == other.view
        return is_same and self.is_smooth == other.is_smooth

    def grid(self, span: Span) -> Grid:
        """Return where the tiles of a span belong."""
        from core.imaging.placing import shown_point

        image, scale = self.sight.image, self.camera.scale
        assert image.slide is not None  # noqa: S101 - only slides have tiles
        level, whole = image.slide.levels[span.level], image.slide.overview
        start, right, down = (
            shown_point(image, self.view, point) for point in ((0, 0), (1, 0), (0, 1))
        )
        is_turned = self.view.quarter_turns % 2 == 1
        across, along = (1, 0) if is_turned else (0, 1)
        return Grid(
            span,
            _lines(
                span.columns,
                (level.tile_width, level.width, whole.width),
                start[across] * scale,
                (right[across] - start[across]) * scale,
            ),
            _lines(
                span.rows,
                (level.tile_height, level.height, whole.height),
                start[along] * scale,
                (down[along] - start[along]) * scale,
            ),
            is_turned,
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """Where columns and rows of tiles lie on the screen; turned, columns lie below each other."""

    span: Span
    columns: dict[int, Line]
    rows: dict[int, Line]
    is_turned: bool

    def tiles_in(self, box: Box) -> list[Tile]:
        """Return the tiles that lie in a box, also those that only reach into it."""
        from core.imaging.slides.tiles import Tile

        across, along = (box.left, box.right), (box.top, box.bottom)
        if self.is_turned:
            across, along = along, across
        columns = _met(self.columns, across)
        level, shrink = self.span.level, self.span.shrink
        return [
            Tile(level, row, column, shrink) for row in _met(self.rows, along) for column in columns
        ]

    def extent(self) -> Box:
        """Return where all tiles lie together."""
        x, y = _reach(self.columns), _reach(self.rows)
        if self.is_turned:
            x, y = y, x
        return Box(x[0], y[0], x[1], y[1])

    def box(self, tile: Tile) -> Box:
        """Return where a tile belongs, on whole pixels, so that neighbors leave no seam."""
        x, y = self.columns[tile.column], self.rows[tile.row]
        if self.is_turned:
            x, y = y, x
        return Box(x[0], y[0], x[1], y[1])


def _reach(lines: dict[int, Line]) -> Line:
    starts, ends = zip(*lines.values(), strict=True)
    return min(starts), max(ends)


def _met(lines: dict[int, Line], part: Line) -> list[int]:
    return [number for number, ends in lines.items() if ends[0] < part[1] and part[0] < ends[1]]


def _lines(
    numbers: range, sides: tuple[int, int, int], start: float, step: float
) -> dict[int, Line]:
    """Return where columns or rows lie; sides of a tile, its level and the overview in pixels."""
    tile, length, whole = sides
    found = {}
    for number in numbers:
        edges = (number * tile, min((number + 1) * tile, length))
        ends = sorted(round(start + edge * whole / length * step) for edge in edges)
        found[number] = (ends[0], ends[1])
    return found


def area_in_sight(image: LoadedImage, camera: Camera, view: View) -> Area:
    """Return what a camera sees, in stored pixels of the overview."""
    from core.imaging.placing import stored_point
    from core.imaging.slides.tiles import Area

    corners = [
        stored_point(image, view, camera.image_point(x, y))
        for x, y in ((0, 0), (camera.area_width, camera.area_height))
    ]
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
    return Area(left, top, right, bottom)
