"""Several images of a question side by side, under the real hand."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from core.domain.ids import MediaId
from core.domain.links import Links
from core.domain.media import ImageRole, ImageUse, Window
from reviewer_app.widgets.keys import add_keys
from tests.reviewer_app.images.hands import CT, load

CINE = ImageUse(MediaId("examples_ybr_color.dcm"), tuple(range(30)))
MR = ImageUse(MediaId("MR_small.dcm"))
PRIOR = replace(CT, role=ImageRole.PRIOR)


def names(panel):
    return [one.image() and one.image().name for one in panel.grid.views()]


def test_single_image_has_no_layout_to_choose(panel):
    panel.show_body((CT,), load)

    assert panel.grid.shape() == (1, 1)
    assert not panel.tools.layout_button.isVisible()


def test_prior_stands_beside_the_current_image(panel):
    panel.show_body((CT, MR, PRIOR), load)

    assert panel.grid.shape() == (1, 2)
    assert names(panel) == ["CT_small.dcm", "CT_small.dcm"]
    assert "Prior" in panel.grid.views()[1].accessibleDescription()


def test_layout_of_the_question_is_shown(panel):
    panel.show_body((CT, CINE, MR), load, "2x2")

    assert names(panel) == ["CT_small.dcm", "examples_ybr_color.dcm", "MR_small.dcm", None]
    assert panel.grid.views()[3].accessibleDescription() == "No further image"


def test_key_goes_through_the_layouts(qtbot, panel):
    panel.show_body((CT, CINE, MR, PRIOR), load, "1x1")
    seen = []
    panel.layout_chosen.connect(seen.append)
    panel.view.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel.view, Qt.Key.Key_G)

    assert seen == ["1x2", "2x2", "1x1"]


def test_tools_belong_to_the_view_that_was_clicked(qtbot, panel):
    panel.show_body((CT, CINE), load, "1x2")
    told = []
    panel.image_changed.connect(told.append)
    assert panel.tools.center.isVisible()
    qtbot.mouseClick(panel.grid.views()[1], Qt.MouseButton.LeftButton, pos=QPoint(60, 60))

    assert told == [1]
    assert panel.index() == 1
    assert panel.strip.currentRow() == 1
    assert not panel.tools.center.isVisible()  # color has no window
    assert panel.tools.frame_label.text() == "1 / 30"


def test_thumbnail_activates_its_cell_or_fills_the_active_one(panel):
    panel.show_body((CT, CINE, MR), load, "1x2")
    panel.strip.choose(1)
    assert panel.grid.active() == 1
    panel.strip.choose(2)

    assert names(panel) == ["CT_small.dcm", "MR_small.dcm"]
    assert panel.index() == 2


def test_tab_moves_between_the_views(qtbot, panel):
    panel.show_body((CT, MR), load, "1x2")
    panel.activateWindow()
    panel.grid.views()[0].setFocus()
    qtbot.waitUntil(panel.grid.views()[0].hasFocus)
    qtbot.keyClick(panel.grid.views()[0], Qt.Key.Key_Tab)

    assert panel.grid.active() == 1


def test_linked_views_scroll_by_the_same_steps(panel):
    panel.show_body((CINE, replace(CINE, frames=tuple(range(5, 20)))), load, "1x2")
    first, second = panel.grid.views()
    second.show_place(2)
    assert (first.place(), second.place()) == (2, 2)
    first.show_place(9)
    assert second.place() == 9
    panel.grid.set_links(Links(scrolls=False))
    first.show_place(1)

    assert second.place() == 9


def test_linked_views_zoom_and_move_by_the_size_of_their_image(qtbot, panel):
    panel.show_body((CT, MR), load, "1x2")  # 128 × 128 beside 64 × 64
    qtbot.wait(50)
    first, second = panel.grid.views()
    second.zoom(2)
    ratio = second.zoom_percent() / first.zoom_percent()
    assert ratio == pytest.approx(2, rel=0.01)
    first.fit()

    assert second.camera().fits
    panel.grid.set_links(Links(zooms=False))
    first.zoom(3)
    assert second.camera().fits


def test_linked_windows_spare_images_of_another_unit(panel):
    panel.show_body((CT, MR, PRIOR), load, "2x2")
    panel.grid.set_links(Links(windows=True))
    before = panel.grid.views()[1].shown_window()
    panel.view.set_window(Window(-600, 1500))

    assert panel.grid.views()[2].shown_window() == Window(-600, 1500)
    assert panel.grid.views()[1].shown_window() == before
    assert [one.view.window for one in panel.uses()][2] == Window(-600, 1500)


def test_each_question_brings_its_own_links(qtbot, panel):
    told = []
    panel.links_chosen.connect(told.append)
    panel.show_body((CT, PRIOR), load, "1x2", Links(scrolls=False, windows=True))
    panel.layout_menu.refresh()
    menu = panel.layout_menu
    shown = [one.isChecked() for one in (menu.scrolls, menu.zooms, menu.windows)]
    assert shown == [False, True, True]
    menu.zooms.trigger()

    assert told == [Links(scrolls=False, zooms=False, windows=True)]
    assert panel.grid.links() == told[0]
    panel.show_body((CT, MR), load, "1x2")
    assert panel.grid.links() == Links()


def test_views_and_frames_are_kept_when_the_layout_changes(panel):
    panel.show_body((CT, CINE), load, "1x2")
    panel.view.set_window(Window(0, 80))
    panel.grid.views()[1].show_place(7)
    panel.choose_shape("1x1")
    assert panel.view.shown_window() == Window(0, 80)
    panel.show_index(1)

    assert panel.view.place() == 7


def test_marked_view_is_the_active_one_only_among_several(panel):
    panel.show_body((CT, MR), load, "1x2")
    edge = panel.grid.views()[0].grab().toImage().pixelColor(100, 0)
    other = panel.grid.views()[1].grab().toImage().pixelColor(100, 0)

    assert edge != other


def test_a_page_can_have_a_key_of_the_images_for_itself(qtbot, panel):
    pressed = []
    panel.show_body((CT, MR), load, "1x1")
    panel.rest_key("G")
    add_keys(panel.window(), ("G",), lambda: pressed.append(True))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_G)

    assert pressed == [True]
    assert panel.grid.shape() == (1, 1)
