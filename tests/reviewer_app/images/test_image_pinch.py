"""Two fingers on a touchpad zoom around their place: frames, sections, pictures to be cleared."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.links import Links
from core.domain.media import ImageRole, ImageUse, View, Window
from core.domain.region import RegionKind
from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from reviewer_app.pages.blind.blackout_view import BlackoutView
from tests.phantoms import SLICES, write_chest
from tests.reviewer_app.images.hands import CONTROL, CT, load, turn_wheel

PRIOR = ImageUse(MediaId("MR_small.dcm"), role=ImageRole.PRIOR)
BEGIN = Qt.NativeGestureType.BeginNativeGesture
ZOOM = Qt.NativeGestureType.ZoomNativeGesture
END = Qt.NativeGestureType.EndNativeGesture


def pinch(widget, at, *values):
    """Do what the system does: tell the window, which finds the widget under the fingers."""
    window, touchpad = widget.window(), QPointingDevice.primaryPointingDevice()
    place, everywhere = QPointF(widget.mapTo(window, at)), QPointF(widget.mapToGlobal(at))
    for kind, value in ((BEGIN, 0.0), *((ZOOM, one) for one in values), (END, 0.0)):
        event = QNativeGestureEvent(
            kind, touchpad, 2, place, place, everywhere, value, QPointF(), 0
        )
        QApplication.sendEvent(window.windowHandle(), event)


def test_pinch_enlarges_what_lies_under_the_fingers(panel):
    panel.show_body((CT,), load)
    view, at = panel.view, QPoint(300, 200)
    fitted, under = view.zoom_percent(), view._stored_at(QPointF(at))

    pinch(view, at, 0.2, 0.25)

    assert view.zoom_percent() == pytest.approx(fitted * 1.2 * 1.25)
    assert view._stored_at(QPointF(at)) == pytest.approx(under, abs=0.5)
    pinch(view, at, -0.5)
    assert view.zoom_percent() == pytest.approx(fitted * 0.75)


def test_fingers_that_only_rest_leave_the_whole_image_in_sight(panel):
    panel.show_body((CT,), load)
    pinch(panel.view, QPoint(300, 200))

    assert panel.view.camera().fits


def test_pinch_takes_the_linked_prior_with_it_and_makes_its_image_the_active_one(panel):
    panel.show_body((CT, PRIOR), load, "1x2", Links(zooms=True))
    current, prior = panel.grid.views()
    before = current.zoom_percent(), prior.zoom_percent()

    pinch(prior, QPoint(100, 100), 0.5)

    assert panel.index() == 1
    after = current.zoom_percent(), prior.zoom_percent()
    assert after == pytest.approx([one * 1.5 for one in before])


def test_pinch_over_a_mark_tool_zooms_and_draws_nothing(panel):
    panel.show_body((CT,), load)
    panel.draw_marks(tuple(RegionKind))
    panel.view.set_kind(RegionKind.BOX)
    before = panel.view.zoom_percent()

    pinch(panel.view, QPoint(300, 200), 0.5)

    assert panel.view.zoom_percent() == pytest.approx(before * 1.5)
    assert panel.view.regions() == ()


def test_pinch_zooms_a_section(qtbot, panel, tmp_path):
    [series] = find_series([write_chest(tmp_path / "chest")]).series
    chest = open_found(series)
    use = ImageUse(MediaId("0" * 64), tuple(range(SLICES)), View(Window(40, 400)))
    panel.show_body((use,), lambda _: chest)
    qtbot.waitUntil(lambda: panel.view.image() is not None)
    panel.sections.toggle()
    mpr = panel.sections.mpr()
    qtbot.waitUntil(lambda: mpr.volume() is not None and mpr.is_settled())
    pane, at = mpr.panes[1], QPoint(120, 90)
    before, under = pane.camera().scale, pane.patient_mm(QPointF(at))

    pinch(pane, at, 0.5)

    assert pane.camera().scale == pytest.approx(before * 1.5)
    assert pane.patient_mm(QPointF(at)) == pytest.approx(under, abs=1)


@pytest.fixture
def blackout(on_screen):
    view = on_screen(BlackoutView(), 400, 300)
    view.show_pixels(np.zeros((100, 200), np.uint8))
    return view


def place_of_image(view):
    return view.to_screen(QRectF(0, 0, 200, 100))


def test_pinch_and_keys_zoom_a_picture_that_is_to_be_cleared(qtbot, blackout):
    at = QPoint(100, 120)

    def under():
        return (QPointF(at) - place_of_image(blackout).topLeft()) / place_of_image(blackout).width()

    before, fitted = under(), place_of_image(blackout)
    pinch(blackout, at, 1.0)
    assert place_of_image(blackout).width() == pytest.approx(fitted.width() * 2)
    assert under().x() == pytest.approx(before.x())

    left = place_of_image(blackout).left()
    qtbot.keyClick(blackout, Qt.Key.Key_Left, CONTROL)
    assert place_of_image(blackout).left() > left
    qtbot.keyClick(blackout, Qt.Key.Key_Plus)
    assert place_of_image(blackout).width() == pytest.approx(fitted.width() * 2.5)
    for _ in range(5):
        qtbot.keyClick(blackout, Qt.Key.Key_Minus)
    assert place_of_image(blackout) == fitted


def test_many_small_turns_of_a_touchpad_zoom_as_far_as_one_notch_of_a_wheel(panel, blackout):
    panel.show_body((CT,), load)
    fitted = panel.view.zoom_percent()
    width = place_of_image(blackout).width()

    for widget in (panel.view, blackout):
        for _ in range(12):
            turn_wheel(widget, 1, modifier=CONTROL, delta=10)

    assert panel.view.zoom_percent() == pytest.approx(fitted * 1.25)
    assert place_of_image(blackout).width() == pytest.approx(width * 1.25)
