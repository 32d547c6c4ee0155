"""Sections put a known point where it is, in tilted and unevenly spaced stacks."""

import io
from dataclasses import replace

import numpy as np
import pydicom
import pytest

from core.domain.media import View
from core.errors import ImageError
from core.imaging.geometry import Geometry, Plane
from core.imaging.load import open_image
from core.imaging.mpr.sections import Direction, Slab, range_mm, section
from core.imaging.mpr.volume import frames_around, hold, volume_of
from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from tests.core.imaging.imaging_files import as_bytes, wheel_bytes
from tests.core.imaging.stack_files import (
    COLUMNS,
    ROWS,
    SPACING,
    UNEVEN,
    make_slices,
    slice_origins,
    tilted_axes,
    write_files,
)

EVEN = tuple(np.arange(24) * 1.5)
POINT = np.array([-2.3, 3.1, 116.4])
WIDTH = 2.5
AXIS = {Direction.AXIAL: 2, Direction.CORONAL: 1, Direction.SAGITTAL: 0}


def blob(points, center):
    return 2000 * np.exp(-((points - center) ** 2).sum(axis=-1) / (2 * WIDTH**2))


def phantom(folder, places, degrees, *, center=POINT, sign=1):
    """Return a volume whose brightest point is at `center`, sampled at true voxel places."""
    across, down, _ = tilted_axes(degrees)
    rows, columns = np.indices((ROWS, COLUMNS))
    pictures = []
    for origin in slice_origins(places, degrees):
        points = (
            origin + columns[..., None] * SPACING[1] * across + rows[..., None] * SPACING[0] * down
        )
        pictures.append(np.rint(sign * blob(points, center)).astype(np.int16))
    write_files(folder, make_slices(pictures, places, degrees=degrees))
    [series] = find_series([folder]).series
    return volume_of(open_found(series))


def found_point(made):
    """Return the patient point of the bright blob's center of mass."""
    values = made.frame.stored.astype(float)
    values[values < values.max() * 0.3] = 0
    rows, columns = np.indices(values.shape)
    total = values.sum()
    point = ((columns * values).sum() / total + 0.5, (rows * values).sum() / total + 0.5)
    return np.array(made.plane.patient_mm(point))


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("degrees", [0.0, 15.0, -25.0])
@pytest.mark.parametrize("places", [EVEN, UNEVEN])
def test_known_point_is_found_within_half_a_voxel(tmp_path, direction, degrees, places):
    volume = phantom(tmp_path, places, degrees)

    made = section(volume, direction, float(POINT[AXIS[direction]]))

    apart = np.abs(found_point(made) - POINT)
    gap = max(np.diff(places))
    assert apart[0] <= SPACING[1] / 2
    assert apart[1] <= SPACING[0] / 2
    assert apart[2] <= min(gap / 2, 0.75)  # far better than half of a 4.5 mm gap
    assert made.plane.spacing_mm == (0.6, 0.6)


@pytest.mark.parametrize("degrees", [0.0, 15.0])
@pytest.mark.parametrize("direction", Direction)
def test_slab_shows_what_lies_beside_the_section(tmp_path, direction, degrees):
    volume = phantom(tmp_path, EVEN, degrees)
    at = float(POINT[AXIS[direction]]) + 6

    thin = section(volume, direction, at)
    thick = section(volume, direction, at, slab_mm=16, slab=Slab.MAXIMUM)
    mean = section(volume, direction, at, slab_mm=16, slab=Slab.MEAN)

    assert thin.frame.highest < 250
    assert thick.frame.highest > 1800
    assert 250 < mean.frame.highest < 1500
    beside = np.delete(found_point(thick) - POINT, AXIS[direction])
    assert np.abs(beside).max() <= 0.8


def test_minimum_slab_finds_the_dark_point(tmp_path):
    volume = phantom(tmp_path, EVEN, 0.0, sign=-1)

    made = section(volume, Direction.CORONAL, POINT[1] + 5, slab_mm=14, slab=Slab.MINIMUM)

    assert made.frame.lowest < -1800


def test_axial_section_of_an_upright_stack_at_a_slice_is_the_slice(tmp_path):
    volume = phantom(tmp_path, EVEN, 0.0)
    at = volume.planes[7].origin_mm[2]

    made = section(volume, Direction.AXIAL, at)

    rows = np.arange(made.frame.stored.shape[0]) * 0.6 / 0.8
    below = np.minimum(rows.astype(int), ROWS - 2)
    part = (rows - below)[:, None]
    slice_ = volume.values[7].astype(float)
    expected = slice_[below] * (1 - part) + slice_[below + 1] * part
    assert np.abs(made.frame.stored - expected).max() <= 0.51


