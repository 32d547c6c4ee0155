"""How long a window/level step takes until it is painted, beside numpy and a full-size QImage."""

import statistics
import time
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.load import LoadedImage, open_image
from reviewer_app.widgets.image_view import ImageView

ROUNDS = 200
SIZES = {"CT 512×512": (512, 512), "CR 3000×3000": (3000, 3000), "MG 4096×3328": (4096, 3328)}
VIEWPORTS = {"1200×900": (1200, 900, 3.0), "3840×2160": (3840, 2160, 10.0)}
"""Width, height, and the most a step may take at p95, in milliseconds."""


class PaintCounter(QObject):
    """Counts paint events, so that a window that was never painted cannot look fast."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


class NumpyView(QWidget):
    """What is usually written: window the whole image with numpy, let Qt scale it."""

    def __init__(self, stored: np.ndarray) -> None:
        super().__init__()
        self.stored = stored
        self.window_ = Window(1000, 2000)

    def paintEvent(self, _: QPaintEvent) -> None:
        low, width = self.window_.center - self.window_.width / 2, self.window_.width
        gray = np.clip((self.stored.astype(np.float32) - low) * (255 / width), 0, 255)
        pixels = gray.astype(np.uint8)
        height, columns = pixels.shape
        image = QImage(pixels.data, columns, height, columns, QImage.Format.Format_Grayscale8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), image)
        painter.end()


def made_image(rows: int, columns: int) -> LoadedImage:
    """Return a 12-bit picture of soft shapes and noise, as a TIFF would hold it."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    shapes = 1500 + 1000 * np.sin(x / columns * 9) * np.cos(y / rows * 7)
    noise = np.random.default_rng(0).normal(0, 40, (rows, columns)).astype(np.float32)
    out = BytesIO()
    tifffile.imwrite(out, np.clip(shapes + noise, 0, 4095).astype(np.uint16))
    return open_image(out.getvalue(), name="made")


def made_stack(frames: int, side: int) -> LoadedImage:
    """Return a deflated stack, as clearing writes it."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 20, (side, side)).astype(np.float32)
    slices = [
        np.clip(1500 + 900 * np.sin(x / 90 + n / 9) * np.cos(y / 70) + noise, 0, 4095)
        for n in range(frames)
    ]
    out = BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for one in slices:
            writer.write(one.astype(np.uint16), compression="deflate", contiguous=False)
    return open_image(out.getvalue(), name="made stack")


def show(qtbot, widget: QWidget, width: int, height: int) -> None:
    """Show a widget until the window system lets it paint; else nothing would be measured."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()


def timed(step: Callable[[int], None]) -> tuple[float, float]:
    """Return median and p95 of one step in milliseconds."""
    for number in range(5):
        step(number)
    spans = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        step(number)
        spans.append((time.perf_counter() - started) * 1000)
    return statistics.median(spans), float(np.percentile(spans, 95))


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("viewport", VIEWPORTS)
@pytest.mark.parametrize("size", SIZES)
def test_window_level_until_painted(qtbot, size, viewport):
    width, height, limit_ms = VIEWPORTS[viewport]
    image = made_image(*SIZES[size])
    ours, bare = ImageView(), NumpyView(image.frame(0).stored)
    for widget in (ours, bare):
        show(qtbot, widget, width, height)
    ours.show_image(image, ImageUse(MediaId("0" * 64)))
    qtbot.waitUntil(lambda: not ours.is_waiting())

    def step_ours(number: int) -> None:
        ours.set_view(View(Window(1000 + number, 2000 - number)))
        ours.repaint()

    def step_bare(number: int) -> None:
        bare.window_ = Window(1000 + number, 2000 - number)
        bare.repaint()

    ours.installEventFilter(paints := PaintCounter())
    pairs = [(timed(step_ours), timed(step_bare)) for _ in range(2)]
    assert paints.count >= 2 * ROUNDS
    (median, p95), (bare_median, bare_p95) = (min(column) for column in zip(*pairs, strict=True))

    print(
        f"\nwindow/level {size} in {viewport}: ours {median:.2f} ms (p95 {p95:.2f}), "
        f"numpy + QImage {bare_median:.1f} ms (p95 {bare_p95:.1f}), n={ROUNDS}"
    )
    assert p95 <= limit_ms


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
def test_zoom_pan_and_next_frame_until_painted(qtbot, size):
    image = made_image(*SIZES[size])
    view = ImageView()
    show(qtbot, view, 1200, 900)
    view.show_image(image, ImageUse(MediaId("0" * 64), (0, 0)))
    qtbot.waitUntil(lambda: not view.is_waiting())

    def zoom(number: int) -> None:
        view.zoom(1.25 if number % 2 else 0.8)
        view.repaint()

    def scroll(number: int) -> None:
        view.show_place(number % 2)
        view._picture.forget()
        view.repaint()

    zoomed = timed(zoom)
    scrolled = timed(scroll)
    view.zoom(3)
    qtbot.mousePress(view, Qt.MouseButton.MiddleButton, pos=QPoint(600, 450))

    def pan(number: int) -> None:
        qtbot.mouseMove(view, QPoint(600 + number % 50, 450))
        view.repaint()

    panned = timed(pan)
    qtbot.mouseRelease(view, Qt.MouseButton.MiddleButton)

    for what, (median, p95) in (("zoom", zoomed), ("pan", panned), ("frame", scrolled)):
        print(f"\n{what} {size} in 1200×900: {median:.1f} ms (p95 {p95:.1f}), n={ROUNDS}")
        assert p95 <= 33


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_window_stays_alive_while_a_stack_is_decoded(qtbot):
    """The longest gap between two beats of a 2 ms timer, while 60 large frames are decoded."""
    frames = 60
    view = ImageView()
    show(qtbot, view, 1200, 900)
    beats: list[float] = []
    heart = QTimer(view)
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))
    heart.start(2)
    image = made_stack(frames, 1024)
    qtbot.wait(50)
    beats.clear()
    view.show_image(image, ImageUse(MediaId("0" * 64), tuple(range(frames))))
    qtbot.waitUntil(lambda: view._loader.is_idle() and len(beats) > 100, timeout=60_000)
    heart.stop()
    gaps = np.diff(beats) * 1000
    print(
        f"\nbeats while decoding: longest gap {gaps.max():.1f} ms, "
        f"p99 {np.percentile(gaps, 99):.1f} ms, n={len(gaps)}"
    )
    assert np.percentile(gaps, 99) <= 16
