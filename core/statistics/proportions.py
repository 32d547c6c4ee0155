"""Confidence intervals for one proportion."""

import math
from dataclasses import dataclass

from core.statistics.distributions import beta_quantile, normal_quantile


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, both ends included."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance between the ends."""
        return (self.high - self.low) / 2


def wilson(successes: float, n: float, confidence: float = 0.95) -> Interval | None:
    """Return Wilson's score interval, or None over nothing (Wilson 1927; Newcombe 1998)."""
    if not _is_counted(successes, n):
        return None
    z = normal_quantile((1 + confidence) / 2)
    center = successes + z * z / 2
    spread = z * math.sqrt(successes * (n - successes) / n + z * z / 4)
    whole = n + z * z
    low = 0.0 if successes == 0 else (center - spread) / whole
    high = 1.0 if successes == n else (center + spread) / whole
    return Interval(low, high)


def wilson_with_continuity(successes: int, n: int, confidence: float = 0.95) -> Interval | None:
    """Return Wilson's interval with continuity correction, or None over nothing."""
    if not _is_counted(successes, n):
        return None
    z = normal_quantile((1 + confidence) / 2)
    low = 0.0 if successes == 0 else _corrected_low(successes, n, z)
    high = 1.0 if successes == n else 1 - _corrected_low(n - successes, n, z)
    return Interval(low, high)


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> Interval | None:
    """Return the exact interval, or None over nothing (Clopper and Pearson 1934)."""
    if not _is_counted(successes, n):
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else beta_quantile(tail, successes, n - successes + 1)
    high = 1.0 if successes == n else beta_quantile(1 - tail, successes + 1, n - successes)
    return Interval(low, high)


def _is_counted(successes: float, n: float) -> bool:
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no proportion.")
    return n > 0


def _corrected_low(successes: int, n: int, z: float) -> float:
    share = successes / n
    root = math.sqrt(z * z - 2 - 1 / n + 4 * share * (n * (1 - share) + 1))
    return max(0.0, (2 * successes + z * z - 1 - z * root) / (2 * (n + z * z)))
