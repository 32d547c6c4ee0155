"""A clip runs as fast as its file says, until a hand chooses; true size says what it rests on."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image
from reviewer_app.widgets.images.menu import ImageMenu
from reviewer_app.widgets.images.view import ImageView
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.reviewer_app.images.hands import CONTROL, SHIFT, drag

FRAMES = np.arange(6 * 64, dtype=np.uint8).reshape(6, 8, 8)


def clip(**facts):
    return as_bytes(make_dataset(FRAMES, Modality="US", **facts))


@pytest.fixture
def view(on_screen):
    return on_screen(ImageView(), 300, 300)


def show(view, data):
    view.show_image(open_image(data, name="us"), ImageUse(MediaId("us"), tuple(range(6))))


@pytest.mark.parametrize(
    ("facts", "rate"),
    [
        ({"RecommendedDisplayFrameRate": 30, "CineRate": 50}, 30),
        ({"CineRate": 50}, 50),
        ({"FrameTime": 40}, 25),
        ({"FrameTime": 0}, 15),
        ({"CineRate": 5000}, 15),
        ({}, 15),
    ],
)
def test_a_clip_runs_at_the_rate_of_its_file(view, facts, rate):
    show(view, clip(**facts))

    assert view.speed() == rate


def test_a_chosen_rate_goes_before_that_of_the_file(qtbot, view):
    show(view, clip(FrameTime=40))
    qtbot.keyClick(view, Qt.Key.Key_K, SHIFT)
    assert view.speed() == 40
    show(view, clip(FrameTime=100))
    assert view.speed() == 40
    view.set_speed(None)

    assert view.speed() == 10


def test_the_key_goes_round_through_the_rates(qtbot, view):
    show(view, clip())
    seen = []
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_K, SHIFT)
        seen.append(view.speed())

    assert seen == [25, 40, 5, 10]


def test_the_rate_stands_on_a_running_clip_and_in_the_menu(qtbot, view):
    show(view, clip(FrameTime=40))
    menu = ImageMenu(view)
    qtbot.addWidget(menu)
    menu.refresh()
    view.toggle_cine()

    assert "25 / s" in view._frame_text()
    assert menu.own_speed.text() == "As in the file: 25 a second"
    view.toggle_cine()
    assert "/ s" not in view._frame_text()


def test_a_cleared_clip_keeps_its_rate():
    cleared = clear(clip(FrameTime=40), name="us", use=ImageUse(MediaId("us"), (1, 2, 3)))

    assert open_image(cleared.data, name="again").frames_per_s == 25
    assert is_bare(cleared.data)


def test_true_size_is_refused_in_words_where_the_file_does_not_tell(qtbot, view):
    show(view, clip())
    told = []
    view.probed.connect(told.append)
    qtbot.keyClick(view, Qt.Key.Key_S)

    assert told == ["No true size: The file does not say how large a pixel is."]
    assert view.camera().fits


def drag_frames(qtbot, view, way):
    start = view.rect().center()
    drag(qtbot, view, start, start + way, modifier=CONTROL)


def test_a_drag_with_ctrl_scrolls_the_frames_and_leaves_the_window_alone(qtbot, view):
    show(view, clip())
    window, camera = view.shown_window(), view.camera()
    drag_frames(qtbot, view, QPoint(0, 48))
    assert view.place() == 3
    drag_frames(qtbot, view, QPoint(0, -1000))

    assert view.place() == 0
    assert (view.shown_window(), view.camera()) == (window, camera)


def test_a_drag_with_ctrl_on_a_single_picture_windows_as_without(qtbot, view):
    view.show_image(open_image(as_bytes(make_dataset(FRAMES[0])), name="x"), ImageUse(MediaId("x")))
    before = view.shown_window()
    drag_frames(qtbot, view, QPoint(60, 0))

    assert view.shown_window().width > before.width
