"""Turning, true size, windows from values, playing: by key, menu and drag on the real view."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.load import open_image
from core.imaging.shown import show
from reviewer_app.widgets.images.measuring import MeasuringView
from reviewer_app.widgets.images.tools import ImageTools
from tests.reviewer_app.images.hands import CT, SHIFT, drag, grays_of, load

MEDIA = MediaId("0" * 64)


@pytest.fixture
def view(on_screen):
    return on_screen(MeasuringView(), 128, 128)


@pytest.fixture
def ct(view):
    view.show_image(load("CT_small.dcm"), CT)
    return view


@pytest.mark.parametrize(
    "keys",
    ["T", "TT", "TTT", "M", "MT", "TM", "TMTM", "TTMI"],
)
def test_what_is_on_screen_is_what_a_model_gets(qtbot, ct, keys):
    qtbot.keyClick(ct, Qt.Key.Key_H)
    for key in keys:
        qtbot.keyClick(ct, getattr(Qt.Key, f"Key_{key}"))
    ct.clearFocus()

    assert np.array_equal(grays_of(ct), show(ct.image(), 0, ct.view()).picture)


def test_mirror_swaps_left_and_right_of_the_screen_however_it_is_turned(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_H)
    qtbot.keyClick(ct, Qt.Key.Key_T)
    before = grays_of(ct)
    qtbot.keyClick(ct, Qt.Key.Key_M)

    assert np.array_equal(grays_of(ct)[3:-3, 3:-3], before[3:-3, ::-1][:, 3:-3])


def test_turning_left_undoes_turning_right(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_T)
    qtbot.keyClick(ct, Qt.Key.Key_T, SHIFT)

    assert ct.view() == View(Window(40, 400))


def test_turned_wide_picture_is_fitted_again_and_reset_brings_it_back(qtbot, view):
    view.show_image(load("examples_ybr_color.dcm"), ImageUse(MEDIA))  # 320 × 240
    assert view.zoom_percent() == 40
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert view.zoom_percent() == 40
    view.resize(320, 160)
    assert view.zoom_percent() == 50
    qtbot.keyClick(view, Qt.Key.Key_R)

    assert view.view() == View()
    assert view.zoom_percent() == pytest.approx(160 / 240 * 100)


def test_value_under_the_pointer_is_the_same_pixel_after_turning(qtbot, ct):
    told = []
    ct.probed.connect(told.append)
    qtbot.keyClick(ct, Qt.Key.Key_T)
    qtbot.mouseMove(ct, QPoint(127 - 20, 10))  # turned clockwise: column 10, row 20

    assert told[-1].startswith("x 10  y 20  ")
    assert f"  {ct.image().frame(0).stored[20, 10]} → " in told[-1]


def test_automatic_window_follows_the_values(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_A)
    values = ct.image().frame(0).stored.astype(float) - 1024
    window = ct.shown_window()

    assert window.center - window.width / 2 == pytest.approx(np.percentile(values, 1), abs=1)
    assert window.center + window.width / 2 == pytest.approx(np.percentile(values, 99), abs=1)


def test_shift_drag_takes_the_window_from_a_region(qtbot, ct):
    qtbot.mousePress(ct, Qt.MouseButton.LeftButton, SHIFT, QPoint(30, 40))
    qtbot.mouseMove(ct, QPoint(50, 60))
    qtbot.mouseRelease(ct, Qt.MouseButton.LeftButton, SHIFT, QPoint(50, 60))
    region = ct.image().frame(0).stored[40:60, 30:50].astype(float) - 1024
    window = ct.shown_window()

    assert window.center - window.width / 2 == pytest.approx(np.percentile(region, 1), abs=1)
    assert window.center + window.width / 2 == pytest.approx(np.percentile(region, 99), abs=1)


def window_entry(tools, text):
    """Return an entry of the menu of windows, as it is opened."""
    menu = tools.presets.menu()
    menu.aboutToShow.emit()
    return next(one for one in menu.actions() if one.text().startswith(text))


def test_menu_of_windows_takes_the_window_from_the_region_that_is_dragged_next(qtbot, ct):
    tools = ImageTools(ct)
    qtbot.addWidget(tools)
    told = []
    ct.probed.connect(told.append)
    assert window_entry(tools, "From a region").text() == "From a region\tShift+drag"
    window_entry(tools, "From a region").trigger()
    qtbot.mouseMove(ct, QPoint(20, 20))
    assert told == ["Drag over what the window is to be taken from"]

    drag(qtbot, ct, QPoint(30, 40), QPoint(50, 60))

    region = ct.image().frame(0).stored[40:60, 30:50].astype(float) - 1024
    taken = ct.shown_window()
    assert taken.center - taken.width / 2 == pytest.approx(np.percentile(region, 1), abs=1)
    drag(qtbot, ct, QPoint(30, 40), QPoint(50, 40))
    assert ct.shown_window().center == taken.center  # again wider and narrower, as always
    assert ct.shown_window().width > taken.width


def test_region_asked_for_is_taken_before_any_measure(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_D)
    ct.ask_for_region()

    drag(qtbot, ct, QPoint(30, 40), QPoint(50, 60))

    assert ct.measures() == ()
    assert ct.shown_window() != Window(40, 400)


def test_menu_of_windows_finds_one_by_itself(qtbot, ct):
    tools = ImageTools(ct)
    qtbot.addWidget(tools)
    entry = window_entry(tools, "Automatic")
    assert entry.text() == "Automatic\tA"
    entry.trigger()
    by_menu = ct.shown_window()
    qtbot.keyClick(ct, Qt.Key.Key_R)
    qtbot.keyClick(ct, Qt.Key.Key_A)

    assert ct.shown_window() == by_menu != Window(40, 400)


def test_empty_region_changes_nothing(qtbot, ct):
    qtbot.mouseClick(ct, Qt.MouseButton.LeftButton, SHIFT, QPoint(30, 40))

    assert ct.shown_window() == Window(40, 400)


def test_true_size_is_refused_where_the_file_tells_no_size(qtbot, view):
    tools = ImageTools(view)
    qtbot.addWidget(tools)
    view.show_image(load("examples_rgb_color.dcm"), ImageUse(MEDIA))
    tools.more.refresh()
    before = view.zoom_percent()
    qtbot.keyClick(view, Qt.Key.Key_S)

    assert not tools.more.true_size.isEnabled()
    assert view.zoom_percent() == before
    assert tools.more.menu().toolTipsVisible()
    assert tools.more.true_size.toolTip().startswith("No true size: ")
    view.show_image(load("CT_small.dcm"), ImageUse(MEDIA))
    tools.more.refresh()
    assert tools.more.true_size.isEnabled()
    assert "No true size" not in tools.more.true_size.toolTip()


def test_true_size_shows_a_millimeter_as_one(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_S)
    dots_per_mm = ct.screen().physicalDotsPerInch() / 25.4

    assert ct.zoom_percent() / 100 == pytest.approx(ct.image().spacing_mm[0] * dots_per_mm)


def test_single_pixels_are_shown_when_asked_for(qtbot, ct):
    ct.zoom(4)
    qtbot.keyClick(ct, Qt.Key.Key_H)
    smooth = grays_of(ct)
    qtbot.keyClick(ct, Qt.Key.Key_P)
    single = grays_of(ct)

    assert len(np.unique(single[40:80, 40:80])) <= 121 < len(np.unique(smooth)) + 121
    assert not np.array_equal(smooth, single)
    assert np.array_equal(single[43:80:4, 60], single[42:79:4, 60]) or np.array_equal(
        single[41:78:4, 60], single[42:79:4, 60]
    )


def test_frames_play_in_a_circle_until_stopped(qtbot, view):
    tools = ImageTools(view)
    qtbot.addWidget(tools)
    view.show_image(load("examples_ybr_color.dcm"), ImageUse(MEDIA, (0, 1, 2)))
    tools.refresh()
    view.set_speed(200)
    seen = []
    view.frame_changed.connect(seen.append)
    qtbot.keyClick(view, Qt.Key.Key_K)
    assert tools.play.isChecked()
    qtbot.waitUntil(lambda: seen[:4] == [1, 2, 0, 1])
    tools.play.click()
    assert not view.is_playing()
    count = len(seen)
    qtbot.wait(30)

    assert len(seen) == count


def test_single_picture_does_not_play(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_K)

    assert not ct.is_playing()


def test_letters_and_scale_bar_are_painted_where_the_file_tells_them(qtbot, ct):
    ct.resize(400, 400)
    geometry = ct.image().geometry
    letters = geometry.letters(0, ct.view())
    assert (letters.left, letters.right) == ("R", "L")
    with_text = grays_of(ct)
    qtbot.keyClick(ct, Qt.Key.Key_H)
    without = grays_of(ct)
    changed = with_text != without

    assert changed[190:210, 5:30].any()  # R at the left edge
    assert changed[190:210, 370:398].any()
    assert changed[340:385, 150:250].any()  # the bar


def test_hasty_picture_gives_way_to_the_true_one(qtbot, on_screen):
    rows = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    import cv2

    _, png = cv2.imencode(".png", cv2.resize(rows, (1024, 1024)))
    image = open_image(png.tobytes(), name="made")
    large = on_screen(MeasuringView(), 1700, 1000)
    large.show_image(image, ImageUse(MEDIA))
    large.zoom(3)
    qtbot.waitUntil(lambda: not large._rest.isActive())
    rested = grays_of(large)
    large.zoom(1.5)
    large.zoom(1 / 1.5)
    hasty = grays_of(large)

    qtbot.waitUntil(lambda: np.array_equal(grays_of(large), rested))
    assert np.abs(hasty.astype(int) - rested).mean() < 8
