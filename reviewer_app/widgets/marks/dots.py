"""Painted marks as the few pixels that they cover, blended as Qt blends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from reviewer_app.widgets.images.screen import ScreenPart

_COVERING: Final = 0xFF000000
_RED_BLUE: Final = 0x00FF00FF
_ALPHA_GREEN: Final = 0xFF00FF00
_HALVES: Final = 0x00800080
"""Rounds a product that is then divided by 255 with shifts."""
_GROUP: Final = 32_768
"""So many at a time stay in the processor's cache, which makes them faster."""

Pair = tuple[Any, Any]
"""Places and colors, as numpy arrays, which this module does not import."""


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """The pixels of a sheet that are not empty, in groups from its top to its bottom.

    Places count along rows of `stride` pixels, as those of the screen do. Of each group come the
    pixels that cover what is below them, then those that let it shine through.
    """

    area: QRect
    stride: int
    groups: tuple[tuple[Pair, Pair], ...]
    nbytes: int
    """The memory that they take."""

    def paint(self, part: ScreenPart) -> None:
        """Paint what lies within a part of the screen."""
        import numpy as np

        pixels = part.line().view(np.uint32)
        is_whole = part.area == self.area
        for covering, soft in self.groups:
            places, colors = covering if is_whole else self._within(part.area, *covering)
            pixels[places] = colors
            places, colors = soft if is_whole else self._within(part.area, *soft)
            pixels[places] = _over(colors, pixels.take(places))

    def _within(self, area: QRect, places: Any, colors: Any) -> Pair:
        """Return what lies within an area, places counted from its first pixel."""
        import numpy as np

        start = area.top() * self.stride + area.left()
        end = start + area.height() * self.stride
        first, last = np.searchsorted(places, (start, end))
        near = places[first:last] - start
        is_inside = near % self.stride < area.width()
        return near[is_inside], colors[first:last][is_inside]


def dots_of(bands: Iterable[tuple[int, QImage]], area: QRect, stride: int) -> Dots:
    """Return the pixels of a sheet that something is painted on, as far as the screen reaches.

    The sheet comes in bands, each with the row at which it begins.
    """
    groups: list[tuple[Pair, Pair]] = []
    for top, band in bands:
        groups += _groups(band, top * stride, stride)
    nbytes = sum(int(one.nbytes) for group in groups for pair in group for one in pair)
    return Dots(area, stride, tuple(groups), nbytes)


def _groups(band: QImage, start: int, stride: int) -> Iterator[tuple[Pair, Pair]]:
    import numpy as np

    width, height = min(band.width(), stride), band.height()
    pixels = np.frombuffer(band.constBits(), np.uint32).reshape(height, -1)[:, :width].ravel()
    found = np.flatnonzero(pixels != 0)  # four times as fast as on the numbers themselves
    for first in range(0, len(found), _GROUP):
        near = found[first : first + _GROUP]
        colors = pixels[near]
        places = near // width * stride + near % width + start
        covers = colors >= _COVERING
        yield (places[covers], colors[covers]), (places[~covers], colors[~covers])


def _over(colors: Any, below: Any) -> Any:
    """Return colors, multiplied by their alpha before, over what is below."""
    rest = 255 - (colors >> 24)
    even = below & _RED_BLUE
    even *= rest
    even += (even >> 8) & _RED_BLUE
    even += _HALVES
    even >>= 8
    even &= _RED_BLUE
    below >>= 8
    below &= _RED_BLUE
    below *= rest
    below += (below >> 8) & _RED_BLUE
    below += _HALVES
    below &= _ALPHA_GREEN
    below += even
    below += colors
    return below
