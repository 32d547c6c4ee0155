"""Regions in one cell: they come back as they were, and each mistake is one sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.region import RegionKind
from core.domain.region_text import PlacedRegions, regions_from_text, regions_to_text
from core.errors import ValidationError
from tests.domain_strategies import regions

BOX = {"kind": "box", "points": [[10, 20], [60, 50]]}


@given(st.lists(regions, min_size=1, max_size=4).map(tuple), st.integers(0, 11))
def test_regions_of_every_kind_come_back_as_they_were(drawn, image):
    text = regions_to_text(drawn, image=image)
    assert regions_from_text(text) == PlacedRegions(image, drawn)


def test_one_object_is_one_region_on_the_first_picture_of_the_first_image():
    placed = regions_from_text(json.dumps(BOX))
    (region,) = placed.regions
    assert (placed.image, region.kind, region.frame) == (0, RegionKind.BOX, 0)
    assert region.points == ((10.0, 20.0), (60.0, 50.0))


def test_image_and_frame_are_counted_from_1():
    placed = regions_from_text(json.dumps(BOX | {"image": 2, "frame": 3}))
    assert (placed.image, placed.regions[0].frame) == (1, 2)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (BOX | {"kind": "cube"}, "The kind is none of"),
        (BOX | {"fram": 1}, "“fram” is unknown"),
        (BOX | {"frame": 0}, "the frame must be 1 or more"),
        (BOX | {"image": "1"}, "the image must be 1 or more"),
        (BOX | {"frame": True}, "the frame must be 1 or more"),
        (BOX | {"points": [[1, 2, 3], [4, 5]]}, "pairs of numbers"),
        (BOX | {"points": [["1", 2], [4, 5]]}, "pairs of numbers"),
        (BOX | {"points": [[10**400, 2], [4, 5]]}, "pairs of numbers"),
        (BOX | {"points": [[float("nan"), 2], [4, 5]]}, "pairs of numbers"),
        (BOX | {"points": [[1, 2]]}, "A box has the wrong number of points"),
        (BOX | {"points": [[1e9, 2], [4, 5]]}, "no place"),
        (BOX | {"label": 3}, "label must be text"),
        (BOX | {"locked": "no"}, "must be true or false"),
        ({"kind": "mask", "mask": {"width": 2, "height": 2}}, "width, height and runs"),
        ({"kind": "mask", "mask": {"width": 2, "height": 2, "runs": [1, 1]}}, "do not fit"),
        ({"kind": "mask", "mask": {"width": 2, "height": 2, "runs": [1, "3"]}}, "whole numbers"),
        ({"kind": "mask", "mask": {"width": 2, "height": 2, "runs": []}}, "list of whole"),
        ("box", "no object in braces"),
    ],
)
def test_mistake_is_said_with_the_number_of_the_region(entry, words):
    with pytest.raises(ValidationError, match=r"^Region 2: ") as caught:
        regions_from_text(json.dumps([BOX, entry]))
    assert words in caught.value.sentence


@pytest.mark.parametrize("text", ["", "10 20 60 50", "[", "[]", "3", "null", "[" * 5000])
def test_what_is_no_list_of_regions_is_told_with_an_example(text):
    with pytest.raises(ValidationError) as caught:
        regions_from_text(text)
    assert '"kind": "box"' in caught.value.hint


def test_regions_on_two_images_are_refused():
    with pytest.raises(ValidationError, match="same image"):
        regions_from_text(json.dumps([BOX, BOX | {"image": 2}]))


@given(st.text(max_size=60))
def test_text_of_any_kind_is_refused_in_a_sentence(text):
    with pytest.raises(ValidationError, match=r"."):
        regions_from_text(text)
