"""Points, sizes and values agree on how a picture is turned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.media import View, Window
from core.imaging.display import GrayRule
from core.imaging.geometry import Geometry
from core.imaging.image import Frame, LoadedImage
from core.imaging.load import open_image
from core.imaging.placing import (
    auto_window,
    shown_point,
    spacing_shown_mm,
    stored_point,
    upright,
    upright_mask,
    upright_size,
)
from core.imaging.shown import show

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
VIEWS = st.builds(View, quarter_turns=st.integers(0, 3), is_mirrored=st.booleans())


def made(width=6, height=4, *, aspect=1.0, spacing=None):
    stored = np.arange(width * height, dtype=np.uint16).reshape(height, width)
    image = LoadedImage(
        "made",
        "image/tiff",
        width,
        height,
        1,
        False,
        lambda _: Frame(stored, None),
        spacing_mm=spacing,
        geometry=Geometry(pixel_aspect=aspect, mm_refusal=""),
    )
    return image, stored


@given(view=VIEWS, column=st.integers(0, 5), row=st.integers(0, 3))
def test_center_of_a_stored_pixel_is_where_its_value_is_shown(view, column, row):
    image, stored = made()

    x, y = shown_point(image, view, (column + 0.5, row + 0.5))

    assert upright(image, stored, view)[int(y), int(x)] == stored[row, column]


@given(
    view=VIEWS,
    x=st.floats(0, 6, allow_nan=False),
    y=st.floats(0, 4, allow_nan=False),
    aspect=st.sampled_from((0.5, 1.0, 1.7)),
)
def test_points_come_back(view, x, y, aspect):
    image, _ = made(aspect=aspect)

    assert stored_point(image, view, shown_point(image, view, (x, y))) == pytest.approx((x, y))


@given(view=VIEWS, aspect=st.sampled_from((0.5, 1.0, 2.0)))
def test_size_is_that_of_the_picture_a_model_gets(view, aspect):
    image, _ = made(aspect=aspect)

    picture = show(image, 0, view).picture

    assert upright_size(image, view) == (picture.shape[1], picture.shape[0])


def test_millimeters_are_told_only_where_they_hold():
    assert spacing_shown_mm(made()[0]) is None
    assert spacing_shown_mm(made(spacing=(0.5, 0.5))[0]) == 0.5
    assert spacing_shown_mm(made(aspect=2.0, spacing=(1.0, 0.5))[0]) == 0.5
    assert spacing_shown_mm(made(spacing=(1.0, 0.5))[0]) is None
    refused = made(spacing=(0.5, 0.5))[0]
    refused = replace(refused, geometry=replace(refused.geometry, mm_refusal="Of the detector."))
    assert spacing_shown_mm(refused) is None


@given(view=VIEWS, aspect=st.sampled_from((1, 2)))
def test_a_mask_lies_where_the_values_do_that_it_marks(view, aspect):
    image, stored = made(aspect=aspect)

    mask = upright_mask(image, stored >= 15, view)

    assert mask.dtype == np.uint8
    marked = np.repeat(stored >= 15, aspect, axis=0)
    seen = np.rot90(marked[:, ::-1] if view.is_mirrored else marked, -view.quarter_turns)
    assert np.array_equal(mask, np.where(seen, 255, 0))


def test_auto_window_leaves_padding_out():
    stored = np.array([[-2000] * 5 + [100, 300]], np.int16)
    gray = GrayRule(slope=2, padding=(-2000, -2000))

    assert auto_window(Frame(stored, gray)).center == pytest.approx(400)
    assert auto_window(Frame(stored, replace(gray, padding=(-2000, 300)))).width > 4000


def test_auto_window_spans_what_is_there():
    frame = open_image((FOLDER / "CT_small.dcm").read_bytes(), name="ct").frame(0)
    values = frame.gray.calibrate(frame.stored)

    whole = auto_window(frame)
    corner = auto_window(frame, slice(0, 10), slice(0, 10))

    assert whole.center - whole.width / 2 == pytest.approx(np.percentile(values, 1), abs=1)
    assert whole.center + whole.width / 2 == pytest.approx(np.percentile(values, 99), abs=1)
    assert values[:10, :10].min() - 1 <= corner.center <= values[:10, :10].max() + 1
    assert auto_window(Frame(np.full((3, 3), 7, np.uint16), frame.gray)) == Window(7 - 1024, 1)
