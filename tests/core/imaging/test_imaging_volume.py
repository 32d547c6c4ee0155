"""What a volume makes of its slices: values under one rule, steps, and sections that fit."""

from dataclasses import replace

import numpy as np
import pytest

from core.domain.media import View, Window
from core.errors import ImageError
from core.imaging.geometry import Geometry
from core.imaging.load import open_image
from core.imaging.mpr import volume as volume_module
from core.imaging.mpr.sections import Direction, section, step_mm
from core.imaging.mpr.volume import frames_around, volume_of
from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from tests.core.imaging.imaging_files import item
from tests.core.imaging.stack_files import SPACING, blank, make_slices, write_files


def stack(folder, *files):
    [series] = find_series([write_files(folder, list(files))]).series
    return open_found(series)


def slice_of(number, *, dtype=np.int16, value=100, **facts):
    pictures = [np.full((8, 8), value, dtype)] * (number + 1)
    return make_slices(pictures, range(number + 1), **facts)[number]


def test_next_section_is_a_slice_away_along_the_slices_and_a_pixel_across_them(tmp_path):
    volume = volume_of(stack(tmp_path, *make_slices(blank(4), [0, 2.5, 5, 9])))

    assert step_mm(volume, Direction.AXIAL) == pytest.approx(2.5)
    assert step_mm(volume, Direction.CORONAL) == min(SPACING)
    assert step_mm(volume, Direction.SAGITTAL) == min(SPACING)


def test_slices_with_a_table_are_compared_by_what_it_says(tmp_path):
    words = (np.arange(256) * 2).astype("<u2").tobytes()
    table = item(LUTDescriptor=[256, 0, 16], LUTData=words, ModalityLUTType="US")
    files = [
        slice_of(number, value=50 + number, ModalityLUTSequence=[table]) for number in range(3)
    ]

    volume = volume_of(stack(tmp_path, *files))

    assert volume.values[:, 0, 0].tolist() == [100, 102, 104]


def test_slices_of_several_scales_keep_window_and_polarity(tmp_path):
    facts = {"PhotometricInterpretation": "MONOCHROME1", "WindowCenter": 100, "WindowWidth": 300}
    files = [
        slice_of(number, RescaleSlope=slope, RescaleIntercept=0, **facts)
        for number, slope in enumerate((0.5, 1.0, 2.0))
    ]

    volume = volume_of(stack(tmp_path, *files))
    made = section(volume, Direction.AXIAL, 100.0)

    assert volume.window == Window(100, 300)
    assert volume.rule.is_inverse
    assert made.frame.shade(np.float32([[0, 200]]), View()).tolist()[0][0] > 127


def test_slices_of_several_kinds_of_numbers_keep_every_value(tmp_path):
    files = [slice_of(0, value=-5), slice_of(1, dtype=np.uint16, value=60_000), slice_of(2)]

    volume = volume_of(stack(tmp_path, *files))

    assert volume.values[:, 0, 0].tolist() == [-5, 60_000, 100]


def test_volume_begins_with_the_window_of_the_file_or_with_all_its_values(tmp_path):
    values = blank(2)
    values[1] += 1000
    own = stack(tmp_path / "a", *make_slices(blank(2), [0, 1], WindowCenter=40, WindowWidth=400))
    none = stack(tmp_path / "b", *make_slices(values, [0, 1]))

    assert volume_of(own).window == Window(40, 400)
    window = volume_of(none).window
    assert (window.center, window.width) == pytest.approx((500, 1001), abs=1)


def test_volume_larger_than_can_be_held_is_refused_in_words(tmp_path, monkeypatch):
    image = stack(tmp_path, *make_slices(blank(3), range(3)))
    size = 3 * image.frame(0).stored.nbytes

    monkeypatch.setattr(volume_module, "MAX_VOLUME_BYTES", size - 1)
    with pytest.raises(ImageError, match="is too large for sections"):
        volume_of(image)
    monkeypatch.setattr(volume_module, "MAX_VOLUME_BYTES", size)
    assert volume_of(image).values.nbytes == size


def test_section_between_two_whole_numbers_is_rounded_and_not_cut_off(tmp_path):
    values = blank(2)
    values[1] += 10
    volume = volume_of(stack(tmp_path, *make_slices(values, [0, 1])))
    low = volume.planes[0].origin_mm[2]

    assert section(volume, Direction.AXIAL, low + 0.17).frame.stored[3, 3] == 1026
    assert section(volume, Direction.AXIAL, low + 0.13).frame.stored[3, 3] == 1025


@pytest.mark.parametrize("direction", Direction)
def test_a_slab_without_thickness_is_a_plain_section(tmp_path, direction):
    values = np.random.default_rng(4).integers(0, 900, blank(4).shape).astype(np.int16)
    volume = volume_of(stack(tmp_path, *make_slices(values, range(4))))
    at = volume.point_mm(1, 9, 9)[("sagittal", "coronal", "axial").index(direction.value)]

    plain = section(volume, direction, at).frame.stored

    assert len(np.unique(plain)) > 50
    for slab_mm in (0.0, -5.0):
        assert np.array_equal(section(volume, direction, at, slab_mm=slab_mm).frame.stored, plain)


def test_places_far_apart_make_no_giant_section(tmp_path):
    volume = volume_of(stack(tmp_path, *make_slices(blank(2), [0, 90_000])))

    with pytest.raises(ImageError, match=r"section of .* × .* pixels is too large"):
        section(volume, Direction.CORONAL, 0.0)


def test_nothing_is_near_a_point_before_the_first_voxel(tmp_path):
    volume = volume_of(stack(tmp_path, *make_slices(blank(3), range(3))))
    x, y, z = volume.point_mm(0, 0, 0)

    assert volume.nearest((x, y, z)) == (0, 0, 0)
    for point in ((x - 1, y, z), (x, y - 1, z), (x, y, z - 1)):
        assert volume.nearest(point) is None


def test_a_frame_alone_in_its_turn_leaves_all_frames(tmp_path):
    first = make_slices(blank(2), [0, 1])
    again = make_slices(blank(1), [0], series="1", AcquisitionNumber=2)
    planes = [open_image(one, name="x").planes[0] for one in (*first, *again)]
    image = stack(tmp_path, *first)

    image = replace(image, frame_count=3, geometry=Geometry(plane_of=lambda index: planes[index]))

    assert frames_around(image, range(3), 0) == (0, 1)
    assert frames_around(image, range(3), 2) == (0, 1, 2)
