"""How long a hand waits for the picture, 50 regions on top, beside pyqtgraph and bare numpy."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from core.domain.ids import MediaId
from core.domain.links import Links
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region
from core.imaging.load import LoadedImage
from reviewer_app.widgets.images.grid import ImageGrid
from reviewer_app.widgets.marks.marking import MarkingView
from tests.bench.made_pictures import SIZES, fifty_regions, made_image, made_slices, made_stack
from tests.bench.rival_views import NumpyView, PyqtgraphView
from tests.bench.timing import Timing, ratios, report, timed_together

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

COUNT, FEWER = 40, 10
WINDOW_MS = {(1200, 900): 3.0, (3840, 2160): 10.0}
"""The most that window/level may take at p95, by the size of the view."""
MOVE_MS = 16.0
SLICE_MS, FOUR_MS = 8.0, 12.0


class PaintCounter(QObject):
    """Counts paint events, so that a window that was never painted cannot look fast."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def show(qtbot, widget: QWidget, width: int, height: int) -> None:
    """Show a widget until the window system lets it paint; else nothing would be measured."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()


def paint_window(widget: QWidget) -> None:
    """Paint what is out of date, as the window does it: every view once, all in one go."""
    QApplication.sendPostedEvents(widget.window(), QEvent.Type.UpdateRequest)


class Rivals:
    """The three views of one picture at one size, only one of them on screen at a time."""

    def __init__(self, qtbot, image: LoadedImage, size: tuple[int, int]) -> None:
        stored = image.frame(0).stored
        regions = fifty_regions(*stored.shape[:2])
        self.ours = view_with(image, regions)
        self.numpy = NumpyView(stored, regions)
        self.pyqtgraph = PyqtgraphView(stored, regions)
        for widget in (self.numpy, self.pyqtgraph.widget, self.ours):
            show(qtbot, widget, *size)
        qtbot.waitUntil(lambda: not self.ours.is_waiting())
        self.ours.installEventFilter(paints := PaintCounter())
        self.paints = paints

    def timed(
        self,
        ours: Callable[[int], None],
        numpy: Callable[[int], None],
        pyqtgraph: Callable[[int], None],
        what: str,
    ) -> Timing:
        before = self.paints.count
        one, two, three = timed_together([ours, numpy, pyqtgraph], count=COUNT, fewer=FEWER)
        assert self.paints.count - before >= 3 * COUNT
        rows = {"ours": one, "numpy + QImage": two, "pyqtgraph": three}
        ratio = ratios(one, {"numpy + QImage": two, "pyqtgraph": three})
        report(what, {**rows, "slower than ours:": ratio}, count=COUNT)
        return one


def view_with(image: LoadedImage, regions: tuple[Region, ...]) -> MarkingView:
    view = MarkingView()
    view.show_image(image, ImageUse(MediaId("0" * 64), marks=regions))
    return view


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", WINDOW_MS)
def test_window_level_until_painted(qtbot, size, view):
    rivals = Rivals(qtbot, made_image(*SIZES[size]), view)

    def window(number: int) -> Window:
        return Window(1000 + number, 2000 - number)

    def ours(number: int) -> None:
        rivals.ours.set_view(View(window(number)))
        rivals.ours.repaint()

    def numpy(number: int) -> None:
        rivals.numpy.window_ = window(number)
        rivals.numpy.repaint()

    def pyqtgraph(number: int) -> None:
        rivals.pyqtgraph.set_window(window(number))

    what = f"window/level {size} in {view[0]}×{view[1]}"
    assert rivals.timed(ours, numpy, pyqtgraph, what).p95 <= WINDOW_MS[view]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", WINDOW_MS)
def test_zoom_and_pan_until_painted(qtbot, size, view):
    rivals = Rivals(qtbot, made_image(*SIZES[size]), view)

    def factor(number: int) -> float:
        return 1.25 if number % 2 else 0.8

    def ours_zoom(number: int) -> None:
        rivals.ours.zoom(factor(number))
        rivals.ours.repaint()

    def numpy_zoom(number: int) -> None:
        rivals.numpy.zoom(factor(number))
        rivals.numpy.repaint()

    where = f"{size} in {view[0]}×{view[1]}"
    zoom = rivals.timed(
        ours_zoom,
        numpy_zoom,
        lambda number: rivals.pyqtgraph.zoom(factor(number)),
        f"zoom {where}",
    )
    rivals.ours.zoom(3), rivals.numpy.zoom(3), rivals.pyqtgraph.zoom(3)

    def way(number: int) -> tuple[float, float]:
        return (7.0, 3.0) if number % 20 < 10 else (-7.0, -3.0)

    def ours_pan(number: int) -> None:
        rivals.ours.set_camera(rivals.ours.camera().panned(*way(number)))
        rivals.ours.repaint()

    def numpy_pan(number: int) -> None:
        rivals.numpy.pan(*way(number))
        rivals.numpy.repaint()

    pan = rivals.timed(
        ours_pan, numpy_pan, lambda number: rivals.pyqtgraph.pan(*way(number)), f"pan {where}"
    )
    assert max(zoom.p95, pan.p95) <= MOVE_MS


@pytest.mark.parametrize("view", WINDOW_MS)
def test_next_slice_of_a_decoded_stack_until_painted(qtbot, view):
    slices = made_slices(20, 512).astype(np.uint16)
    image = made_stack(20, 512)
    rivals = Rivals(qtbot, image, view)
    regions = tuple(
        replace(one, frame=index) for one in fifty_regions(512, 512) for index in range(20)
    )
    rivals.ours.show_image(image, ImageUse(MediaId("0" * 64), tuple(range(20)), marks=regions))
    qtbot.waitUntil(lambda: all(image.ready_frame(index) for index in range(20)))

    def ours(number: int) -> None:
        rivals.ours.show_place(number % 20)
        rivals.ours.repaint()

    def numpy(number: int) -> None:
        rivals.numpy.stored = slices[number % 20]
        rivals.numpy.repaint()

    def pyqtgraph(number: int) -> None:
        rivals.pyqtgraph.show(slices[number % 20])

    what = f"slice to slice 512×512 in {view[0]}×{view[1]}"
    assert rivals.timed(ours, numpy, pyqtgraph, what).p95 <= SLICE_MS


def test_next_slice_in_four_linked_views_until_painted(qtbot):
    images = [made_stack(20, 512) for _ in range(4)]
    grid = ImageGrid()
    grid.set_links(Links(scrolls=True, zooms=True, windows=True))
    show(qtbot, grid, 1200, 900)
    grid.set_shape(2, 2)
    QApplication.sendPostedEvents()
    paints = PaintCounter()
    for view, image in zip(grid.views(), images, strict=True):
        view.show_image(image, ImageUse(MediaId("0" * 64), tuple(range(20))))
        view.installEventFilter(paints)
    decoded = [(image, index) for image in images for index in range(20)]
    qtbot.waitUntil(lambda: all(image.ready_frame(index) for image, index in decoded))
    paint_window(grid)

    def step(number: int) -> None:
        grid.view().show_place(number % 20)
        paint_window(grid)

    def window(number: int) -> None:
        grid.view().set_view(View(Window(1000 + number, 2000 - number)))
        paint_window(grid)

    before = paints.count
    scrolled, windowed = timed_together([step, window], count=COUNT)
    assert paints.count - before >= 2 * 3 * COUNT * len(images)
    assert {view.place() for view in grid.views()} == {(COUNT - 1) % 20}
    report("four linked views in 1200×900", {"slice": scrolled, "window": windowed}, count=COUNT)
    assert max(scrolled.p95, windowed.p95) <= FOUR_MS
