"""The ground around a picture, and what stands over it: nothing covers what must be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from reviewer_app.widgets.images.overlay import (
    Corners,
    lower_plates,
    paint_corners,
    paint_ground,
    paint_letters,
    scale_bar,
    upper_plates,
)


@pytest.fixture(autouse=True)
def _qt(qapp):
    """Painting needs an application."""


SPAN = st.integers(-30, 70)


@given(x=SPAN, y=SPAN, width=st.integers(1, 90), height=st.integers(1, 90))
def test_all_but_the_picture_is_black(x, y, width, height):
    screen, picture = QImage(40, 40, QImage.Format.Format_RGB32), QRect(x, y, width, height)
    screen.fill(Qt.GlobalColor.red)

    with QPainter(screen) as painter:
        paint_ground(painter, screen.rect(), picture)

    inside = picture.adjusted(1, 1, -1, -1).intersected(screen.rect())
    for column in range(40):
        for row in range(40):
            is_red = screen.pixelColor(column, row) == QColor("red")
            assert is_red == (not inside.isEmpty() and inside.contains(column, row))


@pytest.mark.parametrize("height", [120, 180, 241, 400])
def test_lines_in_the_corners_leave_the_letters_of_the_sides_alone(height):
    font, area = QFont(), QRect(0, 0, 220, height)
    lines = ["Prior", "3 months earlier", "A caption of some words", "Side L", "Frame 1 / 96"] * 2
    letters = ("R", "A", "L", "P")

    def painted(*, has_corners):
        screen = QImage(area.size(), QImage.Format.Format_RGB32)
        screen.fill(Qt.GlobalColor.black)
        with QPainter(screen) as painter:
            paint_letters(painter, area, letters, font)
            if has_corners:
                paint_corners(painter, area, Corners(lines, lines, lines, lines), font)
        return screen

    bare, full, half = painted(has_corners=False), painted(has_corners=True), area.center().y()
    letter = QFontMetrics(font).height() // 2
    for side in (
        QRect(0, half - letter, 40, 2 * letter),
        QRect(180, half - letter, 40, 2 * letter),
    ):
        assert bare.copy(side) == full.copy(side)
    assert bare != full


@given(
    width=st.integers(96, 1400),
    height=st.integers(96, 1000),
    percent=st.sampled_from((100, 150, 200)),
    px_per_mm=st.floats(0.05, 40),
)
def test_scale_bar_stands_clear_of_all_texts_however_large_they_are(
    width, height, percent, px_per_mm
):
    font, area = QFont(), QRect(0, 0, width, height)
    font.setPointSizeF(font.pointSizeF() * percent / 100)
    metrics = QFontMetrics(font)
    corners = Corners(
        top_left=("Axial", "H 272.5 mm", "MIP 12 mm"),
        top_right=("The slices are unevenly spaced: 1.25 to 202.5 mm apart.",),
        bottom_left=("1107 → 83 HU", "L 206.9  P 136.9  H 272.5 mm"),
        bottom_right=("Inverted", "C -300  W 1500 HU", "Zoom 282.8 %"),
    )
    upper, lower = upper_plates(area, corners, metrics), lower_plates(area, corners, metrics)

    bar = scale_bar(area, px_per_mm, metrics, upper, lower)

    if bar is not None:
        assert area.contains(bar.plate.spot)
        assert not any(bar.plate.spot.intersects(one.spot) for one in (*upper, *lower))


@pytest.mark.parametrize("percent", [100, 150])
def test_scale_bar_has_room_in_a_section_with_large_text(percent):
    font, area = QFont("DejaVu Sans"), QRect(0, 0, 380, 450)
    font.setPointSizeF(9 * percent / 100)
    metrics = QFontMetrics(font)
    corners = Corners(
        bottom_left=("1107 → 83 HU", "L 206.9  P 136.9  H 272.5 mm"),
        bottom_right=("Inverted", "C -300  W 1500"),
    )

    bar = scale_bar(area, 1.1, metrics, (), lower_plates(area, corners, metrics))

    assert bar is not None
    assert bar.plate.text == "5 cm"
    assert bar.length_px == 55
