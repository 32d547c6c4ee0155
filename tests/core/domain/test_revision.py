"""Content hashes and what keeps a draft from becoming a revision."""

from dataclasses import replace

import pytest
from hypothesis import given

from core.domain.body import AnswerFormat, Body
from core.domain.key import Key, empty_key_part
from core.domain.media import ImageUse, View, Window
from core.domain.revision import content_hash, find_problems
from core.domain.taxonomy import CAPACITY, SPECIALTY, Label
from tests.domain_strategies import bodies, keys, labels
from tests.factories import (
    ALL_FORMATS,
    make_body,
    make_draft,
    make_key,
    make_labels,
    make_media,
    make_person,
    make_question,
)

KNOWN_HASH = "7b8bbf6c5054f8efc5cb340161efa4e21aa3a705678ff3bf598ee8b149d131b5"


@given(bodies, keys, labels)
def test_equal_content_has_an_equal_hash(body: Body, key: Key, some: frozenset[Label]) -> None:
    again = (Body.from_plain(body.to_plain()), Key.from_plain(key.to_plain()), frozenset(some))

    assert content_hash(*again) == content_hash(body, key, some)


def test_every_part_of_the_content_counts() -> None:
    body, key, some = make_body(), make_key(), make_labels()
    variants = [
        (body, key, some),
        (replace(body, stem="Another stem?"), key, some),
        (replace(body, context=""), key, some),
        (body, replace(key, explanation="Other."), some),
        (body, key, make_labels("Cardiology")),
        (body, replace(key, right=empty_key_part(AnswerFormat.SINGLE_CHOICE)), some),
    ]

    assert len({content_hash(*one) for one in variants}) == len(variants)


def test_a_window_of_whole_numbers_hashes_like_the_same_window_of_fractions() -> None:
    media = make_media().id

    def hash_of(window: Window) -> str:
        body = make_body(images=(ImageUse(media, view=View(window)),))
        return content_hash(body, make_key(), make_labels())

    assert hash_of(Window(40, 400)) == hash_of(Window(40.0, 400.0))


def test_the_hash_of_known_content_never_changes_between_versions() -> None:
    assert content_hash(make_body(), make_key(), make_labels()) == KNOWN_HASH


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_a_complete_draft_has_no_problems(answer_format: AnswerFormat) -> None:
    question = make_question(make_person())

    assert find_problems(make_draft(question, answer_format)) == ()


def test_problems_come_in_the_order_of_the_form() -> None:
    question = make_question(make_person())
    draft = replace(
        make_draft(question),
        body=replace(make_body(), stem=" "),
        key=Key(empty_key_part(AnswerFormat.SINGLE_CHOICE)),
        labels=frozenset(),
    )

    assert [one.field for one in find_problems(draft)] == ["stem", "key", SPECIALTY, CAPACITY]


def test_a_key_of_another_format_is_a_problem() -> None:
    question = make_question(make_person())
    draft = replace(make_draft(question), key=make_key(AnswerFormat.NUMERIC))

    assert [one.field for one in find_problems(draft)] == ["key"]
