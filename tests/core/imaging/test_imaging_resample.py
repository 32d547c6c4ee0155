"""What is enlarged or reduced lies where the camera puts it, whatever way it was computed."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.imaging import resample
from core.imaging.pyramid import Pyramid
from core.imaging.resample import Scratch, Viewport, sample

RAMP = np.add.outer(np.arange(90) * 100.0, np.arange(120) * 3.0).astype(np.float32)
"""A value tells its row and column; interpolation does not bend it."""


def at(port, patch):
    """Return the image row and column of every screen pixel of a patch, kept within the image."""
    rows = port.top + (patch.y + np.arange(patch.values.shape[0]) + 0.5) / port.scale - 0.5
    columns = port.left + (patch.x + np.arange(patch.values.shape[1]) + 0.5) / port.scale - 0.5
    return np.clip(rows, 0, 89), np.clip(columns, 0, 119)


def assert_placed(port, patch):
    rows, columns = at(port, patch)
    away = np.abs(patch.values - np.add.outer(rows * 100, columns * 3)) / 103 * port.scale
    assert away.max() <= 0.26  # of a screen pixel, where both directions are 1/8 away
    right, bottom = (120 - port.left) * port.scale, (90 - port.top) * port.scale
    assert abs(min(port.width, right) - patch.x - patch.values.shape[1]) <= 1
    assert abs(min(port.height, bottom) - patch.y - patch.values.shape[0]) <= 1


@settings(max_examples=300)
@given(
    scale=st.floats(1.001, 32),
    place=st.tuples(st.integers(-900, 3000), st.integers(-900, 2200)),
    area=st.tuples(st.integers(20, 400), st.integers(20, 400)),
)
@example(scale=3.02734375, place=(363, 0), area=(20, 20))
def test_enlarged_picture_is_where_the_camera_puts_it(scale, place, area):
    # A camera's edge lies on a whole screen pixel.
    port = Viewport(*area, place[0] / scale, place[1] / scale, scale)

    patch = sample(RAMP, port)

    if patch is not None:
        assert_placed(port, patch)


@given(st.floats(-20, 100), st.floats(-20, 80), st.sampled_from([1.5, 2.0, 3.3, 4.21875, 9.0]))
def test_enlarged_picture_is_right_off_the_grid_of_the_screen(left, top, scale):
    port = Viewport(200, 150, left, top, scale)

    patch = sample(RAMP, port)

    if patch is not None:
        assert_placed(port, patch)


@pytest.mark.parametrize("is_smooth", [True, False])
@pytest.mark.parametrize(("left", "top"), [(119.9, 0), (0, 89.9), (-6.6, 0), (0, -6.6)])
def test_less_than_half_a_screen_pixel_of_a_picture_is_nothing(left, top, is_smooth):
    assert sample(RAMP, Viewport(20, 20, left, top, 3.03), is_smooth=is_smooth) is None


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.int8, np.int32, np.float64])
def test_quick_and_slow_ways_give_the_same_values(dtype, monkeypatch):
    stored = np.random.default_rng(0).integers(0, 100, (60, 80)).astype(dtype)
    port = Viewport(300, 200, 37 / 4.5, 20 / 4.5, 4.5)

    quick = sample(stored, port)
    monkeypatch.setattr(resample, "_FAR", 0)  # no common edge is looked for
    slow = sample(stored, port)

    assert (quick.x, quick.y) == (slow.x, slow.y)
    rows, columns = (min(one, other) for one, other in
                     zip(quick.values.shape, slow.values.shape, strict=True))  # fmt: skip
    apart = quick.values[:rows, :columns].astype(float) - slow.values[:rows, :columns]
    assert np.abs(apart).max() <= 2  # OpenCV's warp counts in 1/32 of a pixel


@given(st.floats(1, 32), st.integers(-50, 900), st.integers(-50, 700))
def test_single_pixels_are_those_under_the_middle_of_the_screen_pixels(scale, left, top):
    stored = np.arange(60 * 80, dtype=np.int16).reshape(60, 80)
    port = Viewport(90, 70, left / scale, top / scale, scale)

    patch = sample(stored, port, is_smooth=False)

    if patch is not None:
        places = (
            port.top + (patch.y + np.arange(patch.values.shape[0]) + 0.5) / scale,
            port.left + (patch.x + np.arange(patch.values.shape[1]) + 0.5) / scale,
        )
        found = patch.values[:, 0] // 80, patch.values[0] % 80
        for pixels, wanted, limit in zip(found, places, (60, 80), strict=True):
            away = np.clip(wanted, 0, limit - 1e-6) - (pixels + 0.5)
            assert np.abs(away).max() <= 0.5 + 1e-6
        assert np.array_equal(patch.values, found[0][:, None] * 80 + found[1])


def test_colors_are_enlarged_too():
    stored = np.random.default_rng(0).integers(0, 255, (30, 40, 3)).astype(np.uint8)

    assert sample(stored, Viewport(80, 60, 0, 0, 2)).values.shape == (60, 80, 3)
    assert sample(stored, Viewport(80, 60, 0, 0, 2), is_smooth=False).values.shape == (60, 80, 3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.int32, np.float32])
@pytest.mark.parametrize("scale", [0.2, 0.7, 1.0, 1.5, 2.16, 5.0])
def test_memory_that_is_used_again_changes_nothing(dtype, scale):
    scratch, dice = Scratch(), np.random.default_rng(0)
    for shape in ((240, 300), (90, 120), (240, 300, 3)):
        pyramid = Pyramid(dice.integers(0, 200, shape).astype(dtype))
        for left, top in ((0, 0), (10.3, 20.7), (-30, -20), (60, 40)):
            port = Viewport(160, 128, left, top, scale)

            ours, fresh = pyramid.sample(port, scratch=scratch), pyramid.sample(port)

            assert (ours.x, ours.y) == (fresh.x, fresh.y)
            assert ours.values.dtype == fresh.values.dtype
            assert np.array_equal(ours.values, fresh.values)


def test_slices_are_resampled_to_the_same_memory():
    scratch, port = Scratch(), Viewport(900, 900, 0, 0, 900 / 512)
    first, second = (
        sample(np.full((512, 512), value, np.int16), port, scratch=scratch).values
        for value in (3, 7)
    )

    assert np.shares_memory(first, second)
    assert (second == 7).all()
