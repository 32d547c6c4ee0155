"""A whole slide under the real hand: only the tiles in sight, off the UI thread, right pixels."""

from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.imaging.load import open_image
from core.imaging.slides.slide import Slide
from core.imaging.slides.tiles import Tile
from reviewer_app.widgets.images import tiles as image_tiles
from reviewer_app.widgets.images.measuring import MeasuringView
from tests.reviewer_app.images.hands import CONTROL, PLAIN, colors_of, drag, turn_wheel
from tests.slides import slide_bytes, spoiled

WIDTH, HEIGHT = 6400, 5120
USE = ImageUse(MediaId("0" * 64))
MIDDLE = Qt.MouseButton.MiddleButton
ALL_TILES = 25 * 20


@pytest.fixture(scope="module")
def data():
    y, x = np.indices((HEIGHT, WIDTH), np.uint16)
    rings = 127 + 127 * np.sin(np.hypot(x - 3000.0, y - 2000.0) / 40)
    return slide_bytes(np.stack([x // 26, y // 21, rings], axis=-1).astype(np.uint8))


@pytest.fixture
def image(data):
    return open_image(data, name="slide")


@pytest.fixture
def decoded(monkeypatch, image):
    """Return the tiles of this slide's finest level that were decoded, as they come."""
    seen, original = [], Slide.tile

    def tile(self, level, row, column):
        if level == 0 and self is image.slide:  # threads of another test may still be at work
            seen.append((row, column))
        return original(self, level, row, column)

    monkeypatch.setattr(Slide, "tile", tile)
    return seen


@pytest.fixture
def view(on_screen, image, decoded):
    widget = on_screen(MeasuringView(), 640, 480)
    widget.show_image(image, USE)
    return widget


def settle(qtbot, view):
    view.repaint()
    qtbot.waitUntil(view.tiles().is_settled)
    view.repaint()
    qtbot.waitUntil(view.tiles().is_settled)


def test_whole_slide_needs_no_tile_of_the_finest_level(qtbot, view, decoded):
    settle(qtbot, view)

    assert decoded == []
    assert view.zoom_percent() == pytest.approx(480 / 5120 * 100, abs=0.1)


def test_zoom_by_wheel_decodes_only_what_is_in_sight(qtbot, view, decoded):
    turn_wheel(view, 10, QPoint(320, 240), CONTROL)
    settle(qtbot, view)

    assert 50 < view.zoom_percent() < 100
    assert 4 <= len(set(decoded)) <= 40
    assert len(decoded) == len(set(decoded))
    assert len(set(decoded)) < ALL_TILES / 10


@pytest.mark.parametrize(
    "given", [View(), View(is_inverted=True), View(quarter_turns=1), View(None, False, 2, True)]
)
@pytest.mark.parametrize("way", [[], [(-170, 90), (333, -401), (-25, -3), (0, 470)]])
def test_pixels_at_one_to_one_are_those_of_the_slide(qtbot, view, given, way):
    view.set_view(given)
    qtbot.keyClick(view, Qt.Key.Key_H)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    settle(qtbot, view)
    for step in way:
        view.set_camera(view.camera().panned(*step))
        view.repaint()
    settle(qtbot, view)
    view.clearFocus()
    left, top = round(view.camera().left * 4), round(view.camera().top * 4)

    assert view.zoom_percent() == 100
    assert np.array_equal(colors_of(view), shown(view)[top : top + 480, left : left + 640])


def shown(view):
    """Return the whole slide as it is looked at."""
    whole, given = view.image().slide.region(0, 0, 0, WIDTH, HEIGHT), view.view()
    whole = whole[:, ::-1] if given.is_mirrored else whole
    whole = np.rot90(whole, -given.quarter_turns)
    return 255 - whole if given.is_inverted else whole


@pytest.mark.parametrize(
    "given", [View(), View(quarter_turns=3), View(is_mirrored=True, is_inverted=True)]
)
def test_picture_is_the_same_however_it_was_reached(qtbot, view, image, given):
    view.set_view(given)
    qtbot.keyClick(view, Qt.Key.Key_H)
    for factor, step in ((6, (90, 14)), (1.7, (-33, 240)), (0.8, (5, -7)), (1.31, (-411, 60))):
        view.zoom(factor, QPointF(200, 310))
        view.repaint()
        view.set_camera(view.camera().panned(*step))
        view.repaint()
    settle(qtbot, view)
    reached = colors_of(view)
    view.tiles().forget()  # as if it were looked at for the first time
    settle(qtbot, view)

    assert np.array_equal(reached, colors_of(view))


@pytest.mark.parametrize("given", [View(), View(quarter_turns=1), View(is_mirrored=True)])
def test_what_lies_beyond_the_edges_of_a_slide_is_black(qtbot, view, given):
    view.set_view(given)
    qtbot.keyClick(view, Qt.Key.Key_H)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    for step in ((9000, 0), (-60, -60), (50, 40), (-9000, 0), (60, 60), (-50, -40), (0, 9000)):
        view.set_camera(view.camera().panned(*step))
        settle(qtbot, view)
        reached = colors_of(view)
        view.tiles().forget()
        settle(qtbot, view)

        fresh = colors_of(view)
        assert np.array_equal(reached, fresh)
        assert (fresh[10:-10, 10:-10] == 0).all(axis=-1).any()


def test_another_slide_in_the_same_view_shows_nothing_of_the_one_before(qtbot, view, data):
    qtbot.keyClick(view, Qt.Key.Key_H)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    settle(qtbot, view)
    white = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    view.show_image(open_image(slide_bytes(white), name="white"), USE)
    qtbot.waitUntil(lambda: not view.is_waiting())
    view.clearFocus()
    qtbot.keyClick(view, Qt.Key.Key_Z)
    view.repaint()
    first = colors_of(view)
    settle(qtbot, view)

    assert view.zoom_percent() == 100
    assert (first[10:-10, 10:-10] == 255).all()
    assert (colors_of(view)[10:-10, 10:-10] == 255).all()


def test_pan_brings_the_next_tiles_and_keeps_the_others(qtbot, view, decoded):
    qtbot.keyClick(view, Qt.Key.Key_Z)
    settle(qtbot, view)
    before = set(decoded)
    drag(qtbot, view, QPoint(500, 240), QPoint(200, 240), button=MIDDLE)
    settle(qtbot, view)

    new = set(decoded) - before
    assert new
    assert len(decoded) == len(set(decoded))
    assert min(column for _, column in new) > max(column for _, column in before) - 1


def test_memory_stays_bounded_however_far_a_hand_goes(qtbot, view, decoded):
    memory = view.image().memory
    memory.set_limit(12 << 20)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    steps = [(-500, 0)] * 4 + [(0, -400)] * 3 + [(500, 0)] * 8
    for across, down in steps:
        drag(qtbot, view, QPoint(320, 440), QPoint(320 + across, 440 + down), button=MIDDLE)
        settle(qtbot, view)
        assert memory.used_bytes <= 12 << 20

    assert len(set(decoded)) * 256 * 256 * 3 > 12 << 20


def test_memory_stays_bounded_however_often_a_hand_zooms(qtbot, view, decoded):
    memory = view.image().memory
    memory.set_limit(12 << 20)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    view.set_camera(view.camera().panned(5000, 4000))  # to the corner
    for factor in (0.6, 1 / 0.6) * 6:
        view.set_camera(view.camera().panned(-480, -360))
        view.zoom(factor, QPointF(320, 240))
        settle(qtbot, view)
        assert memory.used_bytes <= 12 << 20

    assert len(decoded) * 256 * 256 * 3 > 12 << 20


def test_enlarged_tiles_are_kept_for_a_pan_only_within_bounds(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_Z)
    view.zoom(7.9, QPointF(320, 240))
    for _ in range(24):
        view.set_camera(view.camera().panned(-620, 0))
        settle(qtbot, view)

    kept = view.tiles()._spreads.values()
    assert kept
    assert sum(one.nbytes for one in kept) <= 80 << 20


def test_window_does_not_wait_for_tiles_and_the_newest_look_wins(qtbot, view, decoded, monkeypatch):
    settle(qtbot, view)
    gate, original = Event(), Slide.tile

    def slow(self, level, row, column):
        assert gate.wait(60)
        return original(self, level, row, column)

    monkeypatch.setattr(Slide, "tile", slow)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    view.repaint()
    coarse = colors_of(view)
    for _ in range(6):
        drag(qtbot, view, QPoint(630, 240), QPoint(10, 240), button=MIDDLE)
        view.repaint()
    gate.set()
    settle(qtbot, view)

    slide, left = view.image().slide, round(view.camera().left * 4)
    in_sight = range(left // 256, (left + 640) // 256 + 1)
    gone = [column for _, column in decoded if column not in in_sight]
    assert coarse.std() > 10  # the overview stood there meanwhile
    assert len(gone) <= 2 * 7  # two threads had begun, at every look
    assert {column for _, column in decoded} >= set(in_sight) & set(range(25))
    assert slide is not None


def test_large_screen_shows_single_pixels_at_once_and_smooth_ones_while_it_waits(
    qtbot, view, monkeypatch
):
    view.resize(1400, 900)
    qtbot.keyClick(view, Qt.Key.Key_H)
    settle(qtbot, view)
    gate, original = Event(), Slide.tile

    def slow(self, level, row, column):
        assert gate.wait(60)
        return original(self, level, row, column)

    monkeypatch.setattr(Slide, "tile", slow)
    monkeypatch.setattr(image_tiles, "_STEP_S", -1.0)  # no time for anything but the first look
    qtbot.keyClick(view, Qt.Key.Key_Z)
    view.repaint()
    first = colors_of(view).astype(int)
    monkeypatch.setattr(image_tiles, "_STEP_S", 0.005)
    qtbot.waitUntil(lambda: not view.tiles()._coarse)
    waiting = colors_of(view).astype(int)
    gate.set()
    settle(qtbot, view)
    sharp = colors_of(view).astype(int)

    assert np.abs(waiting - sharp).mean() < 0.7 * np.abs(first - sharp).mean()


def test_damaged_tile_is_told_and_the_others_are_shown(qtbot, data, image, view):
    in_the_middle = 10 * 25 + 12
    view.show_image(open_image(spoiled(data, in_the_middle), name="spoiled"), USE)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    settle(qtbot, view)

    assert "a tile of the slide is damaged" in view.tiles().error()
    assert view.image().ready_part(Tile(0, 10, 11, 1)) is not None
    assert view.image().ready_part(Tile(0, 10, 12, 1)) is None
    view.show_image(image, USE)
    assert view.tiles().error() == ""


def test_scale_bar_and_zoom_are_those_of_a_microscope(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_Z)

    assert "Zoom 100 %  ≈ 20×" in view.accessibleDescription()
    assert view._spacing_mm() == pytest.approx(0.002)


def test_length_on_a_slide_is_told_in_millimeters_of_the_glass(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_Z)
    qtbot.keyClick(view, Qt.Key.Key_D)
    for spot in (QPoint(100, 100), QPoint(500, 100)):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, PLAIN, spot)

    [measure] = view.measures()
    assert measure.texts[0] == "0.2 mm"  # 400 pixels of half a micrometer


def test_tiles_in_sight_stay_where_memory_is_too_small_for_them(qtbot, view, decoded):
    settle(qtbot, view)
    view.image().memory.set_limit(1)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    view.repaint()
    view.setUpdatesEnabled(False)  # tiles come and go unseen
    qtbot.waitUntil(view.tiles()._loader.is_idle)
    view.setUpdatesEnabled(True)
    settle(qtbot, view)

    assert len(decoded) == len(set(decoded)) >= 6
