"""The Baseline page: a plan is made, a reader registers, reads, pauses, resumes and ends."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from core.domain.answer import AnswerState, Occasion
from core.domain.body import AnswerFormat, Chosen, Measured, Written
from core.domain.plan import StudyRules
from core.domain.region import Region, RegionKind
from core.domain.stage import Stage
from core.services.baseline import PlanRequest
from reviewer_app.pages.baseline import PAGE
from reviewer_app.pages.baseline.page import BaselinePage
from reviewer_app.widgets.images.stage import ImageStage
from tests.reviewer_app.hands import press, shown_text, type_keys
from tests.reviewer_app.study import Study

CONTROL = Qt.KeyboardModifier.ControlModifier
RULES = StudyRules()
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def open_page(show_page) -> Callable[[], BaselinePage]:
    return lambda: show_page(PAGE)


@pytest.fixture
def read_page(qtbot, desk, study, open_page):
    """Return the page with the reader's sitting begun by keys."""

    def begin(*, rules: StudyRules = RULES, formats=(AnswerFormat.SINGLE_CHOICE,) * 2):
        for answer_format in formats:
            study.verified(answer_format)
        register(study)
        request = PlanRequest("First reading", 7, (study.reader,), rules=rules)
        study.workspace.baseline.make_plan(request, study.lead)
        study.sit_down(study.reader)
        page = open_page()
        press(qtbot, Qt.Key.Key_S)
        assert page.stack.currentWidget() is page.rules
        press(qtbot, Qt.Key.Key_Space)
        assert page.stack.currentWidget() is page.sitting_view
        qtbot.waitUntil(lambda: not desk.tasks.is_busy)
        return page

    yield begin
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def register(study: Study) -> None:
    from dataclasses import replace

    people = study.workspace.people
    reader = next(one for one in people.all() if one.id == study.reader)
    people.update(replace(reader, specialty_confidence={"Pulmonology": 4}))


def leave_out_confidence(qtbot, page: BaselinePage) -> None:
    qtbot.waitUntil(lambda: not page.sitting_view.double_press.isActive())
    press(qtbot, Qt.Key.Key_Return)


def answers(study: Study):
    (line,) = study.workspace.baseline.sittings(study.reader)
    with study.workspace._database.read() as tx:
        return tx.answers.of(Occasion.BASELINE, line.sitting.id)


def test_lead_without_verified_questions_is_told_what_is_missing(qtbot, desk, open_page, study):
    page = open_page()
    qtbot.mouseClick(page.verify_button, Qt.MouseButton.LeftButton)
    assert desk.opened == [("verify", "")]
    assert not page.plan_form.button.isEnabled()
    assert "verify some first" in page.plan_form.problem.text()


def test_lead_makes_a_plan_for_the_checked_readers(qtbot, desk, open_page, study):
    for _ in range(3):
        study.verified()
    page = open_page()
    form = page.plan_form
    form.name.setFocus()
    type_keys(qtbot, "Autumn reading")
    for row in range(form.readers.count()):
        if form.readers.item(row).data(Qt.ItemDataRole.UserRole) != study.reader:
            form.readers.item(row).setCheckState(Qt.CheckState.Unchecked)
    form.count.setValue(2)
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    (plan,) = study.workspace.baseline.plans()
    assert (plan.name, plan.readers, len(plan.revisions)) == ("Autumn reading", (study.reader,), 2)
    assert desk.posted == ["“Autumn reading” is ready with 2 questions."]


def test_plan_without_readers_is_refused_in_place_and_keeps_what_was_entered(
    qtbot, open_page, study
):
    study.verified()
    page = open_page()
    form = page.plan_form
    form.name.setText("Autumn reading")
    for row in range(form.readers.count()):
        form.readers.item(row).setCheckState(Qt.CheckState.Unchecked)
    qtbot.mouseClick(form.button, Qt.MouseButton.LeftButton)
    assert "at least one reader" in form.problem.text()
    assert form.name.text() == "Autumn reading"
    assert study.workspace.baseline.plans() == []


