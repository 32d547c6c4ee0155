"""Quantiles of the normal, beta and Student t distributions in plain arithmetic."""

import math
from collections.abc import Callable
from statistics import NormalDist

_SMALLEST = 1e-300
_PRECISION = 1e-16
_MAX_TERMS = 10_000


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile."""
    return NormalDist().inv_cdf(probability)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x))
    # The fraction converges fast on this side of the mean only.
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the x with I_x(a, b) = probability."""
    return solve_rising(lambda x: beta_cdf(x, a, b) - probability, 0.0, 1.0)


def t_cdf(t: float, df: float) -> float:
    """Return the distribution function of Student's t; `df` may be fractional."""
    tail = beta_cdf(df / (df + t * t), df / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


def t_quantile(probability: float, df: float) -> float:
    """Return the quantile of Student's t for a probability of at least one half."""
    high = 2.0
    while t_cdf(high, df) < probability:
        high *= 2
    return solve_rising(lambda t: t_cdf(t, df) - probability, 0.0, high)


def solve_rising(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function crosses 0 between `low` and `high`, by bisection."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function by Lentz's method."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = result
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            result *= c * d
        if abs(result - before) <= _PRECISION * abs(result):
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
