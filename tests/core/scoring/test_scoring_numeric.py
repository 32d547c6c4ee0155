from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import Measured, Numeric
from core.domain.key import NumericKey
from core.domain.score import ScoreState
from core.llm import reading_words as words
from core.scoring.numeric import NumericScorer
from core.scoring.units import find_unit
from tests.core.statistics.known_answers import known_case

NUMBERS = st.decimals(-1000, 1000, places=3)


def mark(value: str, unit: str, *, asked: str, right: str, tolerance: str = "0"):
    key = NumericKey(Decimal(right), Decimal(tolerance))
    return NumericScorer().mark(Measured(Decimal(value), unit), Numeric(asked), key)


@pytest.mark.shared_data
def test_tolerance_is_decimal_and_inclusive():
    case = known_case("scoring", "numeric_tolerance")
    for item, expected in zip(case["data"]["items"], case["expected"]["right"], strict=True):
        percent = Decimal(item.get("rel", "0")) * 100
        key = NumericKey(Decimal(item["key"]), Decimal(item.get("abs", "0")), percent)
        found = NumericScorer().mark(Measured(Decimal(item["answer"])), Numeric(""), key)
        assert found.value == expected, item


@pytest.mark.parametrize(
    ("answer", "tolerance", "percent", "is_right"),
    [
        ("105", "0", "5", True),
        ("95", "0", "5", True),
        ("105.01", "0", "5", False),
        ("108", "8", "5", True),
        ("108.01", "8", "5", False),
        ("104", "1", "5", True),
        ("100", "0", "0", True),
    ],
)
def test_of_both_tolerances_the_wider_one_counts(answer, tolerance, percent, is_right):
    for sign in (1, -1):
        key = NumericKey(Decimal(100 * sign), Decimal(tolerance), Decimal(percent))
        found = NumericScorer().mark(Measured(Decimal(answer) * sign), Numeric("mm"), key)
        assert found.value == float(is_right)


def test_percent_of_nothing_is_nothing():
    key = NumericKey(Decimal(0), Decimal(0), Decimal(50))

    assert NumericScorer().mark(Measured(Decimal("0.001")), Numeric(""), key).value == 0


def test_percent_holds_in_the_unit_of_the_key():
    key = NumericKey(Decimal(12), Decimal(0), Decimal(10))

    assert NumericScorer().mark(Measured(Decimal("1.32"), "cm"), Numeric("mm"), key).value == 1
    assert NumericScorer().mark(Measured(Decimal("1.33"), "cm"), Numeric("mm"), key).value == 0


@pytest.mark.parametrize(
    ("value", "unit", "asked", "right"),
    [
        ("1.25", "cm", "mm", "12.5"),
        ("12.5", "millimeters", "mm", "12.5"),
        ("0.25", "L", "mL", "250"),
        ("250", "cc", "mL", "250"),
        ("1", "m²", "cm2", "10000"),
        ("2", "g/dL", "g/L", "20"),
        ("3", "µg/mL", "mg/L", "3"),
        ("70", "beats per minute", "bpm", "70"),
        ("2", "years", "months", "24"),
        ("-40", "hu", "HU", "-40"),
        ("3", "mM", "mM", "3"),
        ("3", "furlongs", "furlongs", "3"),
        ("4", "nodules", "", "4"),
    ],
)
def test_unit_of_the_same_dimension_is_converted(value, unit, asked, right):
    assert mark(value, unit, asked=asked, right=right).state is ScoreState.CORRECT


@pytest.mark.parametrize(
    ("unit", "asked"),
    [
        ("furlongs", "mm"),
        ("mL", "mm"),
        ("mM", "mm"),
        ("mg/dL", "mmol/L"),
        ("weeks", "months"),
        ("mm", "furlongs"),
        ("mm", ""),
    ],
)
def test_unit_that_cannot_be_converted_leaves_the_answer_unscored(unit, asked):
    found = mark("5", unit, asked=asked, right="5")
    assert (found.state, found.value) == (ScoreState.UNSCORED, None)


def test_errors_stand_beside_the_score():
    found = mark("1.5", "cm", asked="mm", right="12", tolerance="1")
    assert found.state is ScoreState.INCORRECT
    assert found.details == {"absolute_error": 3.0, "relative_error": 0.25}
    assert mark("1", "", asked="mm", right="0").details == {"absolute_error": 1.0}


@given(value=NUMBERS, right=NUMBERS, tolerance=st.decimals(0, 50, places=2))
def test_unit_of_the_answer_does_not_change_the_verdict(value, right, tolerance):
    limits = {"right": str(right), "tolerance": str(tolerance)}
    plain = mark(str(value), "", asked="mm", **limits)
    in_cm = mark(str(value / 10), "cm", asked="mm", **limits)
    assert plain.state is in_cm.state
    assert (plain.value == 1) == (abs(value - right) <= tolerance)


def test_units_of_other_scripts_that_are_read_can_be_scored():
    names = words.UNITS.replace("?", "").replace("\\.", ".").split("|")
    assert [name for name in names if find_unit(name) is None] == []
    assert mark("1.2", "см", asked="mm", right="12").value == 1


def test_no_name_of_a_unit_means_two_units():
    assert find_unit("mm").dimension == "length"
    assert find_unit("m/s").dimension == "velocity"
    assert find_unit("mm3") == find_unit("µL")
    assert find_unit("mHz") is None
    assert find_unit("") is None
