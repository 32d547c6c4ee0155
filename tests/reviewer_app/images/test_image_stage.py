"""Images over the whole screen and in a window of their own, which follows the question."""

from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMainWindow, QStackedWidget

from core.domain.body import AnswerFormat
from core.domain.ids import MediaId
from core.domain.media import ImageRole, ImageUse, Window
from reviewer_app.preferences import Preferences
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.images.stage import ImageStage, StageMode
from tests.reviewer_app.images.hands import CT, LEFT, load

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
MR = ImageUse(MediaId("MR_small.dcm"))
PRIOR = replace(CT, role=ImageRole.PRIOR, date="2 years earlier")


class Desk(QMainWindow):
    """Two pages with images in one window, as the program has them."""

    def __init__(self, memory):
        super().__init__()
        self.stage = ImageStage(self, memory)
        self.pages = QStackedWidget(self)
        self.first, self.second = ImagePanel(self), ImagePanel(self)
        self.pages.addWidget(self.first)
        self.pages.addWidget(self.second)
        self.setCentralWidget(self.pages)

    def closeEvent(self, event):
        self.stage.hide()
        super().closeEvent(event)


@pytest.fixture
def memory(tmp_path):
    return Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def desk(on_screen, memory):
    made = on_screen(Desk(memory), 1000, 700)
    made.first.show_body((CT, PRIOR), load, "1x1")
    return made


def test_images_fill_the_screen_until_escape(qtbot, desk):
    desk.stage.toggle_screen()
    assert desk.stage.isFullScreen()
    assert desk.first.grid.window() is desk.stage
    qtbot.keyClick(desk.first.view, Qt.Key.Key_Escape)

    assert desk.first.grid.window() is desk
    assert not desk.stage.isVisible()
    assert desk.first.grid.isVisible()


def test_escape_ends_a_measure_before_it_ends_the_full_screen(qtbot, desk):
    desk.stage.toggle_screen()
    qtbot.keyClick(desk.first.view, Qt.Key.Key_D)
    qtbot.keyClick(desk.first.view, Qt.Key.Key_Escape)
    assert desk.stage.mode() is StageMode.SCREEN
    qtbot.keyClick(desk.first.view, Qt.Key.Key_Escape)

    assert desk.stage.mode() is StageMode.HOME


def test_the_view_and_its_window_are_kept_on_the_way(desk):
    desk.first.view.set_window(Window(-600, 1500))
    desk.stage.toggle_screen()
    assert desk.first.view.shown_window() == Window(-600, 1500)
    desk.stage.toggle_screen()

    assert desk.first.view.shown_window() == Window(-600, 1500)


@pytest.mark.parametrize("toggle", ["toggle_screen", "toggle_window"])
def test_keys_go_on_in_the_image_wherever_it_stands(qtbot, desk, toggle):
    field = QLineEdit()
    desk.statusBar().addWidget(field)
    field.show()
    desk.first.view.setFocus()
    getattr(desk.stage, toggle)()

    assert desk.stage.focusWidget() is desk.first.view
    assert desk.focusWidget() is desk.first.back
    getattr(desk.stage, toggle)()

    assert desk.focusWidget() is desk.first.view
    field.setFocus()
    getattr(desk.stage, toggle)()
    getattr(desk.stage, toggle)()

    assert desk.focusWidget() is field


def test_own_window_follows_the_question_and_the_page(desk):
    desk.stage.toggle_window()
    desk.first.show_body((MR,), load)
    assert desk.first.view.image().name == "MR_small.dcm"
    assert desk.first.away.isVisible()
    desk.second.show_body((CT,), load)
    desk.pages.setCurrentWidget(desk.second)

    assert desk.second.grid.window() is desk.stage
    assert desk.second.view.isVisible()
    assert desk.first.grid.window() is desk
    desk.pages.setCurrentWidget(desk.first)
    assert desk.first.grid.window() is desk.stage


def test_a_question_without_images_leaves_the_window_empty_and_the_next_fills_it(desk):
    desk.stage.toggle_window()
    desk.first.hide()
    assert desk.stage.isVisible()
    assert not desk.first.grid.isVisible()
    desk.first.show()

    assert desk.first.grid.window() is desk.stage


def test_closing_the_window_brings_the_images_home(desk):
    desk.stage.toggle_window()
    desk.stage.close()

    assert desk.stage.mode() is StageMode.HOME
    assert desk.first.grid.window() is desk
    assert not desk.first.away.isVisible()


