"""Large frames are made ready beside the window, and turned without being copied."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.load import open_image
from core.imaging.placing import upright
from core.imaging.pyramid import Pyramid
from core.imaging.resample import Viewport
from reviewer_app.widgets.images import upright as image_upright
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.picture import FramePicture, Sight
from reviewer_app.widgets.images.upright import made_ready, upright_key
from reviewer_app.widgets.images.view import ImageView
from tests.core.imaging.imaging_files import as_bytes, make_dataset

TURNS = [
    View(quarter_turns=turns, is_mirrored=is_mirrored)
    for turns, is_mirrored in product(range(4), (False, True))
]


def picture(height=256, width=320):
    stored = np.random.default_rng(2).integers(0, 4000, (height, width)).astype(np.int16)
    return open_image(as_bytes(make_dataset(stored, Modality="CR")), name="cr")


@pytest.mark.parametrize("view", TURNS)
@pytest.mark.parametrize("scale", [0.2, 0.7, 1.0, 2.5])
def test_turned_halves_show_what_a_turned_copy_shows(view, scale):
    image = picture()
    stored = image.frame(0).stored
    port = Viewport(200, 180, 10.0, 20.0, scale)

    ours = Pyramid(stored).turned(view).sample(port)
    copied = Pyramid(upright(image, stored, view)).sample(port)

    assert (ours.x, ours.y) == (copied.x, copied.y)
    assert np.array_equal(ours.values, copied.values)


@pytest.mark.parametrize("view", TURNS)
def test_a_large_frame_is_painted_as_a_small_one_is(qapp, monkeypatch, view):
    image = picture()
    frame = image.frame(0)
    camera = Camera.fitting((256, 320) if view.quarter_turns % 2 else (320, 256), (160, 160))
    shown = replace(view, window=Window(2000, 4000))
    small = FramePicture().make(Sight(image, frame, 0), camera, shown, is_hasty=False)
    monkeypatch.setattr(image_upright, "_LARGE_VALUES", 1)
    large = FramePicture()
    large.take(made_ready(image, frame, 0, View(), (160, 160)))
    base = large._upright.base

    placed = large.make(Sight(image, frame, 0), camera, shown, is_hasty=False)

    assert np.array_equal(placed.pixels(), small.pixels())
    assert large._upright.base is base  # the halves are not made twice


def test_small_frames_are_not_made_ready():
    image = picture()

    assert made_ready(image, image.frame(0), 0, View(), (100, 100)) is None


def test_a_large_frame_comes_ready_for_the_screen(qtbot, monkeypatch):
    monkeypatch.setattr(image_upright, "_LARGE_VALUES", 1)
    image = picture()
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(100, 100)
    view.show()
    view.show_image(image, ImageUse(MediaId("cr")))
    qtbot.waitUntil(lambda: not view.is_waiting())

    ready = view._picture._upright
    assert ready.key == upright_key(image.frame(0), view.view())
    assert len(ready.values._levels) > 1
