"""Colors spread over a place of the screen, drawn part by part: parts of one place fit together."""

from typing import Final

import cv2
import numpy as np

from core.imaging.display import Gray, ScreenPixels, opaque

_MOST_SCALED_PIXELS: Final = 1 << 22
"""What is larger on the screen is enlarged only where it is seen."""
Size = tuple[int, int]
"""Width and height, in pixels of the screen."""


class Spread:
    """RGB that is spread over a place of the screen, scaled once for all of its parts.

    Every part is scaled as the whole would be, so that parts fit together.
    """

    def __init__(self, picture: Gray, *, is_smooth: bool = True) -> None:
        self._picture = picture
        self._is_smooth = is_smooth
        self._whole: Gray | None = None

    @property
    def nbytes(self) -> int:
        """How much memory it keeps."""
        return (self._picture if self._whole is None else self._whole).nbytes

    def draw_part(self, size: Size, rows: slice, columns: slice, out: ScreenPixels) -> None:
        """Write some of the pixels of a place of `size`."""
        opaque(self._part(size, rows, columns), out)

    def _part(self, size: Size, rows: slice, columns: slice) -> Gray:
        if size == self._picture.shape[1::-1]:
            return self._picture[rows, columns]
        if not self._is_smooth:
            return _single_pixels(self._picture, size, rows, columns)
        if size[0] * size[1] > _MOST_SCALED_PIXELS:
            return _warped(self._picture, size, rows, columns)
        if self._whole is None:
            whole = cv2.resize(self._picture, size, interpolation=cv2.INTER_LINEAR)
            self._whole = np.asarray(whole, np.uint8)
        return self._whole[rows, columns]


def spread_into(
    target: ScreenPixels, source: ScreenPixels, size: Size, rows: slice, columns: slice
) -> None:
    """Fill `target` with some of the pixels of a place of `size` over which a source is spread.

    It takes single pixels, and meets their places to one pixel of the source: coarse and quick.
    """
    height, width = source.shape
    across, down = _under(columns, size[0], width), _under(rows, size[1], height)
    cv2.resize(
        source[down, across],
        (columns.stop - columns.start, rows.stop - rows.start),
        dst=target,
        interpolation=cv2.INTER_NEAREST,
    )


def _under(part: slice, reach: int, length: int) -> slice:
    """Return which pixels of a line of `length` lie under some of those it is spread over."""
    first = min(part.start * length // reach, length - 1)
    return slice(first, max(min(-(-part.stop * length // reach), length), first + 1))


def _single_pixels(picture: Gray, size: Size, rows: slice, columns: slice) -> Gray:
    height, width = picture.shape[:2]
    places = [
        (np.arange(part.start, part.stop) * 2 + 1) * length // (2 * reach)
        for part, length, reach in ((rows, height, size[1]), (columns, width, size[0]))
    ]
    return np.asarray(picture[places[0]][:, places[1]])


def _warped(picture: Gray, size: Size, rows: slice, columns: slice) -> Gray:
    across, down = picture.shape[1] / size[0], picture.shape[0] / size[1]
    matrix = np.array(
        [
            [across, 0, (columns.start + 0.5) * across - 0.5],
            [0, down, (rows.start + 0.5) * down - 0.5],
        ]
    )
    part = cv2.warpAffine(
        picture,
        matrix,
        (columns.stop - columns.start, rows.stop - rows.start),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(part, np.uint8)
