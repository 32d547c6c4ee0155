"""A large image is seen small at once, and whole when it is decoded; nothing stale is shown."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.drawn import DrawnPictures
from core.imaging.glimpses import Glimpses
from core.imaging.load import open_image
from core.imaging.pictures import keep_glimpse, small_picture
from reviewer_app.widgets.images import loader as image_loader
from reviewer_app.widgets.images.view import ImageView
from tests.core.imaging.imaging_files import as_bytes, make_dataset, wheel_bytes

USE = ImageUse(MediaId("cr"), view=View(Window(2000, 4000)))


def large(glimpses=None):
    """Return a picture of 1500 × 1600 pixels, white on the left, black on the right."""
    stored = np.zeros((1600, 1500), np.int16)
    stored[:, :750] = 4000
    image = open_image(as_bytes(make_dataset(stored, Modality="CR")), name="cr")
    return replace(image, glimpses=glimpses)


@pytest.fixture
def glimpses(tmp_path):
    return Glimpses(DrawnPictures(tmp_path / "drawn"), USE.media)


@pytest.fixture
def view(on_screen, monkeypatch):
    monkeypatch.setattr(image_loader, "PATIENCE_S", 0.0)
    return on_screen(ImageView(), 300, 320)


class Gate:
    """An image whose frames come only when the gate is opened."""

    def __init__(self, image):
        self.opened = Event()
        read = image.read_frame
        self.image = replace(image, read_frame=lambda index: self.opened.wait(60) and read(index))


def gray(view, x, y):
    return view.grab().toImage().pixelColor(x, y).red()


def test_the_small_picture_is_shown_until_the_frame_is_there(qtbot, view, glimpses):
    keep_glimpse(large(glimpses), 0, USE.view)
    gate = Gate(large(glimpses))
    view.show_image(gate.image, USE)
    qtbot.waitUntil(view._first_look.is_there)

    assert gray(view, 80, 100) > 250
    assert gray(view, 220, 100) < 5
    assert view.is_waiting()
    gate.opened.set()
    qtbot.waitUntil(lambda: not view.is_waiting())
    assert not view._first_look.is_there()
    assert gray(view, 80, 100) > 250


def test_looking_at_a_large_image_keeps_its_small_picture(qtbot, view, glimpses):
    view.show_image(large(glimpses), USE)
    qtbot.waitUntil(lambda: glimpses.get(0, USE.view) is not None)

    assert glimpses.picture(0, USE.view).shape == (512, 480)


def test_small_images_keep_nothing(qtbot, view, glimpses):
    image = replace(open_image(wheel_bytes("CT_small.dcm"), name="ct"), glimpses=glimpses)
    view.show_image(image, ImageUse(MediaId("ct")))
    qtbot.waitUntil(lambda: not view.is_waiting() and view._loader.is_idle())

    assert glimpses.get(0, View()) is None


def test_what_comes_for_an_image_left_meanwhile_is_not_shown(qtbot, view, glimpses):
    keep_glimpse(large(glimpses), 0, USE.view)
    gate = Gate(large(glimpses))
    view.show_image(gate.image, USE)
    qtbot.waitUntil(view._first_look.is_there)
    view.clear("Nothing")
    gate.opened.set()

    assert not view._first_look.is_there()
    assert view.accessibleDescription() == "Nothing"


def test_another_view_of_the_image_has_no_small_picture_of_this_one(glimpses):
    keep_glimpse(large(glimpses), 0, USE.view)

    assert glimpses.get(0, View()) is None
    assert glimpses.get(0, USE.view) is not None


def test_a_thumbnail_is_made_of_the_small_picture_without_decoding(glimpses):
    keep_glimpse(large(glimpses), 0, USE.view)
    undecodable = replace(large(glimpses), read_frame=None)

    assert small_picture(undecodable, USE, size_px=72).startswith(b"\x89PNG")


def test_a_damaged_small_picture_is_passed_over(glimpses, tmp_path):
    keep_glimpse(large(glimpses), 0, USE.view)
    for path in (tmp_path / "drawn").glob("*/*"):
        path.write_bytes(path.read_bytes()[:-7])

    assert glimpses.get(0, USE.view) is None
    assert small_picture(large(glimpses), USE, size_px=72).startswith(b"\x89PNG")
