"""Between stored pixels and a picture as it is shown: plain reckoning with sizes and a view."""

from core.domain.media import View
from core.domain.region import Point

Size = tuple[int, int]
"""Width and height."""


def turned_size(shown: Size, view: View) -> Size:
    """Return the size of a picture after it was turned."""
    width, height = shown
    return (height, width) if view.quarter_turns % 2 else (width, height)


def to_shown(stored: Size, shown: Size, view: View, point: Point) -> Point:
    """Return where a stored point lies in the picture; `shown` is its size before turning."""
    width, height = shown
    x, y = point[0] * width / stored[0], point[1] * height / stored[1]
    if view.is_mirrored:
        x = width - x
    for _ in range(view.quarter_turns % 4):
        x, y, width, height = height - y, x, height, width
    return x, y


def to_stored(stored: Size, shown: Size, view: View, point: Point) -> Point:
    """Return which stored point lies at a place of the picture."""
    width, height = turned_size(shown, view)
    x, y = point
    for _ in range(view.quarter_turns % 4):
        x, y, width, height = y, width - x, height, width
    if view.is_mirrored:
        x = width - x
    return x * stored[0] / width, y * stored[1] / height
