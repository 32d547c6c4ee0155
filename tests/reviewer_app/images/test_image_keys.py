"""Keys of the image views are chosen in the settings, told everywhere, and clash in words."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow

from core.domain.media import Window
from core.domain.region import RegionKind
from reviewer_app.dialogs.settings import SettingsDialog
from reviewer_app.key_bindings import find_clashes, normal_keys
from reviewer_app.main_window import MainWindow
from reviewer_app.widgets.answer_keys import ANSWER_KEYS
from reviewer_app.widgets.gate_table import COMMENT_KEY, RATING_KEYS
from reviewer_app.widgets.images.keys import (
    IMAGE_BINDINGS,
    KEPT_KEYS,
    ImageKey,
    ImageKeyRing,
    ImageKeys,
)
from reviewer_app.widgets.images.measures import Tool
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.window_keys import WINDOW_KEYS
from tests.reviewer_app.images.hands import CT, load

PLAIN, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
EVERY_KEY = (*WINDOW_KEYS, *ANSWER_KEYS.bindings, *IMAGE_BINDINGS)


@pytest.fixture
def shell(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def ring(shell):
    """The keys of a window."""
    return ImageKeyRing(shell)


@pytest.fixture
def panel(qtbot, ring, shell):
    """A CT slice in that window, with the keyboard."""
    window, made = shell, ImagePanel(shell)
    window.setCentralWidget(made)
    window.resize(800, 640)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.show_body((CT,), load)
    made.draw_marks(tuple(RegionKind))
    made.view.setFocus()
    return made


def settings_of(qtbot, preferences):
    dialog = SettingsDialog(preferences)
    qtbot.addWidget(dialog)
    return dialog


def type_key(dialog, name, keys):
    edit = dialog.keys.edits[name]
    edit.setKeySequence(keys)
    edit.editingFinished.emit()


def test_no_two_keys_of_one_place_come_alike():
    assert find_clashes({one.name: one.keys for one in EVERY_KEY}, EVERY_KEY) == {}


def test_no_key_of_images_answers_or_rates_a_question():
    rating = {*RATING_KEYS.values(), COMMENT_KEY}

    assert rating <= KEPT_KEYS
    assert {normal_keys(one.keys) for one in IMAGE_BINDINGS}.isdisjoint(KEPT_KEYS)


def test_every_action_has_a_binding_and_no_binding_is_without_one():
    presets = {one.name for one in IMAGE_BINDINGS if one.name.startswith("image_preset_")}

    assert {one.name for one in IMAGE_BINDINGS} - presets == set(ImageKey)


def test_chosen_key_works_and_the_one_before_does_not(qtbot, ring, panel):
    ring.choose(
        ImageKeys({ImageKey.INVERT: "Ctrl+I", ImageKey.MIRROR: "F4", ImageKey.LENGTH: "F6"})
    )
    for key in (Qt.Key.Key_I, Qt.Key.Key_M, Qt.Key.Key_D):
        qtbot.keyClick(panel.view, key)
    assert panel.view.view() == CT.view
    assert panel.view.tool() is None

    qtbot.keyClick(panel.view, Qt.Key.Key_I, CONTROL)
    qtbot.keyClick(panel.view, Qt.Key.Key_F4)
    qtbot.keyClick(panel.view, Qt.Key.Key_F6)

    assert panel.view.view().is_inverted
    assert panel.view.view().is_mirrored
    assert panel.view.tool() is Tool.LENGTH


def test_action_without_a_key_has_none_and_its_button_tells_none(qtbot, ring, panel):
    ring.choose(ImageKeys({ImageKey.RESET: "", ImageKey.FIT: ""}))
    panel.view.zoom(3)
    before = panel.view.zoom_percent()
    qtbot.keyClick(panel.view, Qt.Key.Key_R)
    qtbot.keyClick(panel.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)

    assert panel.view.zoom_percent() == before
    assert panel.tools.reset.toolTip() == "Reset"


def test_preset_is_taken_by_the_key_that_was_chosen(qtbot, ring, panel):
    ring.choose(ImageKeys({"image_preset_2": "F6"}))
    qtbot.keyClick(panel.view, Qt.Key.Key_F6)

    assert panel.view.shown_window() == Window(40, 80)


def test_tooltips_and_menus_tell_the_chosen_keys(ring, panel):
    ring.choose(
        ImageKeys(
            {
                ImageKey.INVERT: "Ctrl+I",
                ImageKey.TURN_LEFT: "Ctrl+T",
                ImageKey.COBB: "Ctrl+B",
                ImageKey.MARK_BOX: "Ctrl+X",
                ImageKey.BRUSH_LARGER: "Ctrl+L",
                "image_preset_1": "F5",
            }
        )
    )
    tools, bar, menu = panel.tools, panel.drawing.bar, panel.drawing.menu
    tools.presets.menu().aboutToShow.emit()

    assert tools.invert.toolTip() == "Invert (Ctrl+I)"
    assert tools.more.turns[1].text() == "Turn left\tCtrl+T"
    assert tools.measure.actions_by_tool[Tool.COBB].text() == "Cobb angle\tCtrl+B"
    assert tools.presets.menu().actions()[0].text().endswith("\tF5")
    assert bar.tools[RegionKind.BOX].toolTip() == "Box (Ctrl+X)"
    assert menu.tools[RegionKind.BOX].text() == "Box\tCtrl+X"
    assert "Ctrl+L" in bar.size_.toolTip()


@pytest.mark.parametrize(
    ("key", "modifiers", "sign", "meant"),
    [
        (Qt.Key.Key_8, CONTROL | Qt.KeyboardModifier.AltModifier, "[", ImageKey.BRUSH_SMALLER),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier, "+", ImageKey.ZOOM_IN),
        (Qt.Key.Key_Equal, PLAIN, "=", ImageKey.ZOOM_IN),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.KeypadModifier, "-", ImageKey.ZOOM_OUT),
        (Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier, "T", ImageKey.TURN_LEFT),
    ],
)
def test_sign_counts_however_this_keyboard_types_it(key, modifiers, sign, meant):
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, sign)

    assert ImageKeys().meant(event) == (meant,)


def test_key_of_the_window_is_refused_for_an_image_in_words(qtbot, look, preferences):
    dialog = settings_of(qtbot, preferences)
    type_key(dialog, ImageKey.INVERT, "Ctrl+F")

    assert dialog.keys.clash_label.text() == (
        "Ctrl+F is claimed by Search the library, Invert; "
        "nothing is changed until one of them differs."
    )
    assert preferences.shortcut(ImageKey.INVERT, "I") == "I"


def test_key_that_answers_is_refused_for_an_image_in_words(qtbot, look, preferences):
    dialog = settings_of(qtbot, preferences)
    type_key(dialog, ImageKey.FIT, "1")

    assert "1 is kept for answering and moving on" in dialog.keys.clash_label.text()
    assert "Fit" in dialog.keys.clash_label.text()
    assert preferences.shortcut(ImageKey.FIT, "Shift+Z") == "Shift+Z"


def test_keys_of_different_places_may_be_alike(qtbot, look, preferences):
    dialog = settings_of(qtbot, preferences)
    type_key(dialog, ImageKey.SLAB_KIND, "D")  # a length is measured on frames only

    assert dialog.keys.clash_label.text() == ""
    assert preferences.shortcut(ImageKey.SLAB_KIND, "M") == "D"


def test_chosen_keys_hold_at_once_outlive_the_program_and_go_back_together(
    qtbot, look, preferences
):
    window = MainWindow(preferences)
    qtbot.addWidget(window)
    dialog = settings_of(qtbot, preferences)
    dialog.keys_changed.connect(window.keys.apply)
    type_key(dialog, ImageKey.HIDE, "F8")
    assert window.keys.image_ring.keys().keys(ImageKey.HIDE) == "F8"
    later = MainWindow(preferences)
    qtbot.addWidget(later)
    assert later.keys.image_ring.keys().keys(ImageKey.HIDE) == "F8"

    dialog.keys.reset_button.click()

    assert dialog.keys.edits[ImageKey.HIDE].keySequence().toString() == "H"
    assert window.keys.image_ring.keys().keys(ImageKey.HIDE) == "H"


def test_images_on_a_page_of_the_program_follow_its_keys(qtbot, window, workspace):
    window.show_workspace(workspace)
    window.show_page("author")
    panel = window.pages.page("author").images.panel
    window.keys._preferences.set_shortcut(ImageKey.INVERT, "F7")
    window.keys.apply()
    panel.show_body((CT,), load)

    assert panel.tools.invert.toolTip() == "Invert (F7)"


def test_menu_of_an_image_tells_the_key_of_the_window_for_the_whole_screen(window, workspace):
    window.show_workspace(workspace)
    window.show_page("author")
    panel = window.pages.page("author").images.panel
    panel.show_body((CT,), load)
    menu, back = panel.tools.more, panel.back
    assert menu.full_screen.text() == "Images over the whole screen\tF12"
    assert menu.apart.text() == "Images in their own window\tShift+F12"
    assert back.toolTip() == "Show the images here again (Shift+F12)"

    window.keys._preferences.set_shortcut("images_screen", "F6")
    window.keys._preferences.set_shortcut("images_apart", "")
    window.keys.apply()

    assert menu.full_screen.text() == "Images over the whole screen\tF6"
    assert menu.apart.text() == "Images in their own window"
    assert back.toolTip() == "Show the images here again"
    assert window.keys.action("images_screen").shortcut() == "F6"
