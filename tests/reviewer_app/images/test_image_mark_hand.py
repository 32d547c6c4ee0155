"""Whatever a hand does to marks: they stay on the image, are kept whole, and can be undone."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.body import Body
from core.domain.edit_log import EditLog
from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from core.imaging.marks.mask import mask_of, mask_region
from reviewer_app.widgets.marks.drawn import DrawnRegions
from reviewer_app.widgets.marks.edits import extent, kept
from reviewer_app.widgets.marks.hand import MarkHand
from reviewer_app.widgets.marks.hits import is_inside
from tests.factories import make_draft, make_person, make_question

SIZE = (60, 40)
BLOB = mask_region(mask_of(Region(RegionKind.ELLIPSE, ((5, 5), (20, 15))), *SIZE))
POINTS = st.tuples(st.floats(-20, 90), st.floats(-20, 70))
KINDS = st.sampled_from([one for one in RegionKind if one is not RegionKind.MASK])
STEPS = st.one_of(
    st.tuples(st.just("draw"), KINDS, st.lists(POINTS, min_size=2, max_size=5)),
    st.tuples(st.just("drag"), POINTS, POINTS),
    st.tuples(st.just("nudge"), st.integers(-10, 10), st.integers(-10, 10)),
    st.tuples(st.just("handle")),
    st.tuples(st.just("swap")),
    st.tuples(st.just("choose"), st.integers(0, 5)),
    st.tuples(st.just("copy"), st.integers(0, 3)),
    st.tuples(st.just("lock")),
    st.tuples(st.just("paint")),
    st.tuples(st.just("remove")),
)


class Desk:
    """A hand, the draft that it changes, and its undo."""

    def __init__(self) -> None:
        self.drawn = DrawnRegions(self.note)
        self.drawn.size = SIZE
        self.hand = MarkHand(self.drawn)
        draft = make_draft(make_question(make_person()))
        images = (ImageUse(MediaId("ab" * 32), frames=(0, 1, 2, 3)),)
        self.draft = replace(draft, body=replace(draft.body, images=images))
        self.log = EditLog()
        self.states = [self.draft]

    def note(self, joins: bool) -> None:
        before = self.draft
        use = replace(before.body.images[0], marks=self.drawn.all)
        self.draft = replace(before, body=replace(before.body, images=(use,)))
        # Ten seconds apart: every change is a step of its own.
        self.log.note(before, self.draft, "marks 0", 10.0 * len(self.states), joins=joins)
        self.states.append(self.draft)

    def do(self, name: str, *values: object) -> None:
        hand, drawn = self.hand, self.drawn
        match name, values:
            case "draw", (kind, places):
                hand.tool = kind
                for place in places:
                    hand.press(place, 0, 2.0)
                    hand.move(place)
                    hand.release(is_click=False)
                hand.finish()
                hand.tool = None
            case "drag", (start, end):
                hand.press(start, 0, 3.0)
                hand.move(end)
                hand.release(is_click=False)
            case "nudge", (across, down):
                drawn.nudge(across, down)
            case "handle", () if drawn.number is not None:
                drawn.next_handle()
            case "swap", ():
                hand.put(tuple(reversed(drawn.all)))
                hand.put(tuple(reversed(drawn.all)))
            case "choose", (number,) if number < len(drawn.all):
                drawn.choose(number)
            case "copy", (frame,):
                drawn.copy_to(frame)
            case "lock", () if drawn.number is not None:
                region = drawn.all[drawn.number]
                drawn.change(replace(region, is_locked=not region.is_locked))
            case "paint", ():
                drawn.add(BLOB)
            case "remove", ():
                drawn.remove()


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=15))
def test_every_step_of_a_hand_can_be_undone_and_redone(steps: list[tuple[object, ...]]) -> None:
    desk = Desk()
    for name, *values in steps:
        desk.do(str(name), *values)

    draft = desk.draft
    for state in reversed(desk.states[:-1]):
        draft, _ = desk.log.undo(draft)
        assert draft == state
    assert not desk.log.can_undo
    for state in desk.states[1:]:
        draft, _ = desk.log.redo(draft)
        assert draft == state


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=15))
def test_marks_stay_on_the_image_and_are_read_back_as_they_are(
    steps: list[tuple[object, ...]],
) -> None:
    desk = Desk()
    for name, *values in steps:
        desk.do(str(name), *values)

    assert Body.from_plain(desk.draft.body.to_plain()) == desk.draft.body
    for region in desk.drawn.all:
        found = extent(region)
        assert found is not None
        (left, top), (right, bottom) = found
        # A freehand line is stretched by the corners around it, which may be a thousandth off.
        assert left >= -0.02
        assert top >= -0.02
        assert right <= SIZE[0] + 0.02
        assert bottom <= SIZE[1] + 0.02


@given(st.lists(POINTS, min_size=3, max_size=8), st.integers(0, 59), st.integers(0, 39))
def test_a_hand_is_inside_where_the_region_has_its_pixels(
    points: list[tuple[float, float]], column: int, row: int
) -> None:
    for kind in (RegionKind.BOX, RegionKind.POLYGON):
        region = kept(Region(kind, tuple(points if kind is RegionKind.POLYGON else points[:2])))
        own = mask_of(region, *SIZE)[row, column]
        assert is_inside(region, (column + 0.5, row + 0.5)) == own or _touches(region, column, row)


def _touches(region: Region, column: int, row: int) -> bool:
    """A center that lies on the line itself may count either way."""
    near = {
        mask_of(_moved(region, by), *SIZE)[row, column] for by in ((0.01, 0.01), (-0.01, -0.01))
    }
    return len(near) == 2


def _moved(region: Region, by: tuple[float, float]) -> Region:
    return replace(region, points=tuple((x + by[0], y + by[1]) for x, y in region.points))


def test_a_frame_shows_the_mark_that_is_held_where_the_hand_has_it():
    drawn = DrawnRegions(lambda joins: None)
    drawn.size = SIZE
    hand = MarkHand(drawn)
    first, held, last = (
        Region(RegionKind.BOX, ((left, 5), (left + 10, 15))) for left in (2, 20, 40)
    )
    other = replace(held, frame=1)
    hand.put((first, other, held, last))
    drawn.choose(2)

    hand.press((25, 10), 0, 2.0)
    assert hand.on(0) == (first, held, last)
    hand.move((28, 14))

    moved = replace(held, points=((23, 9), (33, 19)))
    assert hand.on(0) == (first, moved, last)
    assert hand.on(1) == (other,)
    hand.drop()
    assert hand.on(0) == (first, held, last)
