"""A judge's mean, corrected by a sample that physicians graded as well."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance, variance

from core.statistics.distributions import normal_quantile, t_quantile
from core.statistics.proportions import Interval

FEW_CHECKED = 50
"""Below it the normal quantile is too short; Student's t is used."""


@dataclass(frozen=True, slots=True)
class CorrectedMean:
    """A mean as physicians would have graded it; `checked` is how many they did grade."""

    value: float
    interval: Interval | None
    checked: int


def corrected_mean(
    physicians: Sequence[float],
    judge_same: Sequence[float],
    judge_others: Sequence[float],
    *,
    few_checked: int = FEW_CHECKED,
) -> CorrectedMean | None:
    """Return the prediction-powered mean, or None without anything physicians graded.

    `judge_same` are the judge's scores of what the physicians graded, `judge_others` those of all
    other answers. Angelopoulos et al. (2023), Science 382:669, with lambda 1; with fewer than
    `few_checked` graded by physicians Student's t and the sample variance are used.
    """
    if not physicians:
        return None
    if not judge_others:
        return CorrectedMean(
            fmean(physicians), _interval(physicians, (), few_checked), len(physicians)
        )
    differences = [own - judged for own, judged in zip(physicians, judge_same, strict=True)]
    interval = _interval(differences, judge_others, few_checked)
    return CorrectedMean(fmean(judge_others) + fmean(differences), interval, len(physicians))


def _interval(
    checked: Sequence[float], others: Sequence[float], few_checked: int
) -> Interval | None:
    is_few = len(checked) < few_checked
    if len(checked) < 2 or len(others) == 1:
        return None
    spread = variance if is_few else pvariance
    error = math.sqrt(sum(spread(part) / len(part) for part in (checked, others) if part))
    if error == 0:  # where nothing differs, the sample knows nothing of the uncertainty
        return None
    reach = (t_quantile(0.975, len(checked) - 1) if is_few else normal_quantile(0.975)) * error
    center = fmean(checked) + (fmean(others) if others else 0.0)
    return Interval(max(0.0, center - reach), min(1.0, center + reach))
