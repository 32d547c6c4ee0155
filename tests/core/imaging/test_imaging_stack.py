"""Slices become a stack only where they lie like one; each frame is of its own file."""

import numpy as np
import pydicom
import pytest

from core.errors import ImageError
from core.imaging.geometry import Plane
from core.imaging.load import open_image
from core.imaging.series.file import open_found, pack_series
from core.imaging.series.finding import find_series
from core.imaging.series.stack import stack_notes, stack_of
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.core.imaging.stack_files import COLUMNS, ROWS, make_slices, numbered, write_files

RIGHT, BACK, UP = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def plane(origin, across=RIGHT, down=BACK):
    return Plane(tuple(map(float, origin)), across, down, (1.0, 1.0))


def axial(*places):
    return [plane((0, 0, place)) for place in places]


@pytest.mark.parametrize(
    ("places", "is_even"),
    [
        ((0, 5, 10.09), True),  # up to 2 %
        ((0, 5, 10.21), False),
        ((0, 0.5, 1.02), True),  # or 0.02 mm, as numbers in a file are rounded
        ((0, 0.5, 1.06), False),
    ],
)
def test_slices_are_even_up_to_what_rounding_does(places, is_even):
    assert stack_of(axial(*places)).is_even is is_even


@pytest.mark.parametrize(("degrees", "is_told"), [(0.4, False), (0.6, True), (-0.6, True)])
def test_a_tilt_is_told_from_half_a_degree_on(degrees, is_told):
    shift = np.tan(np.radians(degrees)) * 10

    notes = stack_notes([plane((0, number * shift, number * 10)) for number in range(3)])

    assert bool(notes) is is_told


@pytest.mark.parametrize(
    "planes",
    [
        [],
        [plane((0, 0, 0)), None],
        [plane((0, 0, 0)), plane((0, 0, 1), RIGHT, UP)],
        [plane((0, 0, 0)), plane((0, 0, 1), UP, BACK)],
        [plane((0, 0, 0)), plane((0, 0, 1), (-1.0, 0.0, 0.0))],
        [plane((0, 0, 0)), plane((5, 5, 0))],
        [plane((0, 0, 0)), plane((0, 0, 0.005)), plane((0, 0, 3))],
    ],
)
def test_what_does_not_lie_side_by_side_is_no_stack(planes):
    assert stack_of(planes) is None


@pytest.mark.parametrize(
    ("across", "down", "way"),
    [(RIGHT, BACK, UP), (BACK, RIGHT, UP), (RIGHT, UP, BACK), (UP, BACK, RIGHT)],
)
def test_slices_run_to_the_head_the_back_or_the_left_whichever_side_they_are_seen_from(
    across, down, way
):
    planes = [plane(np.multiply(way, place), across, down) for place in (4, 0, 2)]

    assert stack_of(planes).order == (1, 2, 0)


def one_series(folder, files):
    [series] = find_series([write_files(folder, files)]).series
    return series


def test_overlay_of_a_slice_is_that_of_its_own_file(tmp_path):
    series = one_series(tmp_path, [with_overlay(one, n) for n, one in enumerate(slices(3))])

    for image in (open_found(series), open_image(pack_series(series), name="packed")):
        assert image.has_overlay
        for index in range(3):
            assert np.argwhere(image.overlay(index)).tolist() == [[index, index]]


def slices(count):
    return make_slices(numbered(count), range(count))


def with_overlay(data, place):
    dataset = pydicom.dcmread(pydicom.filebase.DicomBytesIO(data))
    for tag, kind, value in (
        (0x10, "US", 1),
        (0x11, "US", 1),
        (0x50, "SS", [place + 1, place + 1]),
        (0x100, "US", 1),
        (0x102, "US", 0),
        (0x3000, "OB", b"\1\0"),
    ):
        dataset.add_new((0x6000, tag), kind, value)
    return as_bytes(dataset)


@pytest.mark.parametrize("kind", ["size", "color"])
def test_a_slice_that_does_not_fit_is_named_by_its_file(tmp_path, kind):
    series = one_series(tmp_path, slices(3))
    image = open_found(series)
    odd = make_dataset(np.zeros((ROWS, COLUMNS if kind == "color" else COLUMNS // 2), np.uint8))
    if kind == "color":
        odd.SamplesPerPixel, odd.PhotometricInterpretation, odd.PlanarConfiguration = 3, "RGB", 0
        odd.PixelData = odd.PixelData * 3
    source = series.slices[2].source
    source.path.write_bytes(as_bytes(odd))

    with pytest.raises(ImageError, match="another size or color than the first file") as error:
        image.frame(2)
    assert f"“{source.name}”" in error.value.sentence
    with pytest.raises(ImageError, match="“x, file 3”"):
        open_image(pack_series(series), name="x").frame(2)
    assert image.frame(1).stored[0, 0] == 1025
