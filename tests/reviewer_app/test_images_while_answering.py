"""Sections and marks where questions are answered: on Verify and in a sitting, by keys alone."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from core.domain.answer import Occasion
from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.key import LocalizationKey
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region, RegionKind
from core.domain.verification import Verdict
from core.imaging.marks.shapes import COLORS
from core.services.baseline import PlanRequest
from reviewer_app.pages.baseline import PAGE as BASELINE
from reviewer_app.pages.verify import PAGE as VERIFY
from reviewer_app.widgets.images.measures import Tool
from reviewer_app.widgets.images.measuring import TOOL_KEYS
from reviewer_app.widgets.images.panel import ImagePanel
from tests.core.imaging.stack_files import make_slices, write_files
from tests.factories import make_body, make_box, make_key, make_labels, make_right_response
from tests.reviewer_app.hands import press
from tests.reviewer_app.study import SOURCE, Study

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
SLICES = 10
BOX = Region(RegionKind.BOX, ((10.0, 10.0), (30.0, 30.0)), frame=4, label="nodule")


@pytest.fixture
def stack(study, tmp_path) -> ImageUse:
    """A small CT as one image of all its slices, with a mark of the author on the fifth."""
    values = np.random.default_rng(3).normal(1060, 60, (SLICES, 48, 64)).astype(np.int16)
    folder = write_files(tmp_path / "ct", make_slices(values, np.arange(SLICES) * 2.0))
    info = study.workspace.images.import_series([folder]).value
    view = View(Window(40, 400))
    return ImageUse(info.id, tuple(range(info.frame_count)), view, marks=(BOX,))


def wait_for_image(qtbot, panel: ImagePanel) -> None:
    qtbot.waitUntil(lambda: panel.view.image() is not None and not panel.view.is_waiting())


def walk_through_sections(qtbot, panel: ImagePanel) -> None:
    """Open the sections, move their point, make a slab, and come back: all by keys."""
    wait_for_image(qtbot, panel)
    answering = QApplication.focusWidget()
    assert not panel.isAncestorOf(answering)
    press(qtbot, Qt.Key.Key_V)
    mpr = panel.sections.mpr()
    qtbot.waitUntil(lambda: mpr.volume() is not None and mpr.is_settled())
    assert mpr.panes[0].hasFocus()
    before = mpr.state().cross_mm
    press(qtbot, Qt.Key.Key_PageDown)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Period)
    qtbot.waitUntil(mpr.is_settled)
    assert mpr.state().cross_mm[2] != before[2]
    assert mpr.state().cross_mm[0] != before[0]
    assert mpr.state().slab_mm == 1.0
    press(qtbot, Qt.Key.Key_Escape)
    assert panel.sections.mpr() is None
    assert panel.view.hasFocus()
    assert panel.view.place() != 0


def test_sections_are_opened_from_verify_and_the_answer_is_locked_by_keys_alone(
    qtbot, desk, study, stack, show_page
):
    question = study.blind(study.write(images=(stack,)))
    study.sit_down(study.verifiers[0])
    tab = show_page(VERIFY).queue_tab
    walk_through_sections(qtbot, tab.images)
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert tab.work.currentWidget() is tab.rating
    assert study.workspace.verification.open(question, study.verifiers[0]).own_answer is not None


def test_answer_is_chosen_and_locked_while_sections_are_open(qtbot, desk, study, stack, show_page):
    study.blind(study.write(images=(stack,)))
    study.sit_down(study.verifiers[0])
    tab = show_page(VERIFY).queue_tab
    wait_for_image(qtbot, tab.images)
    press(qtbot, Qt.Key.Key_V)
    mpr = tab.images.sections.mpr()
    qtbot.waitUntil(lambda: mpr.volume() is not None)
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert tab.work.currentWidget() is tab.rating


def test_sections_are_opened_in_a_sitting_and_the_answer_is_submitted_by_keys_alone(
    qtbot, desk, study, stack, show_page
):
    page = begin_sitting(qtbot, desk, study, (stack,), show_page)
    walk_through_sections(qtbot, page.sitting_view.images)
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.sitting_view.double_press.isActive())
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    (line,) = study.workspace.baseline.sittings(study.reader)
    with study.workspace._database.read() as tx:
        assert len(tx.answers.of(Occasion.BASELINE, line.sitting.id)) == 1


def begin_sitting(qtbot, desk, study, images, show_page, answer_format=AnswerFormat.SINGLE_CHOICE):
    study.verified(answer_format, images=images)
    people = study.workspace.people
    reader = next(one for one in people.all() if one.id == study.reader)
    people.update(replace(reader, specialty_confidence={"Pulmonology": 4}))
    study.workspace.baseline.make_plan(PlanRequest("Reading", 7, (study.reader,)), study.lead)
    study.sit_down(study.reader)
    page = show_page(BASELINE)
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    assert page.stack.currentWidget() is page.sitting_view
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    return page


def make_conflict(study: Study, answer_format=AnswerFormat.SINGLE_CHOICE, images=()):
    question = study.blind(study.write(answer_format, images=images))
    study.verify(question, study.verifiers[0], answer_format=answer_format)
    study.verify(question, study.verifiers[1], verdict=Verdict.REVISE, answer_format=answer_format)
    return question


def open_decide_desk(qtbot, desk, study, show_page):
    """Open the conflict on the desk of an adjudicator."""
    study.sit_down(study.lead)
    page = show_page(VERIFY)
    page.tabs.setCurrentIndex(1)
    press(qtbot, Qt.Key.Key_Return)
    wait_for_image(qtbot, page.decide_tab.images)
    return page.decide_tab


def test_escape_in_sections_leads_to_the_frames_and_not_away_from_the_question(
    qtbot, desk, study, stack, show_page
):
    make_conflict(study, images=(stack,))
    tab = open_decide_desk(qtbot, desk, study, show_page)
    press(qtbot, Qt.Key.Key_V)
    mpr = tab.images.sections.mpr()
    qtbot.waitUntil(lambda: mpr.volume() is not None and mpr.is_settled())
    press(qtbot, Qt.Key.Key_Escape)
    assert tab.images.sections.mpr() is None
    assert not tab.board.isVisible()
    press(qtbot, Qt.Key.Key_Escape)

    assert tab.board.isVisible()


def test_escape_ends_a_measure_and_does_not_leave_the_question(
    qtbot, desk, study, stack, show_page
):
    make_conflict(study, images=(stack,))
    view = open_decide_desk(qtbot, desk, study, show_page).images.view
    view.setFocus()
    press(qtbot, Qt.Key.Key_D)
    assert view.tool() is Tool.LENGTH
    press(qtbot, Qt.Key.Key_Escape)

    assert view.tool() is None
    assert view.isVisible()


def test_escape_ends_the_full_screen_and_does_not_leave_the_question(
    qtbot, desk, study, stack, show_page
):
    make_conflict(study, images=(stack,))
    tab = open_decide_desk(qtbot, desk, study, show_page)
    tab.images.toggle_full_screen()
    view = tab.images.view
    qtbot.waitUntil(view.window().isActiveWindow)
    view.setFocus()
    press(qtbot, Qt.Key.Key_Escape)

    assert tab.isAncestorOf(view)
    assert not tab.board.isVisible()


def yellow_pixels(view: QWidget) -> int:
    """Count pixels in the color of the author's first mark."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    away = np.abs(rows[..., 2::-1].astype(int) - COLORS[0]).max(axis=-1)
    return int((away < 40).sum())


