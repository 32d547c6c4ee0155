"""Marks under the real hand: every kind by mouse, every step by keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from core.domain.ids import MediaId
from core.domain.media import ImageUse, Window
from core.domain.region import Region, RegionKind
from core.imaging.marks.mask import pixels_of
from reviewer_app.widgets.images.measures import Tool
from reviewer_app.widgets.marks.brush import BrushSettings
from reviewer_app.widgets.marks.marking import MarkingView
from tests.reviewer_app.images.hands import CONTROL, CT, LEFT, SHIFT, drag, load

CINE = ImageUse(MediaId("examples_ybr_color.dcm"), (0, 1, 2))
BOX = Region(RegionKind.BOX, ((20, 30), (50, 60)), label="nodule")
POINT = Region(RegionKind.POINT, ((100, 100),))
KEYS = {
    RegionKind.POINT: Qt.Key.Key_P,
    RegionKind.ARROW: Qt.Key.Key_A,
    RegionKind.BOX: Qt.Key.Key_B,
    RegionKind.ELLIPSE: Qt.Key.Key_E,
    RegionKind.POLYGON: Qt.Key.Key_G,
    RegionKind.FREEHAND: Qt.Key.Key_F,
    RegionKind.MASK: Qt.Key.Key_M,
}


@pytest.fixture
def view(on_screen):
    """128 × 128 pixels at 200 %."""
    widget = on_screen(MarkingView(), 256, 256)
    widget.show_image(load(CT.media), CT)
    widget.set_kinds(RegionKind)
    widget.setFocus()
    return widget


@pytest.fixture
def changes(view):
    found = []
    view.regions_changed.connect(lambda regions, joins: found.append((regions, joins)))
    return found


def choose(qtbot, view, kind):
    qtbot.keyClick(view, KEYS[kind], SHIFT)
    assert view.kind() is kind


def only(view):
    [region] = view.regions()
    return region


@pytest.mark.parametrize("kind", [RegionKind.BOX, RegionKind.ELLIPSE])
def test_a_drag_from_any_corner_draws_a_box_or_an_ellipse(qtbot, view, changes, kind):
    choose(qtbot, view, kind)
    drag(qtbot, view, (100, 120), (70, 90), (40, 60))

    assert only(view) == Region(kind, ((20, 30), (50, 60)))
    assert changes == [(view.regions(), False)]
    assert view.shown_window() == Window(40, 400)


def test_two_clicks_draw_the_same_as_a_drag(qtbot, view):
    choose(qtbot, view, RegionKind.BOX)
    for place in ((40, 60), (100, 120)):
        qtbot.mouseMove(view, QPoint(*place))
        qtbot.mouseClick(view, LEFT, pos=QPoint(*place))

    assert only(view).points == ((20, 30), (50, 60))


def test_an_arrow_points_where_the_drag_ends(qtbot, view):
    choose(qtbot, view, RegionKind.ARROW)
    drag(qtbot, view, (200, 200), (100, 100))

    assert only(view) == Region(RegionKind.ARROW, ((100, 100), (50, 50)))


def test_a_click_sets_a_point(qtbot, view):
    choose(qtbot, view, RegionKind.POINT)
    qtbot.mouseClick(view, LEFT, pos=QPoint(200, 200))

    assert only(view) == POINT


@pytest.mark.parametrize("end", ["double click", "first corner", "enter"])
def test_clicks_set_the_corners_of_a_polygon(qtbot, view, end):
    choose(qtbot, view, RegionKind.POLYGON)
    for place in ((40, 40), (120, 40), (120, 120), (40, 120)):
        qtbot.mouseMove(view, QPoint(*place))
        qtbot.mouseClick(view, LEFT, pos=QPoint(*place))
    if end == "double click":
        qtbot.mouseDClick(view, LEFT, pos=QPoint(40, 120))
    elif end == "first corner":
        qtbot.mouseClick(view, LEFT, pos=QPoint(42, 41))
    else:
        qtbot.keyClick(view, Qt.Key.Key_Return)

    assert only(view).kind is RegionKind.POLYGON
    assert only(view).points[:3] == ((20, 20), (60, 20), (60, 60))
    assert len(only(view).points) == 4


def test_the_last_corner_can_be_taken_back(qtbot, view):
    choose(qtbot, view, RegionKind.POLYGON)
    for place in ((40, 40), (120, 40), (200, 200), (40, 120)):
        qtbot.mouseClick(view, LEFT, pos=QPoint(*place))
    qtbot.keyClick(view, Qt.Key.Key_Backspace)
    qtbot.keyClick(view, Qt.Key.Key_Return)

    assert only(view).points == ((20, 20), (60, 20), (100, 100))


def test_freehand_follows_the_hand(qtbot, view):
    choose(qtbot, view, RegionKind.FREEHAND)
    drag(qtbot, view, (40, 40), (120, 40), (120, 120), (40, 120))

    assert only(view).kind is RegionKind.FREEHAND
    assert only(view).points == ((20, 20), (60, 20), (60, 60), (20, 60))


def test_the_brush_paints_and_erases_pixels(qtbot, view):
    choose(qtbot, view, RegionKind.MASK)
    view.set_brush(BrushSettings(size_px=10))
    drag(qtbot, view, (60, 100), (160, 100))
    painted = pixels_of(only(view).mask)
    qtbot.keyClick(view, Qt.Key.Key_X)
    drag(qtbot, view, (60, 100), (100, 100))
    left = pixels_of(only(view).mask)

    assert painted.shape == (128, 128)
    assert painted[46:54, 30:80].all()
    assert not painted[:44].any()
    assert not left[46:54, 30:50].any()
    assert left[46:54, 60:80].all()


def test_a_mask_looks_the_same_while_it_is_painted_on_and_after(qtbot, view):
    choose(qtbot, view, RegionKind.MASK)
    view.set_brush(BrushSettings(size_px=30))
    drag(qtbot, view, (60, 100), (160, 100))
    at = QPoint(110, 100)
    qtbot.mousePress(view, LEFT, pos=at)
    view.set_brush(BrushSettings(size_px=1))  # the ring must not count
    during = view.grab(QRect(60, 85, 100, 10)).toImage()
    qtbot.mouseRelease(view, LEFT, pos=at)
    after = view.grab(QRect(60, 85, 100, 10)).toImage()

    assert during == after


def test_what_is_erased_to_the_last_pixel_is_gone(qtbot, view):
    choose(qtbot, view, RegionKind.MASK)
    drag(qtbot, view, (100, 100), (104, 100))
    assert only(view).kind is RegionKind.MASK
    view.set_brush(BrushSettings(size_px=60))
    drag(qtbot, view, (100, 100), (104, 100), modifier=CONTROL)

    assert view.regions() == ()


def test_the_brush_is_held_to_values_around_the_one_it_went_down_on(qtbot, view):
    stored = view.image().frame(0).stored
    choose(qtbot, view, RegionKind.MASK)
    view.set_brush(BrushSettings(size_px=60, span=50))
    qtbot.mouseClick(view, LEFT, pos=QPoint(140, 140))
    painted = pixels_of(only(view).mask)

    middle = int(stored[70, 70])
    assert painted[70, 70]
    assert (np.abs(stored[painted].astype(int) - middle) <= 50).all()
    away = np.hypot(*(np.indices(stored.shape) + 0.5 - 70))
    inside = (away <= 30) & (np.abs(stored.astype(int) - middle) <= 50)
    assert np.array_equal(painted, inside)


@pytest.mark.parametrize(("key", "grows"), [("]", True), ("[", False)])
def test_keys_change_the_size_of_the_brush(qtbot, view, key, grows):
    choose(qtbot, view, RegionKind.MASK)
    before = view.brush().size_px
    qtbot.keyClicks(view, key)

    assert (view.brush().size_px > before) is grows
    assert view.brush().size_px != before


def test_a_mask_can_be_painted_without_a_mouse(qtbot, view):
    choose(qtbot, view, RegionKind.MASK)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    painted = pixels_of(only(view).mask)

    assert painted[64, 64:74].all()


@pytest.mark.parametrize("kind", [one for one in RegionKind if one is not RegionKind.MASK])
def test_a_mark_can_be_made_moved_and_resized_without_a_mouse(qtbot, view, changes, kind):
    choose(qtbot, view, kind)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    first = only(view)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    moved = only(view)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    resized = only(view)

    assert moved.points == tuple((x + 1, y + 10) for x, y in first.points)
    assert resized.points != moved.points
    assert len(resized.points) == len(moved.points)
    assert [joins for _, joins in changes] == [False, True, True, True]
    assert "Chosen: " in view.accessibleDescription()


def test_tab_goes_through_the_marks_and_then_on(qtbot, view):
    view.set_regions((BOX, POINT))
    seen = []
    for _ in range(2):
        view.focusNextPrevChild(True)
        seen.append(view.chosen())

    assert seen == [BOX, POINT]
    view.focusNextPrevChild(True)
    assert view.chosen() is None


def test_escape_lets_go_of_the_mark_then_of_the_tool(qtbot, view):
    choose(qtbot, view, RegionKind.BOX)
    drag(qtbot, view, (40, 60), (100, 120))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert (view.chosen(), view.kind()) == (None, RegionKind.BOX)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.kind() is None


def test_a_line_is_taken_and_moved(qtbot, view, changes):
    view.set_regions((BOX, POINT))
    drag(qtbot, view, (40, 90), (50, 90), (60, 110))

    assert view.regions()[0].points == ((30, 40), (60, 70))
    assert len(changes) == 1
    assert view.chosen() == view.regions()[0]


def test_a_drag_inside_a_mark_that_is_not_chosen_windows(qtbot, view):
    view.set_regions((BOX,))
    drag(qtbot, view, (70, 90), (90, 90))

    assert only(view) == BOX
    assert view.shown_window() != Window(40, 400)


def test_a_click_inside_chooses_the_smallest_mark_and_a_drag_then_moves_it(qtbot, view):
    large = Region(RegionKind.ELLIPSE, ((5, 5), (120, 120)))
    view.set_regions((BOX, large))
    qtbot.mouseClick(view, LEFT, pos=QPoint(70, 90))
    assert view.chosen() == BOX
    drag(qtbot, view, (70, 90), (80, 90))

    assert view.regions()[0].points == ((25, 30), (55, 60))
    assert view.shown_window() == Window(40, 400)


@pytest.mark.parametrize("turns", range(4))
def test_a_handle_follows_the_hand_on_a_turned_picture(qtbot, view, turns):
    view.set_regions((BOX,))
    view.turn(turns)
    start, end = (view._placed(one).toPoint() for one in ((50, 60), (70, 90)))
    qtbot.mouseClick(view, LEFT, pos=view._placed((35, 45)).toPoint())
    drag(qtbot, view, start.toTuple(), end.toTuple())

    assert only(view).points == ((20, 30), (70, 90))


def test_a_mask_is_moved_by_whole_pixels_and_stays_on_the_image(qtbot, view):
    choose(qtbot, view, RegionKind.MASK)
    view.set_brush(BrushSettings(size_px=10))
    drag(qtbot, view, (60, 100), (160, 100))
    before = pixels_of(only(view).mask)
    view.set_kind(None)
    drag(qtbot, view, (100, 100), (100, 140))
    drag(qtbot, view, (100, 140), (100, 255))

    after = pixels_of(only(view).mask)
    assert before.sum() == after.sum()
    assert after[127].any()


def test_a_locked_mark_neither_moves_nor_goes(qtbot, view):
    refused = []
    view.mark_refused.connect(refused.append)
    view.set_regions((replace(BOX, is_locked=True),))
    drag(qtbot, view, (40, 90), (60, 110))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Delete)

    assert only(view) == replace(BOX, is_locked=True)
    assert refused == ["This mark is locked; unlock it to remove it."]
    qtbot.keyClick(view, Qt.Key.Key_L, SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert view.regions() == ()


def test_a_mark_is_copied_to_the_next_frame(qtbot, view):
    view.show_image(load(CINE.media), CINE)
    view.set_kinds(RegionKind)
    view.set_regions((BOX,))
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_C, SHIFT)

    assert view.place() == 1
    assert view.regions() == (BOX, replace(BOX, frame=1))
    assert view.chosen() == replace(BOX, frame=1)


def test_one_key_hides_all_marks_from_eye_and_hand(qtbot, view):
    view.set_regions((BOX,))
    with_marks = view.grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_H)
    without = view.grab().toImage()
    drag(qtbot, view, (40, 90), (60, 110))

    assert with_marks != without
    assert only(view) == BOX
    view.set_regions(())
    view.reset()
    assert view.grab().toImage() == without


def test_only_kinds_that_are_asked_for_can_be_drawn_and_only_so_many(qtbot, view):
    view.set_kinds({RegionKind.POINT}, most=1, is_answer=True)
    qtbot.keyClick(view, Qt.Key.Key_B, SHIFT)
    assert view.kind() is None
    choose(qtbot, view, RegionKind.POINT)
    for place in ((100, 100), (200, 200)):
        qtbot.mouseClick(view, LEFT, pos=QPoint(*place))

    assert view.regions() == (POINT,)


def test_marks_of_the_author_are_shown_and_told_but_not_changed(qtbot, view):
    view.set_kinds(())
    view.show_image(load(CT.media), replace(CT, marks=(BOX,)))
    drag(qtbot, view, (40, 90), (60, 110))

    assert view.regions() == ()
    assert "Marks: 1, Box “nodule”" in view.accessibleDescription()


def test_measuring_and_drawing_take_turns(qtbot, view):
    choose(qtbot, view, RegionKind.BOX)
    qtbot.keyClick(view, Qt.Key.Key_D)
    assert (view.tool(), view.kind()) == (Tool.LENGTH, None)
    choose(qtbot, view, RegionKind.BOX)
    assert view.tool() is None
