"""Lines that were kept look as freshly painted ones do, wherever the picture is moved to."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from core.domain.region import Region, RegionKind
from reviewer_app.widgets.marks import lines as image_mark_lines
from reviewer_app.widgets.marks.lines import MarkLines
from reviewer_app.widgets.marks.painted import MarkLayer, traced

RED = (255, 0, 0)
REGIONS = (
    Region(RegionKind.POLYGON, ((20, 20), (190, 30), (100, 180))),
    Region(RegionKind.ELLIPSE, ((5, 5), (60, 40))),
    Region(RegionKind.ARROW, ((150, 20), (80, 120))),
    Region(RegionKind.POINT, ((33.5, 90),)),
    Region(RegionKind.BOX, ((-30, 60), (260, 150))),
)


@pytest.fixture(autouse=True)
def _qt(qapp):
    """Painting needs an application."""


@pytest.fixture
def seen():
    layer = MarkLayer()
    return [(layer.shape(region, RED), RED) for region in REGIONS]


def painted(lines, place, seen, *, ratio=1.0, is_hasty=False):
    screen = QImage(round(220 * ratio), round(200 * ratio), QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(Qt.GlobalColor.black)
    with QPainter(screen) as painter:
        lines.paint(painter, place, seen, is_hasty=is_hasty)
    return screen


def most_apart(one, other):
    """Return the largest difference of two pictures, of 255."""
    bytes_of = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)]
    return np.abs(bytes_of[0] - bytes_of[1]).max()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("zoom", [0.7, 1.0, 3.3])
def test_moved_lines_equal_those_painted_there(seen, zoom, ratio):
    lines = MarkLines(traced)
    painted(lines, QTransform(zoom, 0, 0, zoom, 3.25, -2.5), seen, ratio=ratio)
    for across, down in ((40, 0), (-17, 60), (0, -31)):  # whole pixels of the device
        place = QTransform(zoom, 0, 0, zoom, 3.25 + across / ratio, -2.5 + down / ratio)

        moved = painted(lines, place, seen, ratio=ratio)

        fresh = painted(MarkLines(traced), place, seen, ratio=ratio)
        assert most_apart(moved, fresh) <= 32  # fractions of a pixel are cut at 1/256
        assert most_apart(moved, painted(lines, QTransform(), seen, ratio=ratio)) > 200


def test_turned_and_mirrored_lines_are_not_those_before(seen):
    lines = MarkLines(traced)
    for place in (QTransform(), QTransform(-1, 0, 0, 1, 200, 0), QTransform(0, 1, -1, 0, 200, 0)):
        assert painted(lines, place, seen) == painted(MarkLines(traced), place, seen)


def test_many_lines_in_haste_are_at_the_same_place_and_fine_afterwards(seen):
    lines, many = MarkLines(traced), seen * 4
    fine = painted(MarkLines(traced), QTransform(), many)

    hasty = painted(lines, QTransform(), many, is_hasty=True)

    assert hasty != fine
    assert painted(lines, QTransform(), many) == fine
    ink = sum(hasty.pixelColor(x, y).red() > 128 for x in range(220) for y in range(200))
    wanted = sum(fine.pixelColor(x, y).red() > 128 for x in range(220) for y in range(200))
    assert ink == pytest.approx(wanted, rel=0.2)


def test_many_lines_get_soft_edges_while_a_hand_pans(seen):
    lines, many = MarkLines(traced), seen * 4
    coarse = painted(lines, QTransform.fromTranslate(3, 4), many, is_hasty=True)

    for step in range(len(many)):
        panned = painted(lines, QTransform.fromTranslate(step, 4), many, is_hasty=True)

    assert (
        most_apart(panned, painted(MarkLines(traced), QTransform.fromTranslate(step, 4), many))
        <= 32
    )
    again = painted(lines, QTransform.fromTranslate(3, 4), many, is_hasty=True)
    assert most_apart(again, coarse) > 100


def test_many_lines_that_are_looked_at_once_take_no_memory(seen):
    lines, many = MarkLines(traced), seen * 4

    for place in (QTransform(), QTransform.fromScale(2, 2), QTransform.fromScale(3, 3)):
        painted(lines, place, many)
        painted(lines, place, many)

    assert not lines._kept


def test_a_line_larger_than_what_is_kept_is_painted_nevertheless(seen):
    far = painted(MarkLines(traced), QTransform(40, 0, 0, 40, -700, -700), seen)

    assert any(far.pixelColor(x, 100).red() == 255 for x in range(220))


def test_lines_of_many_frames_take_bounded_memory_and_those_in_sight_stay(monkeypatch):
    layer, lines = MarkLayer(), MarkLines(traced)
    frames = [
        [(layer.shape(Region(RegionKind.BOX, ((9, 9), (90, 80)), frame=one), RED), RED)]
        for one in range(12)
    ]
    painted(lines, QTransform(), frames[0])
    [first] = lines._kept.values()
    monkeypatch.setattr(image_mark_lines, "_MOST_BYTES", 3 * first.nbytes)

    for seen in frames:
        fresh = painted(MarkLines(traced), QTransform(), seen)
        for _ in range(2):
            assert painted(lines, QTransform(), seen) == fresh
            assert sum(line.nbytes for line in lines._kept.values()) <= 3 * first.nbytes

    assert any(line.shape is frames[-1][0][0] for line in lines._kept.values())
    assert first.nbytes >= 4 * 2 * (81 + 71) * 4  # of four edges, each as wide as its halo


def test_lines_that_no_memory_is_left_for_are_painted_all_the_same(seen, monkeypatch):
    monkeypatch.setattr(image_mark_lines, "_MOST_BYTES", 0)
    lines = MarkLines(traced)

    for _ in range(2):
        shown = painted(lines, QTransform(), seen)

    assert lines._kept == {}
    monkeypatch.undo()
    assert most_apart(shown, painted(MarkLines(traced), QTransform(), seen)) <= 32