def test_marks_of_the_author_are_seen_and_told_on_their_slice_on_verify_and_hidden_by_one_key(
    qtbot, desk, study, stack, show_page
):
    study.blind(study.write(images=(stack,)))
    study.sit_down(study.verifiers[0])
    view = show_page(VERIFY).queue_tab.images.view
    qtbot.waitUntil(lambda: view.image() is not None and not view.is_waiting())
    assert yellow_pixels(view) == 0
    assert "nodule" not in view.accessibleDescription()
    view.setFocus()
    for _ in range(BOX.frame):
        press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not view.is_waiting())
    assert yellow_pixels(view) > 100
    assert "Box “nodule”" in view.accessibleDescription()
    press(qtbot, Qt.Key.Key_H)

    assert yellow_pixels(view) == 0


def test_verifier_cannot_change_the_marks_of_the_author(qtbot, desk, study, stack, show_page):
    study.blind(study.write(images=(stack,)))
    study.sit_down(study.verifiers[0])
    tab = show_page(VERIFY).queue_tab
    wait_for_image(qtbot, tab.images)
    tab.images.view.show_place(BOX.frame)
    tab.images.view.setFocus()
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_B, modifier=SHIFT)

    assert tab.images.view.chosen() is None
    assert tab.images.view.kind() is None
    assert not tab.images.drawing.menu.isVisible()
    assert tab.images.uses()[0].marks == (BOX,)


