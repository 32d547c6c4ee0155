"""What a slab shows of the values through its thickness, exact for linear interpolation."""

from enum import StrEnum
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from core.imaging.display import Values

BORDER: Final = 0.5
"""Half a voxel outside its outermost center a volume ends."""


class Slab(StrEnum):
    """What is shown of the values through the thickness of a slab."""

    MEAN = "mean"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"


def reduced(
    values: Values,
    axis: int,
    centers_mm: NDArray[np.float64],
    span_mm: tuple[float, float],
    slab: Slab,
) -> Values | None:
    """Return a volume seen through a span of one of its axes; None where it lies outside.

    Between voxel centers values run in straight lines, so that the mean is an integral and
    extremes lie at centers or at the ends of the span: nothing is sampled, nothing missed.
    """
    if len(centers_mm) > 1 and centers_mm[0] > centers_mm[-1]:
        centers_mm, span_mm = -centers_mm, (-span_mm[1], -span_mm[0])
    gaps = np.diff(centers_mm)
    first, last = (float(gaps[0]), float(gaps[-1])) if len(gaps) else (1.0, 1.0)
    low = max(span_mm[0], float(centers_mm[0]) - first * BORDER)
    high = min(span_mm[1], float(centers_mm[-1]) + last * BORDER)
    if low > high:
        return None
    within = centers_mm[(centers_mm > low) & (centers_mm < high)]
    knots = np.array([low, *within, high]) if high > low else np.array([low])
    places = np.interp(knots, centers_mm, np.arange(len(centers_mm)))
    match slab:
        case _ if len(knots) == 1:
            return _at(values, float(places[0]), axis)
        case Slab.MEAN:
            return _mean(values, knots, places, axis)
        case Slab.MAXIMUM:
            return _extreme(values, places, axis, np.maximum)
        case Slab.MINIMUM:
            return _extreme(values, places, axis, np.minimum)
        case _:
            assert_never(slab)


def _at(values: Values, place: float, axis: int) -> Values:
    low = min(int(place), values.shape[axis] - 1)
    part = np.float32(place - low)
    below = values.take(low, axis=axis)
    if not part:
        return np.asarray(below)
    above = values.take(min(low + 1, values.shape[axis] - 1), axis=axis)
    found = np.subtract(above, below, dtype=np.float32)
    found *= part
    found += below
    return np.asarray(found)


def _mean(
    values: Values, knots: NDArray[np.float64], places: NDArray[np.float64], axis: int
) -> Values:
    shares = np.zeros(len(knots))
    shares[:-1] += np.diff(knots) / 2
    shares[1:] += np.diff(knots) / 2
    start, stop = int(places[0]), min(int(np.ceil(places[-1])) + 1, values.shape[axis])
    weights = np.zeros(stop - start)
    low = np.minimum(places.astype(np.intp) - start, len(weights) - 1)
    part = places - start - low
    np.add.at(weights, low, shares * (1 - part))
    np.add.at(weights, np.minimum(low + 1, len(weights) - 1), shares * part)
    scaled = (weights / shares.sum()).astype(np.float32)
    block = _part(values, start, stop, axis)
    if axis == 0:
        return _weighted_sum(block, scaled)
    if axis == 1:
        return np.asarray(scaled @ block.astype(np.float32))
    return np.asarray(block.astype(np.float32) @ scaled)


def _weighted_sum(planes: Values, weights: Values) -> Values:
    total = np.zeros(planes.shape[1:], np.float32)
    for plane, weight in zip(planes, weights, strict=True):
        total += np.multiply(plane, weight, dtype=np.float32)
    return total


def _extreme(values: Values, places: NDArray[np.float64], axis: int, combine: np.ufunc) -> Values:
    found = combine(_at(values, float(places[0]), axis), _at(values, float(places[-1]), axis))
    inner = places[1:-1]
    if len(inner):
        block = _part(values, round(inner[0]), round(inner[-1]) + 1, axis)
        found = combine(found, combine.reduce(block, axis=axis))
    return np.asarray(found)


def _part(values: Values, start: int, stop: int, axis: int) -> Values:
    """Return a part along one axis, without copying."""
    whole = [slice(None)] * values.ndim
    whole[axis] = slice(start, stop)
    return values[tuple(whole)]
