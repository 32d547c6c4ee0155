"""A reader flags a question and comments on it, by keys alone and without leaving the answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from core.domain.answer import Occasion
from core.domain.body import AnswerFormat, Chosen, Written
from core.domain.ids import PersonId
from core.domain.people import Role
from core.domain.remark import Said
from core.domain.remark import said as all_said
from core.errors import StorageError
from core.services.baseline import PlanRequest
from core.workspace import open_workspace
from reviewer_app.dialogs.settings import SettingsDialog
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.baseline.page import BaselinePage
from reviewer_app.preferences import Preferences
from reviewer_app.widgets.answer_keys import AnswerKey
from reviewer_app.widgets.images.keys import ImageKey
from reviewer_app.widgets.images.stage import StageMode
from tests.reviewer_app.hands import press, type_keys
from tests.reviewer_app.study import Study

CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier
WORDS = "Two options fit, 1 and 2; cropped."
TWO = (AnswerFormat.SINGLE_CHOICE,) * 2
Begin = Callable[..., BaselinePage]


@pytest.fixture
def window(preferences, look, qtbot, study) -> Iterator[MainWindow]:
    """The real window; the reader sits there."""
    made = MainWindow(preferences)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    qtbot.waitUntil(lambda: not made.tasks.is_busy)
    made.close_workspace()
    made.tasks.close()


@pytest.fixture
def begin(qtbot, window, study) -> Begin:
    """Return what opens the reader's sitting by keys."""

    def do(*, formats=TWO, images=()) -> BaselinePage:
        for answer_format in formats:
            study.verified(answer_format, images=images)
        people = study.workspace.people
        reader = next(one for one in people.all() if one.id == study.reader)
        people.update(replace(reader, specialty_confidence={"Pulmonology": 4}))
        study.workspace.baseline.make_plan(PlanRequest("First", 7, (study.reader,)), study.lead)
        study.sit_down(study.reader)
        window.show_workspace(study.workspace)
        window.show_page("baseline")
        page = window.pages.page("baseline")
        assert isinstance(page, BaselinePage)
        go_on(qtbot, page)
        qtbot.waitUntil(lambda: not window.tasks.is_busy)
        return page

    return do


def go_on(qtbot, page: BaselinePage) -> None:
    """Open the sitting from the list."""
    qtbot.waitUntil(lambda: bool(page.sittings.buttons))
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    assert page.stack.currentWidget() is page.sitting_view


def said(study: Study) -> list[Said]:
    """Return what is stored about each question of the sitting, in its order."""
    (line,) = study.workspace.baseline.sittings(study.reader)
    with study.workspace._database.read() as tx:
        remarks = tx.remarks.of_sitting(line.sitting.id)
    return [all_said(one for one in remarks if one.revision == name) for name in line.sitting.order]


def answers(study: Study):
    (line,) = study.workspace.baseline.sittings(study.reader)
    with study.workspace._database.read() as tx:
        return tx.answers.of(Occasion.BASELINE, line.sitting.id)


def second_lead(study: Study) -> PersonId:
    return study.workspace.people.add("Demo Lead 2", frozenset({Role.LEAD})).value.id


def test_f_flags_the_question_and_takes_it_back(qtbot, study, begin):
    view = begin().sitting_view
    assert view.remarks.flag.text() == "Flag (F)"
    press(qtbot, Qt.Key.Key_F)
    assert view.remarks.flag.text() == "Flagged (F)"
    assert said(study)[0].is_flagged
    press(qtbot, Qt.Key.Key_F)
    assert view.remarks.flag.text() == "Flag (F)"
    assert said(study)[0].is_empty


def test_c_takes_the_cursor_to_the_comment_where_all_keys_are_letters(qtbot, study, begin):
    view = begin().sitting_view
    press(qtbot, Qt.Key.Key_C)
    assert view.remarks.comment.hasFocus()
    type_keys(qtbot, WORDS + " FC")
    assert view.remarks.text() == WORDS + " FC"
    assert not view.remarks.flag.isChecked()
    assert view.card.response() is None
    assert answers(study) == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_and_escape_go_back_to_the_answer_and_keep_the_comment(qtbot, study, begin, key):
    view = begin().sitting_view
    type_keys(qtbot, "2")
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    modifier = Qt.KeyboardModifier.KeypadModifier if key is Qt.Key.Key_Enter else PLAIN
    press(qtbot, key, modifier=modifier)
    assert view.card.isAncestorOf(QApplication.focusWidget())
    assert said(study)[0].comment == WORDS
    assert answers(study) == []
    type_keys(qtbot, "1")
    assert view.remarks.text() == WORDS


