"""The visible part of a frame at the resolution of the screen, still in stored values."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from core.imaging.display import Gray, Values

_RESAMPLED_TYPES: Final = (np.uint8, np.uint16, np.int16, np.float32)


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


def sample(stored: Values, port: Viewport, *, is_smooth: bool = True) -> Patch | None:
    """Resample what is visible; None when nothing is.

    Reduced pictures are averages of the stored values; enlarged ones are interpolated, or keep
    their pixels when not smooth. At 1:1 the values are the stored ones.
    """
    height, width = stored.shape[:2]
    columns = _visible(port.left, port.width / port.scale, width)
    rows = _visible(port.top, port.height / port.scale, height)
    if columns[0] >= columns[1] or rows[0] >= rows[1]:
        return None
    crop = resamplable(stored[slice(*rows), slice(*columns)])
    if port.scale < 1:
        return _reduced(crop, port, columns[0], rows[0])
    return _enlarged(crop, port, (columns, rows), is_smooth=is_smooth)


def _visible(start: float, length: float, limit: int) -> tuple[int, int]:
    return max(0, math.floor(start)), min(limit, math.ceil(start + length))


def resamplable(values: Values) -> Values:
    """Return values in a type that OpenCV resamples."""
    if values.dtype in _RESAMPLED_TYPES:
        return np.ascontiguousarray(values)
    if values.dtype == np.int8:
        return values.astype(np.int16)
    return values.astype(np.float64)


def _reduced(crop: Values, port: Viewport, left: int, top: int) -> Patch:
    height, width = crop.shape[:2]
    size = (max(1, round(width * port.scale)), max(1, round(height * port.scale)))
    values = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    return Patch(
        values, round((left - port.left) * port.scale), round((top - port.top) * port.scale)
    )


def _enlarged(
    crop: Values,
    port: Viewport,
    visible: tuple[tuple[int, int], tuple[int, int]],
    *,
    is_smooth: bool,
) -> Patch:
    columns, rows = visible
    x, right = _on_screen(columns, port.left, port.scale, port.width)
    y, bottom = _on_screen(rows, port.top, port.scale, port.height)
    if port.scale == 1:
        shown = crop[: bottom - y, : right - x]
        return Patch(shown, x, y)
    step = 1 / port.scale
    # Pixel centers lie at halves: screen center → image point → index within the crop.
    shift_x = (x + 0.5) * step + port.left - columns[0] - 0.5
    shift_y = (y + 0.5) * step + port.top - rows[0] - 0.5
    matrix = np.array([[step, 0, shift_x], [0, step, shift_y]], np.float64)
    flags = (cv2.INTER_LINEAR if is_smooth else cv2.INTER_NEAREST) | cv2.WARP_INVERSE_MAP
    size = (max(1, right - x), max(1, bottom - y))
    values = cv2.warpAffine(crop, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return Patch(values, x, y)


def _on_screen(span: tuple[int, int], start: float, scale: float, limit: int) -> tuple[int, int]:
    return max(0, round((span[0] - start) * scale)), min(limit, round((span[1] - start) * scale))
