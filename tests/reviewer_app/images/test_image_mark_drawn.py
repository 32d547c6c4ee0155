"""Regions that were drawn: added, chosen, changed by keys, copied, and told of."""

from dataclasses import replace

import pytest

from core.domain.region import Region, RegionKind
from reviewer_app.widgets.marks.drawn import DrawnRegions

FIRST, SECOND, THIRD = (
    Region(RegionKind.BOX, ((left, 5), (left + 10, 15))) for left in (2, 20, 40)
)
ELSEWHERE = replace(SECOND, frame=1)


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def drawn(told) -> DrawnRegions:
    made = DrawnRegions(told.append)
    made.size = (60, 40)
    made.put((FIRST, ELSEWHERE, SECOND))
    return made


def test_what_is_put_is_not_told_as_a_change(drawn, told):
    assert drawn.all == (FIRST, ELSEWHERE, SECOND)
    assert told == []


def test_what_is_added_is_chosen_and_told(drawn, told):
    drawn.add(THIRD)

    assert drawn.chosen() == THIRD
    assert told == [False]


def test_where_only_so_many_may_be_the_oldest_gives_way(drawn):
    drawn.most = 3
    drawn.add(THIRD)

    assert drawn.all == (ELSEWHERE, SECOND, THIRD)
    assert drawn.chosen() == THIRD


def test_steps_go_through_the_regions_of_one_frame_and_leave(drawn):
    seen = []
    while drawn.step(0, 1):
        seen.append(drawn.chosen())
    assert seen == [FIRST, SECOND]
    assert drawn.chosen() is None

    assert drawn.step(0, -1)
    assert drawn.chosen() == SECOND
    assert not drawn.step(7, 1)


def test_handles_come_one_after_the_other_and_then_the_whole(drawn):
    drawn.choose(0)
    seen = []
    for _ in range(9):
        drawn.next_handle()
        seen.append(drawn.handle)

    assert seen[:4] == [0, 1, 2, 3]
    assert None in seen


def test_arrows_move_the_whole_as_one_change_that_goes_on(drawn, told):
    drawn.choose(0)
    drawn.nudge(3, 0)
    drawn.nudge(3, 0)

    assert drawn.chosen().points == ((8, 5), (18, 15))
    assert told == [True, True]


def test_a_locked_region_is_neither_moved_nor_removed(drawn, told):
    drawn.put((replace(FIRST, is_locked=True),))
    drawn.choose(0)
    drawn.nudge(3, 0)
    drawn.remove()

    assert drawn.all == (replace(FIRST, is_locked=True),)
    assert told == []


def test_a_copy_on_another_frame_is_free_of_the_lock(drawn):
    drawn.put((replace(FIRST, is_locked=True),))
    drawn.choose(0)
    drawn.copy_to(4)

    assert drawn.chosen() == replace(FIRST, frame=4)


def test_with_fewer_regions_than_before_the_chosen_one_may_be_gone(drawn):
    drawn.choose(2)
    drawn.put((FIRST,))

    assert drawn.chosen() is None


def test_regions_are_found_by_frame_after_every_change(drawn):
    assert drawn.sorted().on(0) == (FIRST, SECOND)
    drawn.choose(0)
    drawn.remove()

    assert drawn.sorted().on(0) == (SECOND,)
