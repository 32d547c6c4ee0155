"""Replies beside their questions, and runs side by side, on the Evaluate page."""

import json
from pathlib import Path

from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse
from core.domain.score import ScoreState
from reviewer_app.pages.evaluate.compare_view import Shown
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from reviewer_app.pages.evaluate.reply_text import ReplyText, document_position
from tests.llm_server import LlmServer, Scripted, in_turn
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import cells, run, shown
from tests.reviewer_app.study import Study


def open_reply(page: EvaluatePage, qtbot: QtBot, row: int) -> None:
    """Show the replies of the newest run and choose one."""
    page.show_view(View.REPLIES)
    qtbot.waitUntil(lambda: page.replies.table_model.rowCount() > row)
    page.replies.table.selectRow(row)
    revision = page.replies.table_model.row_at(row).revision
    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.detail is not None and pane.detail.answer.revision == revision)


def test_reply_shows_rule_and_characters_beside_the_marked_options(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("The pleural line is seen.\r\nSo the answer is A."))
    run(page, qtbot, desk, server)

    open_reply(page, qtbot, 0)

    pane = page.replies.pane
    assert pane.text.marked_text() == "A"
    assert "“the answer is”" in pane.rule.text()
    assert pane.chip.text() == "Wrong"
    rows = pane.question.option_rows()
    assert rows[0][2:] == ("answered",)
    assert rows[1][2:] == ("right answer",)
    assert pane.right.text() == f"Right: {rows[1][1]}"
    assert pane.read.text() == f"Read: {rows[0][1]}"


def test_reply_that_no_rule_read_says_so_and_marks_nothing(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("Perhaps."))
    run(page, qtbot, desk, server)

    open_reply(page, qtbot, 0)

    assert page.replies.pane.text.marked_text() == ""
    assert "nothing is guessed" in page.replies.pane.rule.text()
    assert not page.replies.pane.read.isVisible()


def test_failed_call_shows_its_reason_in_place_of_a_reply(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted(status=400, error_message="picture too large"))
    run(page, qtbot, desk, server)

    open_reply(page, qtbot, 0)

    assert "picture too large" in page.replies.pane.text.toPlainText()
    assert page.replies.pane.chip.text() == "No reply"


def test_image_of_the_question_stands_beside_the_reply(
    desk: Desk, study: Study, qtbot: QtBot, server: LlmServer
) -> None:
    path = Path(str(get_testdata_file("CT_small.dcm")))
    image = ImageUse(desk.workspace.images.import_file(path).value.id)
    study.blind(study.write(AnswerFormat.SINGLE_CHOICE, images=(image,)))
    study.write(AnswerFormat.YES_NO, stem="Is there an effusion?")
    page = shown(desk, qtbot)
    run(page, qtbot, desk, server)

    open_reply(page, qtbot, 0)
    assert page.replies.pane.question.images.isVisible()
    assert page.replies.pane.question.images.view.image() is not None

    open_reply(page, qtbot, 1)
    assert not page.replies.pane.question.images.isVisible()


def test_replies_are_filtered_by_end_state(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("B", "A", "Perhaps.", "A"))))
    run(page, qtbot, desk, server)
    open_reply(page, qtbot, 0)
    box = page.replies.state_box

    assert [box.itemText(place) for place in range(box.count())] == [
        "All replies (4)",
        "Right (1)",
        "Wrong (2)",
        "No answer (1)",
    ]
    box.setCurrentIndex(box.findData(ScoreState.INCORRECT.value))
    box.activated.emit(box.currentIndex())

    assert cells(page.replies, 0) == ["2", "4"]


def test_list_gives_the_answer_its_room_and_tells_the_state_by_icon_and_to_who_listens(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("B", "Hm, perhaps."))))
    run(page, qtbot, desk, server)
    page.show_view(View.REPLIES)
    qtbot.waitUntil(lambda: page.replies.table_model.rowCount() == 4)
    table = page.replies.table_model
    right, unread = table.index(0, 1), table.index(1, 1)

    heard = [table.data(one, Qt.ItemDataRole.AccessibleTextRole) for one in (right, unread)]
    assert heard[0].startswith("Right: ")
    assert heard[1].startswith("No answer: ")
    assert table.data(unread) == "No answer · Hm, perhaps."
    icons = [table.data(one, Qt.ItemDataRole.DecorationRole) for one in (right, unread)]
    assert not any(icon.isNull() for icon in icons)
    view = page.replies.table
    assert view.columnWidth(1) > 2 * view.columnWidth(0)


def test_figure_in_the_list_of_runs_opens_the_replies_it_counts(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("B", "A", "A", "B"))))
    run(page, qtbot, desk, server)
    page.show_view(View.RUNS)

    wrong = page.runs.table_model.index(0, 5)
    assert page.runs.table_model.data(wrong) == "2"
    page.runs.table.setCurrentIndex(wrong)
    page.runs.table.setFocus()
    qtbot.keyClick(page.runs.table, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: cells(page.replies, 0) == ["2", "3"])


def test_reply_is_found_again_by_its_position(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    run(page, qtbot, desk, server)
    line = desk.workspace.replies.lines(page.came_back.runs.runs[0].run.id)[2]

    run_id = page.came_back.runs.runs[0].run.id
    page.go_to({"view": "replies", "run": run_id, "revision": line.revision})

    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.detail is not None)
    qtbot.waitUntil(lambda: pane.detail.blind.number == line.number)
    assert page.position() == {"view": "replies"}


