"""The Blind page: images are cleared and questions approved, by mouse and by keys."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from core.domain.media import Blackout
from core.domain.source import Source
from core.domain.stage import Stage
from reviewer_app.pages.blind import PAGE
from reviewer_app.pages.blind.box_history import BoxHistory
from reviewer_app.pages.blind.page import BlindPage
from tests.reviewer_app.images.hands import turn_wheel
from tests.reviewer_app.study import SOURCE, make_study

NEAR_SOURCE = Source("A 54-year-old with a cough. Which finding does this image show?", "", "")


@pytest.fixture
def open_page(show_page) -> Callable[[], BlindPage]:
    return lambda: show_page(PAGE, width_px=1100)


def wait_until_idle(qtbot, desk) -> None:
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def press(qtbot, page, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(page.focusWidget() or page, key, modifier)


def test_empty_page_says_what_it_is_for_and_leads_to_the_author_page(qtbot, desk, open_page):
    page = open_page()
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert desk.opened == [("author", "")]


def test_source_and_question_stand_side_by_side_with_marks_beyond_color(open_page, study):
    study.write()
    page = open_page()
    before, after = page.diff.before, page.diff.after
    assert before.toPlainText() == SOURCE.text
    assert "54-year-old" in after.toPlainText()
    struck = [span for span in _fragments(before) if span.charFormat().fontStrikeOut()]
    underlined = [span for span in _fragments(after) if span.charFormat().fontUnderline()]
    assert "man" in " ".join(span.text() for span in struck)
    assert "finding" in " ".join(span.text() for span in underlined)


def test_question_with_an_image_that_is_not_cleared_cannot_be_approved(open_page, study):
    study.write(images=(study.add_image(),))
    page = open_page()
    assert not page.panel.approve_button.isEnabled()
    assert any("not cleared" in sentence for sentence in page.panel.blockers())


def test_header_scan_shows_names_and_values_to_the_author(open_page, study):
    study.write(images=(study.add_image(),))
    page = open_page()
    table = page.images.table
    rows = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}
    assert any("CompressedSamples" in value for value in rows.values())


def test_box_drawn_by_mouse_is_black_in_the_cleared_copy(qtbot, desk, open_page, study):
    question = study.write(images=(study.add_image(),))
    page = open_page()
    view = page.images.view
    middle = view.rect().center()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(view, left, pos=middle - QPoint(60, 40))
    qtbot.mouseMove(view, middle)
    qtbot.mouseRelease(view, left, pos=middle + QPoint(60, 40))
    (box,) = view.hand.boxes()
    qtbot.mouseClick(page.images.clear_button, left)
    wait_until_idle(qtbot, desk)
    (image,) = study.workspace.blinding.dossier(question).images
    assert image.clearance.blackouts == (box,)
    picture = study.workspace.images.open(image.use.media).frame(0).render(image.use.view)
    assert picture[box.top : box.top + box.height, box.left : box.left + box.width].max() == 0
    assert picture.max() > 0
    assert page.images.chip.text() == "Cleared"


def test_clearing_an_image_is_undone_and_made_again_by_keys(qtbot, desk, open_page, study):
    question = study.write(images=(study.add_image(),))
    page = open_page()
    page.images.view.setFocus()
    press(qtbot, page, Qt.Key.Key_B)
    boxes = page.images.view.hand.boxes()
    qtbot.mouseClick(page.images.clear_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert page.images.chip.text() == "Cleared"

    press(qtbot, page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, desk)
    assert page.images.chip.text() == "Not cleared"
    assert page.images.view.hand.boxes() == boxes
    press(
        qtbot,
        page,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    wait_until_idle(qtbot, desk)

    assert page.images.chip.text() == "Cleared"
    (image,) = study.workspace.blinding.dossier(question).images
    assert image.clearance.blackouts == boxes


def test_box_can_be_added_moved_and_removed_with_keys(qtbot, open_page, study):
    study.write(images=(study.add_image(),))
    page = open_page()
    view = page.images.view
    view.setFocus()
    press(qtbot, page, Qt.Key.Key_B)
    (first,) = view.hand.boxes()
    press(qtbot, page, Qt.Key.Key_Left)
    press(qtbot, page, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    (moved,) = view.hand.boxes()
    assert (moved.left, moved.width) == (first.left - 1, first.width)
    assert (moved.top, moved.height) == (first.top, first.height + 1)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert view.hand.boxes() == ()


def test_boxes_are_selected_one_after_another_with_tab(qtbot, open_page, study):
    study.write(images=(study.add_image(),))
    page = open_page()
    view = page.images.view
    first, second = Blackout(10, 10, 20, 8), Blackout(60, 40, 20, 8)
    view.hand.begin(BoxHistory((first, second)))
    view.setFocus()
    press(qtbot, page, Qt.Key.Key_Tab)
    press(qtbot, page, Qt.Key.Key_Right)
    assert view.hand.boxes() == (replace(first, left=11), second)
    press(qtbot, page, Qt.Key.Key_Tab)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert view.hand.boxes() == (replace(first, left=11),)
    press(qtbot, page, Qt.Key.Key_Tab)
    assert view.hasFocus()
    press(qtbot, page, Qt.Key.Key_Tab)

    assert not view.hasFocus()


def test_frames_are_gone_through_by_wheel_and_keys_while_looking_for_text(
    qtbot, desk, open_page, study
):
    clip = replace(study.add_image("examples_ybr_color.dcm"), frames=tuple(range(30)))
    study.write(images=(clip,))
    page = open_page()
    view, slider = page.images.view, page.images.slider
    view.setFocus()
    turn_wheel(view, -3)
    assert slider.value() == 3
    press(qtbot, page, Qt.Key.Key_PageDown)
    press(qtbot, page, Qt.Key.Key_Down)
    assert slider.value() == 14
    press(qtbot, page, Qt.Key.Key_End)
    assert slider.value() == 29
    press(qtbot, page, Qt.Key.Key_Home)
    assert slider.value() == 0
    qtbot.waitUntil(lambda: page.images._has_picture)
    press(qtbot, page, Qt.Key.Key_B)
    press(qtbot, page, Qt.Key.Key_Down)  # moves the box, which is selected

    assert slider.value() == 0


def test_boxes_of_one_image_stay_while_looking_at_another(qtbot, open_page, study):
    images = (study.add_image(), study.add_image("MR_small.dcm"))
    study.write(images=images)
    page = open_page()
    page.images.view.hand.add_in_middle()
    (box,) = page.images.view.hand.boxes()
    second, first = (page._image_buttons.button(place) for place in (1, 0))
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert page.images.view.hand.boxes() == ()
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert page.images.view.hand.boxes() == (box,)


def test_whole_question_is_cleared_and_approved_with_keys_alone(qtbot, desk, open_page, study):
    question = study.write(images=(study.add_image(),))
    page = open_page()
    press(qtbot, page, Qt.Key.Key_L)
    wait_until_idle(qtbot, desk)
    assert page.panel.blockers() == ()
    page.panel.notes.setFocus()
    qtbot.keyClicks(page.panel.notes, "Stem reworded.")
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert study.workspace.authoring.question(question).stage is Stage.BLINDED
    (approval,) = study.workspace.blinding.dossier(question).approvals
    assert approval.notes == ("Stem reworded.",)
    assert page.empty.isVisible()


def test_wording_near_its_source_needs_a_reason(qtbot, open_page, study):
    question = study.write(source=NEAR_SOURCE)
    page = open_page()
    assert page.panel.reason.isVisible()
    assert not page.panel.approve_button.isEnabled()
    qtbot.keyClicks(page.panel.reason, "Given to us by its author.")
    qtbot.mouseClick(page.panel.approve_button, Qt.MouseButton.LeftButton)
    (approval,) = study.workspace.blinding.dossier(question).approvals
    assert approval.override_reason == "Given to us by its author."


def test_a_double_press_does_not_approve_the_next_question_unseen(qtbot, desk, open_page, study):
    study.write()
    second = study.write(stem="How large is the lesion?")
    page = open_page()
    for _ in range(2):
        press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until_idle(qtbot, desk)
    assert page.presenter.dossier.question.id == second
    assert study.workspace.authoring.question(second).stage is Stage.DRAFT
    qtbot.waitUntil(lambda: not page.panel.double_press.isActive())
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert study.workspace.authoring.question(second).stage is Stage.BLINDED


def test_approval_leads_on_to_the_next_question(qtbot, desk, open_page, study):
    study.write()
    second = study.write(stem="How large is the lesion?")
    page = open_page()
    assert page.waiting_count() == 2
    qtbot.mouseClick(page.panel.approve_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert page.presenter.dossier.question.id == second
    assert page.waiting_count() == 1


def test_questions_of_others_wait_only_for_the_lead(open_page, study):
    study.write()
    study.sit_down(study.verifiers[0])
    assert open_page().waiting_count() == 0
    study.sit_down(study.lead)
    assert open_page().waiting_count() == 1


def test_source_is_shown_to_the_author_and_the_lead_only(qtbot, desk, open_page, study):
    question = study.write()
    study.sit_down(study.verifiers[0])
    page = open_page()
    page.show_question(question)
    wait_until_idle(qtbot, desk)
    assert desk.posted == ["Question 1 was written by somebody else."]
    assert page.empty.isVisible()


def test_source_leaves_the_screen_with_the_person(qtbot, desk, open_page, study):
    study.write()
    page = open_page()
    assert page.diff.isVisible()
    desk.operations.perform("", lambda: study.workspace.people.set_me(study.verifiers[0]))
    wait_until_idle(qtbot, desk)
    assert page.presenter.dossier is None
    assert not page.diff.isVisible()


def test_damaged_image_is_named_and_blocks(open_page, study):
    use = study.add_image()
    question = study.write(images=(use,))
    path = study.workspace.media_store.path(use.media)
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    page = open_page()
    assert page.presenter.dossier.question.id == question
    assert any("cannot be read" in sentence for sentence in page.panel.blockers())
    assert page.images.warning.isVisible()
    assert not page.images.clear_button.isVisible()


def test_text_entered_stays_when_an_image_is_cleared(qtbot, desk, open_page, study):
    study.write(images=(study.add_image(),))
    page = open_page()
    qtbot.keyClicks(page.panel.notes, "Ages changed.")
    qtbot.mouseClick(page.images.clear_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert page.panel.notes.toPlainText() == "Ages changed."


def test_every_control_can_be_reached_and_has_a_name(open_page, study):
    study.write(images=(study.add_image(),))
    page = open_page()
    controls = [
        one
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    unnamed = [one for one in controls if not (one.accessibleName() or _text_of(one))]
    assert len(controls) > 8
    assert unnamed == []


def _text_of(widget) -> str:
    return widget.text() if hasattr(widget, "text") and not isinstance(widget, QLabel) else ""


def _fragments(pane):
    block = pane.document().begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            yield iterator.fragment()
            iterator += 1
        block = block.next()


def test_arrows_choose_a_question_as_soon_as_the_page_is_in_front(qtbot, window, workspace):
    study = make_study(workspace)
    first, second = study.write(), study.write()
    window.show_workspace(workspace)
    window.show_page("blind")
    window.activateWindow()
    page = window.pages.page("blind")
    page.take_focus()
    qtbot.waitUntil(lambda: page.presenter.dossier is not None)
    assert page.presenter.dossier.question.id == first

    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.presenter.dossier.question.id == second)
