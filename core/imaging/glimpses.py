"""Small pictures of large frames, kept on disk: looked at until the frame itself is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.domain.ids import MediaId
from core.domain.media import View
from core.imaging.pictures import encode_png, shrunk

if TYPE_CHECKING:
    from core.imaging.display import Gray
    from core.imaging.drawn import DrawnPictures

GLIMPSE_PX: Final = 512
_LARGE_PIXELS: Final = 1 << 21
"""Smaller frames are decoded before a glimpse would have been read."""


class Glimpses:
    """The small pictures of one image, on the disk of one workspace."""

    def __init__(self, drawn: DrawnPictures, media: MediaId) -> None:
        self._drawn = drawn
        self._media = media

    def get(self, index: int, view: View) -> bytes | None:
        """Return the PNG of a frame under a view; None where none was kept."""
        return self._drawn.glimpse(self._media, index, view)

    def picture(self, index: int, view: View) -> Gray | None:
        """Return what `get` does as pixels, RGB for color."""
        png = self.get(index, view)
        if png is None:
            return None
        pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        if pixels is None or pixels.ndim == 2:
            return None if pixels is None else np.asarray(pixels, np.uint8)
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)

    def put(self, index: int, view: View, picture: Gray) -> None:
        """Keep the picture of a frame, if it is large enough to be waited for."""
        if picture.shape[0] * picture.shape[1] >= _LARGE_PIXELS:
            png = encode_png(shrunk(picture, GLIMPSE_PX))
            self._drawn.put_glimpse(self._media, index, view, png)
