"""Two stages from a frame to pixels: resample when the place changes, map when grays change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.domain.media import View
from reviewer_app.widgets.image_camera import Camera
from reviewer_app.widgets.image_screen import Placed
from reviewer_app.widgets.image_upright import Upright, upright_key, upright_of

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage
    from core.imaging.pyramid import Pyramid
    from core.imaging.resample import Patch, Viewport

_SMOOTH_BELOW: Final = 16.0
"""From this scale on single pixels are wanted, not a guess of what lies between them."""
_HALF_COVERED: Final = 128
_QUICK_PIXELS: Final = 1_500_000
"""A screen area of so many pixels is reduced smoothly between two refreshes."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A decoded frame of an image; `index` counts within the file."""

    image: LoadedImage
    frame: Frame
    index: int


class FramePicture:
    """Makes the visible picture of a frame; each stage is redone only for its own reasons."""

    def __init__(self) -> None:
        self.is_smooth = True
        """Whether enlarged pixels are interpolated."""
        self._upright: Upright | None = None
        self._patch_for: tuple[object, ...] = ()
        self._patch: Patch | None = None
        self._placed_for: View | None = None
        self._placed: Placed | None = None

    def forget(self) -> None:
        """Drop what was made."""
        self._upright = self._patch = self._placed_for = self._placed = None
        self._patch_for = ()

    def take(self, upright: Upright | None) -> None:
        """Use a large frame that was made ready beside the UI thread."""
        if upright is not None:
            self._upright = upright

    def is_slow(self, camera: Camera) -> bool:
        """Tell whether a smooth picture takes longer than a moving hand forgives.

        Means of many values take their time; what is enlarged is quick at any size.
        """
        return camera.scale < 1 and self.is_large(camera)

    def is_large(self, camera: Camera) -> bool:
        """Tell whether the area is so large that not everything is painted finely in one go."""
        return camera.area_width * camera.area_height > _QUICK_PIXELS

    def make(self, sight: Sight, camera: Camera, view: View, *, is_hasty: bool) -> Placed | None:
        """Return the visible picture, None when nothing is visible.

        A hasty picture of a new place is coarse; the caller asks again when the hand rests.
        """
        upright = self._upright_for(sight, view)
        wanted = (*upright.key, camera, self.is_smooth)
        if self._patch_for != wanted and is_hasty and self.is_slow(camera):
            return _hasty(sight.frame, upright.values, camera, view)
        if self._patch_for != wanted:
            is_smooth = self.is_smooth and camera.scale < _SMOOTH_BELOW
            self._patch = upright.values.sample(_port(camera), is_smooth=is_smooth)
            self._patch_for, self._placed_for = wanted, None
        if self._patch is None:
            return None
        if self._placed is None or self._placed_for != view:
            self._placed = self._mapped(sight.frame, upright.mask, camera, view)
            self._placed_for = view
        return self._placed

    def _upright_for(self, sight: Sight, view: View) -> Upright:
        if self._upright is None or self._upright.key != upright_key(sight.frame, view):
            before = self._upright
            self._upright = upright_of(sight.image, sight.frame, sight.index, view, before)
        return self._upright

    def _mapped(self, frame: Frame, mask: Pyramid | None, camera: Camera, view: View) -> Placed:
        assert self._patch is not None  # noqa: S101 - there is a picture only of what is visible
        values, x, y = self._patch.values, self._patch.x, self._patch.y
        drawn = None if mask is None else mask.sample(_port(camera), is_smooth=True)
        if drawn is None:
            return Placed(values, x, y, frame.screen_shading(view, values.dtype))
        from core.imaging.display import opaque
        from core.imaging.shown import with_overlay

        grays = frame.shade(values, view)
        return Placed(with_overlay(grays, drawn.values >= _HALF_COVERED, view), x, y, opaque)


def _port(camera: Camera) -> Viewport:
    from core.imaging.resample import Viewport

    return Viewport(camera.area_width, camera.area_height, camera.left, camera.top, camera.scale)


def _hasty(frame: Frame, pyramid: Pyramid, camera: Camera, view: View) -> Placed | None:
    """Map few values, then enlarge grays: less exact than the other order, and far faster."""
    from core.imaging.display import opaque
    from core.imaging.resample import enlarge, visible_part

    values, port = pyramid.coarse(_port(camera))
    part = visible_part(values, port)
    if part is None:
        return None
    grays = frame.shade(values[part.rows, part.columns], view)
    return Placed(enlarge(grays, part), part.x, part.y, opaque)
