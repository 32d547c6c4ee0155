"""How long an interaction takes until it is painted while very many marks lie on a large image."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region, RegionKind
from reviewer_app.widgets.marks.brush import BrushSettings
from reviewer_app.widgets.marks.marking import MarkingView
from tests.bench.made_pictures import fifty_regions, made_image
from tests.bench.timing import Timing, report, timed

ROWS, COLUMNS = 4096, 3328
MANY = 2000
MANY_MS = 33.0
BRUSH_MS = 16.0
COUNT = 30
VIEWPORTS = ((1200, 900), (3840, 2160))
LEFT = Qt.MouseButton.LeftButton


def many_regions() -> tuple[Region, ...]:
    """Return boxes and polygons of 24 corners in seven colors, spread over a mammogram."""
    dice = np.random.default_rng(1)
    turns = [math.tau * step / 24 for step in range(24)]
    made = []
    for number in range(MANY):
        x, y = dice.uniform(100, COLUMNS - 300), dice.uniform(100, ROWS - 300)
        far, label = dice.uniform(20, 120), f"finding {number % 7}"
        if number % 2:
            made.append(Region(RegionKind.BOX, ((x, y), (x + far, y + far)), label=label))
        else:
            line = tuple((x + far * math.cos(one), y + far * math.sin(one)) for one in turns)
            made.append(Region(RegionKind.POLYGON, line, label=label))
    return tuple(made)


@pytest.fixture(scope="module")
def image():
    return made_image(ROWS, COLUMNS)


def marked_view(qtbot, image, size: tuple[int, int], regions: tuple[Region, ...]) -> MarkingView:
    view = MarkingView()
    qtbot.addWidget(view)
    view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    view.show_image(image, ImageUse(MediaId("0" * 64)))
    qtbot.waitUntil(lambda: not view.is_waiting())
    view.set_kinds(RegionKind)
    view.set_regions(regions)
    view.repaint()
    qtbot.waitUntil(lambda: not view._refine.isActive())
    return view


def windowing(view: MarkingView) -> Timing:
    def step(number: int) -> None:
        view.set_view(View(Window(1000 + number, 2000 - number)))
        view.repaint()

    return timed(step, count=COUNT)


def dragging(qtbot, view: MarkingView) -> Timing:
    place = next(i for i, one in enumerate(view.regions()) if one.kind is RegionKind.BOX)
    corner = view._placed(view.regions()[place].points[0]).toPoint()
    qtbot.mousePress(view, LEFT, pos=corner)

    def step(number: int) -> None:
        qtbot.mouseMove(view, corner + QPoint(number % 20, number % 15))
        view.repaint()

    found = timed(step, count=COUNT)
    qtbot.mouseRelease(view, LEFT, pos=corner)
    return found


def panning(view: MarkingView) -> Timing:
    view.zoom(3)
    view.repaint()

    def step(number: int) -> None:
        view.set_camera(view.camera().panned(7 if number % 40 < 20 else -7, 3))
        view.repaint()

    return timed(step, count=COUNT)


def zooming(view: MarkingView) -> Timing:
    def step(number: int) -> None:
        view.zoom(1.25 if number % 2 else 0.8)
        view.repaint()

    return timed(step, count=COUNT)


@pytest.mark.bench
@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", VIEWPORTS)
def test_two_thousand_marks_follow_the_hand(qtbot, image, size):
    view = marked_view(qtbot, image, size, many_regions())
    found = {
        "window/level": windowing(view),
        "moving one": dragging(qtbot, view),
        "zoom": zooming(view),
        "pan": panning(view),
    }

    report(f"2,000 marks on a mammogram, {size[0]}×{size[1]}", found, count=COUNT)
    assert {what: str(one) for what, one in found.items() if one.p95_undisturbed > MANY_MS} == {}


@pytest.mark.bench
@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", VIEWPORTS)
def test_the_brush_follows_the_hand_on_a_mammogram(qtbot, image, size):
    view = marked_view(qtbot, image, size, fifty_regions(ROWS, COLUMNS))
    view.set_kind(RegionKind.MASK)
    view.set_brush(BrushSettings(size_px=80, span=300))
    middle = QPoint(size[0] // 2, size[1] // 2)
    qtbot.mousePress(view, LEFT, pos=middle)

    def step(number: int) -> None:
        turn, far = number / 10, size[1] / 5
        at = middle + QPoint(int(far * math.cos(turn)), int(far * math.sin(turn)))
        qtbot.mouseMove(view, at)
        QApplication.processEvents()

    found = timed(step, count=COUNT)
    qtbot.mouseRelease(view, LEFT, pos=middle)
    report(f"painting a mask, {size[0]}×{size[1]}", {"a step": found}, count=COUNT)
    assert found.p95_undisturbed <= BRUSH_MS
