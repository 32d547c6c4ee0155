"""Measures of a calibrated phantom are right within 0.5 %; millimeters are refused in words."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.plain import canonical_json
from core.domain.region import MaskRuns, Region, RegionKind
from core.errors import ImageError, ValidationError
from core.imaging.load import open_image
from core.imaging.marks.mask import (
    mask_of,
    mask_region,
    pixels_of,
    runs_of,
    shifted,
    similar_pixels,
)
from core.imaging.marks.measure import (
    Measured,
    angle,
    area,
    cobb_angle,
    length,
    polyline_length,
    statistics,
)
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset, wheel_bytes

DOWN, ACROSS = 0.7, 0.4
RADIUS_MM = 40.0
CENTER = (150.5, 100.25)
"""Column and row of the disk's center."""


def place_mm():
    rows, columns = np.indices((200, 300)) + 0.5
    return (columns - CENTER[0]) * ACROSS, (rows - CENTER[1]) * DOWN


@pytest.fixture(scope="module")
def phantom():
    """A disk of 40 mm radius at 100 HU in water, with oblong pixels."""
    x, y = place_mm()
    stored = np.where(x**2 + y**2 <= RADIUS_MM**2, 1124, 1024).astype(np.int16)
    dataset = make_dataset(
        stored, PixelSpacing=[DOWN, ACROSS], RescaleSlope=1, RescaleIntercept=-1024
    )
    return open_image(as_bytes(dataset), name="phantom.dcm")


def at_mm(x, y):
    return CENTER[0] + x / ACROSS, CENTER[1] + y / DOWN


def outline(radius, corners=720):
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return tuple(at_mm(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns)


def ellipse(radius):
    return Region(RegionKind.ELLIPSE, (at_mm(-radius, -radius), at_mm(radius, radius)))


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 133])
def test_length_is_true_in_every_direction(phantom, degrees):
    x, y = (RADIUS_MM * one(math.radians(degrees)) for one in (math.cos, math.sin))

    found = length(phantom, 0, at_mm(-x, -y), at_mm(x, y))

    assert found.value == pytest.approx(2 * RADIUS_MM, rel=0.005)
    assert (found.unit, found.refusal) == ("mm", "")


def test_line_of_points_is_as_long_as_its_parts(phantom):
    points = (*outline(RADIUS_MM), outline(RADIUS_MM)[0])

    assert polyline_length(phantom, 0, points).value == pytest.approx(
        2 * math.pi * RADIUS_MM, rel=0.005
    )


@pytest.mark.parametrize(
    "region", [ellipse(RADIUS_MM), Region(RegionKind.POLYGON, outline(RADIUS_MM))]
)
def test_area_of_outline_and_of_its_pixels_is_true(phantom, region):
    truth = math.pi * RADIUS_MM**2
    mask = mask_region(mask_of(region, phantom.width, phantom.height))

    assert area(phantom, region).value == pytest.approx(truth, rel=0.005)
    assert area(phantom, mask).value == pytest.approx(truth, rel=0.005)
    assert area(phantom, region).unit == "mm²"


@pytest.mark.parametrize("kind", ["ellipse", "polygon", "mask"])
def test_statistics_are_those_of_the_stored_samples(phantom, kind):
    region = ellipse(30) if kind == "ellipse" else Region(RegionKind.POLYGON, outline(30))
    if kind == "mask":
        region = mask_region(mask_of(region, phantom.width, phantom.height))

    inside = statistics(phantom, region)
    whole = statistics(phantom, Region(RegionKind.BOX, ((0, 0), (300, 200))))

    assert (inside.mean, inside.sd, inside.minimum, inside.maximum) == (100, 0, 100, 100)
    assert inside.unit == "HU"
    assert inside.area.value == pytest.approx(math.pi * 900, rel=0.005)
    x, y = place_mm()
    share = (x**2 + y**2 <= RADIUS_MM**2).mean()
    assert whole.mean == pytest.approx(100 * share)
    assert whole.sd == pytest.approx(100 * math.sqrt(share * (1 - share)))
    assert whole.count == 60_000


def test_padding_is_no_part_of_statistics():
    stored = np.array([[-2000, 10], [20, -2000]], np.int16)
    image = open_image(as_bytes(make_dataset(stored, PixelPaddingValue=-2000)), name="p")

    found = statistics(image, Region(RegionKind.BOX, ((0, 0), (2, 2))))

    assert (found.count, found.mean) == (2, 15)


