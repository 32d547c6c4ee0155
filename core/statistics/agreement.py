"""Agreement of raters on categories without order; missing ratings are allowed."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.statistics.distributions import t_quantile
from core.statistics.proportions import Interval

Rating = Hashable | None
"""A category, or None where a rater gave no rating."""
Ratings = Sequence[Sequence[Rating]]
"""One row for each question, one column for each rater."""

Numbers = NDArray[np.float64]
_Ratio = Callable[[Numbers], Numbers]

FEW_QUESTIONS: Final = 50
HIGH_PREVALENCE: Final = 0.85
RESAMPLES: Final = 2000
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One measure of agreement; `value` None means not defined.

    `method` names how the interval was made: "bootstrap" over questions or "analytic" (Gwet).
    """

    value: float | None
    interval: Interval | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """All measures over the same ratings; `cohen_kappa` None unless there are two raters."""

    questions: int
    """Questions with at least two ratings."""
    ratings: int
    percent: Coefficient
    cohen_kappa: Coefficient | None
    fleiss_kappa: Coefficient
    krippendorff_alpha: Coefficient
    gwet_ac1: Coefficient
    category_counts: tuple[tuple[str, int], ...]
    prevalence: str
    """One sentence on how the ratings are distributed and what that does to the measures."""


def assess(ratings: Ratings, categories: Sequence[Hashable], *, seed: int = 0) -> Agreement:
    """Return every measure with an interval; `categories` are those on offer, in order.

    AC1 and Fleiss' kappa get Gwet's analytic interval, the others a bootstrap over questions
    drawn with `seed`: the bootstrap is too short for AC1 when one category prevails.
    """
    counts = count_table(ratings, categories)
    raters = max((len(row) for row in ratings), default=0)
    is_pair = raters == 2
    return Agreement(
        questions=int((counts.sum(axis=1) >= 2).sum()),
        ratings=int(counts.sum()),
        percent=_bootstrapped(_percent_parts(counts), _percent_ratio, seed),
        cohen_kappa=_bootstrapped(_pair_parts(ratings, categories), _cohen_ratio, seed)
        if is_pair
        else None,
        fleiss_kappa=_analytic(counts, fleiss_kappa(counts), _fleiss_chance),
        krippendorff_alpha=_bootstrapped(_alpha_parts(counts), _alpha_ratio, seed),
        gwet_ac1=_analytic(counts, gwet_ac1(counts), _gwet_chance),
        category_counts=tuple(
            (str(name), int(count))
            for name, count in zip(categories, counts.sum(axis=0), strict=True)
        ),
        prevalence=prevalence_sentence(counts, categories),
    )


def mean_agreement(shares: Sequence[float], *, seed: int = 0) -> Coefficient:
    """Return the mean of what each question gives, between 0 and 1, with a bootstrap over them."""
    parts = np.column_stack((np.asarray(shares, np.float64), np.ones(len(shares))))
    return _bootstrapped(parts, _percent_ratio, seed)


def count_table(ratings: Ratings, categories: Sequence[Hashable]) -> Numbers:
    """Return questions × categories: how many raters chose each; raise `ValueError` on others."""
    index = {category: column for column, category in enumerate(categories)}
    counts = np.zeros((len(ratings), len(categories)))
    for row, given in enumerate(ratings):
        for rating in given:
            if rating is None:
                continue
            if rating not in index:
                raise ValueError(f"The rating {rating!r} is not on offer.")
            counts[row, index[rating]] += 1
    return counts


def percent_agreement(counts: Numbers) -> float | None:
    """Return the mean over questions of the share of agreeing pairs of raters."""
    return _value(_percent_parts(counts), _percent_ratio)


def fleiss_kappa(counts: Numbers) -> float | None:
    """Return Fleiss' kappa in Gwet's form for missing ratings (Fleiss 1971; Gwet 2014)."""
    return _chance_corrected(counts, _fleiss_chance)


def gwet_ac1(counts: Numbers) -> float | None:
    """Return Gwet's AC1; the number of columns is the number of categories on offer (2008)."""
    return _chance_corrected(counts, _gwet_chance)


def krippendorff_alpha(counts: Numbers) -> float | None:
    """Return Krippendorff's alpha for categories without order (Krippendorff 2011)."""
    return _value(_alpha_parts(counts), _alpha_ratio)


def cohen_kappa(ratings: Ratings, categories: Sequence[Hashable]) -> float | None:
    """Return Cohen's kappa of two raters over the questions both rated (Cohen 1960)."""
    return _value(_pair_parts(ratings, categories), _cohen_ratio)


def prevalence_sentence(counts: Numbers, categories: Sequence[Hashable]) -> str:
    """Say how the ratings are distributed and which measures that makes unsteady."""
    totals = counts.sum(axis=0)
    if not totals.sum():
        return "There are no ratings yet."
    share = totals.max() / totals.sum()
    name = categories[int(totals.argmax())]
    sentence = f"“{name}” makes up {share:.0%} of the ratings."
    if share > HIGH_PREVALENCE:
        sentence += " Kappa and alpha can be low although raters agree; read them beside AC1."
    if 0 < (counts.sum(axis=1) >= 2).sum() < FEW_QUESTIONS:
        sentence += f" Fewer than {FEW_QUESTIONS} questions: the intervals are rough."
    return sentence


# Each measure is a ratio of sums over questions: `_…_parts` gives what a question adds to the
# sums (rows = questions), `_…_ratio` turns rows of sums into values, NaN where not defined.


def _value(parts: Numbers, ratio: _Ratio) -> float | None:
    if not len(parts):
        return None
    value = float(ratio(parts.sum(axis=0, keepdims=True))[0])
    return None if np.isnan(value) else value


