"""Buttons: the icon keeps its distance from the words."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button, show_icon

WIDE_GLYPH = "mdi6.image-plus"


@pytest.fixture
def mirrored() -> Iterator[None]:
    before = QGuiApplication.layoutDirection()
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    QGuiApplication.setLayoutDirection(before)


def columns_drawn(width: int, height: int) -> list[int]:
    picture = QImage(width, height, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    theme.icon(WIDE_GLYPH, "text").paint(painter, QRect(0, 0, width, height))
    painter.end()
    return [x for x in range(width) if any(picture.pixelColor(x, y).alpha() for y in range(height))]


def test_icon_beside_words_leaves_room_behind_it(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    place = make_button("Add", parent, icon=WIDE_GLYPH).iconSize()

    drawn = columns_drawn(place.width(), place.height())

    assert drawn
    assert max(drawn) < place.height() < place.width()


def test_icon_beside_words_leaves_room_on_the_other_side_where_text_runs_to_the_left(
    qtbot: QtBot, mirrored: None
) -> None:
    drawn = columns_drawn(40, 16)

    assert drawn
    assert min(drawn) >= 24


def test_every_kind_of_button_has_one_distance(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = [
        make_button("Go", parent, icon="mdi6.play", kind=kind)
        for kind in ("", "primary", "danger", "quiet", "listed")
    ]
    later = make_button("Go", parent)
    show_icon(later, "mdi6.check", "accent")

    assert len({(one.iconSize().width(), one.iconSize().height()) for one in (*made, later)}) == 1
