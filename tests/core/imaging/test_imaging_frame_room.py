"""Memory for frames: never two frames in one place, used again, and given back."""

from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.decoding.frame_room import LARGE_PAGE, FrameRoom, is_apart

SLICE = 512 * 512 * 2
SIZES = (40_000, 300_000, SLICE, LARGE_PAGE // 2, LARGE_PAGE)


def test_slices_share_a_slab_that_goes_with_the_last_of_them():
    room = FrameRoom()
    taken = [room.take(SLICE) for _ in range(5)]

    assert room.mapped_bytes == 2 * LARGE_PAGE
    del taken[0]
    assert room.mapped_bytes == 2 * LARGE_PAGE

    taken.clear()

    assert room.mapped_bytes == 0


def test_what_one_frame_left_the_next_one_takes():
    room = FrameRoom()
    kept = [room.take(SLICE) for _ in range(4)]
    for _ in range(20):
        kept[1] = None
        kept[1] = room.take(SLICE)

    assert room.mapped_bytes == LARGE_PAGE


def test_what_a_stack_left_the_next_one_takes_without_asking_the_system():
    room = FrameRoom(spare_bytes=8 * LARGE_PAGE)
    stack = [room.take(SLICE) for _ in range(32)]
    places = {one.ctypes.data for one in stack}
    stack.clear()

    assert (room.mapped_bytes, room.spare_bytes) == (0, 8 * LARGE_PAGE)
    stack = [room.take(SLICE) for _ in range(32)]

    assert {one.ctypes.data for one in stack} == places
    assert (room.mapped_bytes, room.spare_bytes) == (8 * LARGE_PAGE, 0)


def test_no_more_stays_spare_than_is_said():
    room = FrameRoom(spare_bytes=3 * LARGE_PAGE)
    taken = [room.take(SLICE) for _ in range(40)]
    taken.clear()

    assert room.spare_bytes == 3 * LARGE_PAGE


def test_spare_memory_goes_when_frames_come_that_it_does_not_fit():
    room = FrameRoom()
    other = next(
        side * side * 2 for side in range(500, 724) if one_slab(side * side * 2) > SLICE * 4
    )
    taken = [room.take(SLICE) for _ in range(40)]
    taken.clear()
    taken.append(room.take(other))

    assert room.spare_bytes == 0


def one_slab(size):
    room = FrameRoom()
    taken = room.take(size)
    return room.mapped_bytes if taken.nbytes else 0


def test_memory_stays_as_long_as_any_view_of_it():
    room = FrameRoom()
    view = room.take(SLICE).view(np.uint16).reshape(512, 512)[100:]
    view[:] = 7
    others = [room.take(SLICE) for _ in range(8)]
    for one in others:
        one[:] = 1

    assert (view == 7).all()
    assert room.mapped_bytes == 3 * LARGE_PAGE


@pytest.mark.parametrize("side", range(130, 725, 11))
def test_memory_is_hardly_more_than_the_frames_whatever_their_size(side):
    room = FrameRoom()
    taken = [room.take(side * side * 2) for _ in range(1000)]

    assert room.mapped_bytes <= 1.07 * sum(one.nbytes for one in taken) + 16 * LARGE_PAGE / 2


@pytest.mark.parametrize("length", [0, 1, 31_000, *SIZES])
def test_memory_has_the_length_that_was_asked_for_and_may_be_written_to(length):
    taken = FrameRoom().take(length)
    taken[:] = 3

    assert taken.nbytes == length
    assert taken.sum() == 3 * length
    assert is_apart(taken) == (length >= 40_000)


def test_values_are_settled_once_with_their_type_and_shape():
    room = FrameRoom()
    values = (np.arange(200 * 300).reshape(300, 200).T - 900).astype(np.int16)

    settled = room.settled(values)

    assert settled.dtype == np.int16
    assert np.array_equal(settled, values)
    assert is_apart(settled)
    assert room.settled(settled) is settled
    assert room.settled(settled[10:]).base is settled.base


def test_small_values_stay_where_they_are():
    values = np.zeros((10, 10), np.uint8)

    assert FrameRoom().settled(values) is values
    assert not is_apart(values)


@given(st.lists(st.tuples(st.sampled_from(SIZES), st.integers(0, 11)), max_size=40))
def test_frames_never_lie_in_each_other_and_all_memory_comes_back(steps):
    room, kept = FrameRoom(), {}
    for number, (size, place) in enumerate(steps):
        kept.pop(place, None)
        taken = room.take(size)
        taken[:] = number % 251
        kept[place] = (taken, number % 251)

        assert all((one == value).all() for one, value in kept.values())
    taken = None
    kept.clear()

    assert room.mapped_bytes == 0


def test_threads_share_the_room():
    room, wrong = FrameRoom(), []

    def work(value):
        kept = []
        for number in range(200):
            taken = room.take(SIZES[number % 3])
            taken[:] = value
            kept.append(taken)
            if number % 7 == 6:
                wrong.extend(one for one in kept if not (one == value).all())
                kept.clear()

    threads = [Thread(target=work, args=(value,)) for value in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert wrong == []
    assert room.mapped_bytes == 0
