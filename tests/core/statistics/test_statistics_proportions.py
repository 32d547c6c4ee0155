import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics.distributions import t_quantile
from core.statistics.proportions import clopper_pearson, wilson, wilson_with_continuity
from tests.core.statistics.known_answers import known_case

METHODS = {
    "wilson": wilson,
    "wilson_cc": wilson_with_continuity,
    "clopper_pearson": clopper_pearson,
}
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.shared_data
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "case_id", ["newcombe_1998_81_of_263", "newcombe_1998_15_of_148", "newcombe_1998_1_of_29"]
)
def test_interval_equals_the_published_one(case_id, method):
    case = known_case("proportions", case_id)
    interval = METHODS[method](case["data"]["successes"], case["data"]["n"])
    expected = case["expected"][method]
    assert [interval.low, interval.high] == pytest.approx(expected, abs=case["tolerance"]["*"])


@pytest.mark.shared_data
def test_zero_of_thirty_wrong_still_allows_nine_and_a_half_percent():
    case = known_case("proportions", "rule_of_three_0_of_30")
    interval = clopper_pearson(case["data"]["successes"], case["data"]["n"], confidence=0.90)
    expected = case["expected"]["exact_upper_one_sided_95"]
    assert interval.high == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("method", METHODS.values())
def test_nothing_counted_has_no_interval(method):
    assert method(0, 0) is None


@pytest.mark.parametrize("method", METHODS.values())
def test_more_successes_than_trials_are_refused(method):
    with pytest.raises(ValueError, match="no proportion"):
        method(3, 2)


@pytest.mark.parametrize("method", METHODS.values())
@given(counts=COUNTS)
def test_interval_holds_the_share_and_stays_between_zero_and_one(method, counts):
    successes, n = counts
    interval = method(successes, n)
    assert 0 <= interval.low <= successes / n <= interval.high <= 1


@pytest.mark.parametrize("method", METHODS.values())
@given(counts=COUNTS)
def test_interval_of_failures_mirrors_that_of_successes(method, counts):
    successes, n = counts
    here, there = method(successes, n), method(n - successes, n)
    assert (here.low, here.high) == pytest.approx((1 - there.high, 1 - there.low), abs=1e-9)


@given(counts=COUNTS)
def test_exact_interval_is_never_shorter_than_wilson(counts):
    successes, n = counts
    assert clopper_pearson(successes, n).half_width >= wilson(successes, n).half_width - 0.01


@pytest.mark.parametrize(("df", "expected"), [(1, 12.7062), (4, 2.77645), (30, 2.04227)])
def test_t_quantile_equals_the_printed_table(df, expected):
    assert t_quantile(0.975, df) == pytest.approx(expected, abs=5e-5)
