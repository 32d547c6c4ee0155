"""Frames are decoded ahead in turn, and no longer than somebody may look at them."""

import os
import sys
import threading
from threading import Event, current_thread, get_native_id

import pytest

from core.errors import ImageError
from reviewer_app.widgets.images.ahead import AheadLane, Walk


def done(qtbot, lane):
    qtbot.waitUntil(lane.is_idle)


def test_steps_are_done_in_order_and_the_threads_end(qtbot):
    lane, order = AheadLane(1, linger_s=0.05), []

    lane.put(Walk([lambda n=n: order.append(n) for n in range(20)]))
    done(qtbot, lane)

    assert order == list(range(20))
    qtbot.waitUntil(lambda: not lane._threads)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems: one priority for all threads")
def test_the_window_goes_before_what_is_decoded_ahead(qtbot):
    lane, found = AheadLane(1), []

    lane.put(Walk([lambda: found.append(os.getpriority(os.PRIO_PROCESS, get_native_id()))]))
    done(qtbot, lane)

    assert found[0] > os.getpriority(os.PRIO_PROCESS, get_native_id())


def test_walks_of_several_views_take_turns(qtbot):
    lane, order, gate = AheadLane(1), [], Event()
    lane.put(Walk([lambda: gate.wait(30)]))
    for name in "ab":
        lane.put(Walk([lambda name=name: order.append(name) for _ in range(3)]))
    gate.set()
    done(qtbot, lane)

    assert sorted(order[:2]) == sorted(order[2:4]) == ["a", "b"]
    assert len(order) == 6


def test_walk_that_nobody_wants_ends_after_the_step_under_way(qtbot):
    lane, order, gate, begun = AheadLane(1), [], Event(), Event()

    def first():
        begun.set()
        assert gate.wait(30)
        order.append("first")

    walk = Walk([first, lambda: order.append("second")])
    lane.put(walk)
    assert begun.wait(30)
    walk.is_wanted = False
    gate.set()
    done(qtbot, lane)

    assert order == ["first"]


def test_frame_that_is_damaged_does_not_end_the_walk(qtbot):
    lane, order = AheadLane(2), []

    def refuse():
        raise ImageError("damaged")

    lane.put(Walk([refuse, lambda: order.append(1), refuse, lambda: order.append(2)]))
    done(qtbot, lane)

    assert sorted(order) == [1, 2]


def test_walk_begins_again_after_all_threads_have_ended(qtbot):
    lane, order = AheadLane(2, linger_s=0), []
    for number in range(30):
        lane.put(Walk([lambda n=number: order.append(n)]))
        done(qtbot, lane)

    assert order == list(range(30))


def test_walk_that_comes_soon_needs_no_new_thread(qtbot):
    lane, seen = AheadLane(1), set()
    for _ in range(20):
        lane.put(Walk([lambda: seen.add(current_thread())]))
        done(qtbot, lane)

    assert len(seen) == 1


def test_thread_that_an_error_ended_is_replaced(qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(threading, "excepthook", lambda one: told.append(one.exc_type))
    lane, order = AheadLane(1), []

    lane.put(Walk([lambda: 1 // 0]))
    qtbot.waitUntil(lambda: not lane._threads)
    lane.put(Walk([lambda: order.append(1)]))
    done(qtbot, lane)

    assert order == [1]
    assert told == [ZeroDivisionError]
