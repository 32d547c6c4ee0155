"""A whole slide under a moving hand: what pan and zoom cost the UI thread, how soon it is sharp."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.imaging.load import open_image
from reviewer_app.widgets.images.view import ImageView
from tests.slides import slide_bytes, tissue

STEPS = 120
VIEWPORTS = {"1200×900": (1200, 900), "3840×2160": (3840, 2160)}


@pytest.fixture(scope="module")
def slide():
    return slide_bytes(tissue(16384, 12288))


def painted_ms(view):
    """Return how long the UI thread works on a picture."""
    began = time.thread_time()
    view.repaint()
    return (time.thread_time() - began) * 1000


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("viewport", VIEWPORTS)
@pytest.mark.parametrize("zooms", [4, 9])
def test_pan_over_a_slide(qtbot, slide, viewport, zooms):
    started = time.perf_counter()
    image = open_image(slide, name="slide")
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(*VIEWPORTS[viewport])
    with qtbot.waitExposed(view):
        view.show()
    view.show_image(image, ImageUse(MediaId("0" * 64)))
    qtbot.waitUntil(lambda: view.image() is not None and not view.is_waiting())
    first_ms = (time.perf_counter() - started) * 1000
    view.zoom(1.3**zooms, QPointF(view.width() / 2, view.height() / 2))
    started = time.perf_counter()
    view.repaint()
    qtbot.waitUntil(lambda: view.repaint() or view.tiles().is_settled(), timeout=60_000)
    sharp_ms = (time.perf_counter() - started) * 1000

    spans, waits = [], []
    for number in range(STEPS):
        angle = number / 20
        way = np.array([np.cos(angle), np.sin(angle)]) * 40
        view.set_camera(view.camera().panned(*way))
        spans.append(painted_ms(view))
        started = time.perf_counter()
        while not view.tiles().is_settled():
            QApplication.processEvents()
            time.sleep(0.0005)
        waits.append((time.perf_counter() - started) * 1000)

    zooms_ms, steps_ms = [], []
    for number in range(STEPS // 3):
        factor = 1.05 if number % 20 < 10 else 1 / 1.05
        view.zoom(factor, QPointF(view.width() / 2, view.height() / 2))
        zooms_ms.append(painted_ms(view))
        while not view.tiles().is_settled():
            steps_ms.append(painted_ms(view))
            QApplication.processEvents()

    print(
        f"\nslide of 16384×12288 in {viewport} at {view.zoom_percent():.0f} %: first picture "
        f"{first_ms:.0f} ms, sharp after a zoom {sharp_ms:.0f} ms; a pan takes the UI thread "
        f"{np.median(spans):.1f} ms median, {np.percentile(spans, 95):.1f} ms p95, and is sharp "
        f"after {np.percentile(waits, 95):.0f} ms p95, n={STEPS}; a zoom takes it "
        f"{np.median(zooms_ms):.1f} ms median, {np.percentile(zooms_ms, 95):.1f} ms p95, "
        f"n={STEPS // 3}, each step until it is sharp {np.percentile(steps_ms, 95):.1f} ms p95, "
        f"n={len(steps_ms)}; "
        f"{image.memory.used_bytes / 2**20:.0f} MB of tiles and overview"
    )