def test_reader_registers_with_digits_before_the_first_sitting(qtbot, open_page, study):
    study.verified()
    study.workspace.baseline.make_plan(PlanRequest("First", 7, (study.reader,)), study.lead)
    study.sit_down(study.reader)
    page = open_page()
    (button,) = page.sittings.buttons.values()
    assert page.registration.isVisible()
    assert not button.isEnabled()
    form = page.registration
    form.specialty.setCurrentText("Cardiology")
    form.years.setValue(9)
    next(iter(form.scales.values())).focus_level()
    type_keys(qtbot, "3" * len(form.scales))
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    me = study.workspace.people.me()
    assert (me.specialty, me.years_in_practice) == ("Cardiology", 9)
    assert me.specialty_confidence == dict.fromkeys(study.workspace.specialties, 3)
    assert not form.isVisible()
    (button,) = page.sittings.buttons.values()
    assert button.isEnabled()
    assert button.hasFocus()


def test_registration_names_the_specialty_that_is_missing(qtbot, open_page, study):
    study.verified()
    study.workspace.baseline.make_plan(PlanRequest("First", 7, (study.reader,)), study.lead)
    study.sit_down(study.reader)
    page = open_page()
    form = page.registration
    form.specialty.setCurrentText("Cardiology")
    qtbot.mouseClick(form.button, Qt.MouseButton.LeftButton)
    assert "Hematology" in form.problem.text()
    assert study.workspace.people.me().specialty == "Pulmonology"


def test_whole_sitting_is_answered_with_keys_alone(qtbot, study, read_page):
    page = read_page()
    for _ in range(2):
        type_keys(qtbot, "1")
        press(qtbot, Qt.Key.Key_Return)
        type_keys(qtbot, "4")
        press(qtbot, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.end
    given = answers(study)
    assert [one.confidence for one in given] == [4, 4]
    for one in given:
        assert one.response == Chosen(frozenset({one.option_order[0]}))
    press(qtbot, Qt.Key.Key_Space)
    assert page.stack.currentWidget() is page.home
    assert page.sittings.buttons == {}


def test_a_double_enter_does_not_skip_the_confidence(qtbot, study, read_page):
    read_page()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    assert answers(study) == []
    type_keys(qtbot, "4")
    press(qtbot, Qt.Key.Key_Return)
    (stored,) = answers(study)
    assert stored.confidence == 4


def test_the_next_question_starts_with_an_empty_clock(qtbot, study, read_page):
    page = read_page()
    page.sitting_presenter.clock.start(active_s=42.0, idle_s=3.0)
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    leave_out_confidence(qtbot, page)
    assert page.sitting_view.clock.text() == "0:00"


def test_a_resumed_question_has_the_focus_on_the_chosen_option(qtbot, study, read_page):
    read_page()
    type_keys(qtbot, "2")
    press(qtbot, Qt.Key.Key_P, modifier=CONTROL)
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    focused = QApplication.focusWidget()
    assert focused.isChecked()


def test_confidence_can_be_left_out_and_escape_goes_back_to_the_answer(qtbot, study, read_page):
    page = read_page()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    type_keys(qtbot, "5")
    press(qtbot, Qt.Key.Key_Escape)
    type_keys(qtbot, "2")
    assert page.sitting_view.confidence.value() == 5
    press(qtbot, Qt.Key.Key_Return)
    type_keys(qtbot, "3")
    press(qtbot, Qt.Key.Key_Return)
    leave_out_confidence(qtbot, page)
    first, second = answers(study)
    assert (first.response, first.confidence) == (Chosen(frozenset({first.option_order[1]})), 5)
    assert (second.response, second.confidence) == (
        Chosen(frozenset({second.option_order[2]})),
        None,
    )


def test_reader_may_say_cannot_tell(qtbot, study, read_page):
    page = read_page()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_T, modifier=CONTROL)
    assert page.sitting_view.card.response() is None
    press(qtbot, Qt.Key.Key_Return)
    (given,) = answers(study)
    assert (given.state, given.response) == (AnswerState.CANNOT_TELL, None)


