"""The window opens workspaces, shows pages to whom they concern and tells the truth."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from core.domain.ids import PersonId
from core.domain.people import Person, Role
from core.errors import StorageError
from core.workspace import create_workspace, open_workspace
from reviewer_app.crash import CrashReporter, describe_crash
from reviewer_app.dialogs.person import PersonDialog
from reviewer_app.dialogs.settings import SettingsDialog
from reviewer_app.key_bindings import find_clashes
from reviewer_app.main_window import MainWindow
from reviewer_app.messages import Message, Severity
from reviewer_app.pages.registry import PAGES, pages_for
from reviewer_app.preferences import Preferences, SchemeChoice
from reviewer_app.widgets.message_bar import MessageBar
from reviewer_app.widgets.status import SavedLine
from reviewer_app.window_keys import WINDOW_KEYS


def test_without_a_workspace_the_ways_in_are_offered(window: MainWindow) -> None:
    assert window.welcome.isVisible()
    assert window.rail.isHidden()
    for button in (
        window.welcome.demo_button,
        window.welcome.create_button,
        window.welcome.open_button,
    ):
        assert button.isVisible()
        assert button.accessibleName()


def test_a_created_workspace_opens_on_the_library_and_is_remembered(
    window: MainWindow, tmp_path: Path, preferences: Preferences
) -> None:
    assert window.opener.create_path(tmp_path / "mine")

    assert window.pages.current_page().name == "library"  # type: ignore[union-attr]
    assert window.rail.button("library").isChecked()
    assert preferences.recent_workspaces() == [tmp_path / "mine.asclepius"]


def test_a_locked_workspace_is_offered_read_only(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "held.asclepius"
    with create_workspace(path):
        assert not window.opener.open_path(path)
        assert window.welcome.read_only_button.isVisible()

        qtbot.mouseClick(window.welcome.read_only_button, Qt.MouseButton.LeftButton)

        assert window.context is not None
        assert window.context.workspace.is_read_only
        window.close_workspace()


def test_a_folder_that_is_no_workspace_is_refused_in_place(
    window: MainWindow, tmp_path: Path
) -> None:
    assert not window.opener.open_path(tmp_path / "nothing.asclepius")

    assert window.welcome.isVisible()
    assert not window.welcome.read_only_button.isVisible()


def test_keys_bring_pages_to_the_front(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.opener.create_path(tmp_path / "mine")
    window.activateWindow()

    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current_page().name == "author"  # type: ignore[union-attr]

    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current_page().name == "library"  # type: ignore[union-attr]


def test_pages_are_loaded_only_when_shown(window: MainWindow, tmp_path: Path) -> None:
    window.opener.create_path(tmp_path / "mine")

    assert window.pages.count() == 1


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.READER, ["baseline"]),
        (Role.VERIFIER, ["verify", "judge"]),
        (Role.AUTHOR, ["library", "author", "blind", "exchange"]),
        (Role.LEAD, [entry.name for entry in PAGES]),
    ],
)
def test_everybody_sees_only_what_concerns_them(role: Role, pages: list[str]) -> None:
    person = Person(PersonId("p"), "Demo", frozenset({role}))

    assert [entry.name for entry in pages_for(person)] == pages


def test_switching_the_person_leaves_nothing_of_the_one_before(
    window: MainWindow, tmp_path: Path
) -> None:
    window.opener.create_path(tmp_path / "mine")
    context = window.context
    assert context is not None
    reader = context.workspace.people.add("Demo Reader 1", frozenset({Role.READER})).value
    before = window.pages.current_page()

    from reviewer_app.people_menu import PeopleMenu

    menu = PeopleMenu(context, window.keeper, window)
    menu.person_switched.connect(lambda: window.pages.open(context, context.me()))
    next(one for one in menu.actions() if one.text().startswith(reader.name)).trigger()

    assert context.me() == reader
    assert window.pages.current_page() is not before
    assert [entry.name for entry in window.pages.entries] == ["baseline"]


def test_the_rail_counts_what_waits_on_pages_not_loaded(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    from core.domain.body import AnswerFormat

    window.opener.create_path(tmp_path / "mine")
    context = window.context
    assert context is not None
    me = context.me().id
    context.operations.perform(
        "", lambda: context.workspace.authoring.create(AnswerFormat.REPORT, me)
    )

    qtbot.waitUntil(lambda: window.rail.button("author").waiting == 1)
    assert window.rail.button("author").accessibleName() == "Author, 1 waiting"


def test_good_news_leaves_by_itself_and_bad_news_stays(look: None, qtbot: QtBot) -> None:
    bar = MessageBar(shown_ms=10)
    qtbot.addWidget(bar)
    bar.show_message(Message(Severity.DONE, "Exported."))
    qtbot.waitUntil(bar.isHidden)

    bar.show_message(Message(Severity.ERROR, "Row 3 is wrong.", "Correct it."))
    qtbot.wait(40)

    assert not bar.isHidden()
    assert bar.text() == "Error: Row 3 is wrong. Correct it."


def test_saved_line_says_when_and_says_loudly_when_not(look: None, qtbot: QtBot) -> None:
    line = SavedLine()
    qtbot.addWidget(line)
    line.show_saved(datetime(2026, 1, 5, 14, 3, 12, tzinfo=UTC))
    assert line.text() == "Saved 14:03:12"

    line.show_failed("The disk is full.")
    assert line.text() == "Not saved: The disk is full."


def test_no_two_actions_come_with_the_same_key() -> None:
    assert find_clashes({one.name: one.keys for one in WINDOW_KEYS}) == {}
    assert find_clashes({"a": "Ctrl+B", "b": "ctrl+b", "c": ""}) == {"Ctrl+B": ("a", "b")}


def test_a_clashing_key_is_shown_and_not_taken(
    preferences: Preferences, look: None, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(preferences)
    qtbot.addWidget(dialog)
    changed = QSignalSpy(dialog.keys_changed)

    dialog.keys.edits["find"].setKeySequence("Ctrl+N")
    dialog.keys.edits["find"].editingFinished.emit()
    assert "Ctrl+N" in dialog.keys.clash_label.text()
    assert preferences.shortcut("find", "Ctrl+F") == "Ctrl+F"

    dialog.keys.edits["find"].setKeySequence("Ctrl+K")
    dialog.keys.edits["find"].editingFinished.emit()
    assert dialog.keys.clash_label.text() == ""
    assert preferences.shortcut("find", "Ctrl+F") == "Ctrl+K"
    assert changed.count() == 1


def test_a_chosen_key_works_at_once(
    window: MainWindow, preferences: Preferences, tmp_path: Path, qtbot: QtBot
) -> None:
    window.opener.create_path(tmp_path / "mine")
    preferences.set_shortcut("page_author", "Ctrl+J")
    window.keys.apply()

    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)

    assert window.pages.current_page().name == "author"  # type: ignore[union-attr]


def test_preferences_survive_nonsense(preferences: Preferences) -> None:
    preferences._settings.setValue("look/scheme", "purple")
    preferences._settings.setValue("look/text_percent", "99999")

    assert preferences.scheme is SchemeChoice.DARK
    assert preferences.text_percent == 100


def test_a_person_needs_a_name_and_a_role(look: None, qtbot: QtBot) -> None:
    dialog = PersonDialog(("Cardiology",))
    qtbot.addWidget(dialog)
    entered = QSignalSpy(dialog.person_entered)

    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert entered.count() == 0
    qtbot.keyClicks(dialog.name_edit, "Demo Author 1")
    dialog.role_boxes[Role.AUTHOR].click()
    dialog.specialty_box.setCurrentText("Cardiology")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)

    person = entered.at(0)[0]
    assert (person.name, person.roles) == ("Demo Author 1", frozenset({Role.AUTHOR}))
    assert (person.specialty, person.years_in_practice) == ("Cardiology", None)


def test_a_person_half_entered_is_there_again_after_a_crash(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    from reviewer_app.people_menu import PeopleMenu

    def open_dialog() -> PersonDialog:
        menu = PeopleMenu(context, window.keeper, window)
        next(one for one in menu.actions() if "Add a person" in one.text()).trigger()
        return window.findChildren(PersonDialog)[-1]

    window.opener.create_path(tmp_path / "mine")
    context = window.context
    assert context is not None
    dialog = open_dialog()
    qtbot.keyClicks(dialog.name_edit, "Demo Reader 7")
    dialog.role_boxes[Role.READER].click()
    dialog.years_box.setValue(12)
    window.keeper.keep()
    stored = window.keeper.start(context)  # what is left after a crash
    assert ("person.dialog", "") in stored

    again = open_dialog()
    assert again.name_edit.text() == "Demo Reader 7"
    assert again.role_boxes[Role.READER].isChecked()
    assert again.years_box.value() == 12

    again.reject()
    window.keeper.keep()
    assert ("person.dialog", "") not in context.workspace.journal.entries(context.me().id)


def test_a_crash_is_logged_without_content_and_told_in_place(
    window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    reporter = CrashReporter()
    reporter.crashed.connect(lambda: window.tell_crash("the log"))

    try:
        raise ValueError("patient Jane Example, 1970-01-01")
    except ValueError as error:
        reporter.report(type(error), error, error.__traceback__)
        text = describe_crash(error)

    assert "Jane" not in text + caplog.text
    assert "ValueError" in caplog.text
    assert "test_shell_window.py" in text
    assert "Something unexpected" in window.message_bar.text()


def test_the_crash_hook_is_given_back() -> None:
    reporter = CrashReporter()
    before = sys.excepthook
    reporter.install()
    assert sys.excepthook == reporter.report
    sys.excepthook = before


def test_closing_with_something_unsaved_asks_once(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.domain.body import AnswerFormat

    window.opener.create_path(tmp_path / "mine")
    window.show_page("author")
    page = window.pages.current_page()
    assert page is not None
    page.presenter.create(AnswerFormat.REPORT)  # type: ignore[attr-defined]
    authoring = window.context.workspace.authoring  # type: ignore[union-attr]

    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(authoring, "save_draft", full)
    qtbot.keyClicks(page.form.stem, "Lost?")  # type: ignore[attr-defined]

    window.close()
    assert window.isVisible()
    assert "could not be saved" in window.message_bar.text()
    assert window.saved_line.text() == "Not saved: The disk is full."

    monkeypatch.undo()
    window.close()
    assert not window.isVisible()
    with open_workspace(tmp_path / "mine.asclepius") as again:
        assert again.authoring.draft(again.authoring.library()[0].id).body.stem == "Lost?"