def compared(page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer) -> None:
    """Ask two models and put them side by side, by key."""
    server.answers(in_turn(*map(Scripted, ("B", "B", "A", "A"))))
    run(page, qtbot, desk, server, "one")
    server.answers(in_turn(*map(Scripted, ("B", "A", "B", "A"))))
    run(page, qtbot, desk, server, "two")
    page.show_view(View.RUNS)
    page.runs.table.setFocus()
    page.runs.table.selectAll()
    qtbot.keyClick(page.runs.table, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: page.comparison.table_model.rowCount() == 4)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def test_runs_stand_side_by_side_with_counts_of_agreement(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    compared(page, qtbot, desk, server)

    view = page.comparison
    assert page.view is View.COMPARE
    assert cells(view, 0) == ["1", "2", "3", "4"]
    assert view.counts.text() == (
        "two and one on 4 shared questions: the same answer to 2 (50%), both right 1, only the "
        "first right 1, only the second 1, neither 1."
    )
    assert [chip.text() for chip in view.chips] == [
        "All  4",
        "Differ  2",
        "One right  2",
        "All wrong  1",
        "All right  1",
    ]


def test_comparison_is_filtered_and_shows_every_reply_to_the_chosen_question(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    compared(page, qtbot, desk, server)
    view = page.comparison

    qtbot.mouseClick(view.chips[list(Shown).index(Shown.DIFFER)], Qt.MouseButton.LeftButton)
    assert cells(view, 0) == ["2", "3"]
    view.table.selectRow(1)
    qtbot.waitUntil(lambda: view.question.caption.text() == "Question 3")

    assert [column.text.toPlainText() for column in view.columns] == ["B", "A"]
    assert [column.text.marked_text() for column in view.columns] == ["B", "A"]


def test_cell_of_a_comparison_opens_that_reply(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    compared(page, qtbot, desk, server)
    view = page.comparison

    view.table.setFocus()
    view.table.setCurrentIndex(view.table_model.index(1, 4))
    qtbot.keyClick(view.table, Qt.Key.Key_Return)

    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.detail is not None and pane.detail.blind.number == 2)
    assert pane.detail is not None
    assert pane.detail.run.spec.llm == "one"


def test_marked_characters_are_right_behind_letters_outside_the_basic_plane(
    qtbot: QtBot,
) -> None:
    text = "𝔸𝔸 première\r\nligne\r\nréponse: B."
    start = text.index("B")
    box = ReplyText("Reply")
    qtbot.addWidget(box)

    box.show_reply(text, (start, start + 1))

    assert box.marked_text() == "B"
    assert document_position(text, 0) == 0


def test_person_corrects_a_reading_with_a_reason_by_keys(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("Perhaps the second one."))
    run(page, qtbot, desk, server)
    seen = len(server.seen)
    open_reply(page, qtbot, 0)
    pane = page.replies.pane
    box = pane.correction

    qtbot.mouseClick(pane.correct_button, Qt.MouseButton.LeftButton)
    assert not box.save_button.isEnabled()
    qtbot.keyClick(box.answer_widget, Qt.Key.Key_2)
    assert not box.save_button.isEnabled(), "a reason is wanted"
    box.reason.setFocus()
    qtbot.keyClicks(box.reason, "It names the place of the option.")
    qtbot.keyClick(box.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: pane.chip.text() == "Right")
    assert not box.isVisible()
    assert "It names the place of the option." in pane.rule.text()
    assert desk.workspace.people.me().name in pane.rule.text()
    assert page.replies.table_model.row_at(0).state is ScoreState.CORRECT
    assert len(server.seen) == seen, "no call is made"


def test_reply_is_read_as_no_answer_on_a_persons_word(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    run(page, qtbot, desk, server)
    open_reply(page, qtbot, 1)
    pane = page.replies.pane

    qtbot.mouseClick(pane.correct_button, Qt.MouseButton.LeftButton)
    pane.correction.state_box.setCurrentIndex(1)
    assert not pane.correction.answer_widget.isVisible()
    qtbot.keyClicks(pane.correction.reason, "The letter belongs to a name.")
    qtbot.mouseClick(pane.correction.save_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: pane.chip.text() == "No answer")
    assert page.replies.chosen_line().number == 2


def test_correction_is_left_by_escape_without_a_trace(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    run(page, qtbot, desk, server)
    open_reply(page, qtbot, 0)
    pane = page.replies.pane

    qtbot.mouseClick(pane.correct_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(pane.correction.reason, "x")
    qtbot.keyClick(pane.correction.reason, Qt.Key.Key_Escape)

    assert not pane.correction.isVisible()
    assert pane.chip.text() == "Right"


def test_thinking_stands_apart_from_the_reply(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    message = {
        "role": "assistant",
        "content": "B",
        "reasoning_content": "A is ruled out by the pleural line.",
    }
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    server.answers(Scripted(raw=json.dumps(body).encode()))
    run(page, qtbot, desk, server)

    open_reply(page, qtbot, 0)

    pane = page.replies.pane
    assert pane.text.toPlainText() == "B"
    assert pane.tabs.isTabVisible(1)
    assert pane.thinking.toPlainText() == "A is ruled out by the pleural line."


def test_stored_replies_are_read_again_without_a_call(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    run(page, qtbot, desk, server)
    seen = len(server.seen)
    page.show_view(View.RUNS)

    qtbot.mouseClick(page.runs.read_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert "4 replies read again: 0 read otherwise" in desk.posted[-1]
    assert len(server.seen) == seen
