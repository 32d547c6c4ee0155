"""A judge's mean corrected by physicians."""

import random
from statistics import fmean

import pytest

from core.statistics.judged import corrected_mean
from tests.core.statistics.known_answers import known_case


def _digits(text: str) -> list[float]:
    return [float(digit) for digit in text]


def test_corrected_mean_equals_the_published_method() -> None:
    case = known_case("scoring", "judge_corrected_by_physician_sample")
    data, expected = case["data"], case["expected"]

    found = corrected_mean(
        _digits(data["physician"]),
        _digits(data["judge_same_items"]),
        _digits(data["judge_other_items"]),
        few_checked=0,
    )

    assert found is not None
    assert found.interval is not None
    assert found.value == pytest.approx(expected["estimate"], abs=1e-9)
    assert [found.interval.low, found.interval.high] == pytest.approx(expected["ci95"], abs=1e-9)


def test_a_lenient_judge_is_brought_down_to_the_physicians() -> None:
    draw = random.Random(3)
    truth = [float(draw.random() < 0.6) for _ in range(1000)]
    lenient = [1.0 if one else float(draw.random() < 0.25) for one in truth]

    found = corrected_mean(truth[:100], lenient[:100], lenient[100:])

    assert found is not None
    assert found.interval is not None
    assert fmean(lenient) > 0.65
    assert found.interval.low <= fmean(truth) <= found.interval.high


def test_without_physicians_there_is_no_corrected_mean() -> None:
    assert corrected_mean([], [], [1.0, 0.0]) is None


def test_where_nothing_differs_no_interval_is_claimed() -> None:
    found = corrected_mean([1.0, 1.0], [1.0, 1.0], [1.0, 1.0])

    assert found is not None
    assert (found.value, found.interval) == (1.0, None)
