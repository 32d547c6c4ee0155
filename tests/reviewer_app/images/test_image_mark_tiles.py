"""Very many marks: what is kept in tiles looks as if it were painted anew."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from core.imaging.load import open_image
from core.imaging.marks.shapes import MOST_LABELS
from core.imaging.pictures import encode_png
from reviewer_app.widgets.marks.marking import MarkingView

IMAGE = open_image(encode_png(np.full((900, 1200), 40, np.uint8)), name="x")
COUNT = MOST_LABELS + 50


def marks(count: int = COUNT) -> tuple[Region, ...]:
    dice = np.random.default_rng(3)
    made = []
    for x, y, far in dice.uniform((0, 0, 10), (1100, 800, 90), (count, 3)):
        kind = (RegionKind.BOX, RegionKind.ELLIPSE, RegionKind.ARROW)[len(made) % 3]
        made.append(Region(kind, ((x, y), (x + far, y + far)), label=f"{len(made) % 3}"))
    return tuple(made)


@pytest.fixture
def new_view(on_screen):
    def make(regions: tuple[Region, ...]) -> MarkingView:
        view = on_screen(MarkingView(), 640, 480)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the ring of the focus is no mark
        view.clearFocus()
        view.show_image(IMAGE, ImageUse(MediaId("a")))
        view.set_kinds(RegionKind)
        view.set_regions(regions)
        return view

    return make


def painted(qtbot, view: MarkingView) -> QImage:
    """Return the widget when every line is fine."""
    view.grab()
    qtbot.waitUntil(lambda: not view._refine.isActive() and not view._rest.isActive())
    return view.grab().toImage()


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint32).copy()


def test_many_marks_are_seen_at_once_and_refined_after(qtbot, new_view):
    view = new_view(marks())
    bare = new_view(()).grab().toImage()

    assert view.grab().toImage() != bare
    assert painted(qtbot, view) == painted(qtbot, new_view(marks()))


@pytest.mark.parametrize("turns", [0, 1])
def test_panned_marks_look_as_if_they_were_painted_anew(qtbot, new_view, turns):
    one, other = new_view(marks()), new_view(marks())
    for view in (one, other):
        view.turn(turns)
        view.zoom(2)
    painted(qtbot, one)
    for _ in range(9):
        one.set_camera(one.camera().panned(-37, 21))
        one.grab()
    other.set_camera(one.camera())

    apart = pixels(painted(qtbot, one)) != pixels(painted(qtbot, other))
    assert apart.mean() < 0.01  # lines may fall on either side of a pixel's edge


def test_what_is_changed_added_and_removed_is_seen(qtbot, new_view):
    first = marks()
    moved = replace(first[0], points=((600, 400), (700, 500)))
    for regions in ((moved, *first[1:]), first[5:], (*first, moved)):
        view = new_view(first)
        painted(qtbot, view)
        view.set_regions(regions)

        assert painted(qtbot, view) == painted(qtbot, new_view(regions))
