"""Bodies, keys and responses survive the way through JSON, in all formats."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.body import AnswerFormat, Body, Response, response_from_plain, response_to_plain
from core.domain.ids import MediaId
from core.domain.key import Key
from core.domain.links import Links
from core.domain.media import ImageUse
from core.domain.plain import Plain, canonical_json, sha256_of
from core.domain.run import RunSpec
from core.domain.source import Source
from core.errors import ValidationError
from tests.domain_strategies import bodies_of, keys_of, responses, texts
from tests.factories import make_body, make_person, make_question, make_revision, make_run

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def through_json(plain: Plain) -> Plain:
    return json.loads(canonical_json(plain))  # type: ignore[no-any-return]  # JSON objects stay so


# Nine formats draw the same images and texts.
@pytest.mark.parametrize("answer_format", AnswerFormat)
@settings(max_examples=40)
@given(data=st.data())
def test_a_body_comes_back_equal(answer_format: AnswerFormat, data: st.DataObject) -> None:
    body = data.draw(bodies_of(answer_format))

    again = Body.from_plain(through_json(body.to_plain()))

    assert again == body
    assert again.format is answer_format
    assert sha256_of(again.to_plain()) == sha256_of(body.to_plain())


def test_a_body_without_chosen_links_keeps_its_content_hash() -> None:
    plain = replace(make_body(), links=Links()).to_plain()

    assert "links" not in plain
    assert Body.from_plain(plain).links == Links(scrolls=True, zooms=True, windows=False)


def test_an_unknown_link_of_images_is_refused() -> None:
    with pytest.raises(ValidationError, match="“spin” together") as caught:
        Body.from_plain(make_body().to_plain() | {"links": ["scrolls", "spin"]})

    assert caught.value.field == "links"


@pytest.mark.parametrize("answer_format", AnswerFormat)
@given(data=st.data())
def test_a_key_comes_back_equal(answer_format: AnswerFormat, data: st.DataObject) -> None:
    key = data.draw(keys_of(answer_format))

    again = Key.from_plain(through_json(key.to_plain()))

    assert again == key
    assert sha256_of(again.to_plain()) == sha256_of(key.to_plain())


@given(responses)
def test_a_response_comes_back_equal(response: Response) -> None:
    assert response_from_plain(through_json(response_to_plain(response))) == response


@given(st.builds(Source, texts, texts, texts))
def test_a_source_comes_back_equal(source: Source) -> None:
    assert Source.from_plain(through_json(source.to_plain())) == source


def test_a_specification_of_a_run_comes_back_equal_with_the_same_hash() -> None:
    author = make_person()
    spec = make_run([make_revision(make_question(author))]).spec

    again = RunSpec.from_plain(through_json(spec.to_plain()))

    assert again == spec
    assert again.hash == spec.hash


@given(json_values)
def test_canonical_json_says_the_same_value_in_one_way(value: object) -> None:
    text = canonical_json(value)

    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@pytest.mark.parametrize(
    ("damage", "field"),
    [
        ({"format": "riddle"}, "format"),
        ({"stem": 7}, "stem"),
        ({"asked": None}, "asked"),
        ({"images": [{"media": "x", "frames": ["first"]}]}, "images"),
        ({"images": "none"}, "images"),
    ],
)
def test_a_damaged_body_is_refused_naming_the_field(damage: Plain, field: str) -> None:
    plain = make_body().to_plain() | damage

    with pytest.raises(ValidationError) as caught:
        Body.from_plain(plain)

    assert caught.value.field == field


def test_a_picture_as_it_lies_in_the_file_is_written_as_before() -> None:
    """The content hash of earlier revisions must not change."""
    plain = make_body().to_plain()["images"]
    known = {"media", "frames", "window", "is_inverted", "role", "caption", "date"}

    assert all(set(image) == known for image in plain)


@pytest.mark.parametrize(
    "facts", [{"quarter_turns": 4}, {"quarter_turns": True}, {"voi_table": -1}]
)
def test_an_impossible_placing_of_a_picture_is_refused(facts: Plain) -> None:
    plain = Body(images=(ImageUse(MediaId("a")),)).to_plain()
    plain["images"][0] |= facts

    with pytest.raises(ValidationError):
        Body.from_plain(plain)
