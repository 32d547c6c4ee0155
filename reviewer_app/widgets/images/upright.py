"""A frame as it is looked at, with its halves, for resampling; large ones are made beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.domain.media import View
from reviewer_app.widgets.images.camera import Camera

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage
    from core.imaging.pyramid import Pyramid

_LARGE_VALUES: Final = 1 << 22
"""So many values take longer to halve than a hand forgives."""


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """Values and, where it is drawn, the overlay of a frame under a view; `key` says which.

    `base` are the values of a large frame before they were turned.
    """

    key: tuple[object, ...]
    values: Pyramid
    mask: Pyramid | None
    base: Pyramid | None = None


def is_large(frame: Frame) -> bool:
    """Tell whether a frame is worth being made ready beside the UI thread."""
    return frame.stored.size >= _LARGE_VALUES


def upright_key(frame: Frame, view: View) -> tuple[object, ...]:
    """Return what an upright frame is made of."""
    return frame, view.quarter_turns % 4, view.is_mirrored, view.has_overlay


def upright_of(
    image: LoadedImage, frame: Frame, index: int, view: View, before: Upright | None = None
) -> Upright:
    """Return a frame in the shape and the direction in which it is looked at.

    A large one that is turned takes the halves that were made `before`.
    """
    from core.imaging.placing import upright, upright_mask
    from core.imaging.pyramid import Pyramid

    mask = image.overlay(index) if view.has_overlay else None
    turned_mask = None if mask is None else Pyramid(upright_mask(image, mask, view))
    key = upright_key(frame, view)
    if not is_large(frame):
        return Upright(key, Pyramid(upright(image, frame.stored, view)), turned_mask)
    base = before.base if before is not None and before.key[0] is frame else None
    if base is None:
        base = Pyramid(upright(image, frame.stored, View()))
    return Upright(key, base.turned(view), turned_mask, base)


def made_ready(
    image: LoadedImage, frame: Frame, index: int, view: View, area: tuple[int, int]
) -> Upright | None:
    """Return a large frame with all halves that a screen area needs, None for a small one."""
    if not is_large(frame):
        return None
    from core.imaging.placing import upright_size

    made = upright_of(image, frame, index, view)
    made.values.make_levels(Camera.fitting(upright_size(image, view), area).scale)
    return made