def test_a_sitting_is_flagged_commented_and_answered_by_keys_alone(qtbot, study, begin):
    page = begin()
    press(qtbot, Qt.Key.Key_F)
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    press(qtbot, Qt.Key.Key_Escape)
    type_keys(qtbot, "4")
    press(qtbot, Qt.Key.Key_Return)
    assert not page.sitting_view.remarks.flag.isChecked()
    assert page.sitting_view.remarks.text() == ""
    type_keys(qtbot, "2")
    press(qtbot, Qt.Key.Key_Return)
    type_keys(qtbot, "3")
    press(qtbot, Qt.Key.Key_Return)

    assert page.stack.currentWidget() is page.end
    first, second = said(study)
    assert (first.is_flagged, first.comment) == (True, WORDS)
    assert second.is_empty
    given = answers(study)
    assert [one.confidence for one in given] == [4, 3]
    assert given[0].response == Chosen(frozenset({given[0].option_order[0]}))
    (line,) = study.workspace.remarks.of_question(given[0].question, second_lead(study)).lines
    assert (line.reader, line.said.comment) == ("Demo Reader 1", WORDS)


def test_ctrl_enter_in_the_comment_submits_with_it(qtbot, study, begin):
    page = begin()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    qtbot.waitUntil(lambda: not page.sitting_view.double_press.isActive())
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)

    assert len(answers(study)) == 1
    assert [one.comment for one in said(study)] == [WORDS, ""]
    assert page.sitting_view.remarks.text() == ""


def test_while_the_confidence_is_asked_escape_returns_from_the_comment_to_it(qtbot, begin):
    view = begin().sitting_view
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_C)
    press(qtbot, Qt.Key.Key_Escape)

    assert view.confidence.isAncestorOf(QApplication.focusWidget())
    assert view._is_asking_confidence


def test_a_comment_that_is_emptied_is_taken_back(qtbot, study, begin):
    view = begin().sitting_view
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_C)
    press(qtbot, Qt.Key.Key_A, modifier=CONTROL)
    press(qtbot, Qt.Key.Key_Delete)
    press(qtbot, Qt.Key.Key_Return)

    assert said(study)[0].is_empty
    assert view.remarks.text() == ""


def test_keys_rest_while_an_answer_is_written(qtbot, study, begin):
    view = begin(formats=(AnswerFormat.REPORT,)).sitting_view
    type_keys(qtbot, "Fc")
    assert view.card.response() == Written("Fc")
    assert said(study)[0].is_empty
    press(qtbot, Qt.Key.Key_Tab)
    assert view.remarks.flag.hasFocus()
    press(qtbot, Qt.Key.Key_Space)
    assert said(study)[0].is_flagged


@pytest.mark.parametrize("leave", ["pause", "page", "person"])
def test_a_comment_begun_is_stored_by_whatever_ends_the_sitting(qtbot, study, window, begin, leave):
    page = begin()
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    if leave == "pause":
        press(qtbot, Qt.Key.Key_P, modifier=CONTROL)
        go_on(qtbot, page)
        assert page.sitting_view.remarks.text() == WORDS
    elif leave == "page":
        window.show_page("backups")
    else:
        window.operations.perform("", lambda: study.workspace.people.set_me(study.lead))

    assert said(study)[0].comment == WORDS


def test_closing_the_window_loses_no_letter(qtbot, study, window, begin, look, tmp_path):
    begin()
    press(qtbot, Qt.Key.Key_F)
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    window.close()
    settings = QSettings(str(tmp_path / "later.ini"), QSettings.Format.IniFormat)
    later = MainWindow(Preferences(settings))
    qtbot.addWidget(later)
    later.show()
    later.activateWindow()
    qtbot.waitUntil(later.isActiveWindow)
    later.show_workspace(open_workspace(study.workspace.path))
    later.show_page("baseline")
    page = later.pages.page("baseline")
    go_on(qtbot, page)

    assert page.sitting_view.remarks.flag.isChecked()
    assert page.sitting_view.remarks.text() == WORDS
    later.close_workspace()
    later.tasks.close()


