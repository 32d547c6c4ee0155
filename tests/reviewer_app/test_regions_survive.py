"""A region drawn as an answer is never lost: other pages, the end of the program, undo, redo."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from core.domain.body import AnswerFormat
from core.domain.region import Region
from core.domain.verification import Verdict
from core.services.baseline import PlanRequest
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.marks.marking import MarkingView
from tests.reviewer_app.study import Study, make_study

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLACES = ("queue", "sitting", "decide")


class Reading:
    """A question about a region in the real window, wherever it is answered."""

    def __init__(self, qtbot, window, path: Path, place: str) -> None:
        self._qtbot, self._window, self._path, self._place = qtbot, window, path, place
        assert window.opener.create_path(path)
        study = make_study(window.context.workspace)
        self._prepare(study)
        self.enter()

    def enter(self) -> None:
        """Close the workspace and come back, as with the program."""
        self._window.close_workspace()
        assert self._window.opener.open_path(self._path)
        self._window.resize(1180, 760)
        self._window.activateWindow()
        self._qtbot.waitUntil(self._window.isActiveWindow)
        self.come_back()

    def go_away(self) -> None:
        """Go to another page."""
        self._window.show_page("judge" if self._place == "queue" else "results")
        self._settle()

    def come_back(self) -> None:
        """Go to the question, as a hand does."""
        self._window.show_page("baseline" if self._place == "sitting" else "verify")
        self._settle()
        page = self._page()
        if self._place == "sitting" and page.stack.currentWidget() is not page.sitting_view:
            self._press(page, Qt.Key.Key_S)
            if page.stack.currentWidget() is not page.sitting_view:
                self._press(page, Qt.Key.Key_Space)
        elif self._place == "decide":
            page.tabs.setCurrentIndex(1)
            if page.decide_presenter.desk is None:
                page.decide_presenter.open(page.decide_presenter.conflicts()[0])
        self._settle()
        self._qtbot.waitUntil(lambda: self.view().image() is not None)

    def panel(self) -> ImagePanel:
        page = self._page()
        tabs = {"queue": "queue_tab", "decide": "decide_tab", "sitting": "sitting_view"}
        panel: ImagePanel = getattr(page, tabs[self._place]).images
        return panel

    def view(self) -> MarkingView:
        return self.panel().view

    def drawn(self) -> tuple[Region, ...]:
        return self.panel().regions(0)

    def draw(self, away: int) -> None:
        """Draw a box by hand."""
        view = self.view()
        view.setFocus()
        if view.kind() is None:
            self._qtbot.keyClick(view, Qt.Key.Key_B, SHIFT)
        start = view.rect().center() + QPoint(away, away)
        self._qtbot.mousePress(view, LEFT, pos=start)
        self._qtbot.mouseMove(view, start + QPoint(20, 20))
        self._qtbot.mouseMove(view, start + QPoint(40, 40))
        self._qtbot.mouseRelease(view, LEFT, pos=start + QPoint(40, 40))

    def undo(self, modifier=CONTROL) -> None:
        self._qtbot.keyClick(self.view(), Qt.Key.Key_Z, modifier)

    def redo(self) -> None:
        self.undo(CONTROL | SHIFT)

    def _page(self):
        return self._window.pages.page("baseline" if self._place == "sitting" else "verify")

    def _press(self, page: QWidget, key: Qt.Key) -> None:
        self._qtbot.keyClick(page.focusWidget() or page, key)
        self._settle()

    def _settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self._window.tasks.is_busy)

    def _prepare(self, study: Study) -> None:
        images = (study.add_image(),)
        if self._place == "sitting":
            study.verified(AnswerFormat.REGION, images=images)
            people = study.workspace.people
            lead = replace(people.me(), specialty="Pulmonology", years_in_practice=9)
            people.update(replace(lead, specialty_confidence={"Pulmonology": 4}))
            plan = PlanRequest("Reading", 7, (study.lead,))
            study.workspace.baseline.make_plan(plan, study.lead)
            return
        question = study.blind(study.write(AnswerFormat.REGION, images=images))
        if self._place == "decide":
            for one, verdict in zip(study.verifiers, (Verdict.ACCEPT, Verdict.REVISE), strict=True):
                study.verify(question, one, verdict=verdict, answer_format=AnswerFormat.REGION)


@pytest.fixture(params=PLACES)
def reading(request, qtbot, window, tmp_path) -> Reading:
    return Reading(qtbot, window, tmp_path / "mine.asclepius", request.param)


def test_region_is_there_after_another_page_and_after_the_end_of_the_program(reading):
    reading.draw(0)
    drawn = reading.drawn()
    assert len(drawn) == 1

    reading.go_away()
    reading.come_back()
    assert reading.drawn() == drawn

    reading.enter()
    assert reading.drawn() == drawn
    assert reading.view().regions() == drawn


def test_regions_are_undone_and_made_again_by_key_also_when_drawn_anew(reading, qtbot):
    reading.draw(-60)
    [first] = reading.drawn()
    reading.draw(40)
    both = reading.drawn()
    assert len(both) == 2

    reading.undo()
    assert reading.drawn() == (first,)
    reading.redo()
    assert reading.drawn() == both
    assert reading.view().regions() == both
    reading.undo()
    reading.undo()
    assert reading.drawn() == ()
    reading.redo()
    reading.draw(40)
    reading.redo()  # what was undone is gone with another step
    assert len(reading.drawn()) == 2


def test_undo_works_while_the_images_stand_in_their_own_window(reading, qtbot, window):
    window.image_stage.toggle_window()
    qtbot.waitUntil(window.image_stage.isVisible)
    window.image_stage.activateWindow()
    qtbot.waitUntil(window.image_stage.isActiveWindow)
    reading.draw(0)
    assert len(reading.drawn()) == 1

    reading.undo()

    assert reading.drawn() == ()
