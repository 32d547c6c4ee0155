"""Two answerers on the same questions: mid-p McNemar test and Tango's interval."""

import math
from dataclasses import dataclass

from core.statistics.distributions import normal_quantile, solve_rising
from core.statistics.proportions import Interval


@dataclass(frozen=True, slots=True)
class PairedCounts:
    """How many of the same questions both, only the first, only the second or neither got."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def n(self) -> int:
        """Questions compared."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def difference(self) -> float | None:
        """Accuracy of the first minus accuracy of the second, or None over nothing."""
        return (self.first_only - self.second_only) / self.n if self.n else None


def mcnemar_mid_p(counts: PairedCounts) -> float | None:
    """Return the two-sided mid-p value, or None without discordant questions (Fagerland 2013)."""
    discordant = counts.first_only + counts.second_only
    if not discordant:
        return None
    fewer = min(counts.first_only, counts.second_only)
    ways = sum(math.comb(discordant, k) for k in range(fewer + 1))
    at_fewer = math.comb(discordant, fewer)
    everything: int = 2**discordant
    if counts.first_only == counts.second_only:
        return 1 - at_fewer / everything / 2
    return (2 * ways - at_fewer) / everything


def tango(counts: PairedCounts, confidence: float = 0.95) -> Interval | None:
    """Return Tango's score interval of the difference, or None over nothing (Tango 1998)."""
    if not counts.n:
        return None
    z = normal_quantile((1 + confidence) / 2)
    center = (counts.first_only - counts.second_only) / counts.n
    low = solve_rising(lambda delta: z - _tango_z(counts, delta), -1.0, center)
    high = solve_rising(lambda delta: -z - _tango_z(counts, delta), center, 1.0)
    return Interval(max(low, -1.0), min(high, 1.0))


def _tango_z(counts: PairedCounts, delta: float) -> float:
    """Return the score statistic for a true difference `delta`; it falls as `delta` rises."""
    n, b, c = counts.n, counts.first_only, counts.second_only
    distance = b - c - n * delta
    if distance == 0:
        return 0.0
    linear = -b - c + (2 * n - b + c) * delta
    constant = -c * delta * (1 - delta)
    root = math.sqrt(max(0.0, linear * linear - 8 * n * constant))
    second = max(0.0, (root - linear) / (4 * n))
    variance = n * (2 * second + delta * (1 - delta))
    if variance <= 0:
        return math.copysign(math.inf, distance)
    return distance / math.sqrt(variance)
