import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics.paired import PairedCounts, mcnemar_mid_p, tango
from tests.core.statistics.known_answers import known_case

COUNTS = st.builds(PairedCounts, *[st.integers(0, 60)] * 4).filter(lambda counts: counts.n)


def swapped(counts: PairedCounts) -> PairedCounts:
    return PairedCounts(counts.both, counts.second_only, counts.first_only, counts.neither)


@pytest.mark.shared_data
def test_airway_table_gives_the_published_test_and_interval():
    case = known_case("paired", "fagerland_airway")
    (both, first), (second, neither) = case["data"]["table"]
    counts = PairedCounts(both, first, second, neither)
    interval = tango(counts)
    assert counts.difference == pytest.approx(case["expected"]["difference"], abs=1e-12)
    assert mcnemar_mid_p(counts) == pytest.approx(case["expected"]["mid_p"], abs=6e-5)
    expected = case["expected"]["tango_ci"]
    assert [interval.low, interval.high] == pytest.approx(expected, abs=6e-5)


@pytest.mark.shared_data
def test_lower_bound_decides_non_inferiority_as_published():
    case = known_case("paired", "non_inferiority_tango")
    names = ("both", "first_only", "second_only", "neither")
    counts = PairedCounts(*(case["data"][name] for name in names))
    assert tango(counts).low == pytest.approx(case["expected"]["lower_95_two_sided"], abs=1e-6)
    assert counts.difference == pytest.approx(case["expected"]["difference"], abs=1e-9)


def test_nothing_compared_has_no_difference_and_no_interval():
    counts = PairedCounts(0, 0, 0, 0)
    assert (counts.difference, tango(counts), mcnemar_mid_p(counts)) == (None, None, None)


@given(counts=COUNTS)
def test_interval_holds_the_difference_and_stays_in_bounds(counts):
    interval = tango(counts)
    assert -1 <= interval.low <= counts.difference + 1e-9
    assert counts.difference - 1e-9 <= interval.high <= 1


@given(counts=COUNTS)
def test_swapping_the_answerers_turns_the_sign_only(counts):
    here, there = tango(counts), tango(swapped(counts))
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low), abs=1e-8)
    assert mcnemar_mid_p(counts) == mcnemar_mid_p(swapped(counts))


@given(counts=COUNTS)
def test_p_value_is_a_probability(counts):
    p = mcnemar_mid_p(counts)
    assert p is None or 0 <= p <= 1
