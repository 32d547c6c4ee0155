"""Images of the next question are opened before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.errors import CoreError

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage


def warm_images(opener: Callable[[MediaId], LoadedImage], uses: Iterable[ImageUse]) -> int:
    """Open images and decode the frame shown first; return how many could be opened.

    `opener` is expected to keep what it opened; it may be called from any thread.
    """
    opened = 0
    for use in uses:
        try:
            opener(use.media).frame(use.frames[0])
        except CoreError:
            # Whoever shows it will say so, where it is shown.
            continue
        opened += 1
    return opened
