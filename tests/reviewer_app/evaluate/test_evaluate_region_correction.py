"""A region that was read wrong is drawn anew on the image, by mouse and by keys."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat, Marked
from core.domain.region import Region, RegionKind
from reviewer_app.pages.evaluate.page import EvaluatePage
from reviewer_app.pages.evaluate.reply_pane import ReplyPane
from tests.llm_server import LlmServer, Scripted, in_turn
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import run, shown
from tests.reviewer_app.evaluate.test_evaluate_replies import open_reply
from tests.reviewer_app.study import Study

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
FAR = json.dumps({"answer": {"box": [100, 100, 120, 120]}})


@pytest.fixture
def asked(desk: Desk, study: Study, qtbot: QtBot, server: LlmServer) -> EvaluatePage:
    """Replies to two questions for a region: a box far off, and words."""
    for _ in range(2):
        image = study.add_image()
        study.verified(AnswerFormat.REGION, images=(image,))
    study.sit_down(study.lead)
    server.answers(in_turn(Scripted(FAR), Scripted("On the left.")))
    page = shown(desk, qtbot)
    run(page, qtbot, desk, server)
    return page


def correcting(page: EvaluatePage, qtbot: QtBot, row: int) -> ReplyPane:
    open_reply(page, qtbot, row)
    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.question.images.view.image() is not None)
    qtbot.mouseClick(pane.correct_button, LEFT)
    return pane


def drawn(pane: ReplyPane) -> tuple[Region, ...]:
    response = pane.correction.answer_widget.response()
    return response.regions if isinstance(response, Marked) else ()


def named(pane: ReplyPane) -> list[str]:
    return [one.label for one in pane.question.images.regions(0)]


def test_region_is_drawn_anew_by_mouse_and_stored_with_a_reason(
    asked: EvaluatePage, qtbot: QtBot
) -> None:
    pane = correcting(asked, qtbot, 1)
    view, box = pane.question.images.view, pane.correction
    assert named(pane) == [], "the right region does not tell where to draw"
    assert not drawn(pane)

    start = view.rect().center()
    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, start + QPoint(40, 40))
    qtbot.mouseRelease(view, LEFT, pos=start + QPoint(40, 40))
    qtbot.waitUntil(lambda: len(drawn(pane)) == 1)
    qtbot.keyClicks(box.reason, "It says so in words.")
    made = drawn(pane)
    qtbot.mouseClick(box.save_button, LEFT)

    qtbot.waitUntil(lambda: "It says so in words." in pane.rule.text())
    assert not box.isVisible()
    assert pane.detail.answer.response == Marked(made)
    assert made[0].kind is RegionKind.BOX
    assert sorted(named(pane)) == ["", "right"]


def test_region_that_was_read_is_moved_and_stored_by_keys_alone(
    asked: EvaluatePage, qtbot: QtBot
) -> None:
    pane = correcting(asked, qtbot, 0)
    view, box = pane.question.images.view, pane.correction
    (before,) = drawn(pane)
    assert box.hint.isVisible()
    assert QApplication.focusWidget() is view

    qtbot.keyClick(view, Qt.Key.Key_Enter)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(drawn(pane)) == 2)
    qtbot.keyClick(view, Qt.Key.Key_Return, CTRL)
    assert QApplication.focusWidget() is box.reason, "the key leads to what is missing"
    qtbot.keyClicks(box.reason, "It names a second one.")
    qtbot.keyClick(box.reason, Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(lambda: "It names a second one." in pane.rule.text())
    assert len(pane.detail.answer.response.regions) == 2
    assert pane.detail.answer.response.regions[0].points == before.points


def test_escape_leaves_what_was_read_and_the_image_as_they_were(
    asked: EvaluatePage, qtbot: QtBot
) -> None:
    open_reply(asked, qtbot, 0)
    before = asked.replies.pane.question.images.regions(0)
    pane = correcting(asked, qtbot, 0)

    qtbot.mouseClick(pane.correction.answer_widget.clear_button, LEFT)
    assert pane.question.images.regions(0) == ()
    qtbot.keyClick(pane.correction.reason, Qt.Key.Key_Escape)

    assert pane.question.images.regions(0) == before
    assert not pane.question.images.view.kinds()
    assert pane.detail.answer.response is not None


def test_nothing_is_drawn_while_the_reply_is_said_to_hold_no_answer(
    asked: EvaluatePage, qtbot: QtBot
) -> None:
    pane = correcting(asked, qtbot, 0)
    view = pane.question.images.view

    pane.correction.state_box.setCurrentIndex(1)
    assert not view.kinds()
    pane.correction.state_box.setCurrentIndex(0)
    assert RegionKind.BOX in view.kinds()


def test_another_reply_gets_its_own_regions_and_the_focus_stays_in_the_list(
    asked: EvaluatePage, qtbot: QtBot
) -> None:
    pane = correcting(asked, qtbot, 0)
    asked.replies.table.setFocus()
    qtbot.keyClick(asked.replies.table, Qt.Key.Key_Down)

    qtbot.waitUntil(lambda: not pane.correction.isVisible())
    assert QApplication.focusWidget() is asked.replies.table
    assert named(pane) == ["right"]
