"""Windows found from values: of a frame, or of a region of it."""

from typing import Final

import numpy as np

from core.domain.media import Window
from core.imaging.display import Mask, full_window
from core.imaging.image import Frame

_LEFT_OUT: Final = (0.5, 99.5)
_MOST_VALUES: Final = 1 << 20


def auto_window(frame: Frame, within: Mask | None = None) -> Window:
    """Return the window from the 0.5th to the 99.5th percentile of values that are no padding.

    Of colors, of an empty region and of one single value it is the frame's own range.
    """
    if frame.gray is None:
        return frame.range_window
    stored = frame.stored if within is None else frame.stored[within]
    flat = stored.reshape(-1)
    flat = flat[:: max(1, flat.size // _MOST_VALUES)]
    flat = flat[~frame.gray.is_padding(flat)]
    if not flat.size:
        return frame.range_window
    low, high = np.percentile(frame.gray.calibrate(flat), _LEFT_OUT)
    return full_window(float(low), float(high)) if high > low else frame.range_window


def histogram(frame: Frame, *, bins: int) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return bin edges in calibrated values and counts, padding left out; empty for colors."""
    if frame.gray is None:
        return (), ()
    values = frame.gray.calibrate(frame.stored[~frame.gray.is_padding(frame.stored)])
    if not values.size:
        return (), ()
    counts, edges = np.histogram(values, bins=bins)
    return tuple(edges.tolist()), tuple(counts.tolist())
