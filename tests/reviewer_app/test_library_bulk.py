"""Many questions at once: chosen like files, moved together, undone together; the bin."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.people import Role
from core.domain.stage import Stage
from reviewer_app.models.library import LibraryColumn
from reviewer_app.pages.library import LibraryPage
from reviewer_app.pages.library.moves import Move
from tests.factories import make_body, make_key, make_labels, make_right_response
from tests.reviewer_app.conftest import Desk, ShowPage

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def write(desk: Desk, stem: str, *, finish: bool = True) -> str:
    authoring, me = desk.workspace.authoring, desk.workspace.people.me().id
    draft = authoring.create(AnswerFormat.YES_NO, me).value
    body = replace(make_body(AnswerFormat.YES_NO), stem=stem, images=())
    key = make_key(AnswerFormat.YES_NO)
    authoring.save_draft(replace(draft, body=body, key=key, labels=make_labels()), me)
    if finish:
        authoring.commit(draft.question, me)
    return draft.question


@pytest.fixture
def page(desk: Desk, show_page: ShowPage) -> LibraryPage:
    for number in range(4):
        write(desk, f"Is finding {number} there?")
    write(desk, "Is this one written?", finish=False)
    return show_page(LibraryPage)


def numbers(page: LibraryPage) -> list[int]:
    return [page.table_model.line_at(row).number for row in range(page.table_model.rowCount())]


def stages(desk: Desk) -> list[Stage]:
    authoring = desk.workspace.authoring
    return [authoring.find(str(number)).stage for number in range(1, 6)]


def click(page: LibraryPage, qtbot: QtBot, row: int, modifier: Qt.KeyboardModifier) -> None:
    where = page.table.visualRect(page.table_model.index(row, LibraryColumn.STEM)).center()
    button = Qt.MouseButton.LeftButton
    qtbot.mouseClick(page.table.viewport(), button, modifier, QPoint(where))


def give_reason(page: LibraryPage, qtbot: QtBot, reason: str) -> None:
    box = page.bulk_bar.reason_box
    assert box.isVisible()
    qtbot.keyClicks(box.reason_edit, reason)
    with qtbot.waitSignal(page.filled):
        qtbot.keyClick(box.reason_edit, Qt.Key.Key_Return)


def show_bin(page: LibraryPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.filter_bar.stage_chips[Stage.IN_BIN], Qt.MouseButton.LeftButton)


def test_rows_are_chosen_with_shift_and_control_like_files(page: LibraryPage, qtbot: QtBot) -> None:
    click(page, qtbot, 0, Qt.KeyboardModifier.NoModifier)
    assert page.detail.isVisible()
    assert not page.bulk_bar.isVisible()

    click(page, qtbot, 2, SHIFT)
    assert page.bulk_bar.text.text() == "3 questions chosen"
    assert not page.detail.isVisible()
    click(page, qtbot, 4, CONTROL)
    assert [one.number for one in page.table.chosen_lines()] == [1, 2, 3, 5]
    click(page, qtbot, 1, CONTROL)
    assert [one.number for one in page.table.chosen_lines()] == [1, 3, 5]


def test_rows_are_chosen_with_the_keyboard_alone(page: LibraryPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    assert page.bulk_bar.text.text() == "2 questions chosen"
    qtbot.keyClick(page.table, Qt.Key.Key_A, CONTROL)
    assert page.bulk_bar.text.text() == "5 questions chosen"

    qtbot.keyClick(page.table, Qt.Key.Key_Escape)

    assert page.table.chosen_count() == 0
    assert not page.bulk_bar.isVisible()


def test_the_bar_offers_only_what_the_chosen_ones_allow(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    first = page.table_model.line_at(0).id
    desk.workspace.blinding.approve(first, desk.workspace.people.me().id)
    page.presenter.refresh(force=True)
    qtbot.waitUntil(lambda: page.table_model.line_at(0).stage is Stage.BLINDED)
    page.table.selectAll()

    offered = {move for move, button in page.bulk_bar.buttons.items() if button.isVisible()}

    assert offered == {Move.RETURN, Move.RETIRE, Move.DELETE}
    assert page.bulk_bar.buttons[Move.RETURN].text().endswith("1 of 5")


def test_many_are_retired_with_one_reason_and_come_back_with_one_undo(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    page.table.selectAll()
    qtbot.mouseClick(page.bulk_bar.buttons[Move.RETIRE], Qt.MouseButton.LeftButton)
    assert not page.bulk_bar.reason_box.confirm_button.isEnabled()
    give_reason(page, qtbot, "Out of date")

    assert stages(desk) == [Stage.RETIRED] * 5
    assert desk.posted[-1] == "5 questions are retired. Ctrl+Z takes that back."
    authoring = desk.workspace.authoring
    reasons = {authoring.moves(one.id)[-1].reason for one in authoring.library()}
    assert reasons == {"Out of date"}

    with qtbot.waitSignal(page.filled):
        qtbot.keyClick(page.table, Qt.Key.Key_Z, CONTROL)

    assert stages(desk) == [Stage.DRAFT] * 5
    assert "5 questions" in desk.posted[-1]


def test_many_are_returned_to_draft_and_the_rest_stays(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    me = desk.workspace.people.me().id
    for row in (0, 1):
        desk.workspace.blinding.approve(page.table_model.line_at(row).id, me)
    page.presenter.refresh(force=True)
    qtbot.waitUntil(lambda: page.table_model.line_at(1).stage is Stage.BLINDED)
    page.table.selectAll()
    qtbot.mouseClick(page.bulk_bar.buttons[Move.RETURN], Qt.MouseButton.LeftButton)
    asked = page.bulk_bar.reason_box.findChildren(QLabel)[0].text()
    assert asked.startswith("2 questions of the 5 chosen; the others cannot take this step.")
    give_reason(page, qtbot, "Unclear")

    assert stages(desk) == [Stage.DRAFT] * 5
    assert desk.posted[-1] == "2 questions are drafts again. Ctrl+Z takes that back."


def test_the_choice_stays_when_the_lines_are_fetched_anew(page: LibraryPage, qtbot: QtBot) -> None:
    click(page, qtbot, 0, Qt.KeyboardModifier.NoModifier)
    click(page, qtbot, 3, CONTROL)

    with qtbot.waitSignal(page.filled):
        page.presenter.refresh(force=True)
    page.table.sortByColumn(LibraryColumn.NUMBER, Qt.SortOrder.DescendingOrder)

    assert sorted(one.number for one in page.table.chosen_lines()) == [1, 4]
    assert page.bulk_bar.text.text() == "2 questions chosen"


def test_delete_moves_one_or_many_to_the_bin_and_undo_brings_them_back(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    page.table.selectRow(4)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    box = page.detail.reason_box
    assert box.isVisible()
    assert box.confirm_button.isEnabled()  # a reason is welcome, not demanded
    with qtbot.waitSignal(page.filled):
        qtbot.keyClick(box.reason_edit, Qt.Key.Key_Return)
    assert numbers(page) == [1, 2, 3, 4]
    assert desk.posted[-1] == "Question 5 is in the bin. Ctrl+Z takes that back."

    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    give_reason(page, qtbot, "Written twice")
    assert numbers(page) == []
    assert page.empty.isVisible()
    assert page.filter_bar.stage_chips[None].text().split() == ["All", "0"]
    assert page.filter_bar.stage_chips[Stage.IN_BIN].text().split() == ["In", "bin", "5"]

    for _ in range(2):
        with qtbot.waitSignal(page.filled):
            page.presenter.undo()
    assert numbers(page) == [1, 2, 3, 4, 5]
    assert stages(desk) == [Stage.DRAFT] * 5


def test_the_bin_shows_why_and_restores_one_or_many(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    show_bin(page, qtbot)
    assert page.bin_empty.isVisible()
    me = desk.workspace.people.me().id
    ids = [one.id for one in desk.workspace.authoring.library()]
    desk.workspace.bin.delete(ids[:3], me, "Written twice")
    with qtbot.waitSignal(page.filled):
        page.presenter.refresh(force=True)
    assert numbers(page) == [1, 2, 3]

    page.table.selectRow(0)
    offered = {name for name, button in page.detail.buttons.items() if button.isVisible()}
    assert offered == {"restore"}
    assert "“Written twice”" in "\n".join(one.text() for one in page.detail.findChildren(QLabel))
    with qtbot.waitSignal(page.filled):
        qtbot.mouseClick(page.detail.buttons["restore"], Qt.MouseButton.LeftButton)
    assert numbers(page) == [2, 3]

    page.table.selectAll()
    with qtbot.waitSignal(page.filled):
        qtbot.mouseClick(page.bulk_bar.buttons[Move.RESTORE], Qt.MouseButton.LeftButton)
    assert stages(desk) == [Stage.DRAFT] * 5
    assert desk.posted[-1] == "2 questions are back as they were. Ctrl+Z takes that back."


def test_emptying_the_bin_says_first_what_goes_and_takes_a_backup(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    workspace, me = desk.workspace, desk.workspace.people.me().id
    ids = [one.id for one in workspace.authoring.library()]
    workspace.blinding.approve(ids[0], me)
    workspace.bin.delete(ids[:3], me)
    show_bin(page, qtbot)
    with qtbot.waitSignal(page.filled):
        page.presenter.refresh(force=True)

    qtbot.mouseClick(page.bin_bar.empty_button, Qt.MouseButton.LeftButton)
    box = page.bin_bar.confirm_box
    assert box.question.text().startswith("Remove 2 questions for ever?")
    assert "1 question stays here" in box.question.text()
    with qtbot.waitSignal(page.filled):
        qtbot.keyClick(box, Qt.Key.Key_Return)

    assert numbers(page) == [1]
    assert len(workspace.backups.all()) == 1
    qtbot.mouseClick(page.bin_bar.empty_button, Qt.MouseButton.LeftButton)
    assert "Nothing here can be removed for ever" in page.bin_bar.hint.text()


def test_what_results_rest_on_is_refused_and_nothing_moves(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    workspace, me = desk.workspace, desk.workspace.people.me().id
    question = page.table_model.line_at(0).id
    verifier = workspace.people.add("Demo Verifier 1", frozenset({Role.VERIFIER})).value.id
    workspace.blinding.approve(question, me)
    right = make_right_response(AnswerFormat.YES_NO)
    workspace.verification.lock_answer(question, verifier, right, elapsed_s=5)
    workspace.authoring.return_to_draft(question, me, "Unclear.")
    page.presenter.refresh(force=True)
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.keyClick(page.bulk_bar.reason_box.reason_edit, Qt.Key.Key_Return)

    assert "results rest on it" in desk.posted[-1]
    assert stages(desk) == [Stage.DRAFT] * 5
