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
