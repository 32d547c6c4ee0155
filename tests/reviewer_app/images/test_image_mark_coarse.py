"""Very many lines painted in one go lie where each one alone would lie."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from core.domain.region import Region, RegionKind
from reviewer_app.widgets.marks import tiles as image_mark_tiles
from reviewer_app.widgets.marks.coarse import CoarseLines, paint_coarsely
from reviewer_app.widgets.marks.painted import MarkLayer
from reviewer_app.widgets.marks.tiles import LineTiles

WIDTH, HEIGHT = 220, 160
RIM = 2
"""Lines that touch the edge of the paper may just miss it."""
RED, BLUE = (255, 0, 0), (0, 90, 255)
KINDS = [kind for kind in RegionKind if kind is not RegionKind.MASK]
COORDINATE = st.floats(-40, 240, allow_nan=False)


@st.composite
def regions(draw) -> Region:
    kind = draw(st.sampled_from(KINDS))
    count = {RegionKind.POINT: 1, RegionKind.POLYGON: 5, RegionKind.FREEHAND: 7}.get(kind, 2)
    points = draw(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=count, max_size=count))
    if kind in (RegionKind.BOX, RegionKind.ELLIPSE):
        (left, top), (right, bottom) = points
        points = [(min(left, right), min(top, bottom)), (max(left, right), max(top, bottom))]
    return Region(kind, tuple(points))


PLACES = st.builds(
    lambda scale, x, y, turns: QTransform().translate(x, y).rotate(90 * turns).scale(scale, scale),
    st.sampled_from([0.3, 1.0, 2.37, 20.0]),
    st.floats(-90, 200),
    st.floats(-90, 200),
    st.integers(0, 3),
)


def paper(paint) -> np.ndarray:
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(0)
    with QPainter(picture) as painter:
        paint(painter)
    return np.frombuffer(picture.constBits(), np.uint32).reshape(HEIGHT, WIDTH) & 0xFFFFFF


def far_from(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return what is painted on the other and does not touch what is on one.

    Where a line that is shorter than a pixel begins and ends is left to the painter.
    """
    near = cv2.dilate((one != 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return (other != 0) & ~near


@given(st.lists(st.tuples(regions(), st.sampled_from([RED, BLUE])), max_size=8), PLACES)
def test_lines_of_many_marks_lie_where_those_of_each_lie(marks, place):
    layer = MarkLayer()
    drawn = [(layer.shape(region, color), color) for region, color in marks]
    area = QRectF(0, 0, WIDTH, HEIGHT)

    together = paper(lambda painter: CoarseLines(drawn).paint(painter, place, area, 1))
    alone = paper(lambda painter: paint_coarsely(painter, place, drawn, 1))

    assert not far_from(alone, together)[RIM:-RIM, RIM:-RIM].any()
    assert not far_from(together, alone)[RIM:-RIM, RIM:-RIM].any()
    assert set(np.unique(together)) <= {0, 0xFF0000, 0x005AFF}


@pytest.mark.parametrize("part", [1, 10_000])
def test_lines_are_made_ready_once_and_follow_what_is_drawn(part, monkeypatch):
    """However many are missing: all are painted in one go, or one by one."""
    monkeypatch.setattr(image_mark_tiles, "_FEW_PART", part)
    monkeypatch.setattr(image_mark_tiles, "_MOST_AT_ONCE", 0)
    layer, tiles = MarkLayer(), LineTiles()
    boxes = [Region(RegionKind.BOX, ((x, 20), (x + 15, 90))) for x in range(10, 200, 20)]

    def painted(shapes, *, is_hasty):
        return paper(
            lambda painter: tiles.paint(painter, QTransform(), shapes, 1, is_hasty=is_hasty)
        )

    def of(some):
        return {(id(one), RED): (layer.shape(one, RED), RED) for one in some}

    for shown in (boxes, boxes[2:], boxes[::-1]):
        shapes = of(shown)
        alone = paper(lambda to, of=shapes: paint_coarsely(to, QTransform(), of.values(), 1))
        first = painted(shapes, is_hasty=True)
        ready = tiles._coarse
        for is_hasty in (False, True):
            assert np.array_equal(painted(shapes, is_hasty=is_hasty), alone)
        assert np.array_equal(first, alone)
        assert tiles._coarse is ready or part > 1
