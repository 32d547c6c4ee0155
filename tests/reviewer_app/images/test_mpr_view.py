"""Sections of a volume under the real hand: point, slab, window and zoom, by mouse and keys."""

import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import nibabel
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.errors import Cancelled
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image
from core.imaging.mpr.sections import Direction, Slab, section
from core.imaging.series.file import open_found, pack_series
from core.imaging.series.finding import find_series
from reviewer_app.widgets.images.panel import ImagePanel
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset, wheel_bytes
from tests.phantoms import GAP_MM, NODULE_MM, PIXEL_MM, SLICES, write_chest
from tests.reviewer_app.images.hands import CONTROL, LEFT, PLAIN, SHIFT, drag, grays_of, turn_wheel

RIGHT = Qt.MouseButton.RightButton
SOFT = View(Window(40, 400))
USE = ImageUse(MediaId("0" * 64), tuple(range(SLICES)), SOFT)


@pytest.fixture(scope="module")
def chest(tmp_path_factory):
    [series] = find_series([write_chest(tmp_path_factory.mktemp("chest"))]).series
    return open_found(series)


@pytest.fixture
def panel(on_screen, chest):
    widget = on_screen(ImagePanel(), 900, 700)
    widget.show_body((USE,), lambda _: chest)
    widget.view.show_place(SLICES // 2)
    widget.view.setFocus()
    return widget


def settle(qtbot, mpr):
    qtbot.waitUntil(lambda: mpr.volume() is not None and mpr.is_settled())


@pytest.fixture
def mpr(qtbot, panel):
    qtbot.keyClick(panel.view, Qt.Key.Key_V)
    opened = panel.sections.mpr()
    settle(qtbot, opened)
    return opened


def axial(mpr):
    return mpr.panes[0]


def coronal(mpr):
    return mpr.panes[1]


def nodule_mm(mpr):
    """Return where the nodule lies in the patient."""
    low, high = mpr.volume().box_mm
    return tuple(float(part) for part in (low + high) / 2 + NODULE_MM)


def test_key_opens_sections_through_the_slice_in_sight_and_escape_goes_back(qtbot, panel, mpr):
    low, high = mpr.volume().box_mm
    assert mpr.state().cross_mm == pytest.approx((low + high) / 2, abs=GAP_MM)
    assert QApplication.focusWidget() is axial(mpr)

    for _ in range(5):
        qtbot.keyClick(axial(mpr), Qt.Key.Key_PageDown)
    qtbot.keyClick(axial(mpr), Qt.Key.Key_Escape)

    assert panel.sections.mpr() is None
    assert panel.grid.isVisible()
    assert panel.view.hasFocus()
    assert panel.view.place() == SLICES // 2 + 5
    assert mpr.volume() is None


def test_button_shows_and_hides_sections_and_what_belongs_to_frames(qtbot, panel):
    tools = panel.tools
    qtbot.mouseClick(tools.sections, LEFT)
    settle(qtbot, panel.sections.mpr())
    assert tools.sections.isChecked()
    assert not tools.frames.isVisible()
    assert not tools.measure.isVisible()
    assert tools.center.isVisible()

    qtbot.mouseClick(panel.sections.mpr().bar.close_, LEFT)

    assert not tools.sections.isChecked()
    assert tools.frames.isVisible()
    assert tools.measure.isVisible()


def test_left_drag_moves_the_point_and_the_other_sections_follow(qtbot, mpr):
    target = nodule_mm(mpr)
    pane = axial(mpr)
    aim = pane.placed((target[0], target[1], 0.0)).toPoint()

    drag(qtbot, pane, QPoint(60, 60), aim)
    settle(qtbot, mpr)

    pixel_mm = PIXEL_MM / pane.camera().scale
    assert mpr.state().cross_mm[:2] == pytest.approx(target[:2], abs=pixel_mm)
    assert coronal(mpr).made().section.plane.origin_mm[1] == mpr.state().cross_mm[1]
    assert mpr.panes[2].made().section.plane.origin_mm[0] == mpr.state().cross_mm[0]
    assert pane.made().section.plane.origin_mm[2] == mpr.state().cross_mm[2]


def test_value_and_place_at_the_point_are_those_of_the_voxel(qtbot, mpr):
    target = nodule_mm(mpr)
    pane = coronal(mpr)
    drag(qtbot, axial(mpr), QPoint(9, 9), axial(mpr).placed((*target[:2], 0.0)).toPoint())
    drag(qtbot, pane, QPoint(9, 9), pane.placed((target[0], 0.0, target[2])).toPoint())
    volume = mpr.volume()
    found = volume.nearest(mpr.state().cross_mm)
    stored = int(volume.values[found])

    value, across, up = mpr.reading()

    assert stored - 1024 == pytest.approx(90, abs=40)
    assert value == f"{stored} → {stored - 1024} HU"
    x, y, z = mpr.state().cross_mm
    assert (across, up) == (f"L {x:.1f}  P {y:.1f}", f"H {z:.1f} mm")
    assert value in axial(mpr).accessibleDescription()


def test_wheel_goes_through_the_sections_and_with_control_zooms(qtbot, mpr):
    before = mpr.state().cross_mm
    turn_wheel(axial(mpr), -3)
    turn_wheel(coronal(mpr), 2)
    after = mpr.state().cross_mm
    scale = coronal(mpr).camera().scale
    turn_wheel(coronal(mpr), 1, modifier=CONTROL)

    assert after[2] - before[2] == pytest.approx(3 * GAP_MM)
    assert after[1] - before[1] == pytest.approx(-2 * PIXEL_MM)
    assert coronal(mpr).camera().scale == pytest.approx(scale * 1.25)
    assert mpr.state().cross_mm == after


def test_keys_alone_move_point_sections_and_slab(qtbot, mpr):
    pane, before = axial(mpr), np.array(mpr.state().cross_mm)
    qtbot.keyClick(pane, Qt.Key.Key_Right)
    qtbot.keyClick(pane, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(pane, Qt.Key.Key_PageUp)
    moved = np.array(mpr.state().cross_mm) - before
    assert moved == pytest.approx((PIXEL_MM, -10 * PIXEL_MM, -GAP_MM))

    qtbot.keyClick(pane, Qt.Key.Key_End)
    assert mpr.state().cross_mm[2] == pytest.approx(mpr.volume().box_mm[1][2])
    qtbot.keyClick(pane, Qt.Key.Key_PageDown)
    assert mpr.state().cross_mm[2] == pytest.approx(mpr.volume().box_mm[1][2])

    for _ in range(3):
        qtbot.keyClick(pane, Qt.Key.Key_Period)
    qtbot.keyClick(pane, Qt.Key.Key_Comma)
    qtbot.keyClick(pane, Qt.Key.Key_M)
    assert (mpr.state().slab_mm, mpr.state().slab) == (2.0, Slab.MEAN)
    assert (mpr.bar.thickness.value(), mpr.bar.kind.currentText()) == (2.0, "Mean")

    qtbot.keyClick(pane, Qt.Key.Key_R)
    assert mpr.state().slab_mm == 0
    assert mpr.state().cross_mm == pytest.approx(before, abs=GAP_MM)


def test_control_with_an_arrow_moves_the_picture_and_not_the_point(qtbot, mpr):
    pane = mpr.panes[0]
    pane.zoom(4)
    before, point = pane.camera().center_x, mpr.state().cross_mm
    qtbot.keyClick(pane, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)

    assert pane.camera().center_x > before
    assert mpr.state().cross_mm == point


def test_tab_goes_from_section_to_section(qtbot, mpr):
    qtbot.keyClick(axial(mpr), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is coronal(mpr)
    qtbot.keyClick(coronal(mpr), Qt.Key.Key_Tab)

    assert QApplication.focusWidget() is mpr.panes[2]
    assert mpr.panes[2].accessibleName() == "Sagittal"


def test_slab_on_screen_is_the_one_that_core_makes(qtbot, mpr):
    mpr.bar.thickness.setValue(12)
    mpr.bar.kind.setCurrentIndex(2)
    settle(qtbot, mpr)
    state = mpr.state()

    for pane, direction in zip(mpr.panes, Direction, strict=True):
        at = state.at_mm(direction)
        wanted = section(mpr.volume(), direction, at, slab_mm=12, slab=Slab.MINIMUM)
        assert np.array_equal(pane.made().section.frame.stored, wanted.frame.stored)
        assert "MinIP 12 mm" in pane.accessibleDescription()


@pytest.mark.parametrize(("button", "modifier"), [(RIGHT, PLAIN), (LEFT, SHIFT)])
def test_window_is_one_for_all_sections_and_the_image(qtbot, panel, mpr, button, modifier):
    cross = mpr.state().cross_mm
    drag(qtbot, coronal(mpr), QPoint(80, 80), QPoint(110, 80), button=button, modifier=modifier)
    window = panel.view.shown_window()

    assert window.width > 400
    assert all(pane.state().view.window == window for pane in mpr.panes)
    assert mpr.state().cross_mm == cross
    panel.tools.center.setValue(-600)
    assert mpr.state().view.window.center == -600
    qtbot.keyClick(axial(mpr), Qt.Key.Key_I)
    assert mpr.state().view.is_inverted


def test_turned_and_mirrored_views_do_not_turn_sections(qtbot, panel, mpr):
    panel.view.set_view(replace(SOFT, quarter_turns=1, is_mirrored=True))

    assert mpr.state().view == SOFT


def test_picture_is_the_section_under_the_window(qtbot, mpr):
    pane = coronal(mpr)
    qtbot.keyClick(pane, Qt.Key.Key_H)
    axial(mpr).setFocus()
    made = pane.made().section
    shaded = made.frame.shade(made.frame.stored, SOFT).astype(int)
    for row, column in ((40, 60), (80, 100), (60, 30), (20, 96)):
        spot = pane.placed(made.plane.patient_mm((column + 0.5, row + 0.5))).toPoint()
        seen = grays_of(pane)[spot.y(), spot.x()]
        around = shaded[row - 1 : row + 2, column - 1 : column + 2]
        assert around.min() - 1 <= seen <= around.max() + 1


def test_one_section_can_stand_alone(qtbot, mpr):
    coronal(mpr).setFocus()
    qtbot.keyClick(coronal(mpr), Qt.Key.Key_X)
    assert [pane.isVisible() for pane in mpr.panes] == [False, True, False]
    qtbot.mouseDClick(coronal(mpr), LEFT)

    assert [pane.isVisible() for pane in mpr.panes] == [True] * 3


def test_sections_use_the_frames_of_the_question_and_no_others(qtbot, panel, chest):
    panel.show_body((replace(USE, frames=tuple(range(20, 50))),), lambda _: chest)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_V)
    mpr = panel.sections.mpr()
    settle(qtbot, mpr)

    assert mpr.volume().frames == tuple(range(20, 50))


def test_next_question_closes_sections_and_takes_no_focus(qtbot, panel, mpr, chest):
    panel.tools.center.setFocus()
    panel.show_body((USE,), lambda _: chest)

    assert panel.sections.mpr() is None
    assert panel.grid.isVisible()
    assert panel.tools.center.hasFocus()


def test_image_without_sections_offers_none(qtbot, panel, chest):
    panel.show_body((replace(USE, frames=(3,)),), lambda _: chest)
    assert not panel.tools.sections.isVisible()
    qtbot.keyClick(panel.view, Qt.Key.Key_V)

    assert panel.sections.mpr() is None


def test_frames_that_are_no_volume_say_why_and_lead_back(qtbot, panel, chest):
    planes = [chest.geometry.plane_of(index) for index in range(SLICES)]
    turned = replace(planes[1], across=planes[1].down, down=planes[1].across)
    mixed = [planes[0], turned, *planes[2:]]
    broken = replace(chest, geometry=replace(chest.geometry, plane_of=lambda index: mixed[index]))
    panel.show_body((USE,), lambda _: broken)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_V)
    mpr = panel.sections.mpr()
    qtbot.waitUntil(lambda: "no volume" in mpr.waiting.label.text())

    assert "not parallel" in mpr.waiting.label.text()
    qtbot.mouseClick(mpr.waiting.button, LEFT)
    assert panel.sections.mpr() is None


def test_hand_that_moves_on_stops_a_slow_section(qtbot, mpr, monkeypatch):
    pane, began, stopped = coronal(mpr), Event(), Event()

    def slow(volume, direction, at_mm, *, coarse, on_part, **options):
        is_ours = volume is mpr.volume() and direction is Direction.CORONAL
        is_slow = is_ours and coarse == 1 and not stopped.is_set()
        if is_slow:
            began.set()
        while is_slow:
            try:
                on_part()
            except Cancelled:
                stopped.set()
                raise
            time.sleep(0.001)
        return section(volume, direction, at_mm, coarse=coarse, on_part=on_part, **options)

    monkeypatch.setattr("reviewer_app.widgets.sections.maker.section", slow)
    qtbot.keyClick(pane, Qt.Key.Key_Period)
    qtbot.waitUntil(began.is_set)
    qtbot.keyClick(pane, Qt.Key.Key_PageDown)
    settle(qtbot, mpr)

    assert stopped.is_set()
    assert pane.made().coarse == 1
    assert pane.made().section.plane.origin_mm[1] == mpr.state().cross_mm[1]


def enhanced_ct():
    """Return one DICOM file with a frame for each slice."""
    groups = [
        item(PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 3.0 * one])])
        for one in range(12)
    ]
    shared = item(
        PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        PixelMeasuresSequence=[item(PixelSpacing=[1.5, 1.5])],
    )
    stored = np.arange(12 * 20 * 24, dtype=np.int16).reshape(12, 20, 24)
    options = {"PerFrameFunctionalGroupsSequence": groups, "Modality": "CT"}
    return as_bytes(make_dataset(stored, SharedFunctionalGroupsSequence=[shared], **options))


def nifti():
    """Return a real brain, as nibabel carries it."""
    return (Path(nibabel.__file__).parent / "tests" / "data" / "anatomical.nii").read_bytes()


def cleared_chest(folder):
    """Return what readers get of a series."""
    [series] = find_series([write_chest(folder)]).series
    use = replace(USE, frames=tuple(range(30)))
    return clear(pack_series(series), name="chest", use=use).data


@pytest.mark.parametrize("kind", ["enhanced", "nifti", "cleared", "dose"])
def test_every_kind_of_volume_opens_in_sections(qtbot, panel, tmp_path, kind):
    data = {
        "enhanced": enhanced_ct,
        "nifti": nifti,
        "cleared": lambda: cleared_chest(tmp_path),
        "dose": lambda: wheel_bytes("rtdose.dcm"),
    }[kind]()
    image = open_image(data, name=kind)
    use = ImageUse(MediaId("0" * 64), tuple(range(image.frame_count)))
    panel.show_body((use,), lambda _: image)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_V)
    mpr = panel.sections.mpr()
    settle(qtbot, mpr)

    assert len(mpr.volume().planes) == image.frame_count
    assert all(pane.made().section.frame.stored.std() > 0 for pane in mpr.panes)
    assert mpr.reading()[0]