def test_enter_without_an_answer_says_what_is_missing_and_stores_nothing(qtbot, study, read_page):
    page = read_page()
    press(qtbot, Qt.Key.Key_Return)
    assert "Choose an option" in page.sitting_view.card.problem.text()
    assert answers(study) == []


def test_plan_without_confidence_does_not_ask_for_it(qtbot, study, read_page):
    page = read_page(rules=StudyRules(asks_confidence=False))
    assert not page.sitting_view.confidence_box.isVisible()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    assert [one.confidence for one in answers(study)] == [None]


def test_number_and_text_are_answered_without_leaving_the_keyboard(qtbot, study, read_page):
    formats = (AnswerFormat.NUMERIC, AnswerFormat.SHORT_TEXT, AnswerFormat.REPORT)
    page = read_page(formats=formats, rules=StudyRules(asks_confidence=False))
    for _ in formats:
        type_keys(qtbot, "12.5")
        press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    assert page.stack.currentWidget() is page.end
    assert Measured(Decimal("12.5")) in [one.response for one in answers(study)]


def test_sitting_gives_no_feedback_and_shows_no_key(qtbot, study, read_page):
    page = read_page()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    words = shown_text(page).casefold()
    assert "because the image shows it" not in words
    assert not any(word in words for word in ("correct", "right", "wrong", "demo author"))


def test_pause_and_resume_keep_question_and_clock(qtbot, study, read_page):
    page = read_page()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    leave_out_confidence(qtbot, page)
    before = page.sitting_presenter.page.blind
    page.sitting_presenter.clock.start(active_s=42.0, idle_s=3.0)
    press(qtbot, Qt.Key.Key_P, modifier=CONTROL)
    assert page.stack.currentWidget() is page.home
    assert "1 of 2" in shown_text(page)
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    assert page.sitting_presenter.page.blind == before
    assert 42.0 <= page.sitting_presenter.clock.active_s < 60.0
    assert 3.0 <= page.sitting_presenter.clock.idle_s < 4.0


def test_text_begun_before_a_pause_is_there_afterwards(qtbot, study, read_page):
    page = read_page(formats=(AnswerFormat.REPORT,))
    type_keys(qtbot, "Clear lu")
    press(qtbot, Qt.Key.Key_P, modifier=CONTROL)
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    assert page.sitting_view.card.response() == Written("Clear lu")


def test_clock_is_stored_while_the_reader_thinks(qtbot, study, read_page):
    page = read_page()
    presenter = page.sitting_presenter
    presenter.clock.start(active_s=20.0)
    presenter.tick()
    (line,) = study.workspace.baseline.sittings(study.reader)
    assert line.sitting.spent_s >= 20.0


def test_time_and_idle_time_are_stored_with_the_answer(qtbot, study, read_page):
    page = read_page(rules=StudyRules(asks_confidence=False))
    page.sitting_presenter.clock.start(active_s=20.0, idle_s=7.0)
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    (given,) = answers(study)
    assert 20.0 <= given.elapsed_s < 80.0
    assert 7.0 <= given.idle_s < 60.0


def test_input_anywhere_in_the_window_counts_as_activity(qtbot, study, read_page):
    page = read_page()
    clock = page.sitting_presenter.clock
    clock._last_input_s -= 60
    assert clock.is_idle
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, PLAIN)
    QApplication.sendEvent(page.window().windowHandle(), event)
    assert not clock.is_idle


def test_looking_at_images_in_their_own_window_counts_as_activity(qtbot, study, read_page):
    page = read_page()
    clock, stage = page.sitting_presenter.clock, ImageStage(page)
    page.sitting_view.hide()
    page.sitting_view.show()
    stage.toggle_window()
    stage.activateWindow()
    qtbot.waitUntil(stage.isActiveWindow)
    assert clock._is_window_active
    clock._last_input_s -= 60
    assert clock.is_idle
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, PLAIN)
    QApplication.sendEvent(stage.windowHandle(), event)

    assert not clock.is_idle
    stage.toggle_window()


