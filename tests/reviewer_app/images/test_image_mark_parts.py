"""Only what is painted of a picture is kept, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from reviewer_app.widgets.marks.parts import drawn_parts

CELL_PX = 16
sides = st.integers(1, 90)
spots = st.tuples(st.integers(0, 89), st.integers(0, 89))


def picture_of(width: int, height: int, spots) -> QImage:
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    for x, y in spots:
        if x < width and y < height:
            picture.setPixelColor(x, y, QColor(255, 0, 0, 9))
    return picture


@given(width=sides, height=sides, spots=st.lists(spots, max_size=8))
def test_the_parts_put_together_are_the_picture(width, height, spots):
    picture = picture_of(width, height, spots)
    again = picture_of(width, height, ())
    with QPainter(again) as painter:
        for part in drawn_parts(picture, CELL_PX):
            assert picture.rect().contains(part)
            painter.drawImage(part.topLeft(), picture.copy(part))

    assert again == picture


def test_an_empty_picture_has_no_parts():
    assert drawn_parts(picture_of(50, 40, ()), CELL_PX) == []


def test_cells_in_a_row_are_one_part_and_an_empty_one_parts_them():
    picture = picture_of(90, 20, [(0, 0), (17, 0), (50, 17)])

    assert drawn_parts(picture, CELL_PX) == [QRect(0, 0, 32, 16), QRect(48, 16, 16, 4)]
