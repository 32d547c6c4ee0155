"""The gate table is rated with keys and asks for words where a gate is denied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.domain.verification import Gate, GateRating, Rating
from reviewer_app.widgets.gate_table import GateTable

FIRST, SECOND = tuple(Gate)[:2]


@pytest.fixture
def table(qtbot, look) -> GateTable:
    made = GateTable()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.focus_open()
    return made


def press(qtbot, table, keys) -> None:
    for key in keys:
        widget = QApplication.focusWidget() or table
        if isinstance(key, str):
            qtbot.keyClicks(widget, key)
        else:
            qtbot.keyClick(widget, key)


def test_keys_rate_the_marked_gate_and_go_on(qtbot, table):
    press(qtbot, table, "yu")
    assert table.ratings() == (GateRating(FIRST, Rating.YES), GateRating(SECOND, Rating.NOT_SURE))
    assert table.current_gate is tuple(Gate)[2]
    assert table.open_count() == 8


def test_all_gates_can_be_rated_with_ten_keys(qtbot, table):
    with qtbot.waitSignal(table.completed):
        press(qtbot, table, "y" * 10)
    assert table.open_count() == 0


def test_denied_gate_asks_for_words_and_enter_goes_on(qtbot, table):
    press(qtbot, table, "nToo vague.")
    press(qtbot, table, [Qt.Key.Key_Return, "y"])
    denied, following = table.ratings()
    assert denied == GateRating(FIRST, Rating.NO, "Too vague.")
    assert following == GateRating(SECOND, Rating.YES)


def test_arrows_move_and_a_rating_can_be_changed(qtbot, table):
    press(qtbot, table, ["y", "y", Qt.Key.Key_Up, Qt.Key.Key_Up, "u"])
    assert [one.rating for one in table.ratings()] == [Rating.NOT_SURE, Rating.YES]


def test_c_comments_the_marked_gate(qtbot, table):
    press(qtbot, table, ["y", Qt.Key.Key_Up, "c", "F", "i", "n", "e", Qt.Key.Key_Return])
    assert table.ratings()[0] == GateRating(FIRST, Rating.YES, "Fine")


def test_rows_keep_their_place_while_nothing_is_denied(qtbot, table):
    before = [row.pos() for row in table.rows.values()]
    press(qtbot, table, "yyu")
    qtbot.wait(1)
    assert [row.pos() for row in table.rows.values()] == before


def test_earlier_ratings_can_be_shown(table):
    ratings = (GateRating(FIRST, Rating.NO, "Why?"), GateRating(SECOND, Rating.YES))
    table.show_ratings(ratings)
    assert table.ratings() == ratings
    table.show_ratings(())
    assert table.ratings() == ()


def test_every_button_names_its_gate(table):
    names = {
        button.accessibleName() for row in table.rows.values() for button in row.buttons.values()
    }
    assert len(names) == 30
    assert "The key is right: No" in names
