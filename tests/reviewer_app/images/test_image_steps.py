"""However finely a wheel turns, it goes on by whole steps and loses nothing."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from reviewer_app.widgets.images.steps import NOTCH, WheelSteps


def turn(delta):
    plain, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    buttons, at = Qt.MouseButton.NoButton, QPointF()
    return QWheelEvent(at, at, QPoint(), QPoint(0, delta), buttons, plain, phase, False)


@given(st.lists(st.integers(-3 * NOTCH, 3 * NOTCH), max_size=40))
def test_steps_of_all_turns_are_those_of_one_turn_as_far(deltas):
    wheel = WheelSteps()

    taken = [wheel.taken(turn(delta)) for delta in deltas]

    assert abs(sum(taken) * NOTCH + sum(deltas)) < NOTCH


@given(st.integers(1, 4 * NOTCH), st.sampled_from((1, -1)))
def test_turning_one_way_never_steps_back(delta, way):
    wheel = WheelSteps()

    steps = [wheel.taken(turn(way * delta)) for _ in range(10)]

    assert all(step * way <= 0 for step in steps)
    assert sum(steps) == -way * (10 * delta // NOTCH)
