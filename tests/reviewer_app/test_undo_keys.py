"""Ctrl+Z and Ctrl+Y on every page that decides: what was taken back is named, closing ends none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.domain.ids import QuestionId
from core.domain.media import Blackout
from core.domain.stage import Stage
from core.domain.verification import Verdict
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.base import Page
from reviewer_app.pages.blind.box_history import MOST_STEPS, BoxHistory
from reviewer_app.pages.blind.page import BlindPage
from reviewer_app.pages.verify.page import VerifyPage
from tests.reviewer_app.study import Study, make_study

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Room:
    """A study in the real window, left and entered as often as one likes."""

    def __init__(self, window: MainWindow, path: Path, qtbot: QtBot) -> None:
        self.window = window
        self._path = path
        self._qtbot = qtbot
        assert window.opener.create_path(path)
        assert window.context is not None
        self.study: Study = make_study(window.context.workspace)

    def enter(self, page: str) -> Page:
        """Close the workspace, open it again and go to a page."""
        self.window.close_workspace()
        assert self.window.opener.open_path(self._path)
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow)
        return self.go(page)

    def go(self, page: str) -> Page:
        self.window.show_page(page)
        self.settle()
        return self.window.pages.page(page)

    def settle(self) -> None:
        self._qtbot.wait(50)
        self._qtbot.waitUntil(lambda: not self.window.tasks.is_busy)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
        focused = self.window.focusWidget()
        assert isinstance(focused, QWidget)
        self._qtbot.keyClick(focused, key, modifiers)
        self.settle()

    def told(self) -> str:
        return self.window.message_bar.text()

    def stage(self, question: QuestionId) -> Stage:
        assert self.window.context is not None
        return self.window.context.workspace.authoring.question(question).stage


@pytest.fixture
def room(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Room:
    return Room(window, tmp_path / "mine.asclepius", qtbot)


@pytest.mark.parametrize("page", ["library", "blind", "verify"])
def test_with_nothing_to_undo_that_is_said(room: Room, page: str) -> None:
    room.study.write(images=(room.study.add_image(),))
    room.study.blind(room.study.write())
    room.enter(page)

    room.press(Qt.Key.Key_Z)
    said = "no verification of yours" if page == "verify" else "There is no decision of yours"
    assert said in room.told()

    room.press(Qt.Key.Key_Y)
    assert "There is nothing to make again." in room.told()


def test_an_approval_is_undone_and_made_again_on_the_blind_page_after_closing(room: Room) -> None:
    study = room.study
    question = study.blind(study.write(author=study.lead))
    study.write(author=study.lead)
    room.enter("blind")

    room.press(Qt.Key.Key_Z)
    assert "Undone: the approval of question 1. Ctrl+Shift+Z makes it again." in room.told()
    assert room.stage(question) is Stage.DRAFT
    room.enter("blind")
    room.press(Qt.Key.Key_Y)

    assert "Made again: the approval of question 1. Ctrl+Z takes it back." in room.told()
    assert room.stage(question) is Stage.BLINDED


def test_a_bulk_acceptance_is_undone_and_made_again_on_the_decide_tab(room: Room) -> None:
    study = room.study
    questions = [study.blind(study.write(stem=f"Which finding is number {n}?")) for n in range(3)]
    for question in questions:
        for verifier in study.verifiers:
            study.verify(question, verifier)
    study.workspace.adjudication.accept(questions, study.lead)
    page = room.enter("verify")
    assert isinstance(page, VerifyPage)
    page.tabs.setCurrentWidget(page.decide_tab)
    page.tabs.setFocus()

    room.press(Qt.Key.Key_Z)
    assert "Undone: accepting 3 questions." in room.told()
    assert {room.stage(one) for one in questions} == {Stage.IN_VERIFICATION}
    page = room.enter("verify")
    assert isinstance(page, VerifyPage)
    page.tabs.setCurrentWidget(page.decide_tab)
    page.tabs.setFocus()
    room.press(Qt.Key.Key_Z, CONTROL | SHIFT)

    assert "Made again: accepting 3 questions." in room.told()
    assert {room.stage(one) for one in questions} == {Stage.VERIFIED}


def test_an_own_verification_is_opened_again_from_the_queue(room: Room) -> None:
    study = room.study
    question = study.blind(study.write())
    study.verify(question, study.verifiers[0], verdict=Verdict.REVISE)
    study.blind(study.write(stem="Which other finding?"))
    study.sit_down(study.verifiers[0])
    page = room.enter("verify")
    assert isinstance(page, VerifyPage)

    room.press(Qt.Key.Key_Z)

    assert "Question 1 is open again." in room.told()
    desk = page.queue_presenter.desk
    assert desk is not None
    assert desk.blind.question == question


def test_a_retired_question_comes_back_on_the_library_after_closing(room: Room) -> None:
    study = room.study
    question = study.write()
    study.workspace.authoring.retire(question, study.lead, "Out of date")
    room.enter("library")

    room.press(Qt.Key.Key_Z)
    assert "Undone: retiring question 1." in room.told()
    assert room.stage(question) is Stage.DRAFT
    room.enter("library")
    room.press(Qt.Key.Key_Y)

    assert "Made again: retiring question 1." in room.told()
    assert room.stage(question) is Stage.RETIRED


def blind_page(room: Room) -> BlindPage:
    page = room.enter("blind")
    assert isinstance(page, BlindPage)
    page.images.view.setFocus()
    return page


def test_boxes_on_an_image_are_undone_and_made_again_also_after_closing(room: Room) -> None:
    study = room.study
    study.write(images=(study.add_image(),), author=study.lead)
    page = blind_page(room)
    drawn = [page.images.view.hand.boxes()]
    for key in (Qt.Key.Key_B, Qt.Key.Key_Right, Qt.Key.Key_B, Qt.Key.Key_Delete):
        room.press(key, Qt.KeyboardModifier.NoModifier)
        drawn.append(page.images.view.hand.boxes())
    assert [len(one) for one in drawn] == [0, 1, 1, 2, 1]

    page = blind_page(room)
    assert page.images.view.hand.boxes() == drawn[-1]
    for expected in drawn[-2::-1]:
        room.press(Qt.Key.Key_Z)
        assert page.images.view.hand.boxes() == expected
    page = blind_page(room)
    assert page.images.view.hand.boxes() == ()
    for expected in drawn[1:]:
        room.press(Qt.Key.Key_Y)
        assert page.images.view.hand.boxes() == expected

    room.press(Qt.Key.Key_Y)
    assert "There is nothing to make again." in room.told()


STEPS = st.lists(st.sampled_from(["draw", "back", "forth"]), max_size=60)


@given(STEPS)
def test_any_order_of_drawing_undo_and_redo_comes_back_to_the_start(steps: list[str]) -> None:
    history = BoxHistory()
    for number, step in enumerate(steps):
        if step == "draw":
            history = history.changed((*history.now, Blackout(number, 0, 1, 1)))
        else:
            history = history.back() if step == "back" else history.forth()
        history = BoxHistory.from_plain(history.to_plain())
    last, steps_back = history.now, 0
    while history.past:
        history, steps_back = history.back(), steps_back + 1
    assert history.now == ()
    for _ in range(steps_back):
        history = history.forth()
    assert history.now == last


def test_a_long_drawing_forgets_its_oldest_steps_only() -> None:
    history = BoxHistory()
    for number in range(MOST_STEPS + 5):
        history = history.changed((Blackout(number, 0, 1, 1),))

    assert len(history.past) == MOST_STEPS
    assert history.changed(history.now) is history
