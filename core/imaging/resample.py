"""The visible part of a frame at the resolution of the screen, still in stored values."""

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.display import Gray, Values

_RESAMPLED_TYPES: Final = (np.uint8, np.uint16, np.int16, np.float32)
_MOST_SHIFT_PX: Final = 1 / 8
_FAR: Final = 64
"""So many image pixels before the first one are tried as a common edge with the screen."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A screen area in device pixels, and the image point under its top left corner.

    `scale` is device pixels per image pixel.
    """

    width: int
    height: int
    left: float
    top: float
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Resampled values and where they belong on the screen area."""

    values: Values
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which values are visible, and the screen area that they fill."""

    rows: slice
    columns: slice
    x: int
    y: int
    width: int
    height: int


class Scratch:
    """Memory for one resampled picture, used again for the next.

    Fresh memory of a large screen's size takes longer to get than to fill.
    """

    def __init__(self) -> None:
        self._bytes: NDArray[np.uint8] = np.empty(0, np.uint8)

    def array(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Values:
        """Return an array; it holds until the next one is asked for."""
        size = math.prod(shape) * dtype.itemsize
        if self._bytes.size < size:
            self._bytes = np.empty(size, np.uint8)
        return self._bytes[:size].view(dtype).reshape(shape)


def visible_part(stored: Values, port: Viewport) -> Part | None:
    """Return what of a picture is visible; None when nothing is."""
    height, width = stored.shape[:2]
    columns = _visible(port.left, port.width / port.scale, width)
    rows = _visible(port.top, port.height / port.scale, height)
    if columns[0] >= columns[1] or rows[0] >= rows[1]:
        return None
    x, y = (columns[0] - port.left) * port.scale, (rows[0] - port.top) * port.scale
    right, bottom = x + (columns[1] - columns[0]) * port.scale, y + (rows[1] - rows[0]) * port.scale
    size = max(1, round(right) - round(x)), max(1, round(bottom) - round(y))
    return Part(slice(*rows), slice(*columns), round(x), round(y), *size)


def enlarge(grays: Gray, part: Part) -> Gray:
    """Return 8-bit grays at the size of their screen area, interpolated."""
    size = (part.width, part.height)
    return np.asarray(cv2.resize(grays, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def sample(
    stored: Values, port: Viewport, *, is_smooth: bool = True, scratch: Scratch | None = None
) -> Patch | None:
    """Resample what is visible, to `scratch` where that is given; None when nothing is.

    Reduced pictures are averages of the stored values; enlarged ones are interpolated, or keep
    their pixels when not smooth. At 1:1 the values are the stored ones.
    """
    height, width = stored.shape[:2]
    columns = _visible(port.left, port.width / port.scale, width)
    rows = _visible(port.top, port.height / port.scale, height)
    if columns[0] >= columns[1] or rows[0] >= rows[1]:
        return None
    if port.scale < 1:
        crop = resamplable(stored[slice(*rows), slice(*columns)])
        return _reduced(crop, port, (columns[0], rows[0]), scratch)
    across = _Line(*_on_screen(columns, port.left, port.scale, port.width), port.left, port.scale)
    down = _Line(*_on_screen(rows, port.top, port.scale, port.height), port.top, port.scale)
    if min(across.length, down.length) < 1:  # less than half a screen pixel at an edge
        return None
    if port.scale == 1 or not is_smooth:
        return Patch(_single_pixels(stored, across, down), across.start, down.start)
    return Patch(_interpolated(stored, across, down, scratch), across.start, down.start)


def _visible(start: float, length: float, limit: int) -> tuple[int, int]:
    return max(0, math.floor(start)), min(limit, math.ceil(start + length))


def resamplable(values: Values) -> Values:
    """Return values in a type that OpenCV resamples."""
    if values.dtype in _RESAMPLED_TYPES:
        return values
    if values.dtype == np.int8:
        return values.astype(np.int16)
    return values.astype(np.float64)


def _reduced(crop: Values, port: Viewport, at: tuple[int, int], scratch: Scratch | None) -> Patch:
    height, width = crop.shape[:2]
    size = (max(1, round(width * port.scale)), max(1, round(height * port.scale)))
    out = _room_for(crop, size, scratch)
    values = cv2.resize(crop, size, dst=out, interpolation=cv2.INTER_AREA)
    x, y = (at[0] - port.left) * port.scale, (at[1] - port.top) * port.scale
    return Patch(values, round(x), round(y))


def _room_for(crop: Values, size: tuple[int, int], scratch: Scratch | None) -> Values | None:
    """Return where a picture of a width and height goes; OpenCV takes new memory without it."""
    if scratch is None:
        return None
    return scratch.array((size[1], size[0], *crop.shape[2:]), crop.dtype)


@dataclass(frozen=True, slots=True)
class _Line:
    """Screen pixels from `start` to `end` in a row, and the image point at screen pixel 0."""

    start: int
    end: int
    edge: float
    scale: float

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def first(self) -> float:
        """Where the middle of the first screen pixel lies; middles of image pixels count 0, 1, …"""
        return (self.start + 0.5) / self.scale + self.edge - 0.5

    def pixels(self, limit: int) -> NDArray[np.intp]:
        """Return the image pixel under the middle of each screen pixel."""
        places = np.floor(self.first + 0.5 + np.arange(self.length) / self.scale)
        return np.clip(places, 0, limit - 1).astype(np.intp)

    def meeting(self) -> tuple[int, int] | None:
        """Return an image pixel whose edge lies on that of a screen pixel, and their distance.

        It lies before the first pixel that is needed; the distance counts screen pixels to
        `start`. None where no pixel nearby does.
        """
        first = max(0, math.floor(self.first))
        best, least = None, _MOST_SHIFT_PX
        for pixel in range(first, max(-1, first - _FAR), -1):
            way = self.start - (pixel - self.edge) * self.scale
            if abs(way - round(way)) < least:
                best, least = (pixel, round(way)), abs(way - round(way))
        return best


def _single_pixels(stored: Values, across: _Line, down: _Line) -> Values:
    height, width = stored.shape[:2]
    rows = down.pixels(height)
    part = stored[rows[0] : rows[-1] + 1].take(across.pixels(width), axis=1)
    return np.asarray(part.take(rows - rows[0], axis=0))


def _interpolated(stored: Values, across: _Line, down: _Line, scratch: Scratch | None) -> Values:
    """Return values between pixels; the screen's grid is met to 1/8 of its pixels.

    `cv2.resize` is twenty times as fast as an affine warp, and knows no shift: it starts where a
    pixel of the image begins with a pixel of the screen.
    """
    height, width = stored.shape[:2]
    left, top = across.meeting(), down.meeting()
    if left is None or top is None:
        return _warped(stored, across, down)
    columns = slice(left[0], min(width, left[0] + _reach(across, left[1])))
    rows = slice(top[0], min(height, top[0] + _reach(down, top[1])))
    crop = resamplable(stored[rows, columns])
    size = round(crop.shape[1] * across.scale), round(crop.shape[0] * down.scale)
    grown = cv2.resize(
        crop,
        None,
        dst=_room_for(crop, size, scratch),
        fx=across.scale,
        fy=down.scale,
        interpolation=cv2.INTER_LINEAR,
    )
    return grown[top[1] : top[1] + down.length, left[1] : left[1] + across.length]


def _reach(line: _Line, skipped: int) -> int:
    """Return how many image pixels are needed, with the neighbor of the last one."""
    return math.ceil((skipped + line.length) / line.scale) + 1


def _warped(stored: Values, across: _Line, down: _Line) -> Values:
    """Return what `_interpolated` does for any shift."""
    height, width = stored.shape[:2]
    left, top = max(0, math.floor(across.first)), max(0, math.floor(down.first))
    right, bottom = (
        min(limit, math.ceil(line.first + line.length / line.scale) + 2)
        for line, limit in ((across, width), (down, height))
    )
    matrix = np.array(
        [[1 / across.scale, 0, across.first - left], [0, 1 / down.scale, down.first - top]]
    )
    return cv2.warpAffine(
        resamplable(stored[top:bottom, left:right]),
        matrix,
        (across.length, down.length),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _on_screen(span: tuple[int, int], start: float, scale: float, limit: int) -> tuple[int, int]:
    return max(0, round((span[0] - start) * scale)), min(limit, round((span[1] - start) * scale))
