"""How uneven accuracies over specialties are once sampling noise is taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.statistics.proportions import Interval

UNEVEN: Final = 0.02
"""A corrected variance above this is flagged: a standard deviation of 14 points."""
RESAMPLES: Final = 2000

_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Population variance of the accuracies of `cells` cells, raw and without its noise."""

    raw: float
    corrected: float
    interval: Interval
    """Of the corrected variance, 95 %, by a bootstrap of questions within each cell."""
    cells: int

    @property
    def is_uneven(self) -> bool:
        """Whether the corrected variance is large enough to be pointed out."""
        return self.corrected > UNEVEN


def spread_of(cells: Sequence[tuple[float, int]], *, seed: int = 0) -> Spread | None:
    """Return the spread over (right, asked) counts; None with fewer than two usable cells.

    A cell needs two questions to tell its noise. In a resample the raw variance is the truth, so
    the error of the corrected variance is its distance from that (statistics.md, section 3.6).
    """
    usable = [(right, n) for right, n in cells if n > 1]
    if len(usable) < 2:
        return None
    right, n = (np.array(column, float) for column in zip(*usable, strict=True))
    shares = right / n
    raw, corrected = float(shares.var()), float(_corrected(shares[None, :], n)[0])
    drawn = np.random.default_rng(seed).binomial(n.astype(int), shares, (RESAMPLES, len(n))) / n
    low, high = np.quantile(_corrected(drawn, n) - raw, (0.025, 0.975))
    ends = Interval(max(0.0, corrected - float(high)), max(0.0, corrected - float(low)))
    return Spread(raw, max(0.0, corrected), ends, len(usable))


def _corrected(shares: _Numbers, n: _Numbers) -> _Numbers:
    """Return variance minus noise for each row; noise enters k cells (k - 1) / k times."""
    cells = shares.shape[1]
    noise = (shares * (1 - shares) / (n - 1)).mean(axis=1)
    corrected: _Numbers = shares.var(axis=1) - noise * (cells - 1) / cells
    return corrected
