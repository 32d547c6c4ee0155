"""From a section to pixels: resampled when it moves on the screen, mapped when grays change."""

from __future__ import annotations

from typing import Final

from core.domain.media import View
from core.imaging.mpr.sections import Section
from core.imaging.pyramid import Pyramid
from core.imaging.resample import Patch, Viewport
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.screen import Placed

_SMOOTH_BELOW: Final = 6.0


class SectionPicture:
    """Makes the visible picture of one section; a coarse one fills the same place."""

    def __init__(self) -> None:
        self._section: Section | None = None
        self._pyramid: Pyramid | None = None
        self._patch_for: Camera | None = None
        self._patch: Patch | None = None
        self._placed_for: View | None = None
        self._placed: Placed | None = None

    def make(self, section: Section, coarse: int, camera: Camera, view: View) -> Placed | None:
        """Return what is visible; `camera` counts the pixels of a fine section."""
        if self._section is not section or self._pyramid is None:
            self._section, self._pyramid = section, Pyramid(section.frame.stored)
            self._patch_for = None
        if self._patch_for != camera:
            is_smooth = camera.scale < _SMOOTH_BELOW
            self._patch = self._pyramid.sample(_port(camera, coarse), is_smooth=is_smooth)
            self._patch_for, self._placed_for = camera, None
        if self._patch is None:
            return None
        if self._placed is None or self._placed_for != view:
            values = self._patch.values
            shading = section.frame.screen_shading(view, values.dtype)
            self._placed = Placed(values, self._patch.x, self._patch.y, shading)
            self._placed_for = view
        return self._placed

    def forget(self) -> None:
        """Drop what was made."""
        self.__init__()  # type: ignore[misc] # the same empty state


def _port(camera: Camera, coarse: int) -> Viewport:
    """Return the area in the pixels of a section that many times coarser.

    First pixels have the same center, half a pixel from the corner at either size.
    """
    left, top = ((at - 0.5) / coarse + 0.5 for at in (camera.left, camera.top))
    return Viewport(camera.area_width, camera.area_height, left, top, camera.scale * coarse)