def _bootstrapped(parts: Numbers, ratio: _Ratio, seed: int) -> Coefficient:
    value = _value(parts, ratio)
    if value is None or len(parts) < 2:
        return Coefficient(value)
    weights = np.random.default_rng(seed).multinomial(
        len(parts), np.full(len(parts), 1 / len(parts)), size=RESAMPLES
    )
    values = ratio(weights @ parts)
    defined = values[~np.isnan(values)]
    low, high = np.quantile(defined, (0.025, 0.975))
    if low == high:  # Where no question differs, resampling knows nothing of the uncertainty.
        return Coefficient(value)
    return Coefficient(value, Interval(float(low), float(high)), "bootstrap")


def _percent_parts(counts: Numbers) -> Numbers:
    return np.column_stack((_pair_shares(counts), _is_paired(counts)))


def _percent_ratio(sums: Numbers) -> Numbers:
    return _divide(sums[:, 0], sums[:, 1])


def _alpha_parts(counts: Numbers) -> Numbers:
    paired = counts[_is_paired(counts)]
    raters = paired.sum(axis=1)
    agreeing = (paired * (paired - 1)).sum(axis=1) / (raters - 1)
    return np.column_stack((agreeing, paired))


def _alpha_ratio(sums: Numbers) -> Numbers:
    agreeing, totals = sums[:, 0], sums[:, 1:]
    n = totals.sum(axis=1)
    observed = 1 - _divide(agreeing, n)
    expected = 1 - _divide((totals * (totals - 1)).sum(axis=1), n * (n - 1))
    return 1 - _divide(observed, expected)


def _pair_parts(ratings: Ratings, categories: Sequence[Hashable]) -> Numbers:
    """Return for each question rated by both: agreed, one-hot of the first, of the second."""
    index = {category: column for column, category in enumerate(categories)}
    rows = []
    for first, second in ratings:
        if first is None or second is None:
            continue
        row = np.zeros(1 + 2 * len(index))
        row[0] = first == second
        row[1 + index[first]] = row[1 + len(index) + index[second]] = 1
        rows.append(row)
    return np.array(rows).reshape(-1, 1 + 2 * len(index))


def _cohen_ratio(sums: Numbers) -> Numbers:
    width = (sums.shape[1] - 1) // 2
    first, second = sums[:, 1 : 1 + width], sums[:, 1 + width :]
    n = first.sum(axis=1)
    chance = _divide((first * second).sum(axis=1), n * n)
    return _divide(_divide(sums[:, 0], n) - chance, 1 - chance)


def _divide(above: Numbers, below: Numbers) -> Numbers:
    is_nothing = np.abs(below) < _TINY
    return np.where(is_nothing, np.nan, above / np.where(is_nothing, 1, below))


# Gwet's family: (agreement - chance) / (1 - chance) with chance from the mean category shares.

_Chance = Callable[[Numbers], tuple[float, Numbers]]
"""Mean category shares → chance agreement, and how each category's share moves it."""


def _fleiss_chance(shares: Numbers) -> tuple[float, Numbers]:
    return float((shares**2).sum()), shares


def _gwet_chance(shares: Numbers) -> tuple[float, Numbers]:
    others = max(len(shares) - 1, 1)
    return float((shares * (1 - shares)).sum() / others), (1 - shares) / others


def _chance_corrected(counts: Numbers, chance_of: _Chance) -> float | None:
    agreed = percent_agreement(counts)
    if agreed is None or counts.shape[1] < 2:
        return None
    chance, _ = chance_of(_mean_shares(counts))
    return None if 1 - chance < _TINY else (agreed - chance) / (1 - chance)


def _analytic(counts: Numbers, value: float | None, chance_of: _Chance) -> Coefficient:
    error = gwet_standard_error(counts, value, chance_of)
    if value is None or not error:
        return Coefficient(value)
    reach = t_quantile(0.975, _rated(counts).shape[0] - 1) * error
    # With missing ratings the value itself can lie below -1; the interval still holds it.
    low = min(value, max(-1.0, value - reach))
    return Coefficient(value, Interval(low, max(value, min(1.0, value + reach))), "analytic")


def gwet_standard_error(
    counts: Numbers, value: float | None, chance_of: _Chance = _gwet_chance
) -> float | None:
    """Return Gwet's standard error of AC1 (or of the kappa whose chance is given)."""
    rated = _rated(counts)
    n = len(rated)
    if value is None or n < 2:
        return None
    chance, weights = chance_of(_mean_shares(counts))
    paired = _is_paired(rated)
    own = n / paired.sum() * (_pair_shares(rated) - chance * paired) / (1 - chance)
    own_chance = rated @ weights / rated.sum(axis=1)
    own -= 2 * (1 - value) * (own_chance - chance) / (1 - chance)
    return sqrt(float(((own - value) ** 2).sum()) / (n * (n - 1)))


def _rated(counts: Numbers) -> Numbers:
    rated: Numbers = counts[counts.sum(axis=1) >= 1]
    return rated


def _mean_shares(counts: Numbers) -> Numbers:
    rated = _rated(counts)
    return np.asarray((rated / rated.sum(axis=1, keepdims=True)).mean(axis=0))


def _is_paired(counts: Numbers) -> NDArray[np.bool_]:
    return np.asarray(counts.sum(axis=1) >= 2)


def _pair_shares(counts: Numbers) -> Numbers:
    """Return for each question the share of agreeing pairs of raters (0 without a pair)."""
    raters = counts.sum(axis=1)
    pairs = raters * (raters - 1)
    shares: Numbers = (counts * (counts - 1)).sum(axis=1) / np.where(pairs > 0, pairs, 1)
    return shares
