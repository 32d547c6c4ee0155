"""Responses and keys in words, and the marks of a word diff."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.domain.body import NO, Chosen, Measured, Numeric, SingleChoice, YesNo
from core.domain.ids import OptionId
from core.domain.key import Key, NumericKey, ShortTextKey, SingleChoiceKey, YesNoKey
from core.domain.word_diff import DiffKind, word_diff
from reviewer_app.pages.verify.response_text import (
    describe_key,
    describe_others,
    describe_response,
)
from reviewer_app.widgets.word_diff import joined
from tests.factories import make_asked, make_options


@pytest.mark.parametrize(
    ("asked", "response", "words"),
    [
        (SingleChoice(make_options("A", "B")), Chosen(frozenset({OptionId("o2")})), "B"),
        (YesNo(), Chosen(frozenset({NO})), "No"),
        (Numeric("mm"), Measured(Decimal("3.40")), "3.40 mm"),
        (Numeric("mm"), Measured(Decimal(1), "cm"), "1 cm"),
        (YesNo(), None, "Cannot tell"),
    ],
)
def test_response_is_said_in_words(asked, response, words):
    assert describe_response(asked, response) == words


def test_key_names_its_tolerance_and_variants():
    assert describe_key(Numeric("mm"), Key(NumericKey(Decimal(5), Decimal(1)))) == "5 ± 1 mm"
    share = NumericKey(Decimal(5), Decimal(0), Decimal(10))
    assert describe_key(Numeric("mm"), Key(share)) == "5 mm ± 10 %"
    both = describe_key(Numeric("mm"), Key(replace(share, tolerance=Decimal(1))))
    assert both == "5 ± 1 mm, or ± 10 % if that is more"
    key = Key(ShortTextKey("left ventricle", ("LV",)))
    assert describe_key(make_asked(key.right.format), key) == "left ventricle (also: LV)"


def test_wrong_options_are_named_for_judging_them():
    asked = SingleChoice(make_options("A", "B", "C"))
    assert describe_others(asked, Key(SingleChoiceKey(OptionId("o2")))) == "A; C"
    assert describe_others(YesNo(), Key(YesNoKey(NO))) == ""
    assert describe_others(Numeric("mm"), Key(NumericKey(Decimal(5)))) == ""


def test_blanks_between_two_struck_words_are_struck_and_the_text_stays():
    spans = word_diff("an old grey horse runs", "a quick fox runs")
    before = tuple(span for span in spans if span.kind is not DiffKind.ADDED)
    smooth = joined(before)
    assert "".join(span.text for span in smooth) == "an old grey horse runs"
    plain = "".join(span.text for span in smooth if span.kind is DiffKind.SAME)
    assert plain.strip() == "runs"
    assert any(not span.text.strip() and span.kind is DiffKind.SAME for span in before[:-2])