def test_letters_of_sections_are_those_of_a_radiologist(tmp_path):
    volume = phantom(tmp_path, EVEN, 0.0)
    seen = {}
    for direction in Direction:
        plane = section(volume, direction, range_mm(volume, direction)[0]).plane
        found = Geometry(plane_of=lambda _, plane=plane: plane).letters(0, View())
        seen[direction.value] = found.left + found.top + found.right + found.bottom

    assert seen == {"axial": "RALP", "coronal": "RHLF", "sagittal": "AHPF"}


def test_outside_of_a_volume_is_its_lowest_value(tmp_path):
    volume = phantom(tmp_path, EVEN, 0.0)

    far = section(volume, Direction.CORONAL, 5000.0)

    assert far.frame.highest == volume.lowest


@pytest.mark.parametrize(
    ("name", "why"),
    [("CT_small.dcm", "one frame"), ("examples_ybr_color.dcm", "in color")],
)
def test_what_is_no_volume_says_why(name, why):
    with pytest.raises(ImageError, match=why):
        volume_of(open_image(wheel_bytes(name), name=name))


def test_dose_grid_is_a_volume_by_its_offsets():
    image = open_image(wheel_bytes("rtdose.dcm"), name="dose")

    volume = volume_of(image)

    offsets = pydicom.dcmread(io.BytesIO(wheel_bytes("rtdose.dcm"))).GridFrameOffsetVector
    assert volume.places_mm - volume.places_mm[0] == pytest.approx([float(one) for one in offsets])
    assert range_mm(volume, Direction.AXIAL)[1] > range_mm(volume, Direction.AXIAL)[0]


def test_frames_in_one_place_are_no_volume():
    dataset = pydicom.dcmread(io.BytesIO(wheel_bytes("rtdose.dcm")))
    del dataset.GridFrameOffsetVector
    image = open_image(as_bytes(dataset), name="dose")

    with pytest.raises(ImageError, match="several lie in one place"):
        volume_of(image, frames=frames_around(image, range(image.frame_count), 2))


def test_slices_of_different_scale_are_compared_calibrated(tmp_path):
    pictures = [np.full((8, 8), 100, np.int16)] * 3
    for number, slope in enumerate((1.0, 2.0, 3.0)):
        files = make_slices(pictures, [0, 1, 2], RescaleSlope=slope, RescaleIntercept=0)
        (tmp_path / str(number)).write_bytes(files[number])
    [series] = find_series([tmp_path]).series

    volume = volume_of(open_found(series))

    assert volume.values[:, 0, 0].tolist() == [100, 200, 300]
    assert volume.values.dtype == np.float32


def test_volume_holds_only_the_frames_that_belong_to_the_question(tmp_path):
    pictures = [np.full((8, 8), 100 + number, np.int16) for number in range(9)]
    write_files(tmp_path, make_slices(pictures, np.arange(9)))
    [series] = find_series([tmp_path]).series
    told = []

    volume = volume_of(
        open_found(series), frames=(2, 3, 4), on_frame=lambda *counts: told.append(counts)
    )

    assert volume.frames == (2, 3, 4)
    assert volume.values[:, 0, 0].tolist() == [102, 103, 104]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_reading_a_volume_can_be_stopped(tmp_path):
    write_files(tmp_path, make_slices([np.zeros((8, 8), np.int16)] * 9, np.arange(9)))
    [series] = find_series([tmp_path]).series

    def stop(_done, _total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        volume_of(open_found(series), on_frame=stop)


def test_volume_in_time_is_the_one_in_sight():
    planes = [Plane((0, 0, float(z)), (1, 0, 0), (0, 1, 0), (1, 1)) for z in (0, 1, 2) * 3]
    image = replace(
        open_image(wheel_bytes("CT_small.dcm"), name="x"),
        frame_count=9,
        geometry=Geometry(plane_of=lambda index: planes[index]),
    )

    assert frames_around(image, range(9), 4) == (3, 4, 5)
    assert frames_around(image, (1, 2, 4, 5), 0) == (1, 2)
    assert frames_around(image, (3, 4, 5), 1) == (3, 4, 5)


def test_nearest_voxel_of_a_point_is_found_and_nothing_outside(tmp_path):
    volume = phantom(tmp_path, UNEVEN, 15.0)

    assert volume.nearest(volume.point_mm(4, 7, 9)) == (4, 7, 9)
    assert volume.nearest((0.0, 0.0, 9000.0)) is None


def test_volume_counts_as_memory_of_images_and_is_not_read_twice(tmp_path):
    pictures = np.random.default_rng(2).integers(0, 99, (12, 64, 64)).astype(np.int16)
    write_files(tmp_path, make_slices(pictures, np.arange(12)))
    [series] = find_series([tmp_path]).series
    image = open_found(series)
    volume = volume_of(image)
    assert volume_of(image).values is volume.values
    assert image.memory.used_bytes >= volume.values.nbytes

    held = hold(image, volume)
    image.frame(3)
    image.memory.set_limit(20_000)
    assert volume_of(image).values is volume.values
    del held
    image.frame(4)

    assert image.memory.used_bytes <= 20_000
