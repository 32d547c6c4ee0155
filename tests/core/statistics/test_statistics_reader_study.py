import pytest

from core.statistics.reader_study import crossed_difference
from tests.core.statistics.known_answers import known_case


def table(rows: list[str]) -> list[list[float]]:
    return [[float(digit) for digit in row] for row in rows]


@pytest.mark.shared_data
def test_crossed_study_equals_the_reference_software():
    case = known_case("reader_study", "crossed_6_readers_40_questions_2_conditions")
    first, second = table(case["data"]["condition_A"]), table(case["data"]["condition_B"])
    found = crossed_difference(
        [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(first, second, strict=True)]
    )
    expected = case["expected"]
    assert found.estimate == pytest.approx(expected["A_minus_B"], abs=1e-9)
    assert found.standard_error == pytest.approx(expected["se"], abs=1e-9)
    assert found.df == pytest.approx(expected["df"], abs=1e-6)
    interval = [found.interval.low, found.interval.high]
    assert interval == pytest.approx(expected["ci95"], abs=1e-6)


@pytest.mark.shared_data
@pytest.mark.parametrize("condition", ["A", "B"])
def test_one_condition_alone_equals_the_reference_software(condition):
    case = known_case("reader_study", "crossed_6_readers_40_questions_2_conditions")
    found = crossed_difference(table(case["data"][f"condition_{condition}"]))
    assert found.standard_error == pytest.approx(case["expected"][f"se_{condition}"], abs=1e-9)
    assert found.df == pytest.approx(case["expected"][f"df_{condition}"], abs=1e-6)


@pytest.mark.parametrize("rows", [[], [[1.0, 0.0]], [[1.0], [0.0]], [[0.0, 0.0], [0.0, 0.0]]])
def test_too_little_to_judge_has_no_interval(rows):
    assert crossed_difference(rows) is None
