"""What leaves as PNG: windowed, bare, the same every time."""

import io

import numpy as np
import pytest
from PIL import Image

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.pictures import describe, encode_png, model_pictures, thumbnail
from core.imaging.resample import Viewport, sample
from core.imaging.store import media_id_of
from tests.core.imaging.imaging_files import wheel_bytes

MEDIA = MediaId("0" * 64)


def pixels(png):
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.info == {}
    return np.asarray(picture)


def test_model_gets_the_picture_that_is_shown():
    data = wheel_bytes("CT_small.dcm")
    view = View(Window(40, 400), is_inverted=True)

    [png] = model_pictures(data, name="ct", use=ImageUse(MEDIA, view=view))

    assert np.array_equal(pixels(png), open_image(data, name="ct").frame(0).render(view))
    assert model_pictures(data, name="other", use=ImageUse(MEDIA, view=view)) == [png]


def test_model_gets_one_picture_for_each_frame_in_order():
    data = wheel_bytes("examples_ybr_color.dcm")
    image = open_image(data, name="us")

    pngs = model_pictures(data, name="us", use=ImageUse(MEDIA, (29, 0)))

    assert [pixels(png).tolist() for png in pngs] == [
        image.frame(29).stored.tolist(),
        image.frame(0).stored.tolist(),
    ]


def test_thumbnail_keeps_its_shape_and_is_never_enlarged():
    data = wheel_bytes("examples_rgb_color.dcm")

    assert pixels(thumbnail(data, name="x", use=ImageUse(MEDIA), size_px=80)).shape == (60, 80, 3)
    assert pixels(thumbnail(data, name="x", use=ImageUse(MEDIA), size_px=999)).shape == (
        240,
        320,
        3,
    )


def test_description_of_a_file():
    data = wheel_bytes("examples_ybr_color.dcm")

    info = describe(data, name="heart.dcm")

    assert info.id == media_id_of(data)
    assert (info.file_name, info.media_type) == ("heart.dcm", "application/dicom")
    assert (info.width, info.height, info.frame_count, info.modality) == (320, 240, 30, "US")
    assert info.size_bytes == len(data)


def test_file_whose_pixels_are_damaged_is_not_described():
    with pytest.raises(ImageError):
        describe(wheel_bytes("JPEG2000-embedded-sequence-delimiter.dcm"), name="x")


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)])
def test_png_keeps_every_pixel(shape):
    picture = np.random.default_rng(0).integers(0, 256, shape, np.uint8)

    assert np.array_equal(pixels(encode_png(picture)), picture)


GRID = np.arange(600, dtype=np.int16).reshape(20, 30) - 300


def test_one_to_one_sample_is_the_stored_part():
    patch = sample(GRID, Viewport(10, 8, left=3, top=2, scale=1))

    assert np.array_equal(patch.values, GRID[2:10, 3:13])
    assert (patch.x, patch.y) == (0, 0)


def test_image_smaller_than_the_area_lies_inside_it():
    patch = sample(GRID, Viewport(100, 80, left=-10, top=-5, scale=2))

    assert (patch.x, patch.y) == (20, 10)
    assert patch.values.shape == (40, 60)


def test_single_pixels_are_kept_when_not_smooth():
    patch = sample(GRID, Viewport(40, 40, left=5, top=6, scale=8), is_smooth=False)

    assert np.array_equal(patch.values, np.kron(GRID[6:11, 5:10], np.ones((8, 8), np.int16)))


def test_reduced_picture_is_the_mean_of_stored_values():
    patch = sample(GRID, Viewport(15, 10, left=0, top=0, scale=0.5))

    means = GRID.reshape(10, 2, 15, 2).mean(axis=(1, 3))
    assert np.abs(patch.values - means).max() <= 0.5


@pytest.mark.parametrize("dtype", ["i1", "u1", "u2", "i4", "u4", "f4", "f8", "i8"])
@pytest.mark.parametrize("scale", [0.4, 1, 3.3, 9])
def test_every_kind_of_number_is_resampled_within_its_range(dtype, scale):
    stored = (np.arange(99).reshape(9, 11)).astype(dtype)

    patch = sample(stored, Viewport(20, 20, left=-1.0, top=1.0, scale=scale))

    assert stored.min() <= patch.values.min()
    assert patch.values.max() <= stored.max()


def test_nothing_is_sampled_where_no_image_is():
    assert sample(GRID, Viewport(10, 10, left=100, top=0, scale=1)) is None
