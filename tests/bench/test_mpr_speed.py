"""How long after a move of the hand the sections of 300×512×512 voxels stand on the screen."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.display import GrayRule
from core.imaging.geometry import Geometry, Plane
from core.imaging.image import Frame, LoadedImage
from core.imaging.mpr.sections import Slab
from reviewer_app.widgets.sections.view import MprView

MOVES = 200
MOVE_S = 0.012
"""From move to move of a usual mouse."""
GOAL_MS = 50.0
"""Until the section of a move is there, p95: what feels immediate."""
STALL_MS = 16.0


def made_image(kind):
    tilt = np.radians(12)
    across, down, way = np.eye(3)
    if kind == "gantry":
        down = np.array([0, np.cos(tilt), -np.sin(tilt)])
    if kind == "oblique":
        turn = np.linalg.qr(np.array([[1, 0.2, 0.1], [-0.2, 1, 0.15], [-0.1, -0.15, 1]]))[0]
        across, down, way = (turn * np.sign(np.diag(turn))).T
    rule = GrayRule(1.0, -1024.0)
    values = np.random.default_rng(1).integers(0, 2000, (300, 512, 512), np.int16)
    spots = [tuple(float(one) for one in way * index) for index in range(300)]
    planes = [Plane(spot, tuple(across), tuple(down), (0.7, 0.7)) for spot in spots]
    return LoadedImage(
        name="made",
        media_type="",
        width=512,
        height=512,
        frame_count=300,
        is_color=False,
        read_frame=lambda index: Frame(values[index], rule),
        geometry=Geometry(plane_of=lambda index: planes[index]),
    )


def move(pane, at):
    place = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(pane.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(pane, event)


class Watch:
    """Tells for each section that came when its point was asked for, and what painting costs."""

    def __init__(self, view):
        self.view = view
        self.asked = {}
        self.spans, self.busy = [], []
        self._seen = [pane.made() for pane in view.panes]

    def note_move(self):
        self.asked[self.view.state().cross_mm[1]] = time.perf_counter()

    def turn(self):
        """Let Qt do what is to be done, and time it on the processor of this thread alone."""
        began = time.thread_time()
        QApplication.processEvents()
        spent = (time.thread_time() - began) * 1000
        if spent > 0.3:
            self.busy.append(spent)
        made = self.view.panes[1].made()
        if made is not self._seen[1]:
            self._seen[1] = made
            asked = self.asked.get(made.section.plane.origin_mm[1])
            if asked is not None:
                self.spans.append((time.perf_counter() - asked) * 1000)


@pytest.mark.bench
@pytest.mark.timeout(900)
@pytest.mark.parametrize("slab_mm", [0, 14])
@pytest.mark.parametrize("kind", ["upright", "gantry", "oblique"])
def test_cross_under_a_moving_hand(qtbot, kind, slab_mm):
    view = MprView()
    qtbot.addWidget(view)
    view.resize(1200, 900)
    with qtbot.waitExposed(view):
        view.show()
    started = time.perf_counter()
    use = ImageUse(MediaId("0" * 64), tuple(range(300)))
    view.show_image(made_image(kind), use, 150, View(Window(40, 1500)))
    qtbot.waitUntil(lambda: view.volume() is not None and view.is_settled(), timeout=60_000)
    opened_ms = (time.perf_counter() - started) * 1000
    view.bar.slab_wanted.emit(slab_mm, Slab.MAXIMUM)
    qtbot.waitUntil(view.is_settled, timeout=60_000)

    pane, watch = view.panes[0], Watch(view)
    middle = QPointF(pane.rect().center())
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=middle.toPoint())
    for number in range(MOVES):
        angle, until = number / 60, time.perf_counter() + MOVE_S
        move(pane, middle + QPointF(np.cos(angle), np.sin(angle)) * 150)
        watch.note_move()
        while time.perf_counter() < until:
            watch.turn()
            time.sleep(0.0003)
    qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=middle.toPoint())

    p95, busy = np.percentile(watch.spans, 95), np.percentile(watch.busy, 99)
    print(
        f"\ncross of 300×512×512, {kind}, slab {slab_mm} mm: opened in {opened_ms:.0f} ms, "
        f"{len(watch.spans)} of {MOVES} moves shown after {np.median(watch.spans):.1f} ms median, "
        f"{p95:.1f} ms p95, UI thread at most {busy:.1f} ms at once (p99)"
    )
    if p95 > GOAL_MS:
        print(f"  not reached yet: {GOAL_MS:g} ms p95, on a machine with nothing else to do")
    assert busy <= STALL_MS
