"""A damaged workspace is named, repaired in the window, and told what came back and what not."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.workspace import create_workspace, open_workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.backups.page import BackupsPage
from reviewer_app.repair_page import RepairPage
from tests.reviewer_app.study import make_study

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed workspace with an image, a backup, and work after it."""
    path = tmp_path / "study.asclepius"
    with create_workspace(path) as workspace:
        study = make_study(workspace)
        study.write(images=(study.add_image(),))
        workspace.backups.make()
        study.write(AnswerFormat.YES_NO)
    return path


@pytest.fixture
def opened(window: MainWindow, path: Path, qtbot: QtBot) -> BackupsPage:
    assert window.opener.open_path(path)
    window.show_page("backups")
    page = window.pages.current_page()
    assert isinstance(page, BackupsPage)
    qtbot.waitUntil(lambda: not window.tasks.is_busy, timeout=20_000)
    return page


def image_of(path: Path) -> Path:
    return next(one for one in (path / "media").glob("??/*") if one.is_file())


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


def damage_header(path: Path) -> None:
    data = bytearray((path / "workspace.db").read_bytes())
    data[:16] = b"not a database.."
    (path / "workspace.db").write_bytes(data)


def check(page: BackupsPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.check_button, LEFT)
    qtbot.waitUntil(lambda: page.check.report is not None, timeout=30_000)


def repair(window: MainWindow, qtbot: QtBot) -> RepairPage:
    page = window.repairing.page
    qtbot.waitUntil(page.isVisible)
    qtbot.mouseClick(page.repair_button, LEFT)
    qtbot.waitUntil(page.result.isVisible, timeout=30_000)
    return page


def test_a_whole_workspace_is_said_to_be_whole(opened: BackupsPage, qtbot: QtBot) -> None:
    assert not opened.check_panel.isVisible()

    check(opened, qtbot)

    assert opened.check_panel.summary.text().startswith("Everything is whole: ")
    assert "2 questions" in opened.check_panel.summary.text()
    assert not opened.check_panel.repair_button.isVisible()
    qtbot.mouseClick(opened.check_panel.close_button, LEFT)
    assert not opened.check_panel.isVisible()


def test_a_check_is_stopped_by_cancel(
    opened: BackupsPage, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.mouseClick(opened.check_button, LEFT)
    assert not opened.check_button.isEnabled()
    opened.check.cancel()
    qtbot.waitUntil(lambda: not opened.check.is_running, timeout=20_000)

    assert opened.check_button.isEnabled()


def test_a_damaged_image_is_named_and_brought_back_from_a_file_given_here(
    opened: BackupsPage, window: MainWindow, path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    image = image_of(path)
    copy = Path(shutil.copy(image, tmp_path / "the image.dcm"))
    damage(image)

    check(opened, qtbot)
    panel = opened.check_panel
    assert panel.summary.text() == "One thing is wrong."
    assert panel.findings.item(0).text().startswith("Question 1: ")
    qtbot.mouseClick(panel.repair_button, LEFT)
    qtbot.waitUntil(lambda: window.context is None)
    page = window.repairing.page
    assert "Question 1: " in page.trouble.text()
    page.add_source(copy)
    repair(window, qtbot)

    assert "was brought back from" in page.done_text.text()
    assert page.left_text.text() == "Everything is whole now."
    qtbot.mouseClick(page.open_button, LEFT)
    qtbot.waitUntil(lambda: window.context is not None)
    assert window.context is not None
    assert window.context.workspace.integrity.check().is_clean


def test_what_nothing_holds_is_said_to_be_lost(
    opened: BackupsPage, window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    damage(image_of(path))
    check(opened, qtbot)
    qtbot.mouseClick(opened.check_panel.repair_button, LEFT)
    qtbot.waitUntil(lambda: window.context is None)

    page = repair(window, qtbot)

    assert "could not be brought back: nothing given holds it" in page.done_text.text()
    assert page.left_text.text().startswith("Still wrong:")
    assert page.repair_button.isVisible()  # again, with more files


def test_a_workspace_that_does_not_open_is_offered_for_repair(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    damage_header(path)

    assert not window.opener.open_path(path)

    page = window.repairing.page
    assert page.isVisible()
    assert "The workspace file workspace.db is damaged." in page.trouble.text()
    assert "(1 question, answers: 0)" in page.backup.text()
    repair(window, qtbot)
    assert "put together anew from the backup of" in page.done_text.text()
    qtbot.keyClick(page.open_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.context is not None)


def test_records_that_cannot_be_read_are_no_crash_but_an_offer(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    import sqlite3

    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE people SET roles = '[\"nobody knows\"]'")

    assert not window.opener.open_path(path)

    page = repair(window, qtbot)
    with open_workspace(path) as again:
        assert again.people.me().name
    assert window.repairing.page is page


def test_a_locked_workspace_is_not_offered_for_repair(window: MainWindow, path: Path) -> None:
    with open_workspace(path):
        assert not window.opener.open_path(path)
        assert window.welcome.isVisible()


def test_leaving_a_damaged_workspace_changes_nothing(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    damage_header(path)
    before = (path / "workspace.db").read_bytes()
    window.opener.open_path(path)

    qtbot.mouseClick(window.repairing.page.back_button, LEFT)

    assert window.welcome.isVisible()
    assert (path / "workspace.db").read_bytes() == before


def test_a_repair_that_is_refused_says_why(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    with open_workspace(path):
        window.repairing.offer(path, ("Something is wrong.",))
        page = repair(window, qtbot)

        assert "open" in page.done_text.text()
        assert page.repair_button.isEnabled()
