"""One CT stack in the real main window, under one hand: wheel, drags, keys, measure and mark."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse, View, Window
from core.domain.region import RegionKind
from tests.core.imaging.stack_files import make_slices, write_files
from tests.reviewer_app.images.hands import turn_wheel
from tests.reviewer_app.study import make_study

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PLAIN, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
SLICES = 12
GIVEN = View(Window(40, 400))


class Hand:
    """Does with the view what a mouse and a keyboard do."""

    def __init__(self, qtbot, view):
        self._qtbot = qtbot
        self.view = view

    def at(self, x, y):
        return QPoint(round(x * self.view.width()), round(y * self.view.height()))

    def wheel(self, notches, modifier=PLAIN):
        turn_wheel(self.view, notches, modifier=modifier)
        self._rest()

    def drag(self, start, end, button=LEFT):
        first, last = self.at(*start), self.at(*end)
        self._qtbot.mousePress(self.view, button, PLAIN, first)
        self._qtbot.mouseMove(self.view, (first + last) / 2)
        self._qtbot.mouseMove(self.view, last)
        self._qtbot.mouseRelease(self.view, button, PLAIN, last)

    def press(self, key, modifier=PLAIN):
        self._qtbot.keyClick(QApplication.focusWidget(), key, modifier)
        self._rest()

    def _rest(self):
        self._qtbot.waitUntil(lambda: not self.view.is_waiting())

    def grays(self):
        image = self.view.grab().toImage()
        rows = np.frombuffer(image.constBits(), np.uint8)
        return rows.reshape(image.height(), image.bytesPerLine()).copy()


@pytest.fixture
def hand(qtbot, window, workspace, tmp_path):
    """A draft about a stack on the Author page of the whole program."""
    values = np.random.default_rng(5).normal(1080, 90, (SLICES, 96, 96)).astype(np.int16)
    files = make_slices(values, np.arange(SLICES) * 2.5, Modality="CT")
    folder = write_files(tmp_path / "ct", files)
    info = workspace.images.import_series([folder]).value
    me = workspace.people.me().id
    draft = workspace.authoring.create(AnswerFormat.YES_NO, me).value
    use = ImageUse(info.id, tuple(range(info.frame_count)), GIVEN)
    body = replace(draft.body, stem="Is there a nodule?", images=(use,))
    workspace.authoring.save_draft(replace(draft, body=body), me)
    window.resize(1280, 800)
    window.show_workspace(workspace)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.pages.show_question("author", draft.question)
    view = window.pages.page("author").images.panel.view
    qtbot.waitUntil(lambda: view.image() is not None and not view.is_waiting())
    return Hand(qtbot, view)


def stored_use(workspace):
    [line] = workspace.authoring.library()
    return workspace.authoring.draft(line.id).body.images[0]


def test_stack_is_read_measured_and_marked_in_the_real_window(qtbot, hand, workspace):
    view = hand.view
    qtbot.mouseClick(view, LEFT, PLAIN, hand.at(0.5, 0.5))
    assert view.hasFocus()

    hand.wheel(-3)
    assert view.place() == 3
    hand.drag((0.4, 0.4), (0.6, 0.5))
    assert view.shown_window().width > 400
    assert view.shown_window().center > 40
    fitted = view.zoom_percent()
    hand.wheel(2, CONTROL)
    assert view.zoom_percent() == pytest.approx(fitted * 1.25**2)
    before = view.camera().center_x
    hand.drag((0.6, 0.5), (0.5, 0.5), MIDDLE)
    assert view.camera().center_x > before

    hand.press(Qt.Key.Key_I)
    assert view.view().is_inverted
    hand.press(Qt.Key.Key_R)
    assert (view.view(), view.zoom_percent()) == (GIVEN, pytest.approx(fitted))
    hand.press(Qt.Key.Key_2, ALT)
    assert view.view().window == view.presets()[1].window
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Home)
    assert view.place() == 0
    hand.press(Qt.Key.Key_PageDown)
    assert view.place() == 10

    hand.press(Qt.Key.Key_D)
    hand.drag((0.45, 0.4), (0.55, 0.4))
    [measure] = view.measures()
    assert measure.texts[0].endswith("mm")
    hand.press(Qt.Key.Key_Escape)

    hand.press(Qt.Key.Key_B, SHIFT)
    hand.drag((0.4, 0.5), (0.6, 0.7))
    hand.press(Qt.Key.Key_Right)
    [box] = view.regions()
    assert (box.kind, box.frame) == (RegionKind.BOX, view.use().frames[10])
    marked = hand.grays()
    hand.press(Qt.Key.Key_H)
    assert not np.array_equal(hand.grays(), marked)
    hand.press(Qt.Key.Key_H)
    qtbot.waitUntil(lambda: stored_use(workspace).marks == (box,))
    hand.press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: stored_use(workspace).marks == ())
    hand.press(Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: stored_use(workspace).marks == (box,))

    assert stored_use(workspace).view == GIVEN  # looking changes no question


def test_hand_that_only_looks_moves_the_pointer_over_values(qtbot, hand):
    told = []
    hand.view.probed.connect(told.append)
    at = hand.at(0.5, 0.5)
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(hand.view.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        PLAIN,
    )
    QApplication.sendEvent(hand.view, move)

    column, row = (int(part) for part in (told[-1].split()[1], told[-1].split()[3]))
    stored = hand.view.image().frame(hand.view.use().frames[0]).stored[row, column]
    assert f"{stored} → {stored - 1024} HU" in told[-1]


def test_image_is_blackened_over_the_whole_screen_and_comes_back_with_its_boxes(
    qtbot, window, workspace
):
    study = make_study(workspace)
    study.write(images=(study.add_image(),))
    window.show_workspace(workspace)
    window.show_page("blind")
    qtbot.waitUntil(lambda: not window.tasks.is_busy)
    section = window.pages.page("blind").images
    view, home = section.view, section.view.window()
    assert section.large_button.toolTip() == "Images over the whole screen (F12)"
    narrow = view.width()

    qtbot.mouseClick(section.large_button, LEFT)
    qtbot.waitUntil(lambda: view.window() is window.image_stage)
    qtbot.waitUntil(lambda: view.width() > narrow)
    middle = view.rect().center()
    qtbot.mousePress(view, LEFT, pos=middle - QPoint(60, 40))
    qtbot.mouseMove(view, middle)
    qtbot.mouseRelease(view, LEFT, pos=middle + QPoint(60, 40))
    boxes = view.hand.boxes()
    assert len(boxes) == 1
    qtbot.keyClick(view, Qt.Key.Key_Escape)

    assert view.window() is home
    assert view.hand.boxes() == boxes
    assert section.isAncestorOf(view)
