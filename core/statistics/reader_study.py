"""Readers against a model when readers and questions are both random."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import Final

from core.statistics.distributions import t_quantile
from core.statistics.proportions import Interval

MIN_READERS: Final = 3
"""With two readers no method is both valid and useful (statistics.md, section 3.2)."""


@dataclass(frozen=True, slots=True)
class ReaderDifference:
    """Mean difference with its standard error, degrees of freedom and interval."""

    estimate: float
    standard_error: float
    df: float
    interval: Interval


def crossed_difference(
    differences: Sequence[Sequence[float]], confidence: float = 0.95
) -> ReaderDifference | None:
    """Return the mean of a readers × questions table of score differences with its interval.

    Obuchowski-Rockette with Hillis degrees of freedom. None with fewer than two readers or
    questions, or when nothing varies: then there is no interval to give.
    """
    readers = len(differences)
    if readers < 2 or len(differences[0]) < 2:
        return None
    means = [fmean(row) for row in differences]
    between = variance(means) / readers
    total = between + max(_mean_covariance(differences), 0.0)
    if between == 0 or total == 0:
        return None
    df = total**2 / (between**2 / (readers - 1))
    error = math.sqrt(total)
    reach = t_quantile((1 + confidence) / 2, df) * error
    estimate = fmean(means)
    return ReaderDifference(estimate, error, df, Interval(estimate - reach, estimate + reach))


def _mean_covariance(differences: Sequence[Sequence[float]]) -> float:
    """Return the mean covariance between two readers' means that the questions cause.

    Over all pairs at once: the variance of the column sums holds every pair twice.
    """
    readers, questions = len(differences), len(differences[0])
    columns = [sum(column) for column in zip(*differences, strict=True)]
    own = sum(variance(row) for row in differences)
    pairs = readers * (readers - 1)
    return float(variance(columns) - own) / pairs / questions
