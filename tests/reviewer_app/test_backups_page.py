"""The page of backups: what was kept, what going back means, and the way back by mouse and keys."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.backup import Backup, BackupReason, RecordChange
from core.domain.body import AnswerFormat
from core.workspace import open_workspace
from reviewer_app.backup_timer import BackupTimer
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.backups import PAGE
from reviewer_app.pages.backups.page import BackupsPage
from reviewer_app.pages.backups.words import age_words, change_lines, reason_words
from tests.factories import NOW
from tests.reviewer_app.conftest import Desk


def settle(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.tasks.is_busy, timeout=20_000)


def start_question(desk: Desk) -> None:
    desk.workspace.authoring.create(AnswerFormat.REPORT, desk.context.me().id)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> BackupsPage:
    made = PAGE(desk.context)
    assert isinstance(made, BackupsPage)
    qtbot.addWidget(made)
    made.resize(1100, 740)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_without_backups_the_page_says_when_the_first_comes_and_offers_one(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    page.activate()
    settle(qtbot, desk)
    assert page.empty.isVisible()

    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.presenter.backups) == 1)

    assert page.time_line.isVisible()
    assert desk.posted[0].startswith("A backup was taken at ")


def test_the_time_line_says_when_why_and_how_much(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    start_question(desk)
    desk.workspace.backups.make(BackupReason.IMPORT)
    desk.workspace.backups.make(note="Before the meeting")
    page.activate()
    settle(qtbot, desk)

    texts = [page.time_line.item(0, column).text() for column in range(6)]  # type: ignore[union-attr]
    assert texts[2:5] == ["By hand: Before the meeting", "1", "0"]
    assert page.time_line.item(1, 2).text() == "Before an import"  # type: ignore[union-attr]
    assert page.preview.summary.text() == "The workspace holds just this; nothing would change."
    assert not page.preview.restore_button.isEnabled()


def test_a_preview_says_what_would_leave_before_anything_changes(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    desk.workspace.backups.make()
    start_question(desk)
    page.activate()
    settle(qtbot, desk)

    assert page.preview.lines() == [
        "1 question leaves: number 1",
        "1 open draft leaves (question 1)",
    ]
    assert page.preview.restore_button.isEnabled()
    assert len(desk.workspace.authoring.library()) == 1


def test_restoring_by_keys_asks_once_and_escape_leaves_everything(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    desk.workspace.backups.make()
    start_question(desk)
    page.activate()
    settle(qtbot, desk)

    qtbot.keyClick(page.time_line, Qt.Key.Key_R)
    assert page.preview.confirm_box.isVisible()
    assert QApplication.focusWidget() is page.preview.confirm_box.confirm_button
    qtbot.keyClick(page.preview.confirm_box.confirm_button, Qt.Key.Key_Escape)
    assert page.preview.confirm_box.isHidden()
    assert page.preview.restore_button.isEnabled()
    assert len(desk.workspace.authoring.library()) == 1

    qtbot.keyClick(page.preview.restore_button, Qt.Key.Key_R)
    qtbot.keyClick(page.preview.confirm_box.confirm_button, Qt.Key.Key_Return)
    settle(qtbot, desk)

    assert desk.workspace.authoring.library() == []


def test_another_choice_takes_the_question_back(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    desk.workspace.backups.make()
    start_question(desk)
    desk.workspace.backups.make()
    page.activate()
    settle(qtbot, desk)
    qtbot.keyClick(page.time_line, Qt.Key.Key_Down)
    settle(qtbot, desk)
    qtbot.mouseClick(page.preview.restore_button, Qt.MouseButton.LeftButton)
    assert page.preview.confirm_box.isVisible()

    qtbot.keyClick(page.time_line, Qt.Key.Key_Up)
    settle(qtbot, desk)

    assert page.preview.confirm_box.isHidden()


def test_a_damaged_backup_is_told_beside_it(qtbot: QtBot, desk: Desk, page: BackupsPage) -> None:
    made = desk.workspace.backups.make()
    start_question(desk)
    file = desk.workspace.backup_folder / made.name
    file.write_bytes(file.read_bytes() + b"x")
    page.activate()
    settle(qtbot, desk)

    assert "damaged" in page.preview.problem.text()
    assert not page.preview.restore_button.isEnabled()


def test_nothing_is_restored_while_something_runs(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    from threading import Event

    desk.workspace.backups.make()
    start_question(desk)
    page.activate()
    settle(qtbot, desk)
    end = Event()
    desk.operations.ask_later("Asking", lambda *_: end.wait(20), on_done=lambda _: None)

    page.presenter.restore()
    end.set()
    settle(qtbot, desk)

    assert desk.posted == ["Nothing was restored, because this is still running: Asking."]
    assert len(desk.workspace.authoring.library()) == 1


def test_every_control_is_named_and_reached_by_tab(
    qtbot: QtBot, desk: Desk, page: BackupsPage
) -> None:
    desk.workspace.backups.make()
    start_question(desk)
    page.activate()
    settle(qtbot, desk)

    reached = []
    page.back_up_button.setFocus()
    for _ in range(3):
        widget = QApplication.focusWidget()
        assert widget is not None
        reached.append(widget)
        assert widget.accessibleName() or widget.text()  # type: ignore[attr-defined]
        qtbot.keyClick(widget, Qt.Key.Key_Tab)

    assert reached == [page.back_up_button, page.time_line, page.preview.restore_button]


def open_page(window: MainWindow, qtbot: QtBot) -> BackupsPage:
    window.show_page("backups")
    page = window.pages.current_page()
    assert isinstance(page, BackupsPage)
    qtbot.waitUntil(lambda: page.presenter.preview is not None, timeout=20_000)
    return page


def test_the_window_goes_back_and_shows_what_was_there(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.create_path(tmp_path / "mine")
    context = window.context
    assert context is not None
    context.workspace.backups.make()
    context.workspace.authoring.create(AnswerFormat.REPORT, context.me().id)
    page = open_page(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.mouseClick(page.preview.confirm_box.confirm_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.context is not context, timeout=20_000)

    assert window.context is not None
    assert window.context.workspace.authoring.library() == []
    assert window.pages.current_page().name == "backups"  # type: ignore[union-attr]
    assert "The workspace is as it was on" in window.message_bar.text()


def test_keys_and_the_menu_lead_to_the_page(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.create_path(tmp_path / "mine")
    window.activateWindow()
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

    qtbot.keyClick(window, Qt.Key.Key_B, control_shift)

    assert window.pages.current_page().name == "backups"  # type: ignore[union-attr]
    assert not window.rail.button("library").isChecked()


def test_who_only_looks_cannot_restore(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "held.asclepius"
    from core.workspace import create_workspace

    with create_workspace(path) as held:
        held.backups.make()
        held.authoring.create(AnswerFormat.REPORT, held.people.me().id)
        window.opener.open_path(path, read_only=True)
        page = open_page(window, qtbot)

        assert not page.preview.restore_button.isEnabled()
        assert "reading only" in page.preview.problem.text()
        window.close_workspace()


def test_an_open_workspace_is_backed_up_by_time_off_the_ui_thread(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.create_path(tmp_path / "mine")
    timer = window.findChild(BackupTimer)
    assert timer is not None
    assert timer.first.isActive()
    assert timer.hourly.isActive()
    context = window.context
    assert context is not None
    timer.first.timeout.emit()
    assert window.tasks.is_busy
    qtbot.waitUntil(lambda: len(context.workspace.backups.all()) == 1, timeout=20_000)
    assert context.workspace.backups.all()[0].reason is BackupReason.OPENED

    window.close_workspace()

    assert not timer.hourly.isActive()


def test_a_backup_that_fails_is_told_loudly(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.create_path(tmp_path / "mine")
    assert window.context is not None
    folder = window.context.workspace.backup_folder
    folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    timer = window.findChild(BackupTimer)
    assert timer is not None

    timer.first.timeout.emit()
    qtbot.waitUntil(window.message_bar.isVisible, timeout=20_000)

    assert "could not be written" in window.message_bar.text()


def test_work_meanwhile_is_not_lost_by_a_restore(tmp_path: Path, desk: Desk) -> None:
    """What is written between the last backup and the swap makes the restore start over."""
    backup = desk.workspace.backups.make()
    database = desk.workspace.path / "workspace.db"
    store = desk.workspace.backups._store
    taken = store.take

    def take_while_somebody_writes(reason: BackupReason, *, note: str = "") -> Backup:
        made = taken(reason, note=note)
        with closing(sqlite3.connect(database)) as plain, plain:
            plain.execute("INSERT OR REPLACE INTO settings VALUES ('late', ?)", (made.name,))
        return made

    store.take = take_while_somebody_writes  # type: ignore[method-assign]
    from core.errors import ConflictError

    with pytest.raises(ConflictError, match="written to all the time"):
        desk.workspace.backups.restore(backup, desk.context.me().id)

    with open_workspace(desk.workspace.path, read_only=True) as again:
        assert [one.reason for one in again.backups.all()] == [BackupReason.BY_HAND]
    store.take = taken  # type: ignore[method-assign]
    desk.workspace.backups.restore(backup, desk.context.me().id)


def test_ages_and_changes_are_told_in_words() -> None:
    minutes = {0: "just now", 1: "1 minute ago", 59: "59 minutes ago", 60: "1 hour ago"}
    for ago, words in minutes.items():
        assert age_words(NOW - timedelta(minutes=ago), NOW) == words
    assert age_words(NOW - timedelta(days=3), NOW) == "3 days ago"
    assert age_words(NOW - timedelta(days=70), NOW) == "10 weeks ago"
    assert age_words(NOW + timedelta(hours=1), NOW) == "in the future"
    change = RecordChange("answers", 0, 2, 1, questions_gone=(4, 9), questions_different=(7,))
    assert list(change_lines(change)) == [
        ("gone", "2 answers leave (question 4, 9)"),
        ("different", "1 answer is again as it was (question 7)"),
    ]
    for reason in BackupReason:
        assert reason_words(Backup("a.db", reason, NOW, 1))
