"""A third version of a question is put together field by field from two."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import AnswerFormat, Option, SingleChoice, options_of
from core.domain.ids import OptionId
from core.domain.key import SingleChoiceKey
from core.domain.links import Links
from core.domain.revision import Revision
from core.domain.three_way import Side, assemble, compare, suggested
from core.errors import ValidationError
from tests.factories import make_body, make_person, make_question, make_revision

TEXTS = {"a": "Aorta", "b": "Thymus", "c": "Esophagus", "d": "Trachea"}


def version(options: str = "abc", right: str = "a", stem: str = "Which one?") -> Revision:
    asked = SingleChoice(tuple(Option(OptionId(one), TEXTS[one]) for one in options))
    made = make_revision(make_question(make_person()))
    body = replace(make_body(AnswerFormat.SINGLE_CHOICE), asked=asked, stem=stem)
    key = replace(made.key, right=SingleChoiceKey(OptionId(right)))
    return replace(made, body=body, key=key)


def options(revision: Revision) -> str:
    return "".join(one.id for one in options_of(revision.body.asked))


def test_what_only_one_side_changed_is_suggested() -> None:
    base, mine = version(), version(stem="Which structure?")
    theirs = version("abcd")

    fields = compare(base, mine, theirs)

    picks = suggested(fields)
    assert picks == {
        "stem": Side.MINE,
        "option d": Side.THEIRS,
        "order of options": Side.THEIRS,
    }
    third = assemble(mine, theirs, picks)
    assert (third.body.stem, options(third)) == ("Which structure?", "abcd")


def test_a_field_that_both_changed_has_no_suggestion() -> None:
    fields = compare(version(), version(stem="Mine?"), version(stem="Theirs?"))

    assert [one.is_contested for one in fields] == [True]
    assert suggested(fields) == {}


def test_links_of_images_are_taken_from_the_side_that_changed_them() -> None:
    base = mine = version()
    theirs = replace(base, body=replace(base.body, links=Links(zooms=False, windows=True)))

    (field,) = fields = compare(base, mine, theirs)

    assert (field.field, field.base) == ("links", "scroll, zoom")
    assert assemble(mine, theirs, suggested(fields)).body.links == theirs.body.links


def test_an_option_that_one_side_removed_goes_when_that_side_is_picked() -> None:
    mine, theirs = version("abc"), version("ac")
    picks = {"option b": Side.THEIRS, "order of options": Side.THEIRS}

    assert options(assemble(mine, theirs, picks)) == "ac"


def test_a_right_answer_without_its_option_is_refused_in_words() -> None:
    mine, theirs = version("abc", right="a"), version("bcd", right="d")

    with pytest.raises(ValidationError, match="do not fit together") as refused:
        assemble(mine, theirs, {"key": Side.THEIRS})
    assert "same side" in str(refused.value)


@given(
    st.permutations("abcd"),
    st.permutations("abcd"),
    st.sampled_from(["Mine?", "Same?"]),
    st.sampled_from(["Theirs?", "Same?"]),
    st.sampled_from(Side),
)
def test_one_side_for_every_field_gives_that_side(
    first: list[str], second: list[str], stem: str, other: str, side: Side
) -> None:
    mine = version("".join(first[:3]), first[0], stem)
    theirs = version("".join(second[:3]), second[0], other)
    wanted = {Side.MINE: mine, Side.THEIRS: theirs}[side]

    third = assemble(mine, theirs, {one.field: side for one in compare(None, mine, theirs)})

    assert (third.body, third.key) == (wanted.body, wanted.key)