def looks_of(panel: ImagePanel) -> tuple[bytes, str]:
    """Return every pixel of an image as it stands there, and all that is told of it."""
    image = panel.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits()), panel.view.accessibleDescription()


def write_region_question(study: Study, key: Region) -> QuestionId:
    """Return a blinded question about a region whose right answer is `key`."""
    authoring = study.workspace.authoring
    draft = authoring.create(AnswerFormat.REGION, study.author).value
    body = make_body(AnswerFormat.REGION, images=(study.add_image(),))
    right = replace(make_key(AnswerFormat.REGION), right=LocalizationKey((key,)))
    filled = replace(draft, body=body, key=right, labels=make_labels(), source=SOURCE)
    authoring.save_draft(filled, study.author)
    authoring.commit(draft.question, study.author)
    return study.blind(draft.question)


def test_what_a_verifier_sees_before_the_own_answer_does_not_depend_on_the_right_region(
    qtbot, desk, study, show_page
):
    here, there = make_box(10, 10, 50, 40), make_box(70, 60, 120, 110)
    questions = [write_region_question(study, key) for key in (here, there)]
    study.sit_down(study.verifiers[0])
    page = show_page(VERIFY)
    looks = []
    for question in questions:
        page.queue_presenter.open(question)
        wait_for_image(qtbot, page.queue_tab.images)
        page.queue_tab.images.view.clearFocus()
        assert page.queue_tab.images.regions(0) == ()
        looks.append(looks_of(page.queue_tab.images))

    assert looks[0] == looks[1]


def test_reader_never_sees_the_right_region_nor_what_others_drew(qtbot, desk, study, show_page):
    image = study.add_image()
    page = begin_sitting(qtbot, desk, study, (image,), show_page, AnswerFormat.REGION)
    panel = page.sitting_view.images
    wait_for_image(qtbot, panel)
    assert panel.regions(0) == ()
    press(qtbot, Qt.Key.Key_Return)  # a box in the middle
    drawn = panel.regions(0)
    qtbot.mouseClick(page.sitting_view.submit_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert drawn[0].points != make_right_response(AnswerFormat.REGION).regions[0].points
    assert panel.regions(0) == drawn
    assert panel.uses()[0].marks == ()


def test_adjudicator_sees_regions_of_others_only_after_the_own_answer_and_without_names(
    qtbot, desk, study, show_page
):
    make_conflict(study, AnswerFormat.REGION, (study.add_image(),))
    tab = open_decide_desk(qtbot, desk, study, show_page)
    assert tab.images.regions(0) == ()
    qtbot.waitUntil(lambda: tab.images.view.hasFocus())
    press(qtbot, Qt.Key.Key_Return)  # a box in the middle
    own = tab.images.regions(0)
    qtbot.mouseClick(tab.answer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert {one.label for one in tab.images.regions(0)} == {"right", "A", "B", ""}
    assert [one.points for one in tab.images.regions(0) if not one.label] == [own[0].points]
    assert tab.images.view.kinds() == frozenset()


def test_keys_of_the_image_rate_no_gate(qtbot, desk, study, stack, show_page):
    study.blind(study.write(images=(stack,)))
    study.sit_down(study.verifiers[0])
    tab = show_page(VERIFY).queue_tab
    wait_for_image(qtbot, tab.images)
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.work.currentWidget() is tab.rating)
    tab.images.view.setFocus()
    for tool, name in TOOL_KEYS.items():
        press(qtbot, getattr(Qt.Key, f"Key_{tab.images.keys().keys(name)}"))
        assert tab.images.view.tool() is tool

    assert tab.rating.entered().ratings == ()
