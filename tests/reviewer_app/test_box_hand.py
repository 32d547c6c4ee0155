"""The hand that draws boxes to black out: what it adds, chooses, moves and leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize

from core.domain.media import Blackout
from reviewer_app.pages.blind.box_hand import BoxHand
from reviewer_app.pages.blind.box_history import BoxHistory

FIRST, SECOND = Blackout(10, 10, 40, 20), Blackout(30, 15, 60, 30)


@pytest.fixture
def hand() -> BoxHand:
    made = BoxHand()
    made.size = QSize(200, 100)
    made.begin(BoxHistory((FIRST, SECOND)))
    return made


def test_a_box_covers_every_pixel_that_the_hand_touched(hand):
    hand.add(QRectF(5.6, 7.2, 10.0, 10.0))

    assert hand.chosen() == Blackout(5, 7, 11, 11)


def test_only_what_lies_on_the_image_is_covered(hand):
    hand.add(QRectF(-20, 90, 50, 50))
    assert hand.chosen() == Blackout(0, 90, 30, 10)

    hand.add(QRectF(300, 300, 10, 10))
    assert len(hand.boxes()) == 3


def test_of_boxes_over_each_other_the_newest_is_chosen(hand):
    hand.choose_at(QPointF(35, 20))
    assert hand.chosen() == SECOND
    hand.choose_at(QPointF(12, 12))
    assert hand.chosen() == FIRST
    hand.choose_at(QPointF(150, 90))
    assert hand.chosen() is None


@pytest.mark.parametrize(("is_next", "order"), [(True, [FIRST, SECOND]), (False, [SECOND, FIRST])])
def test_steps_go_through_all_boxes_and_then_leave(hand, is_next, order):
    seen = []
    while hand.step(is_next=is_next):
        seen.append(hand.chosen())

    assert seen == order
    assert hand.chosen() is None


def test_without_a_chosen_box_the_newest_is_removed(hand):
    hand.remove()
    assert hand.boxes() == (FIRST,)


def test_the_chosen_box_is_removed_and_comes_back(hand):
    hand.choose_at(QPointF(12, 12))
    hand.remove()
    assert hand.boxes() == (SECOND,)

    assert hand.undo()
    assert hand.boxes() == (FIRST, SECOND)
    assert hand.redo()
    assert hand.boxes() == (SECOND,)
    assert not hand.redo()


def test_what_is_locked_stays(hand):
    hand.choose_at(QPointF(12, 12))
    hand.is_locked = True
    hand.add_in_middle()
    hand.remove()
    hand.nudge(1, 1, resizes=False)

    assert not hand.step(is_next=True)
    assert not hand.undo()
    assert hand.boxes() == (FIRST, SECOND)


def test_nothing_is_drawn_while_no_image_is_in_sight(hand):
    hand.size = QSize(0, 0)
    hand.add_in_middle()

    assert hand.boxes() == (FIRST, SECOND)


@given(moves=st.lists(st.tuples(*[st.integers(-3, 3)] * 2, st.booleans()), max_size=40))
def test_a_moved_or_resized_box_never_leaves_the_image(moves):
    hand = BoxHand()
    hand.size = QSize(200, 100)
    hand.add_in_middle()
    for right, down, resizes in moves:
        hand.nudge(right, down, resizes=resizes)
        box = hand.chosen()

        assert box.left >= 0
        assert box.top >= 0
        assert box.left + box.width <= 200
        assert box.top + box.height <= 100