def test_angles_are_those_of_the_patient_and_not_of_oblong_pixels(phantom):
    corner, along, up = at_mm(0, 0), at_mm(20, 0), at_mm(20, 20)

    assert angle(phantom, 0, (along, corner, up)).value == pytest.approx(45)
    assert str(angle(phantom, 0, (along, corner, at_mm(0, 5)))) == "90°"
    upper, lower = (at_mm(0, 0), at_mm(30, 0)), (at_mm(30, 40), at_mm(0, 40 + 30 / math.sqrt(3)))
    assert cobb_angle(phantom, 0, upper, lower).value == pytest.approx(30)
    assert cobb_angle(phantom, 0, upper[::-1], lower).value == pytest.approx(30)
    with pytest.raises(ImageError, match="no length"):
        angle(phantom, 0, (corner, corner, up))


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({}, "does not say how large a pixel is"),
        ({"Modality": "DX", "ImagerPixelSpacing": [0.2, 0.1]}, "spacing is that of the detector"),
        ({"Modality": "SC", "NominalScannedPixelSpacing": [0.2, 0.1]}, "captured screen"),
    ],
)
def test_millimeters_are_refused_in_words_and_pixels_told(attributes, words):
    image = open_image(as_bytes(make_dataset(np.zeros((9, 9), np.int16), **attributes)), name="x")

    found = length(image, 0, (1, 1), (1, 5))

    assert words in found.refusal
    assert found.unit == "px"
    assert found.value == (8 if attributes else 4)  # oblong pixels count by their width


def test_a_spacing_that_is_the_detectors_measures_pixels_though_it_is_known():
    spacing = {"Modality": "DX", "PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}
    image = open_image(as_bytes(make_dataset(np.zeros((9, 9), np.int16), **spacing)), name="x")
    box = Region(RegionKind.BOX, ((1, 1), (4, 3)))

    for found, value, unit in (
        (length(image, 0, (1, 1), (1, 5)), 4, "px"),
        (polyline_length(image, 0, ((1, 1), (1, 5))), 4, "px"),
        (area(image, box), 6, "px²"),
        (statistics(image, box).area, 6, "px²"),
    ):
        assert (found.value, found.unit) == (value, unit)
        assert "that of the detector" in found.refusal


@pytest.fixture(scope="module")
def two_frames():
    """The second frame has other values, and pixels of half the height and a quarter the width."""
    groups = [
        item(
            PixelMeasuresSequence=[item(PixelSpacing=spacing)],
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, place])],
            PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        )
        for place, spacing in enumerate(([1, 1], [0.5, 0.25]))
    ]
    stored = np.stack([np.zeros((9, 9), np.int16), np.full((9, 9), 50, np.int16)])
    dataset = make_dataset(stored, PerFrameFunctionalGroupsSequence=groups)
    return open_image(as_bytes(dataset), name="two.dcm")


def test_measures_are_those_of_the_frame_that_they_lie_on(two_frames):
    box = Region(RegionKind.BOX, ((0, 0), (4, 2)), frame=1)
    corner, along, askew = (0, 0), (4, 0), (4, 2)

    assert length(two_frames, 1, corner, along).value == 1
    assert length(two_frames, 1, corner, (0, 4)).value == 2
    assert polyline_length(two_frames, 1, (corner, along, corner)).value == 2
    assert area(two_frames, box).value == 1
    assert (statistics(two_frames, box).mean, statistics(two_frames, box).area.value) == (50, 1)
    assert angle(two_frames, 1, (along, corner, askew)).value == pytest.approx(45)
    assert cobb_angle(two_frames, 1, (corner, along), (corner, askew)).value == pytest.approx(45)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (12.3456, "mm", "12.35 mm"),
        (0.01234, "mm²", "0.01234 mm²"),
        (7, "px", "7 px"),
        (45.5, "°", "45.5°"),
    ],
)
def test_a_measure_is_told_in_four_digits_with_its_unit(value, unit, words):
    assert str(Measured(value, unit)) == words


def test_colors_have_lengths_and_no_statistics():
    image = open_image(wheel_bytes("examples_rgb_color.dcm"), name="us.dcm")

    with pytest.raises(ImageError, match="in color"):
        statistics(image, Region(RegionKind.BOX, ((0, 0), (9, 9))))
    assert length(image, 0, (0, 0), (3, 4)).value > 0


def test_region_outside_the_picture_has_no_statistics(phantom):
    with pytest.raises(ImageError, match="no pixel"):
        statistics(phantom, Region(RegionKind.BOX, ((-9, -9), (-1, -1))))


@given(st.lists(st.tuples(st.floats(-5, 25), st.floats(-5, 25)), min_size=3, max_size=9))
def test_polygon_holds_the_pixels_whose_centers_are_inside(points):
    mask = mask_of(Region(RegionKind.POLYGON, tuple(points)), 20, 20)

    for row, column in ((0, 0), (3, 17), (10, 10), (19, 4)):
        crossed = crossings(row + 0.5, points)
        # A center on an edge may belong to either side: the last digit of a sum decides.
        if all(abs(place - column - 0.5) > 1e-9 for place in crossed):
            assert mask[row, column] == sum(place < column + 0.5 for place in crossed) % 2


def crossings(y, points):
    """Return where a level line crosses the outline, edge by edge."""
    return [
        u + (y - v) * (w - u) / (z - v)
        for (u, v), (w, z) in zip(points, points[1:] + points[:1], strict=True)
        if (v <= y) != (z <= y)
    ]


