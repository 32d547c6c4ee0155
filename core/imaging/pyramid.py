"""One picture at full size and at halves, so that any zoom reads few values."""

from typing import Final

import cv2
import numpy as np

from core.domain.media import View
from core.imaging.display import Values
from core.imaging.resample import Patch, Scratch, Viewport, resamplable, sample

_SMALLEST_SIDE: Final = 64
"""Below it a further half saves nothing."""


class Pyramid:
    """Stored values and their halves; each value of a level is the mean of four below it.

    Averaging comes before windowing, so a reduced picture shows the mean of what it covers.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self._levels = [resamplable(values)]

    def turned(self, view: View) -> "Pyramid":
        """Return the same values mirrored and turned as a view wants, without copying them.

        Its halves are those of this one: of an odd side they leave out the other end.
        """
        return _Turned(self, view) if view.is_mirrored or view.quarter_turns % 4 else self

    def make_levels(self, scale: float) -> None:
        """Make all levels that a picture at `scale` (screen by image pixels) and below reads."""
        self._level(self._place(scale) + 1)

    def sample(
        self, port: Viewport, *, is_smooth: bool = True, scratch: Scratch | None = None
    ) -> Patch | None:
        """Return what is visible at screen resolution, as `core.imaging.resample.sample` does."""
        place = self._place(port.scale)
        level, port = self._level(place), _port_of(port, place)
        return sample(level, port, is_smooth=is_smooth, scratch=scratch)

    def coarse(self, port: Viewport) -> tuple[Values, Viewport]:
        """Return a level of at most the screen's resolution and the same area seen on it.

        Few values to read and to map while a hand moves; `sample` gives the true picture.
        """
        place = self._place(port.scale) + (port.scale < 1)
        return self._level(place), _port_of(port, place)

    def _place(self, scale: float) -> int:
        """Return the smallest level that still has a value for every screen pixel."""
        place = 0
        height, width = self.values.shape[:2]
        while scale * 2 ** (place + 1) <= 1 and min(height, width) >> (place + 1) >= _SMALLEST_SIDE:
            place += 1
        return place

    def _level(self, place: int) -> Values:
        while len(self._levels) <= place:
            self._levels.append(_half(self._levels[-1]))
        return self._levels[place]


class _Turned(Pyramid):
    def __init__(self, source: Pyramid, view: View) -> None:
        self._source = source
        self._view = view
        self.values = self._seen(source.values)

    def _level(self, place: int) -> Values:
        return self._seen(self._source._level(place))

    def _seen(self, values: Values) -> Values:
        mirrored = values[:, ::-1] if self._view.is_mirrored else values
        return np.rot90(mirrored, -self._view.quarter_turns)


def _port_of(port: Viewport, place: int) -> Viewport:
    part = 2.0**place
    return Viewport(port.width, port.height, port.left / part, port.top / part, port.scale * part)


def _half(values: Values) -> Values:
    height, width = values.shape[:2]
    size = (max(1, width // 2), max(1, height // 2))
    even = values[: size[1] * 2, : size[0] * 2]  # an odd last row has no partner to average with
    return cv2.resize(even, size, interpolation=cv2.INTER_AREA)
