"""What a person types as an answer is taken by the letter, or refused."""

from decimal import Decimal

import pytest

from core.domain.body import (
    Chosen,
    Localization,
    Marked,
    Measured,
    Numeric,
    Option,
    Ranked,
    Ranking,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
)
from core.domain.typed_answer import typed_response
from core.errors import ValidationError

OPTIONS = tuple(Option(f"o{n}", text) for n, text in enumerate(("Mass, left", "Cyst", "Cyst"), 1))
SHOWN = ("o2", "o1", "o3")
BOX = '[{"kind": "box", "points": [[1, 2], [3, 4]], "image": 2}]'


@pytest.mark.parametrize(
    ("asked", "text", "response"),
    [
        (SingleChoice(OPTIONS), "A", Chosen(frozenset({"o2"}))),
        (SingleChoice(OPTIONS), "mass, LEFT", Chosen(frozenset({"o1"}))),
        (SeveralChoices(OPTIONS), "a, C", Chosen(frozenset({"o2", "o3"}))),
        (SeveralChoices(OPTIONS), "Mass, left; A", Chosen(frozenset({"o1", "o2"}))),
        (Ranking(OPTIONS), "C > A > B", Ranked(("o3", "o2", "o1"))),
        (YesNo(), "NO", Chosen(frozenset({"no"}))),
        (Numeric("mm"), "-3.5 cm", Measured(Decimal("-3.5"), "cm")),
        (ShortText(), "The answer is LV.", Written("The answer is LV.")),
    ],
)
def test_each_format_is_typed_in_its_own_way(asked, text, response):
    assert typed_response(asked, text, SHOWN) == response


def test_region_is_typed_as_json_on_the_image_that_is_asked_about():
    response = typed_response(Localization(image=1), BOX, ())
    assert isinstance(response, Marked)
    with pytest.raises(ValidationError, match="asked for on image 1"):
        typed_response(Localization(), BOX, ())


@pytest.mark.parametrize(
    ("asked", "text", "words"),
    [
        (SingleChoice(OPTIONS), "Cyst", "letters A to C"),
        (SingleChoice(OPTIONS), "", "letters A to C"),
        (SeveralChoices(OPTIONS), "A;A", "named twice"),
        (YesNo(), "A", "Answer yes or no."),
        (Numeric("mm"), "3,5", "such as 3.5 mm"),
        (Numeric("mm"), "nan", "such as 3.5 mm"),
    ],
)
def test_what_is_not_clear_is_refused(asked, text, words):
    with pytest.raises(ValidationError, match=words):
        typed_response(asked, text, SHOWN)
