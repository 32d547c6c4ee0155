"""One memory for all frames: bounded, shared by threads, and never without what is in sight."""

from threading import Event, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ImageError
from core.imaging.decoding import frame_memory
from core.imaging.decoding.frame_memory import FrameMemory
from core.imaging.decoding.freed_memory import give_back
from core.imaging.image import Frame

SIZE = 100


def frame(number=0):
    return Frame(np.full((10, 10), number, np.uint8), None)


def filled(limit_bytes, count):
    memory = FrameMemory(limit_bytes)
    for number in range(count):
        memory.get(("image", number), frame)
    return memory


def test_frames_used_longest_ago_leave_first():
    memory = filled(3 * SIZE, 3)
    memory.get(("image", 0), frame)

    memory.get(("image", 3), frame)

    kept = [memory.ready(("image", number)) is not None for number in range(4)]
    assert kept == [True, False, True, True]
    assert memory.used_bytes == 3 * SIZE


def test_frame_in_sight_stays_until_everybody_has_let_it_go():
    memory, seen = filled(2 * SIZE, 0), frame(7)
    holds = [memory.hold(("seen", 0), seen) for _ in range(2)]
    memory.get(("other", 0), frame)
    memory.get(("other", 1), frame)

    holds.pop()
    memory.get(("other", 2), frame)
    assert memory.ready(("seen", 0)) is seen

    holds.pop()
    memory.get(("other", 3), frame)
    memory.get(("other", 4), frame)
    assert memory.ready(("seen", 0)) is None


def test_frame_larger_than_the_memory_is_kept_alone():
    memory = filled(SIZE // 2, 3)

    assert memory.used_bytes == SIZE
    assert memory.ready(("image", 2)) is not None


def test_smaller_limit_takes_effect_at_once():
    memory = filled(5 * SIZE, 5)

    memory.set_limit(2 * SIZE)

    assert memory.used_bytes == 2 * SIZE


def test_room_for_decoding_ahead_is_shared_by_all_in_sight():
    memory = filled(8 * SIZE, 0)
    assert memory.ahead_bytes == 4 * SIZE

    holds = [memory.hold((name, 0), frame()) for name in ("one", "two")]

    assert memory.ahead_bytes == 2 * SIZE
    holds.clear()
    assert memory.ahead_bytes == 4 * SIZE


def test_two_threads_that_ask_for_one_frame_decode_it_once():
    memory, begun, may_end, found = FrameMemory(), Event(), Event(), []
    calls = []

    def slow():
        calls.append(1)
        begun.set()
        assert may_end.wait(30)
        return frame()

    def ask():
        found.append(memory.get(("image", 0), slow))

    threads = [Thread(target=ask) for _ in range(3)]
    threads[0].start()
    assert begun.wait(30)
    for one in threads[1:]:
        one.start()
    may_end.set()
    for one in threads:
        one.join(30)

    assert len(calls) == 1
    assert found[0] is found[1] is found[2]


def test_error_goes_to_each_caller_and_is_not_kept():
    memory = FrameMemory()

    def refuse():
        raise ImageError("damaged")

    for _ in range(2):
        with pytest.raises(ImageError):
            memory.get(("image", 0), refuse)

    assert memory.get(("image", 0), frame).stored.shape == (10, 10)


@given(st.lists(st.tuples(st.sampled_from("ghr"), st.integers(0, 6)), max_size=60))
def test_used_bytes_are_those_of_the_frames_kept(steps):
    memory, held = FrameMemory(3 * SIZE), {}
    most_held = 0
    for what, number in steps:
        place = ("image", number)
        if what == "g":
            memory.get(place, frame)
        elif what == "h":
            held[place] = memory.hold(place, frame())
        else:
            held.pop(place, None)
        most_held = max(most_held, len(held))

        kept = [one for one in range(7) if memory.ready(("image", one)) is not None]
        assert memory.used_bytes == len(kept) * SIZE
        assert {one for _, one in held} <= set(kept)
        assert len(kept) <= max(3, most_held + 1)


def test_memory_of_dropped_frames_goes_back_to_the_system_now_and_then(monkeypatch):
    given = []
    monkeypatch.setattr(frame_memory, "give_back", lambda: given.append(1))
    monkeypatch.setattr(frame_memory, "_FREED_BYTES", 4 * SIZE)

    filled(2 * SIZE, 6)
    assert given == [1]
    filled(20 * SIZE, 10)
    assert given == [1]


def test_giving_memory_back_is_harmless():
    give_back()


def test_dropped_frame_is_let_go_when_others_may_use_the_memory_again():
    memory, found = FrameMemory(2 * SIZE), []

    class Watched(np.ndarray):
        def __del__(self):
            if self.base is None:
                found.append(memory._lock.locked())

    def watched():
        return Frame(Watched((10, 10), np.uint8), None)

    for number in range(4):
        memory.get(("image", number), watched)
    held = memory.hold(("image", 4), watched())
    memory.set_limit(0)

    assert held.place == ("image", 4)
    assert found == [False] * 4
