"""Two stages from a frame to pixels: resample when the place changes, map when grays change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.domain.media import View
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.screen import Placed
from reviewer_app.widgets.images.upright import Upright, upright_key, upright_of

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage
    from core.imaging.pyramid import Pyramid
    from core.imaging.resample import Patch, Scratch, Viewport

_SMOOTH_BELOW: Final = 16.0
"""From this scale on single pixels are wanted, not a guess of what lies between them."""
_HALF_COVERED: Final = 128
_QUICK_PIXELS: Final = 1_500_000
"""A screen area of so many pixels is reduced smoothly between two refreshes."""
_ROOM_PX: Final = 192
"""So far around the screen a picture is made that a hand pans, less around a small one."""
_ROOM_PART: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A decoded frame of an image; `index` counts within the file."""

    image: LoadedImage
    frame: Frame
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class _Sampled:
    """Values at screen resolution; `key` says of what, `at` where the screen lay in device pixels.

    They reach `room` pixels beyond the screen.
    """

    key: tuple[object, ...]
    at: tuple[int, int]
    room: int
    port: Viewport
    patch: Patch | None

    def serves(self, key: tuple[object, ...], at: tuple[int, int], *, is_hasty: bool) -> bool:
        """Tell whether this is what is wanted; in haste also when it was made for near by."""
        if key != self.key:
            return False
        if not is_hasty:
            return at == self.at and self.room == 0
        return max(abs(at[0] - self.at[0]), abs(at[1] - self.at[1])) <= self.room


class FramePicture:
    """Makes the visible picture of a frame; each stage is redone only for its own reasons."""

    def __init__(self) -> None:
        self.is_smooth = True
        """Whether enlarged pixels are interpolated."""
        self._scratch: Scratch | None = None
        self._upright: Upright | None = None
        self._sampled: _Sampled | None = None
        self._placed_for: View | None = None
        self._placed: Placed | None = None

    def forget(self) -> None:
        """Drop what was made."""
        self._upright = self._sampled = self._placed_for = self._placed = None
        self._scratch = None

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

        A hasty picture of a new place is coarse, or off by a fraction of a pixel where it was
        moved; the caller asks again when the hand rests.
        """
        upright = self._upright_for(sight, view)
        area = camera.area_width, camera.area_height
        key = (*upright.key, camera.scale, *area, self.is_smooth)
        at = round(camera.left * camera.scale), round(camera.top * camera.scale)
        sampled = self._sampled
        if sampled is None or not sampled.serves(key, at, is_hasty=is_hasty):
            if is_hasty and self.is_slow(camera):
                return _hasty(sight.frame, upright.values, camera, view)
            is_panned = is_hasty and sampled is not None and sampled.key == key
            room = min(_ROOM_PX, min(area) // _ROOM_PART) if is_panned else 0
            port = _port(camera, room)
            is_smooth = self.is_smooth and camera.scale < _SMOOTH_BELOW
            patch = upright.values.sample(port, is_smooth=is_smooth, scratch=self._memory())
            sampled = self._sampled = _Sampled(key, at, room, port, patch)
            self._placed_for = None
        if sampled.patch is None:
            return None
        if self._placed is None or self._placed_for != view:
            self._placed = _mapped(sight.frame, upright.mask, sampled.patch, sampled.port, view)
            self._placed_for = view
        across, down = (sampled.at[axis] - at[axis] - sampled.room for axis in (0, 1))
        return replace(self._placed, x=self._placed.x + across, y=self._placed.y + down)

    def _memory(self) -> Scratch:
        from core.imaging.resample import Scratch

        if self._scratch is None:
            self._scratch = Scratch()
        return self._scratch

    def _upright_for(self, sight: Sight, view: View) -> Upright:
        if self._upright is None or self._upright.key != upright_key(sight.frame, view):
            before = self._upright
            self._upright = upright_of(sight.image, sight.frame, sight.index, view, before)
        return self._upright


def _mapped(frame: Frame, mask: Pyramid | None, patch: Patch, port: Viewport, view: View) -> Placed:
    drawn = None if mask is None else mask.sample(port, is_smooth=True)
    if drawn is None:
        shading = frame.screen_shading(view, patch.values.dtype)
        return Placed(patch.values, patch.x, patch.y, shading)
    from core.imaging.display import opaque
    from core.imaging.shown import with_overlay

    grays = frame.shade(patch.values, view)
    pixels = with_overlay(grays, drawn.values >= _HALF_COVERED, view)
    return Placed(pixels, patch.x, patch.y, opaque)


def _port(camera: Camera, room: int = 0) -> Viewport:
    """Return the screen's area, and so many pixels around it."""
    from core.imaging.resample import Viewport

    width, height = camera.area_width + 2 * room, camera.area_height + 2 * room
    left, top = camera.left - room / camera.scale, camera.top - room / camera.scale
    return Viewport(width, height, left, top, camera.scale)


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
