"""A part of a slide as a picture of its own: what a reader sees of it, a model gets."""

import math
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from core.errors import ImageError
from core.imaging.clearing.deidentify import bare_picture
from core.imaging.image import Frame, LoadedImage
from core.imaging.slides.slide import OVERVIEW_PIXELS, Level, Slide
from core.imaging.slides.tiles import Area, overview_of

_MOST_READ: Final = 1 << 26
_LEAST_SIDE: Final = 16
Box = tuple[int, int, int, int]
"""Left, top, width and height."""


def part_of(image: LoadedImage, area: Area) -> bytes:
    """Return a part of a slide, as fine as it is there and at most as large as an overview.

    It is a bare picture with the size of its pixels, as clearing writes it. Raises `ImageError`
    when the area holds too little of the slide, or a tile of it is damaged.
    """
    slide = image.slide
    if slide is None:
        raise ImageError(f"“{image.name}” is no slide, so no part of it can be cut out.")
    number, (left, top, width, height) = _level_and_box(slide, area)
    if min(width, height) < _LEAST_SIDE:
        raise ImageError(
            f"Nothing of “{image.name}” is in sight.", hint="Move the slide into sight first."
        )
    pixels = slide.region(number, left, top, width, height)
    shrink = max(1.0, math.sqrt(width * height / OVERVIEW_PIXELS))
    if shrink > 1:
        size = (int(width / shrink), int(height / shrink))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    spacing = None
    if slide.micron:
        spacing = slide.micron * slide.levels[number].scale / 1000 * width / pixels.shape[1]
    part = replace(
        image,
        width=pixels.shape[1],
        height=pixels.shape[0],
        read_frame=lambda _: Frame(pixels, None),
        spacing_mm=(spacing, spacing) if spacing else None,
        notes=(),
        slide=None,
    )
    return bare_picture(part, Frame(pixels, None))


def _level_and_box(slide: Slide, area: Area) -> tuple[int, Box]:
    """Return the finest level of which the area can be read, and the area in its pixels."""
    boxes = [_box(slide, level, area) for level in slide.levels]
    readable = (number for number, box in enumerate(boxes) if box[2] * box[3] <= _MOST_READ)
    number = next(readable, len(boxes) - 1)
    return number, boxes[number]


def _box(slide: Slide, level: Level, area: Area) -> Box:
    overview = overview_of(slide)
    across, down = level.width / overview.width, level.height / overview.height
    left, top = max(0, round(area.left * across)), max(0, round(area.top * down))
    right, bottom = round(area.right * across), round(area.bottom * down)
    return left, top, min(level.width, right) - left, min(level.height, bottom) - top
