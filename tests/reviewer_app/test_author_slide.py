"""An author zooms into a slide and makes what is in sight an image of the question."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.domain.body import AnswerFormat
from core.imaging.shown import show
from reviewer_app.pages.author import AuthorPage
from reviewer_app.widgets.images.tile_look import area_in_sight
from tests.slides import slide_bytes

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(show_page):
    return show_page(AuthorPage)


def images(page):
    return page.presenter.current.draft.body.images


def test_part_in_sight_becomes_an_image_of_the_question(page, desk, qtbot, tmp_path):
    y, x = np.indices((4800, 6400), np.uint16)
    file = tmp_path / "slide.tif"
    file.write_bytes(slide_bytes(np.stack([x // 26, y // 21, x // 50], axis=-1).astype(np.uint8)))
    page.presenter.create(AnswerFormat.SINGLE_CHOICE)
    page.images.files_dropped.emit((file,))
    qtbot.waitUntil(lambda: len(images(page)) == 1 and page.images.panel.view.image() is not None)
    view = page.images.panel.view
    qtbot.waitUntil(page.images.buttons.part.isVisible)
    qtbot.keyClick(view, Qt.Key.Key_T)
    for _ in range(10):
        view.zoom(1.25, QPointF(view.width() * 0.3, view.height() * 0.6))
    image, area = view.image(), area_in_sight(view.image(), view.camera(), view.view())

    page.images.buttons.part.setFocus()
    qtbot.keyClick(page.images.buttons.part, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(images(page)) == 2)

    part = desk.workspace.images.open(images(page)[1].media)
    left, top = round(area.left * 4), round(area.top * 4)
    across, down = round(area.right * 4) - left, round(area.bottom * 4) - top
    assert np.array_equal(part.frame(0).stored, image.slide.region(0, left, top, across, down))
    assert images(page)[1].view.quarter_turns == 1
    assert show(part, 0, images(page)[1].view).picture.shape[:2] == (part.width, part.height)
    qtbot.waitUntil(lambda: not page.images.buttons.part.isVisible())
    assert any("image of its own" in sentence for sentence in desk.posted)
