"""The question card shows a body and nothing else, as plain text."""

from PySide6.QtWidgets import QLabel

from core.domain.body import AnswerFormat
from reviewer_app.widgets.question_card import QuestionCard
from tests.factories import (
    ALL_FORMATS,
    make_blind,
    make_body,
    make_person,
    make_question,
    make_revision,
    make_right_response,
)


def make_blind_question(answer_format=AnswerFormat.SINGLE_CHOICE, **changes):
    question = make_question(make_person(), number=12)
    body = make_body(answer_format, **changes)
    return make_blind(question, make_revision(question, answer_format, body=body))


def visible_text(card: QuestionCard) -> str:
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def test_card_shows_number_context_and_stem(qtbot):
    card = QuestionCard()
    qtbot.addWidget(card)
    card.show()
    card.show_question(make_blind_question(stem="Which lobe?", context="A man of 60."))
    assert "Question 12" in visible_text(card)
    assert "Which lobe?" in visible_text(card)
    assert "A man of 60." in visible_text(card)


def test_markup_in_a_stem_is_shown_as_written(qtbot):
    card = QuestionCard()
    qtbot.addWidget(card)
    card.show()
    card.show_question(make_blind_question(stem="Is <b>pH</b> < 7?"))
    stem = next(label for label in card.findChildren(QLabel) if "pH" in label.text())
    assert stem.textFormat().name == "PlainText"


def test_next_question_starts_with_an_empty_answer(qtbot):
    card = QuestionCard()
    qtbot.addWidget(card)
    for answer_format in ALL_FORMATS:
        card.show_question(make_blind_question(answer_format))
        assert card.response() is None
        card.answer_widget.show_response(make_right_response(answer_format))
        assert card.response() == make_right_response(answer_format)


def test_problem_goes_away_when_the_answer_changes(qtbot):
    card = QuestionCard()
    qtbot.addWidget(card)
    card.show()
    card.show_question(make_blind_question())
    card.show_problem("Choose an option first.")
    assert card.problem.isVisible()
    with qtbot.waitSignal(card.answer_changed):
        card.answer_widget.show_response(make_right_response(AnswerFormat.SINGLE_CHOICE))
    assert not card.problem.isVisible()


def test_cleared_card_shows_no_text(qtbot):
    card = QuestionCard()
    qtbot.addWidget(card)
    card.show()
    card.show_question(make_blind_question())
    card.clear()
    assert visible_text(card) == ""
    assert card.response() is None
