"""The ground is black wherever there is no picture, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from reviewer_app.widgets.image_overlay import paint_ground


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
