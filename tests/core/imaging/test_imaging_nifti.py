"""NIfTI volumes equal nibabel's canonical orientation and scaling."""

import gzip
from pathlib import Path

import nibabel
import numpy as np
import pytest
from nibabel.orientations import axcodes2ornt, inv_ornt_aff, ornt_transform

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import wheel_bytes

DATA = Path(nibabel.__file__).parent / "tests" / "data"
WHEEL = ("anatomical.nii", "functional.nii", "example4d.nii.gz", "example_nifti2.nii.gz")


def shown_volume(image, slices):
    """Return frames as nibabel holds voxels: right, front, up, time."""
    frames = [image.frame(index) for index in range(image.frame_count)]
    values = np.stack([frame.gray.calibrate(frame.stored) for frame in frames])
    times = image.frame_count // slices
    grouped = values.reshape(times, slices, *values.shape[1:])[:, :, ::-1, ::-1]
    return grouped.transpose(3, 2, 1, 0)


def assert_equals_nibabel(data, reference):
    image = open_image(data, name="volume.nii")
    canonical = nibabel.as_closest_canonical(reference)
    expected = canonical.get_fdata()
    expected = expected[..., None] if expected.ndim == 3 else expected

    assert np.allclose(shown_volume(image, expected.shape[2]), expected, rtol=1e-6, atol=1e-6)
    for index in (0, image.frame_count - 1):
        plane = image.geometry.plane_of(index)
        if plane is not None:
            corner = canonical.affine @ [
                expected.shape[0] - 1, expected.shape[1] - 1, index % expected.shape[2], 1
            ]  # fmt: skip
            assert np.allclose(plane.origin_mm, corner[:3] * [-1, -1, 1], atol=1e-3)


@pytest.mark.parametrize("name", WHEEL)
def test_files_of_nibabels_package_equal_nibabel(name):
    path = DATA / name
    assert_equals_nibabel(path.read_bytes(), nibabel.load(path))


CODES = ["RAS", "LPS", "LAS", "RPI", "ASR", "SAR", "PIL", "IRA"]


def volume(codes="RAS", dtype=np.int16, slope=None, kind=nibabel.Nifti1Image):
    rng = np.random.default_rng(7)
    values = rng.integers(0, 100, (5, 7, 9)).astype(dtype)
    ornt = ornt_transform(axcodes2ornt("RAS"), axcodes2ornt(codes))
    affine = np.diag([1.5, 2.0, 3.0, 1.0])
    affine[:3, 3] = [10, -20, 30]
    made = kind(values, affine).as_reoriented(ornt)
    made.header.set_xyzt_units("mm", "sec")
    if slope:
        made.header.set_slope_inter(*slope)
    return made


@pytest.mark.parametrize("codes", CODES)
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_every_orientation_is_turned_to_the_same_picture(codes, kind):
    made = volume(codes, kind=kind)

    assert_equals_nibabel(made.to_bytes(), nibabel.Nifti1Image.from_bytes(volume(codes).to_bytes()))
    image = open_image(made.to_bytes(), name="x")
    plain = open_image(volume().to_bytes(), name="x")
    assert np.array_equal(image.frame(4).stored, plain.frame(4).stored)
    letters = image.geometry.letters(0, View())
    assert (letters.left, letters.top) == ("R", "A")
    assert image.spacing_mm == (2.0, 1.5)
    assert image.geometry.mm_refusal == ""
    assert inv_ornt_aff is not None


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.float32, np.float64, ">i2"])
def test_every_kind_of_number_and_scaling_equals_nibabel(dtype):
    made = volume(dtype=dtype)
    assert_equals_nibabel(made.to_bytes(), nibabel.Nifti1Image.from_bytes(made.to_bytes()))
    scaled = bytearray(volume(dtype=np.int16).to_bytes())
    scaled[112:120] = np.array([2.5, -7], "<f4").tobytes()
    assert_equals_nibabel(bytes(scaled), nibabel.Nifti1Image.from_bytes(bytes(scaled)))


def test_unknown_unit_and_unknown_place_are_told():
    made = volume()
    made.header.set_xyzt_units("unknown")
    made.set_sform(None, 0)
    made.set_qform(None, 0)

    image = open_image(made.to_bytes(), name="x")

    assert "unit" in image.geometry.mm_refusal
    assert "sides are unknown" in image.notes[0]
    assert image.geometry.letters(0, View()).left == ""


@pytest.mark.parametrize(("unit", "factor"), [("mm", 1), ("meter", 1000), ("micron", 0.001)])
def test_lengths_are_in_millimeters_whatever_unit_the_file_has(unit, factor):
    made = volume()
    made.header.set_xyzt_units(unit)

    image = open_image(made.to_bytes(), name="x")

    assert image.spacing_mm == pytest.approx((2.0 * factor, 1.5 * factor))
    first, second = image.planes[:2]
    assert np.subtract(second.origin_mm, first.origin_mm) == pytest.approx([0, 0, 3 * factor])


def test_voxels_that_are_not_square_are_as_high_as_they_are():
    image = open_image(volume().to_bytes(), name="x")

    assert image.geometry.pixel_aspect == pytest.approx(2.0 / 1.5)


