"""Input in the window of a sitting, or in that of its images, tells that the reader is at work."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from reviewer_app.pages.baseline.attention import Attention
from reviewer_app.pages.baseline.clock import IDLE_AFTER_S, SittingClock
from reviewer_app.widgets.images.stage import ImageStage


class Reading(QMainWindow):
    """A sitting in a window with a stage, whose reader looked away long ago."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.clock = SittingClock(lambda: self.now_s)
        self.clock.start()
        self.stage = ImageStage(self)
        self.sitting = QWidget(self)
        self.setCentralWidget(self.sitting)
        self.attention = Attention(self.sitting, self.clock)
        self.now_s = 2 * IDLE_AFTER_S


@pytest.fixture
def reading(qtbot):
    window = Reading()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def press_key(window):
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_X)


def test_a_key_in_the_window_ends_idleness(reading):
    reading.attention.begin()
    assert reading.clock.is_idle
    press_key(reading)

    assert not reading.clock.is_idle


def test_use_of_images_that_stand_apart_ends_idleness(reading):
    reading.attention.begin()
    reading.stage.used.emit()

    assert not reading.clock.is_idle


def test_what_happens_while_the_sitting_is_out_of_sight_counts_for_nothing(reading):
    reading.attention.begin()
    reading.attention.end()
    press_key(reading)
    reading.stage.used.emit()

    assert reading.clock.is_idle


def test_time_is_idle_while_another_window_is_in_front(qtbot, reading):
    reading.attention.begin()
    press_key(reading)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not reading.isActiveWindow())
    reading.attention.note_activation()

    assert reading.clock.is_idle


def test_time_is_active_while_the_images_are_in_front(qtbot, reading):
    reading.attention.begin()
    reading.stage.show()
    reading.stage.activateWindow()
    qtbot.waitUntil(reading.stage.isActiveWindow)
    reading.attention.note_activation()

    assert not reading.clock.is_idle
