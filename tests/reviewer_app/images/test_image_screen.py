"""Pixels written straight to a screen are those that a painter would have drawn there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPicture, QRegion
from PySide6.QtWidgets import QWidget

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.display import opaque
from core.imaging.load import open_image
from reviewer_app.widgets.images import screen as image_screen
from reviewer_app.widgets.images.screen import Placed, paint_placed, screen_parts
from reviewer_app.widgets.images.view import ImageView
from tests.core.imaging.imaging_files import as_bytes, make_dataset

RGB32 = QImage.Format.Format_RGB32
SPAN = st.integers(-30, 70)


@pytest.fixture(autouse=True)
def _qt(qapp):
    """Painting needs an application."""


def grays(width: int, height: int) -> np.ndarray:
    return np.arange(width * height, dtype=np.uint32).reshape(height, width).astype(np.uint8)


def screen(ratio: float = 1) -> QImage:
    made = QImage(80, 60, RGB32)
    made.fill(Qt.GlobalColor.red)
    made.setDevicePixelRatio(ratio)
    return made


def drawn(target: QImage, placed: Placed, ratio: float = 1) -> QImage:
    """Return what a painter makes of the picture by itself."""
    with QPainter(target) as painter:
        image_screen._draw(painter, placed, ratio)
    return target


@given(x=SPAN, y=SPAN, width=st.integers(1, 90), height=st.integers(1, 90))
@pytest.mark.parametrize("ratio", [1, 2])
def test_a_picture_lies_where_a_painter_draws_it(x, y, width, height, ratio):
    placed, target = Placed(grays(width, height), x, y, opaque), screen(ratio)

    with QPainter(target) as painter:
        paint_placed(painter, placed, ratio)

    assert target == drawn(screen(ratio), placed, ratio)


class Painted(QWidget):
    """Paints a picture on red ground."""

    def __init__(self, placed: Placed, *, is_direct: bool) -> None:
        super().__init__()
        self.placed, self.is_direct = placed, is_direct

    def paintEvent(self, _) -> None:
        paint = paint_placed if self.is_direct else image_screen._draw
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.red)
            paint(painter, self.placed, self.devicePixelRatioF())


def test_a_widget_writes_only_what_is_to_be_painted_anew(qtbot):
    """What lies over the picture in the window stays where it is not painted anew, too."""
    window = QWidget()
    below = Painted(Placed(grays(200, 100), 5, 3, opaque), is_direct=True)
    below.setParent(window)
    below.setGeometry(20, 30, 100, 80)
    qtbot.addWidget(window)
    window.resize(150, 150)
    with qtbot.waitExposed(window):
        window.show()
    kept = window.backingStore().paintDevice()
    kept.fill(Qt.GlobalColor.green)

    below.repaint(QRegion(10, 10, 5, 6) | QRegion(40, 50, 7, 8))

    changed = np.frombuffer(kept.constBits(), np.uint32).reshape(150, 150) != 0xFF00FF00
    wanted = np.zeros((150, 150), bool)
    wanted[40:46, 30:35] = wanted[80:88, 60:67] = True
    assert np.array_equal(changed, wanted)
    assert kept.copy(60, 80, 7, 8) == below.grab(QRect(40, 50, 7, 8)).toImage().convertedTo(
        kept.format()
    )


@pytest.mark.parametrize("is_shown", [False, True])
def test_a_widget_shows_what_a_painter_draws(qtbot, is_shown):
    placed = Placed(grays(90, 50), -5, 3, opaque)
    ours, theirs = (Painted(placed, is_direct=is_direct) for is_direct in (True, False))
    for one in (ours, theirs):
        qtbot.addWidget(one)
        one.resize(100, 80)
        if is_shown:
            one.show()

    assert ours.grab().toImage() == theirs.grab().toImage()


def test_what_is_out_of_reach_is_drawn_by_the_painter():
    placed = Placed(grays(20, 10), 3, 2, opaque)
    turned, bright, cut, played = (screen() for _ in range(4))
    with QPainter(turned) as painter:
        painter.rotate(90)
        assert screen_parts(painter) is None
    with QPainter(bright) as painter:
        painter.setOpacity(0.5)
        assert screen_parts(painter) is None
    with QPainter(cut) as painter:
        painter.setClipRect(0, 0, 5, 5)
        assert screen_parts(painter) is None
    record = QPicture()
    with QPainter(record) as painter:
        paint_placed(painter, placed, 1)
    with QPainter(played) as painter:
        painter.drawPicture(0, 0, record)
    assert played == drawn(screen(), placed)


def test_a_view_shows_each_window_frame_and_image_that_is_wanted(qtbot):
    """Nothing of the picture before is left, whatever changed."""
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(160, 120)
    view.toggle_smooth()
    view._toggle_text()
    with qtbot.waitExposed(view):
        view.show()
    first, other = (open_image(as_bytes(make_dataset(stack(n))), name="stack") for n in (0, 7))

    for image in (first, other, first):
        view.show_image(image, ImageUse(MediaId("x"), (0, 1)))
        for place in (0, 1):
            view.show_place(place)
            qtbot.waitUntil(lambda: not view.is_waiting())
            for shown in (View(Window(500, 900)), View(Window(500, 300), is_inverted=True)):
                view.set_view(shown)
                for scale in (1, 3):
                    view.set_camera(view.camera().scaled_to(scale, 80, 60))
                    view.repaint()

                    wanted = image.frame(place).render(shown)
                    for column, row in ((20, 17), (25, 20), (29, 24)):
                        assert gray_at(view, column, row) == wanted[row, column]


def gray_at(view: ImageView, column: int, row: int) -> int:
    """Return the gray in the middle of an image pixel in the window's own memory."""
    camera = view.camera()
    x, y = (column + 0.5 - camera.left) * camera.scale, (row + 0.5 - camera.top) * camera.scale
    color = view.backingStore().paintDevice().pixelColor(int(x), int(y))
    assert color.red() == color.green() == color.blue()
    return color.red()


def stack(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1000, (2, 40, 50)).astype(np.uint16)
