"""Masks as transparent colors for a screen: blue, green, red, alpha in memory, premultiplied."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.display import Mask
from core.imaging.marks.shapes import EDGE_ALPHA, FILL_ALPHA, Rgb

Colors = NDArray[np.uint8]

_LEAST_SIDE: Final = 64


def inner_part(mask: Mask) -> Mask:
    """Return the pixels of a mask that are surrounded by its own; the others are its edge."""
    eroded = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0)
    return np.asarray(eroded > 0)


def colored(mask: Mask, color: Rgb) -> Colors:
    """Return a mask in a color, its edge stronger than what lies within."""
    inner = inner_part(mask)
    found = np.zeros((*mask.shape, 4), np.uint8)
    for part, alpha in ((inner, FILL_ALPHA), (mask & ~inner, EDGE_ALPHA)):
        found[part] = [round(one * alpha) for one in (*reversed(color), 255)]
    return found


def color_box(found: Colors, mask: Mask, color: Rgb, box: tuple[int, int, int, int]) -> None:
    """Color again what lies in a box (left, top, right, bottom) of a mask."""
    left, top, right, bottom = box
    # Whether a pixel is an edge depends on those around it.
    above, before = max(0, top - 1), max(0, left - 1)
    part = colored(mask[above : bottom + 1, before : right + 1], color)
    rows, columns = slice(top, bottom), slice(left, right)
    size = found[rows, columns].shape
    found[rows, columns] = part[top - above :, left - before :][: size[0], : size[1]]


def with_smaller(found: Colors) -> list[Colors]:
    """Return colors and copies, each half as large, for a picture that is shown small."""
    levels = [found]
    while min(levels[-1].shape[:2]) > _LEAST_SIDE:
        height, width = levels[-1].shape[:2]
        smaller = cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(smaller, np.uint8))
    return levels
