"""The picture as it is looked at: true pixel shape, grays, overlay, mirrored and turned.

The one place where this order is decided: a reader's screen, a thumbnail and the picture that a
language model gets all follow it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from core.domain.media import View
from core.imaging.display import Gray, Mask, Values
from core.imaging.image import MAX_PIXELS, Frame, LoadedImage
from core.imaging.resample import resamplable

_WHITE: Final = 255
_MOST_GROUPS: Final = 6
_MOST_ASPECT: Final = 1000


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a picture was made from stored values; kept beside what was made of it.

    `window` is center and width as applied, None where a table or colors were shown.
    """

    frame: int
    width: int
    height: int
    window: tuple[float, float] | None
    is_inverted: bool
    is_mirrored: bool
    quarter_turns: int
    has_overlay: bool
    pixel_aspect: float

    def sentence(self) -> str:
        """Return it in words, for a record that a person reads."""
        parts = [f"{self.width} × {self.height} pixels"]
        if self.window is not None:
            parts.append(f"window {self.window[0]:g}/{self.window[1]:g}")
        parts += ["inverted"] * self.is_inverted + ["mirrored"] * self.is_mirrored
        if self.quarter_turns:
            parts.append(f"turned by {90 * self.quarter_turns}° clockwise")
        parts += ["with overlay"] * self.has_overlay
        if self.pixel_aspect != 1:
            parts.append(f"resampled to square pixels ({self.pixel_aspect:.3g} : 1)")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture with the way it was made."""

    picture: Gray
    conversion: Conversion


def show(image: LoadedImage, index: int, view: View) -> Shown:
    """Return a frame as a person sees it under a view, one screen pixel for a stored one.

    Where pixels are not square the coarser direction is enlarged, so nothing is lost.
    """
    frame = image.frame(index)
    square = square_stored(image, frame)
    picture = frame.shade(square, view)
    mask = image.overlay(index) if view.has_overlay else None
    if mask is not None:
        size = (square.shape[1], square.shape[0])
        picture = with_overlay(picture, stretched_mask(mask, size), view)
    return Shown(turned(picture, view), conversion_of(image, index, view))


def conversion_of(image: LoadedImage, index: int, view: View) -> Conversion:
    """Return how `show` makes its picture, without making it."""
    frame = image.frame(index)
    height, width = frame.stored.shape[:2]
    width, height = true_size(width, height, image.geometry.pixel_aspect)
    if view.quarter_turns % 2:
        width, height = height, width
    window = frame.chosen_window(view)
    return Conversion(
        frame=index,
        width=width,
        height=height,
        window=None if window is None else (window.center, window.width),
        is_inverted=view.is_inverted,
        is_mirrored=view.is_mirrored,
        quarter_turns=view.quarter_turns % 4,
        has_overlay=view.has_overlay and image.overlay(index) is not None,
        pixel_aspect=image.geometry.pixel_aspect,
    )


def conversions_told(image: LoadedImage, frames: Sequence[int], view: View) -> str:
    """Return in words how the pictures of several frames were made, equal ones together."""
    groups: dict[str, list[int]] = {}
    for index in frames:
        facts = conversion_of(image, index, view)
        groups.setdefault(facts.sentence(), []).append(index + 1)
    if len(groups) > _MOST_GROUPS:
        own = replace(facts, window=None).sentence()
        groups = {f"each with its own window, {own}": [index + 1 for index in frames]}
    return "; ".join(
        f"{'frame' if len(numbers) == 1 else 'frames'} {_told(numbers)}: {sentence}"
        for sentence, numbers in groups.items()
    )


def _told(numbers: Sequence[int]) -> str:
    """Return numbers in words: “1–40, 50”."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{low}" if low == high else f"{low}–{high}" for low, high in parts)


def square_stored(image: LoadedImage, frame: Frame) -> Values:
    """Return stored values on a grid of square pixels; the same object where it is one."""
    height, width = frame.stored.shape[:2]
    return stretched(frame.stored, true_size(width, height, image.geometry.pixel_aspect))


def true_size(width: int, height: int, pixel_aspect: float) -> tuple[int, int]:
    """Return width and height at which pixels of this height by width become squares.

    They hold no more than `MAX_PIXELS`. Pixels that a damaged file calls longer than any are
    shown as squares.
    """
    if 1 < pixel_aspect <= _MOST_ASPECT:
        height = max(1, round(height * pixel_aspect))
    elif 1 / _MOST_ASPECT <= pixel_aspect < 1:
        width = max(1, round(width / pixel_aspect))
    if width * height > MAX_PIXELS:  # a long thin picture: shown whole, but coarser
        shrink = math.sqrt(MAX_PIXELS / (width * height))
        sides = [max(1, int(side * shrink)) for side in (width, height)]
        width, height = (min(side, MAX_PIXELS) for side in sides)
    return width, height


def stretched(stored: Values, size: tuple[int, int]) -> Values:
    """Return stored values at another size, interpolated; the same object at its own size."""
    if (stored.shape[1], stored.shape[0]) == size:
        return stored
    return cv2.resize(resamplable(stored), size, interpolation=cv2.INTER_LINEAR)


def stretched_mask(mask: Mask, size: tuple[int, int]) -> Mask:
    """Return a mask at another size."""
    if (mask.shape[1], mask.shape[0]) == size:
        return mask
    grown = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(grown, np.bool_)


def with_overlay(picture: Gray, mask: Mask, view: View) -> Gray:
    """Return a picture with an overlay in the color of the brightest value."""
    drawn = picture.copy()
    drawn[mask] = 0 if view.is_inverted else _WHITE
    return drawn


def turned(picture: Gray, view: View) -> Gray:
    """Return a picture mirrored, then turned clockwise."""
    mirrored = picture[:, ::-1] if view.is_mirrored else picture
    return np.ascontiguousarray(np.rot90(mirrored, -view.quarter_turns))


def aspect_note(pixel_aspect: float) -> str:
    """Return the sentence on pixels that are not square."""
    ratio = f"{pixel_aspect:.3g} : 1" if pixel_aspect > 1 else f"1 : {1 / pixel_aspect:.3g}"
    return f"The pixels are not square ({ratio}); the picture is shown in its true shape."
