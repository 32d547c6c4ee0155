"""Windows, tables and inversion against values computed from PS3.3 by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.media import View, Window
from core.imaging.display import GrayRule, ValueTable, VoiFunction, full_window
from core.imaging.image import Frame


def shade(value, window, function=VoiFunction.LINEAR, **rule):
    values = np.array([value], np.int32)
    return int(GrayRule(function=function, **rule).shade(values, window, is_inverted=False)[0])


@pytest.mark.parametrize(
    ("value", "gray"),
    # c = 2048, w = 4096 (PS3.3 C.11.2.1.2.1, note 4): y = (x - 2047.5) / 4095 * 255 + 127.5
    [(-1, 0), (0, 0), (16, 0), (17, 1), (2047, 127), (2048, 127), (4094, 254), (4095, 255)],
)
def test_linear_window(value, gray):
    assert shade(value, Window(2048, 4096)) == gray


def test_linear_window_of_width_one_is_a_step():
    assert [shade(value, Window(100, 1)) for value in (98, 99, 100, 101)] == [0, 0, 255, 255]


@pytest.mark.parametrize(("value", "gray"), [(0, 0), (2048, 127), (4095, 254), (4096, 255)])
def test_linear_exact_window(value, gray):
    assert shade(value, Window(2048, 4096), VoiFunction.LINEAR_EXACT) == gray


@pytest.mark.parametrize("value", [-5000, -100, 0, 40, 41, 90, 400, 5000])
def test_sigmoid_window(value):
    expected = math.floor(255 / (1 + math.exp(min(60, -4 * (value - 40) / 100))) + 1e-9)
    assert shade(value, Window(40, 100), VoiFunction.SIGMOID) == expected


def test_rescale_comes_before_the_window():
    assert shade(1064, Window(40, 80), slope=2, intercept=-2088) == 129  # (0.5 / 79 + 0.5) * 255


def test_inverse_is_taken_before_grays_are_cut_to_whole_numbers():
    # y = 100.6 → inverse 154.4 → 154; cutting first would give 255 - 100 = 155.
    window = Window(0.5, 256)  # y = x + 127.5
    assert shade(-27, window, is_inverse=True) == 154


def test_modality_table_goes_before_slope_and_its_ends_extend():
    table = ValueTable(10, np.array([5, 200, 77], np.uint16), 8)
    rule = GrayRule(slope=9, modality_table=table)

    assert rule.calibrate(np.array([0, 10, 11, 12, 99])).tolist() == [5, 5, 200, 77, 77]


def test_voi_table_is_used_when_there_is_no_window():
    table = ValueTable(-1, np.array([0, 512, 1023], np.uint16), 10)
    frame = Frame(np.array([[-5, -1, 0, 1, 5]], np.int16), GrayRule(voi_tables=(table,)))

    assert frame.render(View()).tolist() == [[0, 0, 127, 255, 255]]
    assert frame.render(View(Window(0, 2))).tolist() == [[0, 0, 255, 255, 255]]


def test_full_window_spreads_the_range():
    frame = Frame(np.array([[100, 355]], np.uint16), GrayRule())

    assert frame.default_window == full_window(100, 355) == Window(228, 256)
    assert frame.render(View()).tolist() == [[0, 255]]


@given(
    data=st.data(),
    dtype=st.sampled_from([np.uint8, np.int8, np.uint16, np.int16, np.int32]),
    center=st.floats(-3000, 3000),
    width=st.floats(1, 6000),
    is_inverted=st.booleans(),
)
def test_table_and_formula_agree_for_every_type(data, dtype, center, width, is_inverted):
    limits = np.iinfo(dtype)
    base = data.draw(st.integers(max(limits.min, -(2**20)), min(limits.max, 2**20) - 60))
    stored = np.arange(base, base + 60, dtype=dtype).reshape(6, 10)
    frame = Frame(stored, GrayRule(slope=0.7, intercept=-11.5))
    view = View(Window(center, width), is_inverted)

    direct = frame.gray.shade(stored, view.window, is_inverted=is_inverted)
    table = frame.lookup_table(view)

    assert np.array_equal(table[stored.astype(np.int64) - frame.lowest], direct)
    assert np.array_equal(frame.render(view), direct)
    part = stored[1:5, 2:7]
    assert np.array_equal(frame.shade(part, view), direct[1:5, 2:7])
    assert screen_bytes(frame.screen_shading(view, part.dtype)(part)) == bgra(direct[1:5, 2:7])


@pytest.mark.parametrize("step", [(slice(None), slice(None, None, -1)), (slice(None, None, -2),)])
def test_turned_values_are_shaded_like_others(step):
    stored = np.arange(60, dtype=np.int16).reshape(6, 10) - 30
    frame, view = Frame(stored, GrayRule()), View(Window(5, 40))

    assert np.array_equal(frame.shade(stored[step], view), frame.render(view)[step])


@pytest.mark.parametrize("is_inverted", [False, True])
def test_colors_floats_and_wide_ranges_are_the_same_on_a_screen(is_inverted):
    view = View(Window(100, 300), is_inverted=is_inverted)
    color = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    floats = np.linspace(-100, 300, 8, dtype=np.float32).reshape(2, 4)
    wide = floats.astype(np.int32) * 1000
    for stored, rule in ((color, None), (floats, GrayRule()), (wide, GrayRule(slope=0.001))):
        frame = Frame(stored, rule)

        assert screen_bytes(frame.screen_shading(view, stored.dtype)(stored)) == bgra(
            frame.render(view)
        )


def screen_bytes(pixels):
    """Return pixels as the bytes that Qt's RGB32 means."""
    assert pixels.dtype == np.int32
    return [[tuple(int(one).to_bytes(4, "little", signed=True)) for one in row] for row in pixels]


def bgra(picture):
    """Return what a picture should be as blue, green, red and full alpha."""
    colors = picture if picture.ndim == 3 else np.stack([picture] * 3, axis=-1)
    return [[(int(b), int(g), int(r), 255) for r, g, b in row] for row in colors]


def test_wide_range_has_no_table_but_a_picture():
    frame = Frame(np.array([[0, 2**31, 2**32 - 1]], np.uint32), GrayRule())

    assert frame.lookup_table(View()) is None
    assert frame.render(View()).tolist() == [[0, 127, 255]]


def test_color_is_shown_as_it_is_and_can_be_inverted():
    frame = Frame(np.array([[[1, 2, 3]]], np.uint8), None)

    assert frame.render(View(Window(1, 1))).tolist() == [[[1, 2, 3]]]
    assert frame.render(View(is_inverted=True)).tolist() == [[[254, 253, 252]]]
    assert math.isnan(frame.calibrated(0, 0))
