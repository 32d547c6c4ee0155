"""What the Verify page says while its images fill the screen: its keys work there, too."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from core.domain.stage import Stage
from core.domain.verification import Verdict


@pytest.fixture
def screen(qtbot, study, window):
    """The page of `person` with its images over the whole screen; returns what is said there."""

    def show(person, *, tab=None):
        study.sit_down(person)
        window.show_workspace(study.workspace)
        window.show_page("verify")
        page = window.pages.page("verify")
        qtbot.waitUntil(lambda: not window.tasks.is_busy)
        if tab is not None:
            tab(page)
        window.image_stage.toggle_screen()
        qtbot.waitUntil(window.image_stage.isActiveWindow)
        return page, window.image_stage.line

    return show


def press(qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_answer_and_ratings_are_told_under_the_images(qtbot, study, screen):
    question = study.blind(study.write(images=(study.add_image(),)))
    page, line = screen(study.verifiers[0])
    assert line.isVisible()
    assert line.text() == "Question 1  ·  Lock answer (Enter)"
    press(qtbot, Qt.Key.Key_Return)
    assert line.text() == "Question 1  ·  Choose an option first."
    press(qtbot, Qt.Key.Key_2)
    assert line.text() == "Question 1  ·  Pneumothorax  ·  Lock answer (Enter)"
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.queue_tab.presenter.revealed is not None)

    gates = page.queue_tab.rating.gates
    first, second = (row.gate.display_name for row in list(gates.rows.values())[:2])
    assert line.text() == f"Question 1  ·  Gates: 0 of 10 rated  ·  {first}: ?"
    press(qtbot, Qt.Key.Key_Y)
    assert line.text() == f"Question 1  ·  Gates: 1 of 10 rated  ·  {second}: ?"
    press(qtbot, Qt.Key.Key_N)
    assert line.text() == f"Question 1  ·  Gates: 2 of 10 rated  ·  {second}: No"
    press(qtbot, Qt.Key.Key_2)
    assert line.text().endswith("  ·  Revise (2)")
    press(qtbot, Qt.Key.Key_Return)
    assert line.text().endswith(page.queue_tab.rating.verdict.problem.text())
    assert page.queue_tab.rating.verdict.problem.text()
    assert study.workspace.authoring.question(question).stage is not Stage.VERIFIED


def test_a_decision_is_told_under_the_images(qtbot, study, screen):
    question = study.blind(study.write(images=(study.add_image(),)))
    study.verify(question, study.verifiers[0])
    study.verify(question, study.verifiers[1], verdict=Verdict.REVISE)

    def decide(page):
        page.tabs.setCurrentWidget(page.decide_tab)
        page.decide_tab.presenter.open(question)

    page, line = screen(study.lead, tab=decide)
    assert line.text() == "Question 1  ·  Lock answer (Enter)"
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(page.decide_tab.candidates.isVisible)
    assert line.text() == "Question 1"
    (scrolled,) = page.decide_tab.candidates.findChildren(QScrollArea)
    assert scrolled.accessibleName()
    press(qtbot, Qt.Key.Key_3)

    assert line.text() == "Question 1  ·  Reject (3)"
    page.decide_tab.presenter.close_desk()
    assert not line.text()
