import numpy as np
import pytest

from core.statistics.unevenness import spread_of
from tests.core.statistics.known_answers import known_case


@pytest.mark.shared_data
def test_sampling_noise_is_taken_away_as_in_the_reference():
    case = known_case("proportions", "spread_across_specialties_noise_corrected")
    cells = list(zip(case["data"]["correct"], case["data"]["n"], strict=True))
    found = spread_of(cells)
    # The reference divides by k - 1, the protocol by k.
    to_sample_variance = len(cells) / (len(cells) - 1)
    expected = case["expected"]
    assert found.raw * to_sample_variance == pytest.approx(expected["raw_variance"], abs=1e-11)
    corrected = found.corrected * to_sample_variance
    assert corrected == pytest.approx(expected["corrected_variance"], abs=1e-11)
    assert found.interval.low <= found.corrected <= found.interval.high


def test_pure_noise_is_not_called_uneven_but_a_real_spread_is():
    rng = np.random.default_rng(3)
    even = [spread_of([(int(k), 12) for k in rng.binomial(12, 0.6, 15)]) for _ in range(200)]
    assert np.mean([one.raw for one in even]) == pytest.approx(0.0187, abs=0.002)
    assert np.mean([one.corrected for one in even]) < 0.006
    assert spread_of([(9, 10), (1, 10), (9, 10), (2, 10)]).is_uneven


def test_interval_covers_the_true_spread_of_most_studies():
    truth = np.linspace(0.3, 0.9, 15)
    rng = np.random.default_rng(5)
    studies = [
        spread_of([(int(k), 20) for k in rng.binomial(20, truth)], seed=seed) for seed in range(150)
    ]
    hits = [one.interval.low <= truth.var() <= one.interval.high for one in studies]
    assert np.mean(hits) > 0.87


@pytest.mark.parametrize("cells", [[], [(3, 5)], [(1, 1), (0, 1), (3, 5)]])
def test_fewer_than_two_usable_cells_have_no_spread(cells):
    assert spread_of(cells) is None
