"""Measures under the real hand: what is drawn, what is said, what is refused."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt

from core.domain.ids import MediaId
from core.domain.media import ImageUse, Window
from reviewer_app.widgets.images.measures import Tool, _plate
from reviewer_app.widgets.images.measuring import MeasuringView
from tests.reviewer_app.images.hands import CT, LEFT, drag, load

CINE = ImageUse(MediaId("examples_ybr_color.dcm"), (0, 1))
RGB = ImageUse(MediaId("examples_rgb_color.dcm"))


@pytest.fixture
def view(on_screen):
    widget = on_screen(MeasuringView(), 256, 256)
    widget.show_image(load(CT.media), CT)
    return widget


def click(qtbot, view, at):
    qtbot.mouseMove(view, QPoint(*at))
    qtbot.mouseClick(view, LEFT, pos=QPoint(*at))


def texts(view):
    return [one.texts for one in view.measures()]


def test_length_by_drag_is_told_in_millimeters(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_D)
    drag(qtbot, view, (40, 40), (100, 120))  # 200 %: 30 by 40 pixels
    spacing = view.image().spacing_mm[0]

    assert texts(view) == [(f"{50 * spacing:.4g} mm",)]
    assert f"{50 * spacing:.4g} mm" in view.accessibleDescription()
    assert view.shown_window() == Window(40, 400)


def test_length_by_two_clicks_is_the_same(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_D)
    click(qtbot, view, (40, 40))
    click(qtbot, view, (100, 120))
    drag(qtbot, view, (60, 40), (120, 120))

    assert texts(view)[0] == texts(view)[1]


def test_length_is_the_same_turned_and_zoomed(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_T)
    view.zoom(2)
    view.set_tool(Tool.LENGTH)
    drag(qtbot, view, (40, 40), (160, 200))
    spacing = view.image().spacing_mm[0]

    assert texts(view) == [(f"{50 * spacing:.4g} mm",)]


def test_pixels_without_a_size_are_not_called_millimeters(qtbot, view):
    view.show_image(load(RGB.media), RGB)
    view.set_tool(Tool.LENGTH)
    drag(qtbot, view, (40, 100), (140, 100))
    number, reason = texts(view)[0]

    assert number.endswith(" px")
    assert "does not say how large a pixel is" in reason


def test_angle_of_drag_and_click(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_Q)
    drag(qtbot, view, (40, 140), (140, 140))
    click(qtbot, view, (140, 40))

    assert texts(view) == [("90°",)]


def test_cobb_angle_of_two_lines(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_B)
    drag(qtbot, view, (40, 40), (140, 40))
    assert texts(view) == []
    drag(qtbot, view, (140, 100), (40, 200))

    assert texts(view) == [("Cobb 45°",)]


def test_ellipse_tells_the_stored_values_inside(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_E)
    drag(qtbot, view, (100, 100), (140, 140))
    size, mean, ends = texts(view)[0]

    assert size.endswith("mm²")
    assert mean.startswith("mean ")
    assert mean.endswith(" HU")
    inside = view.image().frame(0).stored[50:70, 50:70].astype(int) - 1024
    low, high = (float(word) for word in (ends.split()[1], ends.split()[3]))
    assert inside.min() <= low <= high <= inside.max()


def test_outline_of_a_color_image_has_an_area_only(qtbot, view):
    view.show_image(load(CINE.media), CINE)
    qtbot.keyClick(view, Qt.Key.Key_O)
    qtbot.mousePress(view, LEFT, pos=QPoint(80, 80))
    for at in ((160, 80), (160, 160), (80, 160)):
        qtbot.mouseMove(view, QPoint(*at))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(80, 160))

    assert len(texts(view)) == 1
    assert not any("mean" in line for line in texts(view)[0])


def test_click_without_a_line_leaves_no_outline(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_O)
    qtbot.mouseClick(view, LEFT, pos=QPoint(80, 80))

    assert texts(view) == []


def test_point_is_dragged_and_the_number_follows(qtbot, view):
    view.set_tool(Tool.LENGTH)
    drag(qtbot, view, (40, 40), (100, 40))
    view.set_tool(None)
    drag(qtbot, view, (101, 41), (160, 40))
    spacing = view.image().spacing_mm[0]

    assert texts(view) == [(f"{60 * spacing:.4g} mm",)]
    assert view.shown_window() == Window(40, 400)


def test_delete_removes_the_last_and_escape_ends(qtbot, view):
    view.set_tool(Tool.LENGTH)
    for y in (40, 60):
        drag(qtbot, view, (40, y), (100, y))
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert len(texts(view)) == 1
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    drag(qtbot, view, (180, 180), (200, 180))

    assert view.tool() is None
    assert len(texts(view)) == 1
    assert view.shown_window() != Window(40, 400)


def test_measures_belong_to_their_frame(qtbot, view):
    view.show_image(load(CINE.media), CINE)
    view.set_tool(Tool.LENGTH)
    drag(qtbot, view, (40, 100), (100, 100))
    view.show_place(1)
    assert texts(view) == []
    view.show_place(0)

    assert len(texts(view)) == 1


def test_another_question_starts_without_measures(qtbot, panel):
    panel.show_body((CT,), load)
    panel.view.set_tool(Tool.LENGTH)
    drag(qtbot, panel.view, (40, 40), (100, 40))
    assert panel.tools.measure.isChecked()
    panel.show_body((CT,), load)

    assert texts(panel.view) == []
    assert not panel.tools.measure.isChecked()


def test_menu_chooses_a_tool_and_removes(qtbot, view):
    from reviewer_app.widgets.images.tools import ImageTools

    tools = ImageTools(view)
    qtbot.addWidget(tools)
    tools.measure.actions_by_tool[Tool.ELLIPSE].trigger()
    assert view.tool() is Tool.ELLIPSE
    drag(qtbot, view, (100, 100), (140, 140))
    tools.measure.refresh()
    tools.measure.remove.trigger()

    assert texts(view) == []


@pytest.mark.parametrize("anchor", [(50, 50), (190, 50), (190, 95), (100, 4)])
def test_text_of_a_measure_stays_in_sight_and_off_its_end(anchor):
    area, size, end = QSizeF(200, 100), QSizeF(60, 20), QPointF(*anchor)
    plate = _plate(end, size, area)

    assert QRectF(QPointF(0, 0), area).contains(plate)
    assert not plate.contains(end)
