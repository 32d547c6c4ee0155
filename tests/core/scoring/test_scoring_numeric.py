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
        relative = Decimal(item.get("rel", "0")) * abs(Decimal(item["key"]))
        tolerance = item.get("abs") or str(relative)
        found = mark(item["answer"], "", asked="", right=item["key"], tolerance=tolerance)
        assert found.value == expected, item


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