@pytest.mark.parametrize("kind", [RegionKind.BOX, RegionKind.ELLIPSE])
def test_it_does_not_matter_from_which_corner_a_region_was_drawn(kind):
    masks = [
        mask_of(Region(kind, corners), 20, 20)
        for corners in (((3, 4), (15, 18)), ((15, 18), (3, 4)), ((15, 4), (3, 18)))
    ]

    assert masks[0].any()
    assert all(np.array_equal(masks[0], one) for one in masks)


def test_an_arrow_holds_the_pixel_that_it_points_at():
    mask = mask_of(Region(RegionKind.ARROW, ((1, 2), (9.9, 8.1))), 20, 20)

    assert np.argwhere(mask).tolist() == [[8, 9]]


@pytest.mark.parametrize("size", [(4, 3), (2, 9), (9, 2)])
def test_a_mask_of_another_size_keeps_what_lies_in_the_picture(size):
    rows, columns = min(size[0], 6), min(size[1], 5)

    mask = mask_of(mask_region(np.ones(size, bool)), 5, 6)

    assert mask.shape == (6, 5)
    assert mask[:rows, :columns].all()
    assert mask.sum() == rows * columns


def test_boxes_that_share_an_edge_share_no_pixel():
    left, right = (
        mask_of(Region(RegionKind.BOX, corners), 20, 20)
        for corners in (((2.5, 3.5), (8.5, 9.5)), ((8.5, 3.5), (12.5, 9.5)))
    )

    assert not (left & right).any()
    assert (left | right)[3:9, 2:12].all()


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 6))
def test_runs_come_back_as_the_same_mask(bits, width):
    mask = np.array(bits[: len(bits) // width * width] or [True] * width, bool).reshape(-1, width)

    assert np.array_equal(pixels_of(runs_of(mask)), mask)


@pytest.mark.parametrize(
    "region",
    [
        Region(RegionKind.POINT, ((1.5, 2),), frame=3, label="nodule"),
        Region(RegionKind.ARROW, ((1, 2), (3, 4))),
        Region(RegionKind.MASK, mask=MaskRuns(2, 2, (1, 2, 1)), is_locked=True),
    ],
)
def test_region_comes_back_from_json(region):
    plain = region.to_plain()

    assert Region.from_plain(plain) == region
    assert canonical_json(Region.from_plain(plain).to_plain()) == canonical_json(plain)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "blob"},
        {"points": []},
        {"points": [[1, float("nan")], [2, 3]]},
        {"frame": -1},
        {"points": "ab"},
        {"mask": {"width": 2, "height": 2, "runs": [5]}},
    ],
)
def test_impossible_region_is_refused(change):
    plain = Region(RegionKind.BOX, ((0, 0), (1, 1))).to_plain() | change

    with pytest.raises(ValidationError):
        Region.from_plain(plain)


def test_threshold_finds_the_connected_disk_only(phantom):
    frame = phantom.frame(0)
    x, y = place_mm()
    disk = x**2 + y**2 <= RADIUS_MM**2

    found = similar_pixels(frame, at_mm(0, 0), 20)
    bounded = similar_pixels(frame, at_mm(0, 0), 20, within=x < 5)

    assert np.array_equal(found, disk)
    assert np.array_equal(bounded, disk & (x < 5))
    assert not similar_pixels(frame, (-4, 2), 20).any()


@pytest.mark.parametrize(("tolerance", "count"), [(9, 1), (10, 2)])
def test_threshold_reaches_to_its_very_value_and_not_across_a_corner(tolerance, count):
    stored = np.array([[10, 20, 99], [99, 99, 20], [99, 99, 10]], np.int16)
    image = open_image(as_bytes(make_dataset(stored, RescaleSlope=1)), name="x")

    assert similar_pixels(image.frame(0), (0.5, 0.5), tolerance).sum() == count


@pytest.mark.parametrize(("across", "down"), [(2, 0), (-2, 0), (0, 1), (0, -1), (-3, 2)])
def test_a_moved_mask_loses_what_leaves_the_picture_and_nothing_comes_in(across, down):
    mask = np.arange(20).reshape(4, 5) % 3 == 0
    wide = np.pad(mask, 5)
    expected = np.roll(wide, (down, across), (0, 1))[5:-5, 5:-5]

    assert np.array_equal(pixels_of(shifted(runs_of(mask), across, down)), expected)


def test_colors_have_no_threshold():
    image = open_image(wheel_bytes("examples_rgb_color.dcm"), name="us.dcm")

    assert not similar_pixels(image.frame(0), (5, 5), 20).any()


def test_threshold_is_in_calibrated_units():
    stored = np.array([[1, 2, 3, 4]], np.int16)
    image = open_image(as_bytes(make_dataset(stored, RescaleSlope=10)), name="x")

    assert similar_pixels(image.frame(0), (0.5, 0.5), 10).sum() == 2


def test_threshold_starts_where_it_is_bounded_to_or_finds_nothing(phantom):
    x, _ = place_mm()

    assert not similar_pixels(phantom.frame(0), at_mm(0, 0), 20, within=x > 5).any()
