"""Several images of one question: view, tools and thumbnails together."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from core.domain.ids import MediaId
from core.domain.media import ImageRole, ImageUse, View, Window
from core.domain.region import RegionKind
from reviewer_app.widgets.images.overlay import _fitted, _words
from reviewer_app.widgets.images.panel import ImagePanel
from tests.reviewer_app.images.hands import load

USES = (
    ImageUse(MediaId("CT_small.dcm"), view=View(Window(40, 400)), caption="CT"),
    ImageUse(MediaId("examples_ybr_color.dcm"), tuple(range(30))),
    ImageUse(MediaId("MR_small.dcm"), role=ImageRole.PRIOR, caption="MR"),
    ImageUse(MediaId("MR_truncated.dcm")),
)

CLIP_OF_GRAYS = ImageUse(MediaId("rtdose.dcm"), tuple(range(10)))


@pytest.fixture
def panel(on_screen):
    widget = on_screen(ImagePanel(is_editable=True), 700, 600)
    widget.show_body(USES, load)
    return widget


def test_first_image_is_shown_with_thumbnails_of_all(qtbot, panel):
    qtbot.waitUntil(panel.strip.is_filled)

    assert panel.view.image().name == "CT_small.dcm"
    assert [panel.strip.item(row).text() for row in range(4)] == [
        "1 · CT",
        "2 · 30 frames",
        "3 · Prior · MR",
        "4",
    ]
    assert "end too early" in panel.strip.item(3).toolTip()
    picture = panel.strip.item(0).icon().pixmap(72, 72).toImage()
    assert picture.pixelColor(36, 20).value() > 100


def test_single_image_needs_no_strip(panel):
    panel.show_body(USES[:1], load)

    assert not panel.strip.isVisible()


def test_question_without_image_says_so(panel):
    panel.show_body((), load)

    assert panel.view.accessibleDescription() == "This question has no image"
    assert not panel.strip.isVisible()


def test_arrow_key_in_the_strip_chooses_the_next_image(qtbot, panel):
    panel.strip.setFocus()
    with qtbot.waitSignal(panel.image_changed) as changed:
        qtbot.keyClick(panel.strip, Qt.Key.Key_Right)

    assert changed.args == [1]
    assert panel.view.frame_count() == 30


def test_damaged_image_is_told_and_the_others_stay_usable(panel):
    panel.show_index(3)
    assert "end too early" in panel.view.accessibleDescription()

    panel.show_index(0)
    assert panel.view.image().name == "CT_small.dcm"


def test_missing_image_is_told_in_place(panel):
    from core.errors import ImageError

    def fail(media):
        raise ImageError("The image abc… is missing from the workspace.")

    panel.show_body(USES[:1], fail)

    told = panel.view.accessibleDescription()
    assert told.startswith("The image abc… is missing from the workspace.")


def test_reset_opens_once_more_what_was_refused(qtbot, panel):
    from core.errors import ImageError

    is_there = []

    def open_if_there(media):
        if not is_there:
            raise ImageError("The drive is away.")
        return load(media)

    panel.show_body(USES[:1], open_if_there)
    assert panel.view.image() is None
    assert "Reset opens it once more" in panel.view.accessibleDescription()
    is_there.append(True)
    panel.tools.reset.click()

    assert panel.view.image() is not None
    assert "away" not in panel.view.accessibleDescription()


def test_view_and_frame_of_each_image_are_kept_while_switching(qtbot, panel):
    with qtbot.waitSignal(panel.view_changed) as changed:
        panel.view.use_preset(4)
    assert changed.args == [0, View(Window(-600, 1500))]
    panel.show_index(1)
    panel.view.show_place(7)
    panel.show_index(0)

    assert panel.view.shown_window() == Window(-600, 1500)
    assert panel.uses()[0].view == View(Window(-600, 1500))
    assert panel.uses()[2] == USES[2]
    panel.show_index(1)
    assert panel.view.place() == 7


def test_reset_after_switching_goes_back_to_the_view_of_the_question(panel):
    panel.view.use_preset(4)
    panel.show_index(1)
    panel.show_index(0)
    panel.view.reset()

    assert panel.view.shown_window() == Window(40, 400)


def test_window_can_be_typed(qtbot, panel):
    tools = panel.tools
    assert (tools.center.value(), tools.width_.value()) == (40, 400)
    tools.width_.selectAll()
    qtbot.keyClicks(tools.width_, "80")
    qtbot.keyClick(tools.width_, Qt.Key.Key_Return)

    assert panel.view.shown_window() == Window(40, 80)


def test_numbers_follow_the_hand(qtbot, panel):
    qtbot.mousePress(panel.view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(panel.view, QPoint(130, 85))
    qtbot.mouseRelease(panel.view, Qt.MouseButton.LeftButton, pos=QPoint(130, 85))

    assert (panel.tools.center.value(), panel.tools.width_.value()) == (20, 440)


def test_tools_fit_the_image(panel):
    assert panel.tools.presets.isVisible()
    assert not panel.tools.frames.isVisible()

    panel.show_index(1)

    assert not panel.tools.presets.isVisible()
    assert not panel.tools.center.isVisible()
    assert panel.tools.frames.isVisible()
    assert panel.tools.frame_label.text() == "1 / 30"


def test_slider_and_view_show_the_same_frame(panel):
    panel.show_index(1)
    panel.tools.frames.setValue(12)
    assert panel.view.place() == 12

    panel.view.show_place(3)
    assert panel.tools.frames.value() == 3


def test_preset_menu_names_windows_and_keys_and_ticks_the_one_in_use(panel):
    menu = panel.tools.presets.menu()
    menu.aboutToShow.emit()
    actions = menu.actions()
    assert [action.text() for action in actions][:2] == [
        "Whole range of the values\tAlt+1",
        "Brain  40 / 80\tAlt+2",
    ]

    actions[1].trigger()
    menu.aboutToShow.emit()

    assert panel.view.shown_window() == Window(40, 80)
    assert [one.isChecked() for one in menu.actions()][:3] == [False, True, False]


def test_invert_button_follows_the_key(qtbot, panel):
    qtbot.keyClick(panel.view, Qt.Key.Key_I)
    assert panel.tools.invert.isChecked()

    qtbot.mouseClick(panel.tools.invert, Qt.MouseButton.LeftButton)
    assert panel.view.view().is_inverted is False


def test_keys_work_while_another_control_has_the_focus(qtbot, panel):
    panel.activateWindow()
    panel.strip.setFocus()
    qtbot.waitUntil(panel.strip.hasFocus)
    qtbot.keyClick(panel.strip, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert panel.view.shown_window() == Window(40, 80)

    qtbot.keyClick(panel.strip, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert panel.index() == 1


def test_images_can_be_removed_and_moved_by_key(qtbot, panel):
    panel.strip.setFocus()
    with qtbot.waitSignal(panel.removal_requested) as removal:
        qtbot.keyClick(panel.strip, Qt.Key.Key_Delete)
    with qtbot.waitSignal(panel.move_requested) as move:
        qtbot.keyClick(panel.strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)

    assert removal.args == [0]
    assert move.args == [0, 1]


def test_every_control_has_a_name(panel):
    tools = panel.tools
    for control in (
        tools.presets,
        tools.center,
        tools.width_,
        tools.invert,
        tools.zoom,
        tools.reset,
        tools.frames,
        panel.strip,
    ):
        assert control.accessibleName()


def test_a_window_is_typed_without_a_mouse_and_enter_does_not_submit(qtbot, panel):
    submitted = []
    shortcut = QShortcut(QKeySequence("Return"), panel)
    shortcut.activated.connect(lambda: submitted.append(True))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_W)
    assert panel.tools.center.hasFocus()
    qtbot.keyClicks(panel.tools.center, "-600")
    qtbot.keyClick(panel.tools.center, Qt.Key.Key_Tab)
    qtbot.keyClicks(panel.tools.width_, "1500")
    qtbot.keyClick(panel.tools.width_, Qt.Key.Key_Return)

    assert panel.view.shown_window() == Window(-600, 1500)
    assert panel.view.hasFocus()
    assert submitted == []


def test_escape_gives_up_a_typed_number(qtbot, panel):
    before = panel.view.shown_window()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.keyClick(panel.view, Qt.Key.Key_W)
    qtbot.keyClicks(panel.tools.center, "77")
    qtbot.keyClick(panel.tools.center, Qt.Key.Key_Escape)

    assert panel.view.shown_window() == before
    assert panel.view.hasFocus()


def test_tools_of_a_stack_fold_into_two_lines_instead_of_widening_the_page(qtbot, panel):
    panel.show_body((CLIP_OF_GRAYS, USES[2]), load)
    tools = panel.tools

    def away():
        middles = (one.mapTo(tools, one.rect().center()).y() for one in (tools.frames, tools.zoom))
        return next(middles) - next(middles)

    panel.resize(640, 600)
    qtbot.waitUntil(lambda: away() > 20)
    assert panel.minimumSizeHint().width() <= 640
    assert tools.frames.width() > 200
    panel.resize(1400, 600)

    qtbot.waitUntil(lambda: abs(away()) < 6)


def test_tools_stand_below_each_other_before_they_would_overlap(qtbot, panel):
    panel.show_body((CLIP_OF_GRAYS, USES[2]), load)
    tools = panel.tools
    panel.resize(430, 600)

    def parts():
        shown = (tools.presets, tools.center, tools.width_, tools.invert, tools.zoom, tools.more)
        return [QRect(one.mapTo(tools, QPoint()), one.size()) for one in shown]

    qtbot.waitUntil(lambda: tools.invert.mapTo(tools, QPoint()).y() > tools.presets.height())
    assert panel.minimumSizeHint().width() <= 430
    for number, one in enumerate(parts()):
        assert tools.rect().contains(one)
        assert not any(one.intersects(other) for other in parts()[number + 1 :])


def test_tools_make_room_when_the_button_for_marks_comes_and_goes(qtbot, panel):
    panel.show_body((ImageUse(MediaId("CT_small.dcm")),), load)
    tools, drawing = panel.tools, panel.drawing

    def is_in_one_line():
        for _ in range(5):
            QApplication.sendPostedEvents()  # to lay all out, which may ask for it once more
        return tools.invert.mapTo(tools, QPoint(10, 10)).y() < tools.presets.height()

    panel.resize(panel.minimumSizeHint().width(), 600)
    assert not is_in_one_line()
    while not is_in_one_line():
        panel.resize(panel.width() + 4, 600)  # to the least width that holds all of them

    panel.ask_for_regions((RegionKind.BOX,))

    assert not is_in_one_line()
    assert drawing.menu.isVisible()
    assert tools.width_.geometry().right() <= tools.width_.parentWidget().width()

    panel.ask_for_regions(())

    assert is_in_one_line()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("C -600  W 1500 HU", ["C\u00a0-600", "", "W\u00a01500\u00a0HU"]),
        ("Zoom 99.5 %", ["Zoom\u00a099.5\u00a0%"]),
        ("Frame 1 / 96", ["Frame\u00a01\u00a0/\u00a096"]),
        ("2 years earlier", ["2", "years", "earlier"]),
    ],
)
def test_a_number_in_a_narrow_corner_stays_with_its_unit(line, words):
    assert _words(line) == words


def test_a_narrow_corner_keeps_the_number_and_leaves_its_name(look):
    metrics = QFontMetrics(QFont())

    assert _fitted("Zoom 99.5 %", metrics.horizontalAdvance("99.5 %") + 4, metrics) == [
        "99.5\u00a0%"
    ]
    assert _fitted("P 151.2 mm", metrics.horizontalAdvance("P 151.2") + 4, metrics) == [
        "P\u00a0151.2",
        "mm",
    ]


@given(
    line=st.sampled_from(
        (
            "C 1024.5  W 45.25 HU",
            "Zoom 107.8 %",
            "Frame 12 / 1296",
            "x 123  y 45  1107 → 83 HU",
            "Lossy compression 2097 : 1.",
            "The slices are unevenly spaced: 1.25 to 202.5 mm apart.",
            "L 206.9  P 136.9  H 272.5 mm",
        )
    ),
    widest=st.integers(20, 400),
)
def test_a_number_is_never_cut_short_for_half_of_one_is_another(qapp, line, widest):
    metrics = QFontMetrics(QFont())
    numbers = set(re.findall(r"[\d.]+", line))

    shown = _fitted(line, widest, metrics)

    assert all(metrics.horizontalAdvance(one) <= widest for one in shown)
    assert {one for part in shown for one in re.findall(r"[\d.]+", part)} <= numbers


def test_a_number_without_room_leaves_its_unit_before_it_leaves(look):
    metrics = QFontMetrics(QFont())
    room = metrics.horizontalAdvance("W\u00a02064") + 1

    assert _fitted("C 136  W 2064 HU", room, metrics) == ["C\u00a0136", "W\u00a02064"]
    assert _fitted("C 136  W 2064 HU", room - 8, metrics) == ["C\u00a0136"]


def test_a_long_note_goes_on_below_instead_of_being_cut(look):
    metrics = QFontMetrics(QFont())
    note = "The pixels are not square (1.33 : 1); the picture is shown in its true shape."
    lines = _fitted(note, metrics.horizontalAdvance(note) // 2 + 40, metrics)

    assert len(lines) == 2
    assert " ".join(lines) == note
    assert _fitted("C 40  W 400", 4000, metrics) == ["C 40  W 400"]