def test_leaving_the_page_pauses_the_sitting(study, read_page):
    page = read_page()
    page.leave()
    assert not page.sitting_presenter.is_running
    assert not page.sitting_presenter.clock.is_running


def test_another_person_does_not_see_the_sitting_of_the_one_before(desk, study, read_page):
    page = read_page()
    desk.operations.perform("", lambda: study.workspace.people.set_me(study.lead))
    assert page.stack.currentWidget() is page.home
    assert not page.sitting_presenter.is_running


def test_rules_are_stated_before_the_sitting_begins(qtbot, study, open_page):
    study.verified()
    register(study)
    rules = StudyRules(time_limit_s=90, aids_allowed=True)
    request = PlanRequest("First", 7, (study.reader,), rules=rules)
    study.workspace.baseline.make_plan(request, study.lead)
    study.sit_down(study.reader)
    page = open_page()
    press(qtbot, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "90 seconds" in shown_text(page))
    assert "Books and search are allowed" in shown_text(page)
    press(qtbot, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.home
    (line,) = study.workspace.baseline.sittings(study.reader)
    assert line.sitting is None


def test_time_over_the_limit_is_said_and_the_answer_still_counts(qtbot, study, read_page):
    page = read_page(rules=StudyRules(time_limit_s=60, asks_confidence=False))
    page.sitting_presenter.clock.start(active_s=61.0)
    page.sitting_presenter.tick()
    assert "over the limit" in page.sitting_view.clock.text()
    type_keys(qtbot, "1")
    press(qtbot, Qt.Key.Key_Return)
    assert len(answers(study)) == 1


def test_images_of_the_next_question_are_opened_before_it_is_shown(
    qtbot, desk, study, open_page, monkeypatch
):
    opened = []
    images = study.workspace.images
    real_open = images.open
    monkeypatch.setattr(images, "open", lambda media: opened.append(media) or real_open(media))
    for name in ("CT_small.dcm", "MR_small.dcm"):
        study.verified(images=(study.add_image(name),))
    register(study)
    study.workspace.baseline.make_plan(PlanRequest("First", 7, (study.reader,)), study.lead)
    study.sit_down(study.reader)
    page = open_page()
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    presenter = page.sitting_presenter
    following = study.workspace.baseline.page_after(presenter.page.sitting)
    assert following.blind.body.images[0].media in opened


def test_verified_questions_are_counted(open_page, study):
    study.verified()
    page = open_page()
    assert page.presenter.verified_count == 1
    assert study.workspace.authoring.stage_counts()[Stage.VERIFIED] == 1


def test_image_takes_at_least_half_of_the_window(qtbot, desk, study, open_page):
    study.verified(images=(study.add_image(),))
    register(study)
    study.workspace.baseline.make_plan(PlanRequest("First", 7, (study.reader,)), study.lead)
    study.sit_down(study.reader)
    page = open_page()
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    assert page.sitting_view.images.width() >= page.width() / 2


def test_a_reader_sees_the_author_s_marks_and_cannot_change_them(qtbot, desk, study, open_page):
    mark = Region(RegionKind.BOX, ((20, 30), (50, 60)), label="nodule")
    study.verified(images=(replace(study.add_image(), marks=(mark,)),))
    register(study)
    study.workspace.baseline.make_plan(PlanRequest("First", 7, (study.reader,)), study.lead)
    study.sit_down(study.reader)
    page = open_page()
    press(qtbot, Qt.Key.Key_S)
    press(qtbot, Qt.Key.Key_Space)
    images = page.sitting_view.images
    qtbot.waitUntil(lambda: images.view.image() is not None)

    assert "Marks: 1, Box “nodule”" in images.view.accessibleDescription()
    assert images.view.kinds() == frozenset()
    assert not images.drawing.menu.isVisible()
    assert not images.drawing.bar.isVisible()
