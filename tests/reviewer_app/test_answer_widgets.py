"""Answer widgets: every format can be answered by keys alone and shows what is missing."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.domain.body import (
    AnswerFormat,
    Chosen,
    Measured,
    SeveralChoices,
    SingleChoice,
    Written,
    response_problem,
)
from core.domain.ids import OptionId
from reviewer_app.widgets.answer_widgets import AnswerWidget, answer_widget_for
from reviewer_app.widgets.answer_widgets.choice import ChoiceAnswer
from reviewer_app.widgets.answer_widgets.numeric import read_number
from tests.factories import (
    ALL_FORMATS,
    make_asked,
    make_options,
    make_right_response,
    make_wrong_response,
)


@pytest.fixture
def show(qtbot):
    """Show a widget in an active window beside a text field, and return the field."""
    windows = []

    def show_in_window(widget: AnswerWidget) -> QLineEdit:
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        layout = QVBoxLayout(window)
        layout.addWidget(widget)
        field = QLineEdit(window)
        layout.addWidget(field)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return field

    return show_in_window


def press(qtbot, widget: QWidget, keys: str) -> None:
    qtbot.keyClicks(widget.window().focusWidget() or widget, keys)


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_every_format_starts_empty_and_gives_back_a_fitting_response(qtbot, answer_format):
    asked = make_asked(answer_format)
    widget = answer_widget_for(asked)
    qtbot.addWidget(widget)
    assert widget.response() is None
    assert widget.problem()
    for response in (make_right_response(answer_format), make_wrong_response(answer_format)):
        with qtbot.waitSignal(widget.changed):
            widget.show_response(response)
        assert widget.response() == response
        assert response_problem(asked, widget.response()) == ""
        assert widget.problem() == ""
    widget.show_response(None)
    assert widget.response() is None


def test_digit_chooses_the_option_shown_at_that_place(qtbot, show):
    widget = answer_widget_for(make_asked(), ("o3", "o1", "o4", "o2"))
    show(widget)
    press(qtbot, widget, "1")
    assert widget.response() == Chosen(frozenset({OptionId("o3")}))
    press(qtbot, widget, "4")
    assert widget.response() == Chosen(frozenset({OptionId("o2")}))


def test_digits_mark_and_unmark_several_options(qtbot, show):
    widget = answer_widget_for(make_asked(AnswerFormat.SEVERAL_CHOICES))
    show(widget)
    press(qtbot, widget, "132")
    press(qtbot, widget, "3")
    assert widget.response() == Chosen(frozenset({OptionId("o1"), OptionId("o2")}))


def test_y_and_n_answer_a_yes_no_question(qtbot, show):
    widget = answer_widget_for(make_asked(AnswerFormat.YES_NO))
    show(widget)
    press(qtbot, widget, "n")
    assert widget.response() == Chosen(frozenset({OptionId("no")}))
    press(qtbot, widget, "y")
    assert widget.response() == Chosen(frozenset({OptionId("yes")}))


def test_digits_rest_while_a_text_field_has_the_focus(qtbot, show):
    widget = answer_widget_for(make_asked())
    field = show(widget)
    field.setFocus()
    press(qtbot, widget, "2")
    assert widget.response() is None
    assert field.text() == "2"


def test_digits_rest_when_they_were_given_to_someone_else(qtbot, show):
    widget = answer_widget_for(make_asked())
    show(widget)
    widget.set_digits_resting(are_resting=True)
    press(qtbot, widget, "2")
    assert widget.response() is None
    widget.set_digits_resting(are_resting=False)
    press(qtbot, widget, "2")
    assert widget.response() is not None


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_locked_answer_can_be_read_but_not_changed(qtbot, show, answer_format):
    widget = answer_widget_for(make_asked(answer_format))
    show(widget)
    response = make_right_response(answer_format)
    widget.show_response(response)
    widget.set_locked(is_locked=True)
    widget.focus_answer()
    press(qtbot, widget, "12yn")
    assert widget.response() == response


@pytest.mark.parametrize("kind", [SingleChoice, SeveralChoices])
def test_more_than_nine_options_have_keys_up_to_nine_and_can_be_clicked(qtbot, show, kind):
    options = make_options(*(f"Finding {number}" for number in range(1, 27)))
    widget = answer_widget_for(kind(options))
    assert isinstance(widget, ChoiceAnswer)
    show(widget)
    assert [button.key for button in widget.buttons.values()][7:11] == ["8", "9", "", ""]
    qtbot.mouseClick(widget.buttons[OptionId("o26")], Qt.MouseButton.LeftButton)
    assert widget.response() == Chosen(frozenset({OptionId("o26")}))


def test_long_option_wraps_instead_of_being_cut(qtbot):
    widget = answer_widget_for(SingleChoice(make_options("short", "long words " * 40)))
    qtbot.addWidget(widget)
    assert isinstance(widget, ChoiceAnswer)
    short, long = widget.buttons.values()
    assert long.heightForWidth(300) > 4 * short.heightForWidth(300)
    assert long.heightForWidth(300) > long.heightForWidth(900)


def test_every_control_of_every_format_has_an_accessible_name(qtbot):
    for answer_format in ALL_FORMATS:
        widget = answer_widget_for(make_asked(answer_format))
        qtbot.addWidget(widget)
        controls = [
            child
            for child in widget.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert controls
        assert all(control.accessibleName() for control in controls)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        (" -0.25 ", "-0.25"),
        ("−3", "-3"),
        ("0,125", "0.125"),
        (".5", "0.5"),
        ("1200", "1200"),
    ],
)
def test_number_is_read_with_point_or_comma(typed, value):
    assert read_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "about 5", "1e3", "5 mm", "1.2.3", "1,250", "nan", "٣,٢٥٠"])
def test_number_that_is_none_or_could_be_two_is_not_guessed(typed):
    assert read_number(typed) is None


def test_ambiguous_comma_is_explained_in_words(qtbot):
    widget = answer_widget_for(make_asked(AnswerFormat.NUMERIC))
    qtbot.addWidget(widget)
    qtbot.keyClicks(widget.focusProxy(), "1,250")
    assert "1.250" in widget.problem()
    assert "1250" in widget.problem()


def test_text_is_given_without_blanks_around_it(qtbot):
    widget = answer_widget_for(make_asked(AnswerFormat.SHORT_TEXT))
    qtbot.addWidget(widget)
    qtbot.keyClicks(widget.focusProxy(), "  left lung ")
    assert widget.response() == Written("left lung")


def test_number_keeps_the_digits_as_typed(qtbot):
    widget = answer_widget_for(make_asked(AnswerFormat.NUMERIC))
    qtbot.addWidget(widget)
    qtbot.keyClicks(widget.focusProxy(), "3.40")
    response = widget.response()
    assert isinstance(response, Measured)
    assert str(response.value) == "3.40"
