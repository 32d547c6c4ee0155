"""Reduced pictures are means of what they cover, in their place, at any zoom and turn."""

import numpy as np
import pytest

from core.domain.media import View
from core.imaging.pyramid import Pyramid
from core.imaging.resample import Viewport, enlarge, resamplable, sample, visible_part

ROWS, COLUMNS = 512, 768
NOISE = np.random.default_rng(3).integers(0, 4096, (ROWS, COLUMNS)).astype(np.float32)


def means(values, side):
    """Return the mean of each square of values."""
    rows, columns = (length // side for length in values.shape)
    return values.reshape(rows, side, columns, side).mean(axis=(1, 3))


@pytest.mark.parametrize("side", [2, 4])
@pytest.mark.parametrize("make", [lambda port: sample(NOISE, port), Pyramid(NOISE).sample])
def test_reduced_picture_is_the_mean_of_the_values_where_the_camera_puts_it(side, make):
    whole = make(Viewport(900, 800, -40, -120, 1 / side))
    part = make(Viewport(60, 50, 80, 160, 1 / side))

    assert (whole.x, whole.y) == (40 // side, 120 // side)
    assert whole.values == pytest.approx(means(NOISE, side), abs=0.01)
    assert (part.x, part.y) == (0, 0)
    expected = means(NOISE, side)[160 // side :, 80 // side :][:50, :60]
    assert part.values == pytest.approx(expected, abs=0.01)


def test_nothing_is_read_from_a_level_that_is_too_coarse_for_the_screen():
    detail = np.zeros((ROWS, COLUMNS), np.float32)
    detail[:, ::2] = 100

    picture = Pyramid(detail).sample(Viewport(COLUMNS, ROWS, 0, 0, 1.0)).values

    assert np.array_equal(picture, detail)
    assert Pyramid(detail).sample(Viewport(700, 500, 0, 0, 0.9)).values.std() > 20
    assert Pyramid(detail).sample(Viewport(300, 200, 0, 0, 0.5)).values.std() < 1


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_turned_values_are_reduced_as_they_are_looked_at(turns, is_mirrored):
    view = View(quarter_turns=turns, is_mirrored=is_mirrored)
    mirrored = NOISE[:, ::-1] if is_mirrored else NOISE
    seen = np.rot90(mirrored, -turns)  # clockwise

    turned = Pyramid(NOISE).turned(view)

    assert np.array_equal(turned.values, seen)
    picture = turned.sample(Viewport(900, 900, 0, 0, 0.25)).values
    assert picture == pytest.approx(means(seen, 4), abs=0.01)


def test_an_odd_row_and_column_shift_nothing():
    odd = np.pad(NOISE, ((0, 1), (0, 1)), constant_values=9999)

    picture = Pyramid(odd).coarse(Viewport(400, 300, 0, 0, 0.5))[0]

    assert np.abs(picture[:100, :100] - means(NOISE, 4)[:100, :100]).max() < 0.01


def test_coarse_values_are_no_finer_than_the_screen_and_lie_in_the_same_place():
    port = Viewport(300, 200, 64, 128, 0.5)

    values, seen = Pyramid(NOISE).coarse(port)

    assert values.shape == (ROWS // 4, COLUMNS // 4)
    assert (seen.left, seen.top, seen.scale) == (16, 32, 2)


@pytest.mark.parametrize(
    ("port", "rows", "columns", "area"),
    [
        (Viewport(200, 100, 10, 20, 2), (20, 70), (10, 110), (0, 0, 200, 100)),
        (Viewport(200, 100, -5, -8, 2), (0, 42), (0, 95), (10, 16, 190, 84)),
        (Viewport(200, 100, 700, 480, 2), (480, 512), (700, 768), (0, 0, 136, 64)),
        (Viewport(10, 10, 3.25, 4.5, 4), (4, 7), (3, 6), (-1, -2, 12, 12)),
    ],
)
def test_visible_part_is_what_lies_on_the_screen_with_the_pixels_at_its_edges(
    port, rows, columns, area
):
    part = visible_part(NOISE, port)

    assert (part.rows, part.columns) == (slice(*rows), slice(*columns))
    assert (part.x, part.y, part.width, part.height) == area
    grays = NOISE[part.rows, part.columns].astype(np.uint8)
    assert enlarge(grays, part).shape == (part.height, part.width)


def test_nothing_is_visible_beside_a_picture():
    for left, top in ((-200, 0), (768, 0), (0, -200), (0, 512)):
        assert visible_part(NOISE, Viewport(100, 100, left, top, 1)) is None
        assert sample(NOISE, Viewport(100, 100, left, top, 1)) is None


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32])
def test_values_of_any_kind_stay_what_they_are_when_they_are_resampled(dtype):
    ends = np.array([[np.iinfo(dtype).min, np.iinfo(dtype).max]], dtype)

    assert resamplable(ends).tolist() == ends.tolist()
