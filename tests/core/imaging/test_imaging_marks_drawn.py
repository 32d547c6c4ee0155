"""Marks drawn into sent pictures: colors of names, names that fit, and the picture left alone."""

from dataclasses import replace

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from core.imaging.load import open_image
from core.imaging.marks.drawing import with_marks
from core.imaging.marks.mask import mask_region
from core.imaging.marks.shapes import COLORS, MOST_LABELS
from core.imaging.pictures import encode_png

HEIGHT, WIDTH = 500, 700
DARK = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
IMAGE = open_image(encode_png(DARK), name="x.png")
BOX = Region(RegionKind.BOX, ((100, 90), (380, 360)), label="nodule")


def drawn(*marks, frame=0, picture=DARK):
    return with_marks(picture, IMAGE, frame, ImageUse(MediaId("a"), marks=marks))


def has_color(picture, color):
    return bool((np.abs(picture.astype(int) - color).max(axis=-1) < 40).any())


def test_a_name_has_the_same_color_on_every_frame():
    marks = (replace(BOX, label="cyst"), replace(BOX, frame=1))

    for frame, color in enumerate(COLORS[:2]):
        picture = drawn(*marks, frame=frame)
        assert [has_color(picture, one) for one in COLORS[:2]] == [
            one == color for one in COLORS[:2]
        ]


def test_a_line_between_two_pixels_colors_both_alike():
    picture = drawn(replace(BOX, label="")).astype(int)

    for one, other in ((picture[200, 99], picture[200, 100]), (picture[89, 300], picture[90, 300])):
        assert one.tolist() == pytest.approx(other.tolist(), abs=16)
        assert np.abs(one - DARK[0, 0]).max() > 100


def test_the_picture_below_the_marks_stays_as_it_was():
    below = DARK.copy()

    assert not np.array_equal(drawn(BOX, picture=below), below)
    assert np.array_equal(below, DARK)


@pytest.mark.parametrize(("count", "is_named"), [(MOST_LABELS, True), (MOST_LABELS + 1, False)])
def test_names_are_written_up_to_the_number_that_leaves_the_picture_to_be_seen(count, is_named):
    above = drawn(*[BOX] * count)[:85]

    assert has_color(above, COLORS[0]) is is_named


def test_a_flat_picture_has_names_and_a_thumbnail_has_none():
    for width, is_named in ((128, True), (127, False)):
        picture = np.zeros((100, width, 3), np.uint8)
        bare, named = drawn(replace(BOX, label=""), picture=picture), drawn(BOX, picture=picture)
        assert np.array_equal(bare, named) is not is_named


def test_an_empty_mask_with_a_name_changes_nothing():
    empty = mask_region(np.zeros((HEIGHT, WIDTH), bool), label="rubbed out")

    assert np.array_equal(drawn(empty), DARK)


def test_the_name_of_a_mask_stands_clear_of_its_pixels():
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[2:160, 50:320] = True  # no room above: the name stands below

    bare, named = (drawn(mask_region(mask, label=label)) for label in ("", "m"))

    changed = np.nonzero((bare != named).any(axis=(1, 2)))[0]
    assert 160 < changed.min() < changed.max() < 190
