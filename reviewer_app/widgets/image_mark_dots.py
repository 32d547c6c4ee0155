"""Painted marks as the few pixels that they cover, blended as Qt blends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from reviewer_app.widgets.image_screen import ScreenPart

_COVERING: Final = 0xFF000000
_RED_BLUE: Final = 0x00FF00FF
_ALPHA_GREEN: Final = 0xFF00FF00
_HALVES: Final = 0x00800080
"""Rounds a product that is then divided by 255 with shifts."""


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """The pixels of a sheet that are not empty: their places and their colors.

    Places count along rows of `stride` pixels, as those of the screen do. Pixels that cover what
    is below them are apart from those that let it shine through.
    """

    area: QRect
    stride: int
    covering: tuple[Any, Any]  # numpy arrays, which this module does not import
    soft: tuple[Any, Any]

    @property
    def nbytes(self) -> int:
        """The memory that they take."""
        return sum(int(one.nbytes) for one in (*self.covering, *self.soft))

    def paint(self, part: ScreenPart) -> None:
        """Paint what lies within a part of the screen."""
        import numpy as np

        pixels = part.line().view(np.uint32)
        places, colors = self._within(part.area, *self.covering)
        pixels[places] = colors
        places, colors = self._within(part.area, *self.soft)
        pixels[places] = _over(colors, pixels[places])

    def _within(self, area: QRect, places: Any, colors: Any) -> tuple[Any, Any]:
        """Return what lies within an area, places counted from its first pixel."""
        import numpy as np

        if area == self.area:
            return places.astype(np.intp), colors
        start = area.top() * self.stride + area.left()
        end = start + area.height() * self.stride
        first, last = np.searchsorted(places, (start, end))
        near = places[first:last].astype(np.intp) - start
        is_inside = near % self.stride < area.width()
        return near[is_inside], colors[first:last][is_inside]


def dots_of(sheet: QImage, stride: int) -> Dots:
    """Return the pixels of a sheet that something is painted on, as far as the screen reaches."""
    import numpy as np

    width, height = min(sheet.width(), stride), sheet.height()
    pixels = np.frombuffer(sheet.constBits(), np.uint32).reshape(height, -1)[:, :width].ravel()
    found = np.flatnonzero(pixels != 0)  # four times as fast as on the numbers themselves
    colors = pixels[found]
    places = (found // width * stride + found % width).astype(np.int32)
    is_covering = colors >= _COVERING
    return Dots(
        QRect(0, 0, width, height),
        stride,
        (places[is_covering], colors[is_covering]),
        (places[~is_covering], colors[~is_covering]),
    )


def _over(colors: Any, below: Any) -> Any:
    """Return colors, multiplied by their alpha before, over what is below."""
    rest = 255 - (colors >> 24)
    even = (below & _RED_BLUE) * rest
    even = ((even + ((even >> 8) & _RED_BLUE) + _HALVES) >> 8) & _RED_BLUE
    odd = ((below >> 8) & _RED_BLUE) * rest
    odd = (odd + ((odd >> 8) & _RED_BLUE) + _HALVES) & _ALPHA_GREEN
    return colors + even + odd
