"""Which pixels a region holds: those whose center lies inside. Masks as runs and back."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain.region import MaskRuns, Point, Region, RegionKind
from core.imaging.display import Mask
from core.imaging.image import Frame

_MOST_CROSSINGS: Final = 1 << 24


def mask_of(region: Region, width: int, height: int) -> Mask:
    """Return (rows, columns) of true or false; points and arrows hold the pixel they point at."""
    mask = np.zeros((height, width), np.bool_)
    match region.kind:
        case RegionKind.MASK if region.mask is not None:
            own = pixels_of(region.mask)[:height, :width]
            mask[: own.shape[0], : own.shape[1]] = own
        case RegionKind.POINT | RegionKind.ARROW:
            column, row = (int(np.floor(part)) for part in region.points[-1])
            if 0 <= column < width and 0 <= row < height:
                mask[row, column] = True
        case RegionKind.BOX:
            rows, columns = _centers_within(region.points, width, height)
            mask[np.ix_(rows, columns)] = True
        case RegionKind.ELLIPSE:
            mask = _ellipse(region.points, width, height)
        case _:
            mask = _polygon(region.points, width, height)
    return mask


def _centers_within(
    corners: Sequence[Point], width: int, height: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    (left, top), (right, bottom) = _ordered(corners)
    columns, rows = np.arange(width) + 0.5, np.arange(height) + 0.5
    return (
        np.nonzero((rows >= top) & (rows < bottom))[0],
        np.nonzero((columns >= left) & (columns < right))[0],
    )


def _ordered(corners: Sequence[Point]) -> tuple[Point, Point]:
    (x, y), (u, v) = corners
    return (min(x, u), min(y, v)), (max(x, u), max(y, v))


def _ellipse(corners: Sequence[Point], width: int, height: int) -> Mask:
    (left, top), (right, bottom) = _ordered(corners)
    if right <= left or bottom <= top:
        return np.zeros((height, width), np.bool_)
    across = (np.arange(width) + 0.5 - (left + right) / 2) / ((right - left) / 2)
    down = (np.arange(height) + 0.5 - (top + bottom) / 2) / ((bottom - top) / 2)
    return np.asarray(across[None, :] ** 2 + down[:, None] ** 2 <= 1)


def _polygon(points: Sequence[Point], width: int, height: int) -> Mask:
    """Fill by the even-odd rule: each row's center line is crossed at sorted columns."""
    mask = np.zeros((height, width), np.bool_)
    ends = np.array(points, np.float64)
    starts = np.roll(ends, 1, axis=0)
    first = max(0, int(np.floor(ends[:, 1].min())))
    last = min(height, int(np.ceil(ends[:, 1].max())))
    rise = ends[:, 1] - starts[:, 1]
    with np.errstate(over="ignore"):  # an edge so flat lies between no two lines
        slope = np.divide(ends[:, 0] - starts[:, 0], rise, out=np.zeros_like(rise), where=rise != 0)
    for row in range(first, last):
        line = row + 0.5
        is_crossed = (starts[:, 1] <= line) != (ends[:, 1] <= line)
        columns = np.sort(
            starts[is_crossed, 0] + (line - starts[is_crossed, 1]) * slope[is_crossed]
        )
        # A center at or right of an odd number of crossings is inside.
        places = np.clip(np.ceil(columns - 0.5), 0, width).astype(np.intp)
        for left, right in zip(places[::2], places[1::2], strict=True):
            mask[row, left:right] ^= True
    return mask


def runs_of(mask: Mask) -> MaskRuns:
    """Return a mask as runs."""
    height, width = mask.shape
    flat = np.concatenate(([False], mask.reshape(-1), [not mask.flat[-1]]))
    places = np.nonzero(flat[1:] != flat[:-1])[0]
    return MaskRuns(width, height, tuple(np.diff(places, prepend=0).tolist()))


def pixels_of(runs: MaskRuns) -> Mask:
    """Return the pixels of runs."""
    marks = np.arange(len(runs.runs)) % 2 == 1
    return np.repeat(marks, runs.runs).reshape(runs.height, runs.width)


def mask_region(mask: Mask, *, frame: int = 0, label: str = "") -> Region:
    """Return a mask as a region."""
    return Region(RegionKind.MASK, frame=frame, label=label, mask=runs_of(mask))


def similar_pixels(frame: Frame, at: Point, tolerance: float, within: Mask | None = None) -> Mask:
    """Return the connected pixels around a point whose calibrated value is within a tolerance.

    Helps to draw a mask by threshold; `within` bounds it, for example to a brush.
    """
    height, width = frame.stored.shape[:2]
    row, column = int(at[1]), int(at[0])
    if frame.gray is None or not (0 <= row < height and 0 <= column < width):
        return np.zeros((height, width), np.bool_)
    values = frame.gray.calibrate(frame.stored)
    is_near = np.abs(values - values[row, column]) <= tolerance
    if within is not None:
        is_near &= within
    _, parts = cv2.connectedComponents(is_near.astype(np.uint8), connectivity=4)
    return np.asarray((parts == parts[row, column]) & is_near)


def shifted(runs: MaskRuns, across: int, down: int) -> MaskRuns:
    """Return a mask moved by whole pixels; what leaves the picture is gone."""
    pixels = pixels_of(runs)
    found = np.zeros_like(pixels)
    rows, columns = np.nonzero(pixels)
    rows, columns = rows + down, columns + across
    is_here = (rows >= 0) & (rows < runs.height) & (columns >= 0) & (columns < runs.width)
    found[rows[is_here], columns[is_here]] = True
    return runs_of(found)
