"""The Verify page: blind answer, key, gates, verdict; then deciding."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from core.domain.answer import Occasion
from core.domain.body import GRADED_FORMATS, AnswerFormat, Chosen, Written
from core.domain.ids import OptionId
from core.domain.people import Role
from core.domain.stage import Stage
from core.domain.verification import Rating, Verdict
from reviewer_app.pages.verify import PAGE
from reviewer_app.pages.verify.page import VerifyPage
from tests.factories import ALL_FORMATS, make_right_response, make_wrong_response
from tests.reviewer_app.hands import press, shown_text, type_keys
from tests.reviewer_app.study import Study

CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def open_page(show_page) -> Callable[[], VerifyPage]:
    return lambda: show_page(PAGE)


def wait_until_idle(qtbot, desk) -> None:
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def lock_with_keys(qtbot, desk, keys: str) -> None:
    type_keys(qtbot, keys)
    press(qtbot, Qt.Key.Key_Return)
    wait_until_idle(qtbot, desk)


def test_who_does_not_see_the_blind_page_is_not_sent_there(study, open_page):
    study.sit_down(study.verifiers[0])
    page = open_page()
    assert page.queue_tab.empty.isVisible()
    assert not page.queue_tab.empty.button.isVisible()


def test_a_missing_answer_brings_the_cursor_back(qtbot, study, open_page):
    study.blind(study.write(AnswerFormat.NUMERIC))
    study.sit_down(study.verifiers[0])
    page = open_page()
    page.queue_tab.answer.button.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert page.queue_tab.answer.card.problem.isVisible()
    focused = QApplication.focusWidget()
    assert page.queue_tab.answer.card.isAncestorOf(focused)


def test_the_printed_key_is_the_one_that_works_there(qtbot, desk, study, open_page):
    study.blind(study.write(AnswerFormat.REPORT))
    study.sit_down(study.verifiers[0])
    page = open_page()
    assert page.queue_tab.answer.button.text() == "Lock answer (Ctrl+Enter)"
    type_keys(qtbot, "Clear lungs.")
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    wait_until_idle(qtbot, desk)
    bar = page.queue_tab.rating.verdict
    assert bar.submit.text() == "Submit and go on (Enter)"
    bar.comment.setFocus()
    assert bar.submit.text() == "Submit and go on (Ctrl+Enter)"


def test_empty_queue_says_what_it_is_for(qtbot, desk, study, open_page):
    page = open_page()
    assert page.queue_tab.empty.isVisible()
    assert "Your own questions never come here" in page.queue_tab.empty.sentence.text()
    qtbot.mouseClick(page.queue_tab.empty.button, Qt.MouseButton.LeftButton)
    assert desk.opened == [("blind", "")]


def test_own_questions_never_appear(study, open_page):
    study.blind(study.write(author=study.lead))
    page = open_page()
    assert page.waiting_count() == 0
    study.sit_down(study.verifiers[0])
    assert page.waiting_count() == 1


def test_nothing_of_key_author_source_or_labels_is_shown_before_the_lock(study, open_page):
    study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    words = shown_text(page)
    assert "Which finding" in words
    hidden = ("Because the image shows it", "Demo Author", "Demo book", "Disease analysis")
    assert not any(word in words for word in hidden)


def test_question_is_verified_with_keys_alone(qtbot, desk, study, open_page):
    question = study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    assert page.queue_tab.rating.reveal.chip.text() == "Your answer is right"
    assert page.queue_tab.rating.reveal.key.text() == "Pneumothorax"
    type_keys(qtbot, "y" * 10 + "1")
    press(qtbot, Qt.Key.Key_Return)
    wait_until_idle(qtbot, desk)
    desk_after = study.workspace.verification.open(question, study.verifiers[0])
    assert desk_after.own_verification.verdict is Verdict.ACCEPT
    assert {one.rating for one in desk_after.own_verification.gates} == {Rating.YES}
    assert desk.posted == ["Your verification of question 1 is stored. Ctrl+Z changes it."]
    assert page.queue_tab.empty.isVisible()


def test_wrong_answer_is_said_in_words_and_stays_as_it_was(qtbot, desk, study, open_page):
    question = study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "1")
    reveal = page.queue_tab.rating.reveal
    assert reveal.chip.text() == "Your answer differs from the key"
    assert (reveal.own.text(), reveal.key.text()) == ("Pneumonia", "Pneumothorax")
    locked = study.workspace.verification.open(question, study.verifiers[0]).own_answer
    assert locked.response == Chosen(frozenset({OptionId("o1")}))


def test_empty_answer_cannot_be_locked(qtbot, study, open_page):
    question = study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    press(qtbot, Qt.Key.Key_Return)
    assert "Choose an option" in page.queue_tab.answer.card.problem.text()
    assert study.workspace.verification.open(question, study.verifiers[0]).own_answer is None


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_every_format_can_be_answered_and_compared_with_its_key(
    qtbot, desk, study, open_page, answer_format
):
    study.blind(study.write(answer_format))
    study.sit_down(study.verifiers[0])
    page = open_page()
    for response in (make_wrong_response(answer_format), make_right_response(answer_format)):
        page.queue_tab.answer.card.answer_widget.show_response(response)
    qtbot.mouseClick(page.queue_tab.answer.button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    reveal = page.queue_tab.rating.reveal
    is_report = answer_format in GRADED_FORMATS
    assert reveal.chip.text() == ("Compare it yourself" if is_report else "Your answer is right")
    assert reveal.own.text()
    assert reveal.key.text()


def test_missing_gate_is_named_and_marked(qtbot, desk, study, open_page):
    study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    rating = page.queue_tab.rating
    type_keys(qtbot, "yy1")
    press(qtbot, Qt.Key.Key_Return)
    assert "The key is right" in rating.verdict.problem.text()
    assert rating.gates.current_gate.value == "key_right"


def test_revise_without_a_comment_is_refused_in_place_and_keeps_the_ratings(
    qtbot, desk, study, open_page
):
    question = study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    type_keys(qtbot, "y" * 10 + "2")
    press(qtbot, Qt.Key.Key_Return)
    rating = page.queue_tab.rating
    assert "what must change" in rating.verdict.problem.text()
    assert rating.gates.open_count() == 0
    type_keys(qtbot, "The stem gives it away.")
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    stored = study.workspace.verification.open(question, study.verifiers[0]).own_verification
    assert (stored.verdict, stored.comment) == (Verdict.REVISE, "The stem gives it away.")


def test_question_answered_earlier_goes_on_at_the_gates(qtbot, desk, study, open_page):
    question = study.blind(study.write())
    verifier = study.verifiers[0]
    response = make_right_response(AnswerFormat.SINGLE_CHOICE)
    study.workspace.verification.lock_answer(question, verifier, response, elapsed_s=3.0)
    study.sit_down(verifier)
    page = open_page()
    assert page.queue_tab.work.currentWidget() is page.queue_tab.rating
    assert page.queue_tab.queue.item(0).toolTip()


def test_verification_leads_on_to_the_next_question(qtbot, desk, study, open_page):
    study.blind(study.write())
    second = study.blind(study.write(AnswerFormat.YES_NO))
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    type_keys(qtbot, "y" * 10 + "1")
    press(qtbot, Qt.Key.Key_Return)
    assert page.queue_presenter.desk.blind.question == second
    assert page.queue_tab.work.currentWidget() is page.queue_tab.answer
    lock_with_keys(qtbot, desk, "y")
    assert page.queue_tab.rating.reveal.own.text() == "Yes"


def test_gates_entered_stay_while_another_question_is_looked_at(qtbot, desk, study, open_page):
    first, second = study.blind(study.write()), study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    type_keys(qtbot, "yu1")
    page.show_question(second)
    page.show_question(first)
    wait_until_idle(qtbot, desk)
    rating = page.queue_tab.rating
    assert [one.rating for one in rating.gates.ratings()] == [Rating.YES, Rating.NOT_SURE]
    assert rating.verdict.verdict() is Verdict.ACCEPT


def test_keys_of_the_answer_rest_after_the_lock(qtbot, desk, study, open_page):
    question = study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    type_keys(qtbot, "3")
    assert page.queue_tab.rating.verdict.verdict() is Verdict.REJECT
    locked = study.workspace.verification.open(question, study.verifiers[0]).own_answer
    assert locked.response == make_right_response(AnswerFormat.SINGLE_CHOICE)


def test_another_person_finds_nothing_of_the_one_before(qtbot, desk, study, open_page):
    study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    desk.operations.perform("", lambda: study.workspace.people.set_me(study.verifiers[1]))
    wait_until_idle(qtbot, desk)
    assert page.queue_presenter.revealed is None
    assert "Pneumothorax" not in page.queue_tab.rating.reveal.key.text() or not (
        page.queue_tab.rating.isVisible()
    )
    assert page.queue_tab.work.currentWidget() is page.queue_tab.answer


def test_deciding_is_for_adjudicators_and_leads_only(study, open_page):
    study.sit_down(study.verifiers[0])
    assert not open_page().tabs.isTabVisible(1)
    study.sit_down(study.lead)
    assert open_page().tabs.isTabVisible(1)


def test_board_hides_what_others_decided_from_who_still_has_to_verify(study, open_page):
    question = study.blind(study.write())
    study.verify(question, study.verifiers[0], verdict=Verdict.REVISE)
    both, people = study.verifiers[1], study.workspace.people
    person = next(one for one in people.all() if one.id == both)
    people.update(replace(person, roles=frozenset({Role.VERIFIER, Role.ADJUDICATOR})))
    study.sit_down(both)
    assert open_page().decide_presenter.board == ()
    study.verify(question, both)
    assert len(open_page().decide_presenter.board) == 1
    study.sit_down(study.verifiers[0])
    assert open_page().decide_presenter.board == ()


def test_unanimous_questions_are_accepted_in_bulk_by_key(qtbot, desk, study, open_page):
    questions = [study.blind(study.write()) for _ in range(2)]
    for question in questions:
        for verifier in study.verifiers:
            study.verify(question, verifier)
    page = open_page()
    page.tabs.setCurrentIndex(1)
    type_keys(qtbot, "a")
    stages = {study.workspace.authoring.question(one).stage for one in questions}
    assert stages == {Stage.VERIFIED}
    assert desk.posted == ["2 questions are verified. Ctrl+Z takes that back."]


def make_conflict(study: Study):
    question = study.blind(study.write())
    study.verify(question, study.verifiers[0])
    study.verify(question, study.verifiers[1], verdict=Verdict.REVISE)
    return question


def test_board_shows_conflicts_first_and_says_the_state_in_words(study, open_page):
    waiting = study.blind(study.write())
    study.verify(waiting, study.verifiers[0])
    make_conflict(study)
    page = open_page()
    table = page.decide_tab.board.table
    states = [table.item(row, 4).text() for row in range(table.rowCount())]
    assert states == ["Conflict", "Waits for verifiers"]
    assert table.item(1, 3).text() == "–"


def test_adjudicator_answers_before_seeing_candidates_without_names(qtbot, desk, study, open_page):
    question = make_conflict(study)
    page = open_page()
    page.tabs.setCurrentIndex(1)
    press(qtbot, Qt.Key.Key_Return)
    assert "Candidate" not in shown_text(page)
    lock_with_keys(qtbot, desk, "3")
    qtbot.waitUntil(lambda: "Candidate B" in shown_text(page))
    words = shown_text(page)
    assert "Candidate A" in words
    assert "The stem names the finding." in words
    assert "Demo Verifier" not in words
    with study.workspace._database.read() as tx:
        revision = study.workspace.authoring.current(question).id
        (own,) = tx.answers.for_revision(revision, Occasion.ADJUDICATION)
    assert own.response == Chosen(frozenset({OptionId("o3")}))


def test_decision_needs_a_reason_and_moves_the_question(qtbot, desk, study, open_page):
    question = make_conflict(study)
    page = open_page()
    page.tabs.setCurrentIndex(1)
    press(qtbot, Qt.Key.Key_Return)
    lock_with_keys(qtbot, desk, "2")
    type_keys(qtbot, "2")
    press(qtbot, Qt.Key.Key_Return)
    candidates = page.decide_tab.candidates
    assert "needs a reason" in candidates.verdict.problem.text()
    type_keys(qtbot, "Both have a point.")
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    assert study.workspace.authoring.question(question).stage is Stage.DRAFT
    (decision,) = adjudications(study)
    assert (decision.verdict, decision.reason) == (Verdict.REVISE, "Both have a point.")


def adjudications(study: Study):
    with study.workspace._database.read() as tx:
        return tx.verifications.adjudications()


def test_escape_goes_back_to_the_board(qtbot, study, open_page):
    make_conflict(study)
    page = open_page()
    page.tabs.setCurrentIndex(1)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Escape)
    assert page.decide_tab.board.isVisible()


def test_agreement_is_said_in_words(qtbot, desk, study, open_page):
    make_conflict(study)
    page = open_page()
    wait_until_idle(qtbot, desk)
    assert page.decide_tab.board.agreement.text()


def test_image_takes_at_least_half_of_the_window_while_answering(qtbot, study, open_page):
    study.blind(study.write(images=(study.add_image(),)))
    study.sit_down(study.verifiers[0])
    page = open_page()
    assert page.queue_tab.images.width() >= page.width() / 2


def test_every_control_can_be_reached_and_has_a_name(qtbot, desk, study, open_page):
    study.blind(study.write())
    study.sit_down(study.verifiers[0])
    page = open_page()
    lock_with_keys(qtbot, desk, "2")
    controls = [
        one
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    unnamed = [one for one in controls if not (one.accessibleName() or getattr(one, "text", str)())]
    assert len(controls) > 20
    assert unnamed == []


def test_report_is_locked_with_control_enter(qtbot, desk, study, open_page):
    question = study.blind(study.write(AnswerFormat.REPORT))
    study.sit_down(study.verifiers[0])
    open_page()
    type_keys(qtbot, "Clear lungs.")
    press(qtbot, Qt.Key.Key_Return)
    type_keys(qtbot, "Normal heart.")
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    wait_until_idle(qtbot, desk)
    locked = study.workspace.verification.open(question, study.verifiers[0]).own_answer
    assert locked.response == Written("Clear lungs.\nNormal heart.")
