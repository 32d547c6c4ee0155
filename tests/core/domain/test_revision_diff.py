"""What changed between revisions is told word by word, the key only where it may be seen."""

from dataclasses import replace

from core.domain.body import SingleChoice
from core.domain.ids import OptionId
from core.domain.key import SingleChoiceKey
from core.domain.links import Links
from core.domain.revision_diff import compare
from core.domain.word_diff import DiffKind
from tests.factories import (
    make_body,
    make_key,
    make_options,
    make_person,
    make_question,
    make_revision,
)

QUESTION = make_question(make_person())
OLD = make_revision(QUESTION)


def test_equal_revisions_differ_in_nothing() -> None:
    assert compare(OLD, make_revision(QUESTION, number=2), with_key=True) == ()


def test_words_that_went_and_came_are_named_field_by_field() -> None:
    new = make_revision(QUESTION, number=2, body=make_body(stem="What does the CT show?"))

    (diff,) = compare(OLD, new, with_key=False)

    assert diff.field == "stem"
    changed = [(one.kind, one.text) for one in diff.spans if one.kind is not DiffKind.SAME]
    assert changed == [(DiffKind.REMOVED, "image"), (DiffKind.ADDED, "CT")]


def test_options_and_the_right_one_are_told_by_their_texts() -> None:
    asked = SingleChoice(make_options("Pneumonia", "Pneumothorax", "Effusion", "Fracture"))
    new = make_revision(
        QUESTION,
        number=2,
        body=replace(make_body(), asked=asked),
        key=replace(make_key(), right=SingleChoiceKey(OptionId("o4"))),
    )

    found = {one.field: one.spans for one in compare(OLD, new, with_key=True)}

    assert set(found) == {"options", "key"}
    assert "Fracture" in [one.text for one in found["options"] if one.kind is DiffKind.ADDED]
    assert [(one.kind, one.text) for one in found["key"]] == [
        (DiffKind.REMOVED, "Pneumothorax"),
        (DiffKind.ADDED, "Fracture"),
    ]


def test_what_images_do_together_is_told_in_words() -> None:
    new = make_revision(QUESTION, number=2, body=replace(make_body(), links=Links(windows=True)))

    (diff,) = compare(OLD, new, with_key=False)

    assert diff.field == "links"
    assert "".join(one.text for one in diff.spans if one.kind is DiffKind.ADDED) == ", window"


def test_without_the_key_nothing_of_it_is_told() -> None:
    new = make_revision(QUESTION, number=2, key=replace(make_key(), explanation="Secret."))

    assert compare(OLD, new, with_key=False) == ()
    assert [one.field for one in compare(OLD, new, with_key=True)] == ["explanation"]
