"""Marks that are kept as one sheet look as if they were painted anew, whatever changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region, RegionKind
from core.imaging.load import open_image
from core.imaging.marks.mask import runs_of
from core.imaging.marks.shapes import MOST_LABELS, label_colors
from core.imaging.pictures import encode_png
from reviewer_app import theme
from reviewer_app.widgets.images.screen import ScreenPart, screen_parts
from reviewer_app.widgets.marks import dots as image_mark_dots
from reviewer_app.widgets.marks import painted as image_mark_layer
from reviewer_app.widgets.marks import sheet as image_mark_sheet
from reviewer_app.widgets.marks.dots import dots_of
from reviewer_app.widgets.marks.marking import MarkingView
from reviewer_app.widgets.marks.painted import MarkLayer
from reviewer_app.widgets.marks.sheet import MarkSheet

DISK = np.hypot(*np.mgrid[-100:100, -110:110]) < 60
MARKS = (
    Region(RegionKind.POLYGON, ((20, 20), (190, 30), (100, 180)), label="Nodule"),
    Region(RegionKind.ELLIPSE, ((5, 5), (60, 40)), label="Cyst"),
    Region(RegionKind.ARROW, ((150, 20), (80, 120)), label="Nodule"),
    Region(RegionKind.POINT, ((33.5, 90),), label="Calcification"),
    Region(RegionKind.BOX, ((-30, 60), (260, 150))),
    Region(RegionKind.MASK, mask=runs_of(DISK), label="Effusion"),
)
SHIFT = QPoint(11, 7)
"""Where the widget lies on its screen."""
ROUNDING = 2
"""Of 255: what lies one over the other is rounded once more on the sheet."""


@pytest.fixture(autouse=True)
def _qt(qapp):
    """Painting needs an application."""


def painted(layer, place, marks=MARKS, *, ratio=1.0, gray=90, colors=None, is_hasty=False):
    screen = QImage(round(220 * ratio), round(200 * ratio), QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(QColor(gray, gray, gray))
    colors, font = colors or label_colors(marks), theme.tabular_font()
    with QPainter(screen) as painter:
        layer.paint(painter, place, marks, colors, font, is_hasty=is_hasty)
    return screen


def most_apart(one, other):
    """Return the largest difference of two pictures, of 255."""
    bytes_of = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)]
    return np.abs(bytes_of[0] - bytes_of[1]).max()


@pytest.fixture(params=["strips", "dots"])
def form(request, monkeypatch):
    """How a sheet is kept, as on a small screen or on a large one."""
    if request.param == "dots":
        monkeypatch.setattr(image_mark_sheet, "_MANY_PIXELS", 0)
        monkeypatch.setattr(image_mark_sheet, "_ROWS", 60)


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_kept_marks_equal_those_painted_anew_after_every_change(ratio):
    layer, moved = MarkLayer(), (replace(MARKS[0], points=((9, 9), (80, 9), (9, 80))), *MARKS[1:])
    zoomed = QTransform(1.7, 0, 0, 1.7, -40.5, 12)
    steps = [
        (QTransform(), MARKS, {}),
        (zoomed, MARKS, {}),
        (zoomed * QTransform.fromTranslate(13 / ratio, -7 / ratio), MARKS, {}),
        (QTransform(0, 1, -1, 0, 200, 0), MARKS, {}),
        (QTransform(), moved, {}),
        (QTransform(), MARKS[1:], {}),
        (QTransform(), MARKS, {"colors": dict.fromkeys(label_colors(MARKS), (0, 255, 0))}),
    ]
    for place, marks, more in steps:
        for gray in (0, 130, 255, 40):  # as when a hand windows
            kept = painted(layer, place, marks, ratio=ratio, gray=gray, **more)
            fresh = painted(MarkLayer(), place, marks, ratio=ratio, gray=gray, **more)
            # Lines that were moved by whole pixels are cut at 1/256 of a pixel.
            assert most_apart(kept, fresh) <= (32 if place.dx() == zoomed.dx() + 13 / ratio else 2)


def test_marks_are_painted_anew_only_when_something_changed():
    sheet, screen, draws = MarkSheet(), QImage(300, 200, QImage.Format.Format_RGB32), []

    def paint(wanted, *, is_passing=False):
        draws.clear()
        with QPainter(screen) as painter:
            sheet.paint(painter, wanted, lambda *to: draws.append(to), is_passing=is_passing)
        return len(draws)

    assert [paint("here") for _ in range(4)] == [1, 1, 0, 0]
    assert paint("here", is_passing=True) == 0
    assert paint("new") == 1
    assert [paint("new", is_passing=True) for _ in range(2)] == [1, 1]  # coarse, not to be kept
    assert [paint("there", is_passing=True) for _ in range(3)] == [1, 1, 1]
    assert [paint("here") for _ in range(3)] == [0, 0, 0]  # as when a hand scrolls to and fro
    sheet.forget()
    assert paint("here") == 1
    others = list(range(image_mark_sheet._MOST_KEPT))
    assert sum(map(paint, others)) == len(others)
    assert paint("here") == 1  # it had to go


def test_sheets_take_bounded_memory(monkeypatch):
    sheet, screen = MarkSheet(), QImage(300, 200, QImage.Format.Format_RGB32)
    monkeypatch.setattr(image_mark_sheet, "_MOST_BYTES", 3 * 4 * 300 * 200)

    for wanted in (0, 0, 1, 1, 2, 2, 3, 3, 4, 4):
        with QPainter(screen) as painter:
            sheet.paint(
                painter, wanted, lambda to, _: to.fillRect(to.viewport(), "red"), is_passing=False
            )

    kept = [one for _, one in sheet._kept if one is not None]
    assert len(kept) == 3


def test_masks_that_were_changed_take_bounded_memory(monkeypatch):
    monkeypatch.setattr(image_mark_layer, "_MOST_BYTES", 3 * 4 * DISK.size)
    layer = MarkLayer()

    for stroke in range(12):
        mask = DISK.copy()
        mask[stroke * 5, :] = True
        marks = (Region(RegionKind.MASK, mask=runs_of(mask)), *MARKS[:3])
        for _ in range(2):
            kept = painted(layer, QTransform(), marks)
        assert most_apart(kept, painted(MarkLayer(), QTransform(), marks)) <= ROUNDING

    masks = [one for one in layer._shapes.values() if one.mask]
    assert 1 <= len(masks) <= 5
    assert {line.shape.region.kind for line in layer._lines._kept.values()} == {
        mark.kind for mark in MARKS[:3]
    }


def test_coarse_lines_of_a_moving_hand_are_not_kept():
    layer, many = MarkLayer(), MARKS * 4
    for is_hasty in (True, True, False, False):
        kept = painted(layer, QTransform(), many, is_hasty=is_hasty)

    assert most_apart(kept, painted(MarkLayer(), QTransform(), many)) <= 2 * ROUNDING


@given(
    left=st.integers(0, 219),
    top=st.integers(0, 199),
    width=st.integers(1, 220),
    height=st.integers(1, 200),
)
@pytest.mark.parametrize("group", [100, 1_000_000])
def test_dots_paint_on_a_part_what_a_painter_blends_there(left, top, width, height, group):
    sheet = QImage(220, 200, QImage.Format.Format_ARGB32_Premultiplied)
    sheet.fill(Qt.GlobalColor.transparent)
    with QPainter(sheet) as painter:
        args = (QTransform(), MARKS, label_colors(MARKS), theme.tabular_font())
        MarkLayer().paint(painter, *args)
    area = QRect(left, top, width, height).intersected(sheet.rect())
    drawn, dotted = grounds(), grounds()

    with QPainter(drawn) as painter:
        painter.drawImage(area.topLeft() + SHIFT, sheet, area)
    with QPainter(dotted) as painter:
        [whole] = screen_parts(painter)
        rows = slice(area.top() + SHIFT.y(), area.bottom() + SHIFT.y() + 1)
        columns = slice(area.left() + SHIFT.x(), area.right() + SHIFT.x() + 1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(image_mark_dots, "_GROUP", group)
            dots = dots_of([(0, sheet)], sheet.rect(), whole.stride)
        dots.paint(ScreenPart(area, whole.pixels[rows, columns]))

    assert drawn == dotted


def grounds():
    """Return a screen of all grays, larger than the widget."""
    screen = QImage(256, 250, QImage.Format.Format_RGB32)
    pixels = np.frombuffer(screen.bits(), np.uint32).reshape(250, 256)
    pixels[:] = 0xFF000000 | np.arange(256, dtype=np.uint32) * 0x10101
    return screen


@pytest.fixture
def new_view(qtbot):
    def make():
        image = open_image(encode_png(np.tile(np.arange(220, dtype=np.uint8), (200, 1))), name="x")
        view = MarkingView()
        qtbot.addWidget(view)
        view.resize(440, 400)
        view.show_image(image, ImageUse(MediaId("0" * 64), marks=MARKS[:3]))
        view.set_kinds(RegionKind)
        view.set_regions(MARKS[3:])
        qtbot.waitUntil(lambda: not view.is_waiting())
        return view

    return make


@pytest.mark.usefixtures("form")
def test_view_that_painted_before_shows_what_a_new_one_shows(qtbot, new_view):
    used = new_view()
    steps = (
        lambda view: view.set_view(View(Window(60, 90))),
        lambda view: view.zoom(2),
        lambda view: view.pan(30, -11),
        lambda view: view.set_regions(MARKS[4:]),
        lambda view: view.set_view(View(Window(100, 200), quarter_turns=1)),
        lambda view: view.set_marks(()),
    )
    for number in range(len(steps)):
        for _ in range(3):
            used.grab()
        steps[number](used)
        fresh = new_view()
        for step in steps[: number + 1]:
            step(fresh)
        qtbot.waitUntil(lambda new=fresh: not (used._rest.isActive() or new._rest.isActive()))
        wanted = fresh.grab().toImage()
        for _ in range(3):
            assert most_apart(used.grab().toImage(), wanted) <= 32


def test_marks_that_stay_are_kept_before_a_hand_windows(qtbot, new_view):
    view = new_view()
    with qtbot.waitExposed(view):
        view.show()
    layers = view._below, view._layer

    qtbot.waitUntil(
        lambda: not view._settle.isActive() and not any(map(MarkLayer.is_pending, layers))
    )

    kept = [layer._sheet._kept[-1][1] for layer in layers]
    assert None not in kept
    view.set_view(View(Window(60, 90)))
    view.repaint()
    assert [layer._sheet._kept[-1][1] for layer in layers] == kept
    assert not view._settle.isActive()


@pytest.mark.parametrize("change", ["another image", "no image"])
def test_pictures_of_marks_go_with_their_image(new_view, change):
    view = new_view()
    many = tuple(replace(MARKS[1], label=f"{number}") for number in range(MOST_LABELS + 1))
    for regions in (MARKS[3:], many):
        view.set_regions(regions)
        for _ in range(3):
            view.grab()
    layers = view._below, view._layer
    assert all(layer._sheet._kept and layer._lines._kept and layer._shapes for layer in layers)
    assert view._layer._tiles._tiles

    if change == "no image":
        view.clear()
    else:
        view.show_image(view.image(), ImageUse(MediaId("1" * 64)))

    for layer in layers:
        kept = [layer._sheet._kept, layer._lines._kept, layer._labels._kept, layer._tiles._tiles]
        assert not any([layer._shapes, layer._nbytes, *kept])
