"""The real image view under wheel, drag and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.media import ImageRole, ImageUse, View, Window
from core.errors import ImageError
from reviewer_app.colors import COLORS, Scheme
from reviewer_app.widgets.images.view import ImageView
from tests.reviewer_app.images.hands import CONTROL, colors_of, drag, load, turn_wheel

MEDIA = MediaId("0" * 64)
SOFT_TISSUE = View(Window(40, 400))
CT = ImageUse(MEDIA, view=SOFT_TISSUE)
CINE = ImageUse(MEDIA, tuple(range(0, 30, 2)))


@pytest.fixture
def view(on_screen):
    return on_screen(ImageView(), 256, 256)


@pytest.fixture
def ct(view):
    view.show_image(load("CT_small.dcm"), CT)
    return view


@pytest.fixture
def cine(view):
    view.show_image(load("examples_ybr_color.dcm"), CINE)
    return view


def hide_text(qtbot, widget):
    qtbot.keyClick(widget, Qt.Key.Key_H)


def test_picture_on_screen_equals_the_rendered_frame(qtbot, ct):
    ct.resize(128, 128)
    hide_text(qtbot, ct)
    ct.clearFocus()

    assert ct.zoom_percent() == 100
    expected = ct.image().frame(0).render(SOFT_TISSUE)
    assert np.array_equal(colors_of(ct)[..., 0], expected)


def test_color_on_screen_equals_the_rendered_frame(qtbot, view):
    view.resize(320, 240)
    view.show_image(load("examples_rgb_color.dcm"), ImageUse(MEDIA))
    hide_text(qtbot, view)
    view.clearFocus()

    assert np.array_equal(colors_of(view), view.image().frame(0).stored)


def test_image_is_fitted_and_stays_so_when_the_window_grows(ct):
    assert ct.zoom_percent() == 200

    ct.resize(512, 384)
    ct.repaint()

    assert ct.zoom_percent() == 300


def test_left_drag_changes_window_and_level(qtbot, ct):
    with qtbot.waitSignal(ct.view_changed) as changed:
        drag(qtbot, ct, (100, 100), (130, 85))

    assert changed.args == [ct.view()]
    assert ct.shown_window() == Window(40 - 20, 400 + 40)  # 400 / 300 for each pixel


def test_width_never_falls_below_one(qtbot, ct):
    drag(qtbot, ct, (250, 100), (-500, 100))

    assert ct.shown_window().width == 1


def test_dragging_a_color_image_moves_it(qtbot, cine):
    cine.zoom(4)
    before = colors_of(cine)

    drag(qtbot, cine, (100, 100), (140, 110))

    assert cine.view() == View()
    assert np.array_equal(colors_of(cine)[60:180, 80:200], before[50:170, 40:160])


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton])
def test_middle_and_right_drag_move_a_gray_image(qtbot, ct, button):
    ct.zoom(4)
    hide_text(qtbot, ct)
    before = colors_of(ct)

    drag(qtbot, ct, (100, 100), (107, 122), button=button)

    assert ct.view() == SOFT_TISSUE
    assert np.array_equal(colors_of(ct)[30:200, 20:200], before[8:178, 13:193])


@pytest.mark.parametrize(
    ("key", "across", "down"),
    [
        (Qt.Key.Key_Right, 1, 0),
        (Qt.Key.Key_Left, -1, 0),
        (Qt.Key.Key_Down, 0, 1),
        (Qt.Key.Key_Up, 0, -1),
    ],
)
def test_control_with_an_arrow_looks_further_that_way(qtbot, ct, key, across, down):
    ct.zoom(4)
    before = ct.camera()
    qtbot.keyClick(ct, key, Qt.KeyboardModifier.ControlModifier)
    step = ct.height() / 8 / before.scale * ct.devicePixelRatioF()

    assert ct.camera().center_x - before.center_x == pytest.approx(across * step)
    assert ct.camera().center_y - before.center_y == pytest.approx(down * step)


def test_image_cannot_be_dragged_out_of_sight(qtbot, ct):
    for _ in range(20):
        drag(qtbot, ct, (10, 10), (250, 250), button=Qt.MouseButton.MiddleButton)
    hide_text(qtbot, ct)

    assert colors_of(ct)[130:, 130:].max() > 0


def test_wheel_scrolls_frames_and_stops_at_the_ends(qtbot, cine):
    with qtbot.waitSignal(cine.frame_changed) as changed:
        turn_wheel(cine, -1)
    assert changed.args == [1]

    turn_wheel(cine, -100)
    assert cine.place() == 14
    turn_wheel(cine, 200)
    assert cine.place() == 0


def test_half_notches_of_a_touchpad_add_up(cine):
    for _ in range(4):
        turn_wheel(cine, -1, delta=60)

    assert cine.place() == 2


def test_frames_of_the_question_are_shown_in_its_order(qtbot, view):
    image = load("examples_ybr_color.dcm")
    view.resize(320, 240)
    view.show_image(image, ImageUse(MEDIA, (20, 5)))
    hide_text(qtbot, view)
    view.clearFocus()

    assert np.array_equal(colors_of(view), image.frame(20).stored)
    view.show_place(1)
    assert np.array_equal(colors_of(view), image.frame(5).stored)


def test_wheel_over_a_single_frame_is_left_to_the_page(ct):
    assert not turn_wheel(ct, 1).isAccepted()


def test_ctrl_wheel_zooms_to_the_pointer(qtbot, ct):
    probes = []
    ct.probed.connect(probes.append)
    qtbot.mouseMove(ct, QPoint(61, 91))
    before = probes[-1].split("  ")[:2]

    turn_wheel(ct, 5, at=(61, 91), modifier=CONTROL)
    qtbot.mouseMove(ct, QPoint(70, 91))
    qtbot.mouseMove(ct, QPoint(61, 91))

    assert ct.zoom_percent() > 500
    assert probes[-1].split("  ")[:2] == before


def test_zoom_has_ends(ct):
    for _ in range(100):
        turn_wheel(ct, 1, modifier=CONTROL)
    assert ct.zoom_percent() == 3200
    for _ in range(100):
        turn_wheel(ct, -1, modifier=CONTROL)
    assert ct.zoom_percent() == 2


def test_value_under_the_pointer_is_told_in_stored_and_calibrated_units(qtbot, ct):
    with qtbot.waitSignal(ct.probed) as probed:
        qtbot.mouseMove(ct, QPoint(21, 40))

    stored = ct.image().frame(0).stored[20, 10]
    assert probed.args == [f"x 10  y 20  {stored} → {stored - 1024} HU"]


def test_value_of_color_and_of_nothing(qtbot, cine):
    probes = []
    cine.probed.connect(probes.append)
    qtbot.mouseMove(cine, QPoint(128, 128))
    qtbot.mouseMove(cine, QPoint(128, 2))  # above the image

    assert probes[0].startswith("x 160  y 120  R ")
    assert probes[1] == ""


def test_keys_invert_reset_and_zoom(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_I)
    assert ct.view() == View(SOFT_TISSUE.window, is_inverted=True)

    qtbot.keyClick(ct, Qt.Key.Key_Z)
    assert ct.zoom_percent() == 100
    qtbot.keyClick(ct, Qt.Key.Key_Plus)
    assert ct.zoom_percent() == 125
    qtbot.keyClick(ct, Qt.Key.Key_Minus)
    qtbot.keyClick(ct, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    assert ct.zoom_percent() == 200

    qtbot.keyClick(ct, Qt.Key.Key_Plus)
    qtbot.keyClick(ct, Qt.Key.Key_R)
    assert (ct.view(), ct.zoom_percent()) == (SOFT_TISSUE, 200)


def test_arrow_keys_scroll_frames(qtbot, cine):
    for key, place in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_PageDown, 10),
        (Qt.Key.Key_End, 14),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(cine, key)
        assert cine.place() == place


def test_alt_digits_are_presets_of_the_modality(qtbot, ct):
    qtbot.keyClick(ct, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert ct.shown_window() == Window(-600, 1500)

    qtbot.keyClick(ct, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert ct.view().window is None

    ct.show_image(load("MR_small.dcm"), ImageUse(MEDIA))
    qtbot.keyClick(ct, Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    assert ct.shown_window() == Window(600, 1600)
    qtbot.keyClick(ct, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert ct.shown_window() == Window(1000, 1600)


def test_other_keys_reach_the_page(ct):
    digit = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_4, Qt.KeyboardModifier.NoModifier, "4")
    QApplication.sendEvent(ct, digit)

    assert not digit.isAccepted()


def test_double_click_changes_between_fit_and_one_to_one(qtbot, ct):
    qtbot.mouseDClick(ct, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert ct.zoom_percent() == 100

    qtbot.mouseDClick(ct, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert ct.zoom_percent() == 200


def test_texts_are_readable_and_can_be_hidden(qtbot, view):
    view.resize(400, 300)
    view.show_image(load("MR_small.dcm"), ImageUse(MEDIA, caption="Knee", role=ImageRole.PRIOR))
    with_text = colors_of(view)
    hide_text(qtbot, view)
    without = colors_of(view)

    changed = np.argwhere((with_text != without).any(axis=2))
    assert len(changed) > 200
    assert with_text[tuple(changed.T)].max() > 230
    assert "Prior" in view.accessibleDescription()
    assert "C 600  W 1600" in view.accessibleDescription()


def test_error_is_shown_in_place(view):
    def refuse():
        raise ImageError("“x.dcm” cannot be shown: it is empty.")

    view.show_use(refuse, ImageUse(MEDIA))

    assert view.accessibleDescription().startswith("“x.dcm” cannot be shown: it is empty.")
    assert colors_of(view).max() > 150


def test_damaged_frame_is_told_in_place(view):
    view.show_image(load("JPEG2000-embedded-sequence-delimiter.dcm"), ImageUse(MEDIA))

    assert "damaged" in view.accessibleDescription()
    assert view.shown_window() is None
    view.invert()
    view.zoom(2)
    view.reset()


def test_cleared_view_is_black_and_ignores_hands(qtbot, ct):
    ct.clear("This question has no image")
    turn_wheel(ct, 1)
    drag(qtbot, ct, (10, 10), (90, 90))
    for key in (Qt.Key.Key_I, Qt.Key.Key_R, Qt.Key.Key_Down, Qt.Key.Key_Z):
        qtbot.keyClick(ct, key)

    assert ct.accessibleDescription() == "This question has no image"
    assert colors_of(ct)[3:40, 3:-3].max() == 0


def test_focus_ring_is_seen_on_air_and_on_bone(qtbot, ct):
    ct.activateWindow()
    ct.setFocus()
    qtbot.waitUntil(ct.hasFocus)

    light = QColor(COLORS[Scheme.DARK]["focus"])
    assert colors_of(ct)[1, 100].tolist() == [light.red(), light.green(), light.blue()]
    assert colors_of(ct)[2, 100].tolist() == [0, 0, 0]


def test_view_has_name_and_sizes(view):
    assert view.accessibleName() == "Image"
    assert view.minimumSizeHint().width() <= 160
    assert view.sizeHint().width() >= 600
    assert view.focusPolicy() == Qt.FocusPolicy.StrongFocus
