"""Marked regions: overlap and hits against figures counted by hand and with numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import Localization, Marked
from core.domain.key import LocalizationKey
from core.domain.key.localization import RegionMeasure
from core.domain.region import MaskRuns, Region, RegionKind
from core.domain.score import ScoreState
from core.scoring.localization import LocalizationScorer
from tests.factories import make_box

ASKED = Localization(RegionKind.BOX, 0, 100, 80, 100, 80, 3)


def mark(given_regions, wanted, *, measure=RegionMeasure.IOU, threshold=0.5, asked=ASKED):
    key = LocalizationKey(tuple(wanted), measure, threshold)
    return LocalizationScorer().mark(Marked(tuple(given_regions)), asked, key)


def test_overlap_of_two_boxes_is_what_is_counted_by_hand():
    # 20 x 20 and 20 x 20 share 10 x 20: IoU 200 / 600, Dice 400 / 800.
    found = mark([make_box(10, 10, 30, 30)], [make_box(20, 10, 40, 30)])
    assert found.details["iou"] == pytest.approx(1 / 3)
    assert found.details["dice"] == pytest.approx(1 / 2)
    assert (found.state, found.value) == (ScoreState.INCORRECT, 0.0)


@pytest.mark.parametrize(
    ("measure", "threshold", "is_right"),
    [
        (RegionMeasure.IOU, 0.33, True),
        (RegionMeasure.IOU, 0.34, False),
        (RegionMeasure.DICE, 0.5, True),
        (RegionMeasure.DICE, 0.51, False),
        (RegionMeasure.HIT, 0.5, True),
    ],
)
def test_named_threshold_of_the_key_decides(measure, threshold, is_right):
    # The center (20, 20) of the one lies on the edge column of the other, which belongs to it.
    found = mark(
        [make_box(10, 10, 30, 30)], [make_box(20, 10, 40, 30)], measure=measure, threshold=threshold
    )
    assert (found.state is ScoreState.CORRECT) is is_right


def test_same_region_is_right_and_one_on_another_picture_is_not():
    box = make_box(10, 10, 30, 30)
    assert mark([box], [box]).details == {
        "iou": 1.0,
        "dice": 1.0,
        "center_hits": 1.0,
        "regions_met": 1.0,
    }
    other = mark([make_box(10, 10, 30, 30, frame=1)], [box], measure=RegionMeasure.HIT)
    assert other.details["iou"] == 0
    assert other.state is ScoreState.INCORRECT


def test_point_is_right_inside_the_key_alone():
    asked = Localization(RegionKind.POINT, 0, 100, 80, 100, 80, 1)
    inside, beside = (Region(RegionKind.POINT, (place,)) for place in ((25.5, 20.2), (45.0, 20.0)))
    for region, state in ((inside, ScoreState.CORRECT), (beside, ScoreState.INCORRECT)):
        wanted = [make_box(20, 10, 40, 30)]
        assert mark([region], wanted, measure=RegionMeasure.HIT, asked=asked).state is state


def test_every_region_of_the_key_has_to_be_met():
    first, second = make_box(0, 0, 10, 10), make_box(50, 50, 60, 60)
    one = mark([first], [first, second], measure=RegionMeasure.HIT)
    both = mark([second, first], [first, second], measure=RegionMeasure.HIT)
    assert one.details["regions_met"] == 0.5
    assert one.state is ScoreState.INCORRECT
    assert both.state is ScoreState.CORRECT


def test_painted_key_is_compared_pixel_by_pixel():
    # Rows of 100: the first 150 pixels are painted; the box covers the upper row alone.
    asked = Localization(RegionKind.MASK, 0, 100, 80, 100, 80, 1)
    painted = Region(RegionKind.MASK, mask=MaskRuns(100, 80, (0, 150, 7850)))
    found = mark([make_box(0, 0, 100, 1)], [painted], asked=asked)
    assert found.details["iou"] == pytest.approx(100 / 150)
    assert found.details["dice"] == pytest.approx(200 / 250)


def test_region_without_pixels_or_image_cannot_be_scored():
    box = make_box(10, 10, 30, 30)
    assert mark([box], []).state is ScoreState.UNSCORED
    assert mark([box], [box], asked=Localization()).state is ScoreState.UNSCORED
    assert mark([box], [make_box(10.1, 10.1, 10.2, 10.2)]).state is ScoreState.UNSCORED


def test_regions_of_a_whole_slide_are_compared_in_little_memory():
    asked = Localization(RegionKind.BOX, 0, 100_000, 80_000, 100_000, 80_000, 1)
    given_box, wanted = make_box(0, 0, 60_000, 60_000), make_box(30_000, 0, 90_000, 60_000)
    assert mark([given_box], [wanted], asked=asked).details["iou"] == pytest.approx(1 / 3, abs=0.01)


corners = st.tuples(
    st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(1, 20)
).map(lambda one: (one[0], one[1], one[0] + one[2], one[1] + one[3]))


@given(one=corners, other=corners)
def test_figures_are_those_of_arrays_and_symmetric(one, other):
    ours, theirs = np.zeros((80, 100), bool), np.zeros((80, 100), bool)
    ours[one[1] : one[3], one[0] : one[2]] = True
    theirs[other[1] : other[3], other[0] : other[2]] = True
    found = mark([make_box(*one)], [make_box(*other)]).details
    back = mark([make_box(*other)], [make_box(*one)]).details
    assert found["iou"] == pytest.approx((ours & theirs).sum() / (ours | theirs).sum())
    assert found["dice"] == pytest.approx(2 * (ours & theirs).sum() / (ours.sum() + theirs.sum()))
    assert (back["iou"], back["dice"]) == (found["iou"], found["dice"])