def test_chosen_keys_hold_in_the_sitting_and_are_told_on_it(
    qtbot, study, window, preferences, begin
):
    preferences.set_shortcut(AnswerKey.FLAG, "F9")
    preferences.set_shortcut(AnswerKey.COMMENT, "")
    view = begin().sitting_view
    window.keys.apply()
    assert view.remarks.flag.text() == "Flag (F9)"
    assert view.remarks.flag.toolTip().endswith("(F9)")
    assert view.remarks.comment.placeholderText() == "Comment"
    press(qtbot, Qt.Key.Key_F)
    press(qtbot, Qt.Key.Key_C)
    assert said(study)[0].is_empty
    assert not view.remarks.comment.hasFocus()
    press(qtbot, Qt.Key.Key_F9)
    assert said(study)[0].is_flagged


def test_flagging_from_an_image_leaves_it_as_it_is(qtbot, study, begin):
    view = begin(images=(study.add_image(),), formats=(AnswerFormat.SINGLE_CHOICE,)).sitting_view
    qtbot.waitUntil(lambda: view.images.view.image() is not None)
    view.images.view.setFocus()
    view.images.view.zoom(3)
    before = view.images.view.zoom_percent()
    press(qtbot, Qt.Key.Key_F)
    assert said(study)[0].is_flagged
    assert view.images.view.zoom_percent() == before
    press(qtbot, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert view.images.view.zoom_percent() != before


def test_images_over_the_whole_screen_make_room_for_the_comment(qtbot, study, window, begin):
    view = begin(images=(study.add_image(),), formats=(AnswerFormat.SINGLE_CHOICE,)).sitting_view
    window.image_stage.toggle_screen()
    qtbot.waitUntil(window.image_stage.isActiveWindow)
    press(qtbot, Qt.Key.Key_C)

    qtbot.waitUntil(view.remarks.comment.hasFocus)
    assert window.image_stage.mode() is StageMode.HOME


def test_a_flag_that_cannot_be_stored_is_not_shown(qtbot, study, window, begin, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.", hint="Free some space.")

    view = begin().sitting_view
    monkeypatch.setattr(study.workspace.baseline, "remark", fail)
    press(qtbot, Qt.Key.Key_F)
    assert view.remarks.flag.text() == "Flag (F)"
    assert not view.remarks.flag.isChecked()
    press(qtbot, Qt.Key.Key_C)
    type_keys(qtbot, WORDS)
    press(qtbot, Qt.Key.Key_Escape)
    type_keys(qtbot, "1")
    view.cannot_button.click()
    press(qtbot, Qt.Key.Key_Return)
    assert view.remarks.text() == WORDS
    assert answers(study) == []


def test_settings_tell_a_clash_of_the_flag_with_an_image_in_words(qtbot, look, preferences):
    dialog = SettingsDialog(preferences)
    qtbot.addWidget(dialog)
    assert dialog.keys.clash_label.text() == ""
    for name, keys, told in (
        (ImageKey.FIT, "F", "F is claimed by Flag the question, Fit"),
        (ImageKey.FIT, "Shift+Z", ""),
        (AnswerKey.FLAG, "2", "2 is kept for answering and moving on"),
        (AnswerKey.FLAG, "F9", ""),
    ):
        edit = dialog.keys.edits[name]
        edit.setKeySequence(keys)
        edit.editingFinished.emit()
        assert dialog.keys.clash_label.text().startswith(told)
        assert bool(dialog.keys.clash_label.text()) == bool(told)
    assert preferences.shortcut(AnswerKey.FLAG, "F") == "F9"


def test_images_over_the_whole_screen_tell_of_flag_answer_and_step(qtbot, study, window, begin):
    view = begin(images=(study.add_image(),)).sitting_view
    line = window.image_stage.line
    window.image_stage.toggle_screen()
    qtbot.waitUntil(window.image_stage.isActiveWindow)
    assert line.isVisible()
    assert line.text() == "Question 1 of 2  ·  Flag (F)"
    press(qtbot, Qt.Key.Key_F)
    assert line.text() == "Question 1 of 2  ·  Flagged (F)"
    press(qtbot, Qt.Key.Key_Return)
    assert view.card.problem.text()
    assert line.text().endswith(view.card.problem.text())
    press(qtbot, Qt.Key.Key_T, modifier=CONTROL)
    assert line.text().endswith("Cannot tell (Ctrl+T)")
    type_keys(qtbot, "1")
    assert line.text().endswith(f"  ·  {view.card.chosen_words()}")
    assert view.card.chosen_words()
    press(qtbot, Qt.Key.Key_Return)
    assert "How sure are you?" in line.text()
    type_keys(qtbot, "4")
    press(qtbot, Qt.Key.Key_Return)
    assert line.text() == "Question 2 of 2  ·  Flag (F)"
    view.pause()
    assert not line.text()
