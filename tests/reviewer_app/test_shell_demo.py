"""The first click of a physician: the demo is made, opened, and opened again at once."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer_app import opener
from reviewer_app.main_window import MainWindow


def test_one_click_makes_the_demo_and_the_next_one_only_opens_it(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opener, "demo_folder", lambda: tmp_path / "place")

    qtbot.mouseClick(window.welcome.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.context is not None, timeout=90_000)
    window.show_page("library")  # the window opens where work waits
    library = window.pages.page("library")
    qtbot.waitUntil(lambda: library.table_model.rowCount() >= 24)  # type: ignore[attr-defined]

    window.close_workspace()
    window.show_welcome()
    qtbot.mouseClick(window.welcome.demo_button, Qt.MouseButton.LeftButton)
    assert window.context is not None


def test_a_stopped_demo_is_made_anew(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opener, "demo_folder", lambda: tmp_path / "place")
    qtbot.mouseClick(window.welcome.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (tmp_path / "place").exists(), timeout=10_000)

    with qtbot.waitSignal(window.tasks.ended, timeout=30_000):
        window.tasks.jobs()[0].token.cancel()
    assert window.context is None

    qtbot.mouseClick(window.welcome.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.context is not None, timeout=90_000)