def test_full_screen_from_the_own_window_goes_back_to_it(desk):
    desk.stage.toggle_window()
    desk.stage.toggle_screen()
    desk.stage.toggle_screen()

    assert desk.stage.mode() is StageMode.WINDOW
    assert desk.stage.isVisible()
    assert not desk.stage.isFullScreen()


def test_window_and_place_are_remembered(qtbot, desk, memory):
    desk.stage.toggle_window()
    desk.stage.setGeometry(120, 80, 640, 480)
    desk.close()
    assert memory.has_images_apart
    assert not memory.images_geometry.isEmpty()

    again = Desk(memory)
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()

    assert again.first.grid.window() is again.stage
    assert again.stage.size() == desk.stage.size()


def test_keys_of_the_page_work_while_the_images_window_is_active(qtbot, desk):
    pressed = []
    shortcut = QShortcut(QKeySequence("1"), desk.first)
    shortcut.activated.connect(lambda: pressed.append(1))
    desk.stage.toggle_window()
    desk.stage.activateWindow()
    qtbot.waitUntil(desk.stage.isActiveWindow)
    desk.first.view.setFocus()
    qtbot.keyClick(desk.first.view, Qt.Key.Key_1)
    qtbot.keyClick(desk.first.view, Qt.Key.Key_I)

    assert pressed == [1]
    assert desk.first.view.view().is_inverted


def test_menu_of_an_image_has_both_ways(desk):
    desk.first.tools.more.apart.trigger()
    assert desk.stage.mode() is StageMode.WINDOW
    desk.first.tools.more.full_screen.trigger()

    assert desk.stage.mode() is StageMode.SCREEN


def test_a_panel_outside_of_the_program_s_window_can_do_it_too(qtbot):
    panel = ImagePanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_body((CT,), load)
    panel.toggle_full_screen()
    assert panel.grid.window() is not panel
    panel.toggle_full_screen()

    assert panel.grid.window() is panel


def test_double_click_and_key_let_one_image_fill_the_place_and_back(qtbot, desk):
    panel = desk.first
    panel.choose_shape("1x2")
    first, second = panel.grid.views()
    qtbot.mouseDClick(second, LEFT, pos=QPoint(60, 60))
    assert second.isVisible()
    assert not first.isVisible()
    assert panel.index() == 1
    qtbot.waitUntil(lambda: second.width() > 900)
    qtbot.keyClick(second, Qt.Key.Key_X)

    assert first.isVisible()
    assert second.isVisible()


def test_another_image_takes_the_whole_place_when_it_is_chosen(qtbot, desk):
    panel = desk.first
    panel.choose_shape("1x2")
    panel.grid.toggle_alone()
    panel.show_index(1)

    assert [one.isVisible() for one in panel.grid.views()] == [False, True]


def test_one_image_alone_zooms_by_double_click(qtbot, desk):
    qtbot.mouseDClick(desk.first.view, LEFT, pos=QPoint(60, 60))

    assert desk.first.view.zoom_percent() == pytest.approx(100)


def test_current_beside_prior_is_one_click_and_names_both(qtbot, desk):
    panel = desk.first
    panel.show_body((MR, CT, PRIOR), load, "1x1")
    panel.show_index(1)
    qtbot.mouseClick(panel.tools.compare, LEFT)

    assert [one.image().name for one in panel.grid.views()] == ["CT_small.dcm"] * 2
    corners = [one._corners().top_left[:2] for one in panel.grid.views()]
    assert corners == [("Current", ""), ("Prior", "2 years earlier")]
    qtbot.keyClick(panel.view, Qt.Key.Key_J)
    assert panel.grid.shape() == (1, 1)


def test_without_a_prior_nothing_is_compared(desk):
    desk.first.show_body((CT, MR), load, "1x1")
    desk.first.compare()

    assert not desk.first.tools.compare.isVisible()
    assert desk.first.grid.shape() == (1, 1)


def test_keys_of_the_real_window_move_the_images(qtbot, window, tmp_path):
    from core.workspace import create_workspace

    workspace = create_workspace(tmp_path / "w.asclepius")
    window.show_workspace(workspace)
    window.show_page("author")
    page = window.pages.page("author")
    page.presenter.create(AnswerFormat.YES_NO)
    page.images.files_dropped.emit((FOLDER / "CT_small.dcm",))
    qtbot.waitUntil(lambda: page.images.panel.view.image() is not None)
    qtbot.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert page.images.panel.grid.window() is window.image_stage
    window.show_page("library")
    assert window.image_stage.isVisible()
    window.close_workspace()

    assert window.image_stage.mode() is StageMode.WINDOW
