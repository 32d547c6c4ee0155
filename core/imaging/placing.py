"""Between stored pixels and the picture as it is looked at: sizes, values and points.

Points are (x, y) in image coordinates: (0, 0) is the top left corner of the first pixel.
"""

import math

import numpy as np

from core.domain.media import View, Window
from core.domain.places import to_shown, to_stored, turned_size
from core.imaging.display import Mask, Values
from core.imaging.geometry import Point
from core.imaging.image import Frame, LoadedImage
from core.imaging.shown import stretched, stretched_mask, true_size, turned

_AUTO_PERCENTILES = (1.0, 99.0)


def upright_size(image: LoadedImage, view: View) -> tuple[int, int]:
    """Return width and height of the picture in its true shape, mirrored and turned."""
    return turned_size(_true_size(image), view)


def upright(image: LoadedImage, stored: Values, view: View) -> Values:
    """Return stored values in the shape and the direction in which they are looked at."""
    size = true_size(image.width, image.height, image.geometry.pixel_aspect)
    values = stretched(stored, size)
    return turned(values, view) if view.is_mirrored or view.quarter_turns % 4 else values


def upright_mask(image: LoadedImage, mask: Mask, view: View) -> Values:
    """Return a mask as `upright` does values: 0 or 255."""
    size = true_size(image.width, image.height, image.geometry.pixel_aspect)
    return turned(stretched_mask(mask, size).astype(np.uint8) * 255, view)


def shown_point(image: LoadedImage, view: View, stored: Point) -> Point:
    """Return where a stored point lies in the upright picture."""
    return to_shown((image.width, image.height), _true_size(image), view, stored)


def stored_point(image: LoadedImage, view: View, shown: Point) -> Point:
    """Return which stored point lies at a place of the upright picture."""
    return to_stored((image.width, image.height), _true_size(image), view, shown)


def _true_size(image: LoadedImage) -> tuple[int, int]:
    return true_size(image.width, image.height, image.geometry.pixel_aspect)


def spacing_shown_mm(image: LoadedImage) -> float | None:
    """Return the millimeters of one pixel of the upright picture; None where not to be told."""
    if image.spacing_mm is None or image.geometry.mm_refusal:
        return None
    between_rows, between_columns = image.spacing_mm
    width, height = true_size(image.width, image.height, image.geometry.pixel_aspect)
    across = between_columns * image.width / width
    down = between_rows * image.height / height
    # A file whose spacing and pixel shape disagree has no single number for its pixels.
    return across if math.isclose(across, down, rel_tol=0.02) else None


def auto_window(frame: Frame, rows: slice | None = None, columns: slice | None = None) -> Window:
    """Return the window from the 1st to the 99th percentile of a frame or of a part of it."""
    if frame.gray is None:
        return Window(128, 256)
    part = frame.stored[rows or slice(None), columns or slice(None)].ravel()
    part = part[:: max(1, part.size // 1_000_000)]
    seen = part[~frame.gray.is_padding(part)]
    values = frame.gray.calibrate(seen if seen.size else part)
    low, high = (float(one) for one in np.percentile(values, _AUTO_PERCENTILES))
    return Window(round((low + high) / 2, 2), round(max(1.0, high - low), 2))
