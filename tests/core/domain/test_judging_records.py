"""Rubrics, majority over turns, families of models."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import AnswerFormat
from core.domain.ids import AnswerId, GradingId, JudgeId
from core.domain.judging import (
    DEFAULT_POINTS,
    Grading,
    GradingState,
    JudgeSpec,
    Rubric,
    combined_value,
    family_of,
    is_same_family,
    read_rubric,
)
from core.domain.rubric_points import RubricPoint
from tests.factories import NOW

REPORT, SHORT = AnswerFormat.REPORT, AnswerFormat.SHORT_TEXT
TWO = Rubric((RubricPoint("a", 3), RubricPoint("b", -1), RubricPoint("c", 1)))


def grading(*met: bool, state: GradingState = GradingState.GRADED, turn: str = "1") -> Grading:
    return Grading(
        GradingId("g"), AnswerId("a"), JudgeId("j"), None, turn, state, TWO, NOW, met=met
    )


def test_a_rubric_has_one_point_a_line_with_its_sign() -> None:
    rubric = read_rubric(
        "+2 Names the side\n- States the size\n\n(-1): Calls it benign\n3. −2 Invents a film",
        REPORT,
    )

    assert rubric.points == (
        RubricPoint("Names the side", 2),
        RubricPoint("States the size", 1),
        RubricPoint("Calls it benign", -1),
        RubricPoint("Invents a film", -2),
    )


def test_without_a_positive_point_the_points_of_the_format_come_first() -> None:
    assert read_rubric("", REPORT).points == DEFAULT_POINTS[REPORT]
    assert read_rubric("-1 Wrong side", SHORT).points == (
        *DEFAULT_POINTS[SHORT],
        RubricPoint("Wrong side", -1),
    )


@pytest.mark.parametrize(
    ("met", "value"),
    [
        ((True, False, True), 1.0),
        ((True, True, True), 0.75),
        ((False, True, False), 0.0),
        ((False, False, True), 0.25),
    ],
)
def test_negative_points_count_off_and_the_score_stays_between_0_and_1(
    met: tuple[bool, ...], value: float
) -> None:
    assert TWO.value(met) == value


def test_a_short_text_is_right_only_as_a_whole() -> None:
    rubric = Rubric(TWO.points, is_all_or_nothing=True)

    assert (rubric.value((True, True, True)), rubric.value((True, False, True))) == (0.0, 1.0)


@given(st.lists(st.integers(-9, 9).filter(bool), min_size=1, max_size=8), st.data())
def test_every_rubric_scores_between_0_and_1(weights: list[int], data: st.DataObject) -> None:
    text = "\n".join(f"{weight:+d} point" for weight in weights)
    rubric = read_rubric(text, REPORT)
    met = data.draw(st.tuples(*(st.booleans() for _ in rubric.points)))

    assert 0.0 <= rubric.value(met) <= 1.0
    assert Rubric.from_plain(rubric.to_plain()) == rubric


def test_the_majority_of_all_turns_decides_each_point() -> None:
    turns = [grading(True, False, True), grading(True, False, False), grading(True, True, False)]

    assert combined_value(turns, 3) == 0.75


@pytest.mark.parametrize(
    "turns",
    [
        [grading(True, False, True), grading(False, False, True)],
        [grading(True, False, True), grading(state=GradingState.UNREADABLE)],
        [grading(True, False, True)],
        [grading(state=GradingState.FAILED), grading(state=GradingState.REFUSED)],
        [],
    ],
)
def test_without_more_than_half_of_all_turns_an_answer_is_unscored_and_not_zero(
    turns: list[Grading],
) -> None:
    assert combined_value(turns, 2) is None


def test_only_a_grading_has_a_value() -> None:
    assert grading(True, False, True).value == 1.0
    assert [grading(state=one).value for one in GradingState if one != "graded"] == [None] * 3


def test_each_repeat_is_asked_in_both_orders() -> None:
    spec = JudgeSpec("m", "u", "rubric-1", "h", repeats=2)

    assert spec.turns == ("1", "1-swapped", "2", "2-swapped")
    assert JudgeSpec.from_plain(spec.to_plain()) == spec


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("gpt-4o-mini", "openai/o3", True),
        ("claude-3-5-sonnet", "anthropic/Claude-Opus", True),
        ("google/medgemma-27b", "gemini-2.0-flash", True),
        ("qwen2.5-vl-7b", "Qwen/QwQ-32B", True),
        ("meta-llama/Llama-3.1-8B", "mistral-large", False),
        ("gpt-4o", "deepseek-r1", False),
        ("my-model-1", "my-model-2", True),
        ("house-a", "other-b", False),
    ],
)
def test_models_of_one_maker_are_one_family(first: str, second: str, *, is_same: bool) -> None:
    assert is_same_family(first, second) is is_same
    assert family_of(first)


def test_judge_set_up_before_protocols_were_named_keeps_its_identity() -> None:
    plain = JudgeSpec("m", "http://127.0.0.1/v1", "rubric-1", "00", temperature=None)

    assert not {"api", "effort"} & set(plain.to_plain())
    assert plain.to_plain()["temperature"] is None
    for one in (plain, replace(plain, api="responses"), replace(plain, effort="low")):
        assert JudgeSpec.from_plain(one.to_plain()) == one
    assert len({one.hash for one in (plain, replace(plain, effort="low"))}) == 2
