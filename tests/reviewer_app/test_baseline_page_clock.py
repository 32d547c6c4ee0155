"""The clock of a sitting counts active and idle seconds apart."""

import pytest

from reviewer_app.pages.baseline.clock import IDLE_AFTER_S, SittingClock


class Time:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def clock(time: Time) -> SittingClock:
    made = SittingClock(time)
    made.start()
    return made


def test_time_with_input_is_active(clock, time):
    for _ in range(10):
        time.now_s += 20
        clock.note_input()
    assert (clock.active_s, clock.idle_s) == (200, 0)


def test_time_after_half_a_minute_without_input_is_idle(clock, time):
    time.now_s += IDLE_AFTER_S + 45
    assert clock.is_idle
    assert (clock.active_s, clock.idle_s) == (IDLE_AFTER_S, 45)


def test_looking_at_the_clock_does_not_change_what_it_counts(clock, time):
    for _ in range(75):
        time.now_s += 1
        assert clock.active_s + clock.idle_s == pytest.approx(time.now_s - 100)
    assert (clock.active_s, clock.idle_s) == (IDLE_AFTER_S, 45)


def test_input_after_a_rest_makes_time_active_again(clock, time):
    time.now_s += 60
    clock.note_input()
    time.now_s += 10
    assert (clock.active_s, clock.idle_s) == (IDLE_AFTER_S + 10, 30)


def test_time_with_the_window_elsewhere_is_idle_at_once(clock, time):
    time.now_s += 5
    clock.set_window_active(is_active=False)
    time.now_s += 7
    clock.note_input()
    time.now_s += 2
    clock.set_window_active(is_active=True)
    time.now_s += 3
    assert (clock.active_s, clock.idle_s) == (8, 9)


def test_stopped_clock_counts_nothing_and_goes_on_where_it_stopped(clock, time):
    time.now_s += 5
    clock.stop()
    time.now_s += 1000
    assert (clock.active_s, clock.idle_s) == (5, 0)
    clock.start(active_s=5, idle_s=2)
    time.now_s += 4
    assert (clock.active_s, clock.idle_s) == (9, 2)


def test_time_while_the_machine_sleeps_backwards_is_not_subtracted(clock, time):
    time.now_s += 5
    assert clock.active_s == 5
    time.now_s -= 3
    assert clock.active_s == 5
