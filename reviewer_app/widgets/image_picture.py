"""Two stages from a frame to a QImage: resample when the place changes, map when grays change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QImage

from core.domain.media import View
from reviewer_app.widgets.image_camera import Camera

if TYPE_CHECKING:
    from core.imaging.image import Frame
    from core.imaging.resample import Patch

_SMOOTH_BELOW: Final = 6.0
"""From this scale on single pixels are wanted, not a guess of what lies between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A picture at screen resolution and its place in device pixels.

    `pixels` is the memory that the QImage looks at; it must live as long.
    """

    image: QImage
    x: int
    y: int
    pixels: Any  # a numpy array, which this module does not import


class FramePicture:
    """Makes the visible picture of a frame; each stage is redone only for its own reasons."""

    def __init__(self) -> None:
        self._patch_for: tuple[Frame, Camera] | None = None
        self._patch: Patch | None = None
        self._placed_for: View | None = None
        self._placed: Placed | None = None

    def forget(self) -> None:
        """Drop what was made."""
        self._patch_for = self._patch = self._placed_for = self._placed = None

    def make(self, frame: Frame, camera: Camera, view: View) -> Placed | None:
        """Return the visible picture, None when nothing is visible."""
        known = self._patch_for
        if known is None or known[0] is not frame or known[1] != camera:
            self._patch = _sampled(frame, camera)
            self._patch_for = (frame, camera)
            self._placed_for = None
        if self._patch is None:
            return None
        if self._placed is None or self._placed_for != view:
            self._placed = _placed(frame, self._patch, view)
            self._placed_for = view
        return self._placed


def _sampled(frame: Frame, camera: Camera) -> Patch | None:
    from core.imaging.resample import Viewport, sample

    port = Viewport(camera.area_width, camera.area_height, camera.left, camera.top, camera.scale)
    return sample(frame.stored, port, is_smooth=camera.scale < _SMOOTH_BELOW)


def _placed(frame: Frame, patch: Patch, view: View) -> Placed:
    pixels = frame.shade(patch.values, view)
    if not pixels.flags.c_contiguous:
        pixels = pixels.copy()
    height, width = pixels.shape[:2]
    is_gray = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if is_gray else QImage.Format.Format_RGB888
    image = QImage(pixels.data, width, height, pixels.strides[0], kind)
    return Placed(image, patch.x, patch.y, pixels)
