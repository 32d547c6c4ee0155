"""Rankings are answered and written by keys alone, by click and by drag."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.body import Option, Ranked, Ranking, neutral_order, options_of
from core.domain.ids import OptionId
from core.domain.key import RankingKey
from reviewer_app.widgets.answer_widgets import answer_widget_for
from reviewer_app.widgets.answer_widgets.ranking import RankingAnswer
from reviewer_app.widgets.editors.ranking import RankingEditor
from tests.factories import make_options

ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
ASKED = Ranking(make_options("Airway", "Breathing", "Circulation", "Disability"))


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    made.resize(500, 420)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def answer(window) -> RankingAnswer:
    widget = answer_widget_for(ASKED, ("o3", "o1", "o4", "o2"))
    assert isinstance(widget, RankingAnswer)
    window.layout().addWidget(widget)
    return widget


def press(qtbot, widget: QWidget, keys: str) -> None:
    qtbot.keyClicks(widget.window().focusWidget() or widget, keys)


def test_digits_give_the_options_their_places_in_turn(qtbot, answer):
    press(qtbot, answer, "213")
    assert answer.response() is None
    assert answer.problem() == "Give every option its place; 1 to go."
    press(qtbot, answer, "4")
    assert answer.response() == Ranked(("o1", "o3", "o4", "o2"))
    assert answer.problem() == ""


def test_the_same_digit_takes_a_place_back(qtbot, answer):
    press(qtbot, answer, "2132")
    assert answer.unsent() == {"order": ["o3", "o4"]}


def test_alt_with_arrows_moves_a_row_and_keeps_its_focus(qtbot, answer):
    press(qtbot, answer, "1234")
    row = answer.rows[OptionId("o2")]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Up, ALT)
    assert answer.response() == Ranked(("o3", "o1", "o2", "o4"))
    assert row.hasFocus()
    qtbot.keyClick(row, Qt.Key.Key_Down, ALT)
    qtbot.keyClick(row, Qt.Key.Key_Down, ALT)
    assert answer.response() == Ranked(("o3", "o1", "o4", "o2"))


def test_row_can_be_dragged_to_the_top(qtbot, answer):
    press(qtbot, answer, "1234")
    row, top = answer.rows[OptionId("o2")], answer.rows[OptionId("o3")]
    qtbot.mousePress(row, LEFT, pos=row.rect().center())
    above = row.mapFromGlobal(top.mapToGlobal(QPoint(40, 2)))
    qtbot.mouseMove(row, above)
    qtbot.mouseRelease(row, LEFT, pos=row.mapFromGlobal(top.mapToGlobal(QPoint(40, 2))))
    assert answer.response() == Ranked(("o2", "o3", "o1", "o4"))


def test_entry_that_is_not_complete_comes_back(qtbot, answer):
    press(qtbot, answer, "31")
    again = answer_widget_for(ASKED, ("o3", "o1", "o4", "o2"))
    qtbot.addWidget(again)
    again.show_unsent(answer.unsent())
    assert again.unsent() == {"order": ["o4", "o3"]}


def test_rows_tell_their_place_to_a_screen_reader(qtbot, answer):
    press(qtbot, answer, "2")
    names = [answer.rows[OptionId(one)].accessibleName() for one in ("o1", "o2")]
    assert names == ["Place 1: Airway", "No place yet: Breathing"]


@pytest.fixture
def editor(window) -> RankingEditor:
    widget = RankingEditor()
    window.layout().addWidget(widget)
    widget.edited.connect(lambda asked, right, _: widget.show_parts(asked, right))
    return widget


def written(editor: RankingEditor) -> list[str]:
    return [one.text for one in editor.options.shown_options()]


def test_author_writes_the_right_order_and_the_body_does_not_tell_it(qtbot, editor):
    found = []
    editor.edited.connect(lambda asked, right, field: found.append((asked, right)))
    editor.show_parts(Ranking(), RankingKey())
    for index, text in enumerate(("Airway", "Breathing", "Circulation")):
        qtbot.keyClicks(editor.options.row_widgets(index)[0], text)
    asked, right = found[-1]
    texts = {one.id: one.text for one in options_of(asked)}
    assert [texts[one] for one in right.order] == ["Airway", "Breathing", "Circulation"]
    assert written(editor) == ["Airway", "Breathing", "Circulation"]
    assert asked.problems() == []
    assert right.problems(asked) == []
    # Neither place nor id of an option tells when it was written.
    assert not {"o1", "o2", "o3"} & set(texts)
    assert asked.options == neutral_order(asked.options)


def test_options_of_another_format_wait_for_their_order(qtbot, editor):
    found = []
    editor.edited.connect(lambda asked, right, field: found.append((right, field)))
    editor.show_parts(ASKED, RankingKey())
    assert editor.confirm_button.isVisible()
    editor.confirm_button.click()
    assert found == [(RankingKey(tuple(OptionId(f"o{n}") for n in range(1, 5))), "key")]
    assert not editor.confirm_button.isVisible()


def test_moving_a_row_changes_the_key_alone(qtbot, editor):
    order = tuple(one.id for one in ASKED.options)
    editor.show_parts(ASKED, RankingKey(order))
    found = []
    editor.edited.connect(lambda asked, right, field: found.append((asked, right)))
    text = editor.options.row_widgets(3)[0]
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Up, ALT)
    asked, right = found[-1]
    assert right.order == (*order[:2], order[3], order[2])
    assert set(asked.options) == {Option(one.id, one.text) for one in ASKED.options}
