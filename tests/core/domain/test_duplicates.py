"""Questions that ask the same are found, above all where their keys contradict each other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.domain.body import AnswerFormat, Body, Numeric, SingleChoice
from core.domain.duplicates import Duplicate, find_duplicates
from core.domain.ids import MediaId, OptionId
from core.domain.key import Key, NumericKey, SingleChoiceKey
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from tests.factories import ALL_FORMATS, make_body, make_key

IMAGE = ImageUse(MediaId("ab" * 32), frames=(0, 1))
MARK = Region(RegionKind.POINT, ((5, 6),))
CHOICE = AnswerFormat.SINGLE_CHOICE


def found(
    one: Body, other: Body, key: Key | None = None, other_key: Key | None = None
) -> tuple[Duplicate, ...]:
    first = key or make_key(one.format)
    return find_duplicates([("a", one, first), ("b", other, other_key or first)])


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_equal_questions_of_every_format_have_the_same_key(answer_format: AnswerFormat) -> None:
    body = make_body(answer_format, images=(IMAGE,))

    assert found(body, body) == (Duplicate("a", "b", contradicts=False),)


def test_case_blanks_and_punctuation_make_no_other_question() -> None:
    body = make_body(CHOICE, stem="What does the image show?")
    other = make_body(CHOICE, stem="  what does  the IMAGE show")

    assert found(body, other) == (Duplicate("a", "b", contradicts=False),)


@pytest.mark.parametrize(
    "other",
    [
        make_body(CHOICE, images=(IMAGE,), stem="What is missing?"),
        make_body(CHOICE, images=(IMAGE,), context="A child."),
        make_body(CHOICE),
        make_body(CHOICE, images=(replace(IMAGE, media=MediaId("cd" * 32)),)),
        make_body(CHOICE, images=(replace(IMAGE, frames=(0,)),)),
        make_body(CHOICE, images=(replace(IMAGE, marks=(MARK,)),)),
        make_body(AnswerFormat.SHORT_TEXT, images=(IMAGE,)),
    ],
    ids=["stem", "context", "no image", "image", "frames", "marks", "format"],
)
def test_what_asks_something_else_is_no_duplicate(other: Body) -> None:
    assert found(make_body(CHOICE, images=(IMAGE,)), other, other_key=make_key(other.format)) == ()


def test_what_is_marked_makes_the_question() -> None:
    there, here = (
        make_body(CHOICE, images=(replace(IMAGE, marks=(mark,)),))
        for mark in (MARK, replace(MARK, points=((50, 60),)))
    )

    assert found(there, here) == ()
    assert found(there, there) != ()


def test_keys_are_compared_by_the_words_of_options_in_whatever_order_they_stand() -> None:
    body = make_body(CHOICE)
    assert isinstance(body.asked, SingleChoice)
    options = body.asked.options
    turned = replace(body, asked=replace(body.asked, options=options[::-1]))
    key = make_key(CHOICE)
    other = replace(key, right=SingleChoiceKey(OptionId("o1")))

    assert found(body, turned, key) == (Duplicate("a", "b", contradicts=False),)
    [one] = found(body, turned, key, other)
    assert one.contradicts
    assert one.sentence == "Asks the same as a, but the keys contradict each other."


@pytest.mark.parametrize(
    ("value", "unit", "contradicts"),
    [("12.5", "mm", False), ("12.50", "mm", False), ("12.6", "mm", True), ("12.5", "cm", True)],
)
def test_numbers_contradict_each_other_by_value_or_unit(
    value: str, unit: str, contradicts: bool
) -> None:
    body = make_body(AnswerFormat.NUMERIC)
    assert isinstance(body.asked, Numeric)
    one, other = (replace(body, asked=replace(body.asked, unit=name)) for name in ("mm", unit))
    key = make_key(AnswerFormat.NUMERIC)
    other_key = replace(key, right=NumericKey(Decimal(value)))

    [told] = found(one, other, key, other_key)

    assert told.contradicts is contradicts


def test_each_later_one_is_told_with_the_first() -> None:
    body, key = make_body(CHOICE), make_key(CHOICE)

    told = find_duplicates([(name, body, key) for name in "abc"])

    assert [(one.first, one.second) for one in told] == [("a", "b"), ("a", "c")]
