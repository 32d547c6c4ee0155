"""Marks upon sections under the real hand: shown where they are cut, drawn as on the frames."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.domain.region import Region, RegionKind
from core.imaging.marks.shapes import ANSWER_COLOR, COLORS
from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from reviewer_app.widgets.images.panel import ImagePanel
from tests.phantoms import SLICES, write_chest
from tests.reviewer_app.images.hands import LEFT, PLAIN, SHIFT, drag

FRAME = 58
BOX = Region(RegionKind.BOX, ((80.0, 60.0), (120.0, 100.0)), FRAME, "nodule")
USE = ImageUse(MediaId("0" * 64), tuple(range(SLICES)), View(Window(-300, 1500)), marks=(BOX,))


def read_chest(folder, degrees=0.0):
    [series] = find_series([write_chest(folder, degrees=degrees)]).series
    return open_found(series)


@pytest.fixture(scope="module")
def chest(tmp_path_factory):
    return read_chest(tmp_path_factory.mktemp("chest"))


@pytest.fixture
def panel(on_screen, chest):
    widget = on_screen(ImagePanel(), 1000, 760)
    widget.show_body((USE,), lambda _: chest)
    return widget


def open_sections(qtbot, panel, *, at=FRAME):
    panel.view.show_place(at)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_V)
    mpr = panel.sections.mpr()
    qtbot.waitUntil(lambda: mpr.volume() is not None and mpr.is_settled())
    return mpr


def place_of(mpr, frame):
    return mpr.volume().frames.index(frame)


def go_to(qtbot, mpr, point, frame=FRAME):
    """Let the sections meet in a point of a slice."""
    mpr.panes[0].cross_wanted.emit(mpr.volume().planes[place_of(mpr, frame)].patient_mm(point))
    qtbot.waitUntil(mpr.is_settled)


def spot(mpr, point, frame=FRAME, pane=0):
    """Return where a point of a slice lies on a section."""
    plane = mpr.volume().planes[place_of(mpr, frame)]
    return mpr.panes[pane].placed(plane.patient_mm(point)).toPoint()


def has_color(widget, at, color):
    """Tell whether a color is nearer than gray within three pixels of a spot."""
    picture = widget.grab().toImage()
    wanted = QColor(*color)
    around = [
        picture.pixelColor(at.x() + x, at.y() + y) for x in range(-3, 4) for y in range(-3, 4)
    ]
    return any(
        abs(one.red() - wanted.red()) < 70
        and abs(one.green() - wanted.green()) < 70
        and abs(one.blue() - wanted.blue()) < 70
        for one in around
    )


def test_mark_of_a_slice_is_seen_on_that_slice_and_on_no_other(qtbot, panel):
    mpr = open_sections(qtbot, panel)
    axial = mpr.panes[0]
    corner = spot(mpr, BOX.points[0])
    assert has_color(axial, corner, COLORS[0])
    assert "Box “nodule”" in axial.accessibleDescription()

    qtbot.keyClick(axial, Qt.Key.Key_PageDown)
    qtbot.waitUntil(mpr.is_settled)

    assert not has_color(axial, corner, COLORS[0])
    assert "nodule" not in axial.accessibleDescription()


def test_other_sections_show_a_mark_only_where_they_cut_it(qtbot, panel):
    mpr = open_sections(qtbot, panel)
    go_to(qtbot, mpr, (100, 80))
    edge = spot(mpr, (81, 80), pane=1)
    assert has_color(mpr.panes[1], edge, COLORS[0])
    assert all("“nodule”" in pane.accessibleDescription() for pane in mpr.panes)

    go_to(qtbot, mpr, (100, 110))  # behind the box

    assert not has_color(mpr.panes[1], edge, COLORS[0])
    assert "nodule" not in mpr.panes[1].accessibleDescription()
    assert "nodule" in mpr.panes[2].accessibleDescription()


def test_key_hides_marks_in_all_sections_and_on_the_frames(qtbot, panel):
    mpr = open_sections(qtbot, panel)
    corner = spot(mpr, BOX.points[0])
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_H)

    assert not has_color(mpr.panes[0], corner, COLORS[0])
    assert not panel.view.has_text()
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_H)
    assert has_color(mpr.panes[0], corner, COLORS[0])


def test_mark_drawn_in_the_axial_section_is_the_one_drawn_on_the_frame(qtbot, panel):
    panel.draw_marks(tuple(RegionKind))
    told = []
    panel.regions_changed.connect(lambda *change: told.append(change))
    mpr = open_sections(qtbot, panel, at=20)
    axial = mpr.panes[0]
    go_to(qtbot, mpr, (90, 90), frame=31)
    qtbot.keyClick(axial, Qt.Key.Key_E, SHIFT)
    drag(qtbot, axial, spot(mpr, (30, 40), 31), spot(mpr, (70, 90), 31))

    [(index, regions, _)] = told
    pixel = 1 / axial.camera().scale
    assert index == 0
    assert (regions[0], regions[1].kind, regions[1].frame) == (BOX, RegionKind.ELLIPSE, 31)
    drawn = np.array(regions[1].points)
    assert drawn == pytest.approx(np.array(((30, 40), (70, 90))), abs=pixel)
    assert panel.uses()[0].marks == regions
    qtbot.keyClick(axial, Qt.Key.Key_Escape)  # the mark
    qtbot.keyClick(axial, Qt.Key.Key_Escape)  # the tool
    qtbot.keyClick(axial, Qt.Key.Key_Escape)  # the sections
    assert panel.sections.mpr() is None
    assert panel.view.place() == 31
    assert panel.view.regions() == regions


def test_section_goes_to_the_middle_of_the_slice_that_is_drawn_on(qtbot, panel):
    panel.draw_marks((RegionKind.POINT,))
    mpr = open_sections(qtbot, panel)
    x, y, z = mpr.volume().planes[place_of(mpr, 40)].patient_mm((90, 90))
    mpr.panes[0].cross_wanted.emit((x, y, z + 1.0))
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_P, SHIFT)
    qtbot.mouseClick(mpr.panes[0], LEFT, PLAIN, spot(mpr, (50, 60), 40))

    assert panel.regions(0)[-1].frame == 40
    assert mpr.state().cross_mm[2] == pytest.approx(z)


def test_marks_are_drawn_and_moved_in_the_section_by_keys_alone(qtbot, panel):
    panel.draw_marks((RegionKind.BOX,))
    mpr = open_sections(qtbot, panel, at=31)
    axial = mpr.panes[0]
    cross = mpr.state().cross_mm
    qtbot.keyClick(axial, Qt.Key.Key_B, SHIFT)
    qtbot.keyClick(axial, Qt.Key.Key_Return)
    before = panel.regions(0)[-1]
    qtbot.keyClick(axial, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(axial, Qt.Key.Key_C, SHIFT)

    moved, copied = panel.regions(0)[-2:]
    assert (before.frame, moved.frame, copied.frame) == (31, 31, 32)
    assert moved.points[0][0] == before.points[0][0] + 10
    assert mpr.state().cross_mm[:2] == cross[:2]
    frames = mpr.volume().frames
    assert frames[mpr.panes[0].marks()._slices()[0]] == 32
    qtbot.keyClick(axial, Qt.Key.Key_Delete)
    assert panel.regions(0)[-1] == moved


def test_tool_chosen_in_another_section_leads_to_the_one_that_can_be_drawn_on(qtbot, panel):
    panel.draw_marks((RegionKind.BOX,))
    mpr = open_sections(qtbot, panel)
    mpr.panes[1].setFocus()
    qtbot.keyClick(mpr.panes[1], Qt.Key.Key_B, SHIFT)

    assert panel.view.kind() is RegionKind.BOX
    assert mpr.panes[0].hasFocus()
    assert "drawn in the axial section" in mpr.bar.note.text()


def test_brush_paints_in_the_section_on_the_pixels_of_the_slice(qtbot, panel):
    panel.ask_for_regions((RegionKind.MASK,))
    mpr = open_sections(qtbot, panel, at=31)
    axial = mpr.panes[0]
    panel.drawing.bar.tools[RegionKind.MASK].click()
    assert axial.hasFocus()
    drag(qtbot, axial, spot(mpr, (60, 70), 31), spot(mpr, (90, 70), 31))

    [answer] = panel.regions(0)
    assert (answer.kind, answer.frame) == (RegionKind.MASK, 31)
    assert (answer.mask.width, answer.mask.height) == (192, 192)
    assert has_color(axial, spot(mpr, (75, 70), 31), ANSWER_COLOR)
    assert panel.uses()[0].marks == (BOX,)


def test_comma_and_period_change_the_slab_also_while_the_brush_is_chosen(qtbot, panel):
    panel.ask_for_regions((RegionKind.MASK,))
    mpr = open_sections(qtbot, panel, at=31)
    panel.drawing.bar.tools[RegionKind.MASK].click()
    width = panel.view.brush().size_px
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_Period)
    assert (mpr.state().slab_mm, panel.view.brush().size_px) == (1.0, width)
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_Comma)
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_BracketRight)

    assert mpr.state().slab_mm == 0
    assert panel.view.brush().size_px > width


def test_slab_says_that_marks_need_a_single_slice(qtbot, panel):
    panel.draw_marks((RegionKind.BOX,))
    mpr = open_sections(qtbot, panel)
    mpr.bar.thickness.setValue(12)
    qtbot.keyClick(mpr.panes[0], Qt.Key.Key_B, SHIFT)
    drag(qtbot, mpr.panes[0], spot(mpr, (20, 20)), spot(mpr, (40, 40)))

    assert "make the slab thin" in mpr.bar.note.text()
    assert panel.regions(0) == (BOX,)
    assert has_color(mpr.panes[0], spot(mpr, BOX.points[0]), COLORS[0])


def test_tilted_slices_say_why_nothing_can_be_drawn_and_show_the_marks(qtbot, panel, tmp_path):
    tilted = read_chest(tmp_path, degrees=17.0)
    panel.show_body((USE,), lambda _: tilted)
    panel.draw_marks((RegionKind.BOX,))
    mpr = open_sections(qtbot, panel)
    go_to(qtbot, mpr, (100, 80))

    assert "would lie on none of them" in mpr.bar.note.text()
    assert not panel.drawing.menu.isEnabled()
    assert all("“nodule”" in pane.accessibleDescription() for pane in mpr.panes)
    mpr.close_sections()
    assert panel.drawing.menu.isEnabled()


def test_who_cannot_draw_reads_nothing_about_drawing(qtbot, panel):
    mpr = open_sections(qtbot, panel)
    place = spot(mpr, (100, 80))
    drag(qtbot, mpr.panes[0], place, place)

    assert not mpr.bar.note.isVisible()
    assert panel.uses()[0] == replace(USE, marks=(BOX,))