def test_window_is_that_of_the_file_or_spans_the_calibrated_values():
    own, made = volume(), volume(dtype=np.float32)
    own.header["cal_min"], own.header["cal_max"] = -50, 350
    scaled = bytearray(volume().to_bytes())
    scaled[112:120] = np.array([-2, 1000], "<f4").tobytes()
    low, high = np.percentile(volume().get_fdata(), (0.5, 99.5))

    def ends(data):
        [window] = open_image(bytes(data), name="x").windows
        return window.center - window.width / 2, window.center + window.width / 2

    assert ends(own.to_bytes()) == pytest.approx((-50, 350), abs=1)
    assert ends(made.to_bytes()) == pytest.approx((low, high), abs=1)
    assert ends(scaled) == pytest.approx((1000 - 2 * high, 1000 - 2 * low), abs=2)


def test_points_in_time_are_told_and_lie_in_the_same_places():
    values = np.arange(2 * 3 * 4 * 5, dtype=np.int16).reshape(2, 3, 4, 5)
    image = open_image(nibabel.Nifti1Image(values, np.eye(4)).to_bytes(), name="x")

    assert image.frame_count == 20
    assert image.notes[0] == "The volume has 5 points in time, one after the other."
    assert open_image(volume().to_bytes(), name="x").notes == ()
    assert image.frame(7).stored.tolist() == values[::-1, ::-1, 3, 1].T.tolist()
    assert image.planes[7] == image.planes[3]


def test_colors_stay_what_they_are():
    kind = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    values = np.zeros((3, 4, 2), kind)
    values["R"], values["G"], values["B"] = 10, 20, 30

    image = open_image(nibabel.Nifti1Image(values, np.eye(4)).to_bytes(), name="x")

    assert image.is_color
    assert image.frame(1).stored.shape == (4, 3, 3)
    assert image.frame(1).stored[0, 0].tolist() == [10, 20, 30]


def test_values_that_are_no_numbers_become_zero_and_complex_ones_are_refused():
    values = np.full((3, 4, 2), 7, np.float32)
    values[0, 0, 0] = np.nan

    image = open_image(nibabel.Nifti1Image(values, np.eye(4)).to_bytes(), name="x")

    assert sorted(set(image.frame(0).stored.flat)) == [0, 7]
    assert image.frame(0).render(View()).dtype == np.uint8
    imaginary = nibabel.Nifti1Image(values.astype(np.complex64), np.eye(4))
    with pytest.raises(ImageError, match=r"its values \(complex64\) are no numbers"):
        open_image(imaginary.to_bytes(), name="x")


def test_what_lies_between_header_and_voxels_is_found():
    made = volume()
    made.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"Zq7Planted"))

    found = {(one.attribute, one.value) for one in scan(made.to_bytes(), name="x").findings}

    assert found == {("NIfTI extension", "32 bytes")}


def test_texts_of_the_header_are_found_and_do_not_leave():
    made = volume()
    made.header["descrip"] = b"Zq7Planted Name"
    data = gzip.compress(made.to_bytes())

    cleared = clear(data, name="x.nii.gz", use=ImageUse(MediaId("0" * 64), (0, 1, 2)))
    after = open_image(cleared.data, name="cleared")

    assert "NIfTI descrip" in {one.attribute for one in scan(data, name="x").findings}
    assert b"Zq7Planted" not in cleared.data
    assert is_bare(cleared.data)
    assert after.planes[2].origin_mm == (0, 0, 6)
    before = open_image(data, name="x")
    assert np.array_equal(before.frame(2).render(View()), after.frame(2).render(View()))


def test_truncated_lying_and_other_gzip_files_are_refused():
    data = volume().to_bytes()
    with pytest.raises(ImageError, match="voxels end too early"):
        open_image(data[:-10], name="short.nii")
    lying = bytearray(data)
    lying[42:48] = np.array([30000, 30000, 30000], "<i2").tobytes()
    with pytest.raises(ImageError, match="end too early"):
        open_image(bytes(lying), name="lying.nii")
    with pytest.raises(ImageError, match="end too early"):
        open_image(gzip.compress(bytes(lying)), name="lying.nii.gz")
    with pytest.raises(ImageError, match="known format"):
        open_image(wheel_bytes("zipMR.gz"), name="other.gz")


@pytest.mark.parametrize("length", [348, 400, 539, 543])
def test_header_that_ends_too_early_is_refused(length):
    data = volume(kind=nibabel.Nifti2Image).to_bytes()[:length]

    with pytest.raises(ImageError, match="cut"):
        open_image(data, name="cut.nii")
    with pytest.raises(ImageError, match="cut"):
        open_image(gzip.compress(data), name="cut.nii.gz")


def test_no_damage_to_a_header_ends_in_another_error():
    data = volume().to_bytes()
    for place in range(352):
        for value in (0, 255, 128):
            broken = bytearray(data)
            broken[place] = value
            try:
                image = open_image(bytes(broken), name="broken")
                image.frame(0).render(View())
                scan(bytes(broken), name="broken")
            except ImageError as error:
                assert "broken" in error.sentence  # noqa: PT017 - either outcome is right
