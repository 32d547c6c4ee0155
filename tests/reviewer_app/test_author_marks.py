"""An author draws marks on images: saved, undone, named, taken in and handed out."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.marks import MarkFormat
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from reviewer_app.pages.author import AuthorPage
from reviewer_app.widgets.marks.marking import MarkingView
from tests.reviewer_app.conftest import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[AuthorPage]:
    """A draft with one CT slice on the desk."""
    me = desk.workspace.people.me().id
    draft = desk.workspace.authoring.create(AnswerFormat.YES_NO, me).value
    path = Path(str(get_testdata_file("CT_small.dcm")))
    use = ImageUse(desk.workspace.images.import_file(path).value.id)
    body = replace(draft.body, stem="What is this?", images=(use,))
    desk.workspace.authoring.save_draft(replace(draft, body=body), me)
    yield from opened(desk, qtbot)
    desk.tasks.close()


def opened(desk: Desk, qtbot: QtBot) -> Iterator[AuthorPage]:
    made = AuthorPage(desk.context)
    desk.operations.changed.connect(made.apply_changes)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    with qtbot.waitExposed(made):
        made.show()
    made.activate()
    made.presenter.open(desk.workspace.authoring.library()[0].id)
    qtbot.waitUntil(lambda: view_of(made).image() is not None)
    yield made


def view_of(page: AuthorPage) -> MarkingView:
    return page.images.panel.view


def draw_box(qtbot: QtBot, page: AuthorPage, offset: int = 0) -> Region:
    view = view_of(page)
    if view.kind() is not RegionKind.BOX:
        qtbot.keyClick(view, Qt.Key.Key_B, SHIFT)
    middle = view.rect().center() + QPoint(offset, offset)
    qtbot.mousePress(view, LEFT, pos=middle)
    qtbot.mouseMove(view, middle + QPoint(40, 40))
    qtbot.mouseRelease(view, LEFT, pos=middle + QPoint(40, 40))
    return view.regions()[-1]


def marks_of(page: AuthorPage) -> tuple[Region, ...]:
    assert page.presenter.current is not None
    return page.presenter.current.draft.body.images[0].marks


def stored(page: AuthorPage, desk: Desk) -> tuple[Region, ...]:
    assert page.presenter.current is not None
    draft = desk.workspace.authoring.draft(page.presenter.current.question.id)
    return draft.body.images[0].marks


def test_a_drawn_mark_is_on_disk_soon(page: AuthorPage, desk: Desk, qtbot: QtBot) -> None:
    box = draw_box(qtbot, page)

    qtbot.waitUntil(lambda: stored(page, desk) == (box,))


def test_marks_are_undone_and_redone_and_the_image_stays_where_it_is(
    page: AuthorPage, qtbot: QtBot
) -> None:
    view_of(page).zoom(1.5)
    camera = view_of(page).camera()
    first = draw_box(qtbot, page)
    second = draw_box(qtbot, page, offset=50)
    camera = view_of(page).camera()
    qtbot.keyClick(page, Qt.Key.Key_Z, CONTROL)
    assert marks_of(page) == view_of(page).regions() == (first,)
    qtbot.keyClick(page, Qt.Key.Key_Z, CONTROL)
    assert marks_of(page) == view_of(page).regions() == ()
    for _ in range(2):
        qtbot.keyClick(page, Qt.Key.Key_Z, CONTROL | SHIFT)

    assert marks_of(page) == view_of(page).regions() == (first, second)
    assert view_of(page).camera() == camera


def test_marks_drawn_in_the_window_of_the_images_are_undone_there(
    page: AuthorPage, qtbot: QtBot
) -> None:
    page.images.panel.toggle_apart()
    stage = view_of(page).window()
    assert stage is not page
    stage.activateWindow()
    qtbot.waitUntil(stage.isActiveWindow)
    draw_box(qtbot, page)
    assert len(marks_of(page)) == 1

    qtbot.keyClick(view_of(page), Qt.Key.Key_Z, CONTROL)

    assert marks_of(page) == ()
    page.images.panel.toggle_apart()


def test_steps_with_arrow_keys_are_undone_together(page: AuthorPage, qtbot: QtBot) -> None:
    box = draw_box(qtbot, page)
    qtbot.keyClick(view_of(page), Qt.Key.Key_Escape)
    qtbot.keyClick(view_of(page), Qt.Key.Key_Tab)
    for _ in range(5):
        qtbot.keyClick(view_of(page), Qt.Key.Key_Right)
    assert marks_of(page)[0].points[0][0] == pytest.approx(box.points[0][0] + 5)
    qtbot.keyClick(page, Qt.Key.Key_Z, CONTROL)

    assert marks_of(page) == (box,)


def test_marks_can_be_undone_after_the_window_was_closed(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    box = draw_box(qtbot, page)
    draw_box(qtbot, page, offset=50)
    page.leave()
    [again] = opened(desk, qtbot)
    assert len(marks_of(again)) == 2
    qtbot.keyClick(again, Qt.Key.Key_Z, CONTROL)

    assert marks_of(again) == view_of(again).regions() == (box,)


def test_a_name_is_typed_beside_the_tools_and_enter_goes_back(
    page: AuthorPage, qtbot: QtBot
) -> None:
    bar, view = page.images.panel.drawing.bar, view_of(page)
    draw_box(qtbot, page)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    qtbot.keyClicks(bar.name_, "nodule")
    qtbot.keyClick(bar.name_, Qt.Key.Key_Return)

    assert [one.label for one in marks_of(page)] == ["nodule"]
    assert view.hasFocus()
    qtbot.keyClick(page, Qt.Key.Key_Z, CONTROL)
    assert [one.label for one in marks_of(page)] == [""]
    assert bar.name_.text() == ""


def test_the_row_of_marks_comes_with_the_first_tool_and_stays(
    page: AuthorPage, qtbot: QtBot
) -> None:
    bar = page.images.panel.drawing.bar
    assert not bar.isVisible()
    qtbot.keyClick(view_of(page), Qt.Key.Key_M, SHIFT)
    assert bar.size_.isVisible()
    qtbot.keyClick(view_of(page), Qt.Key.Key_Escape)

    assert bar.isVisible()
    assert not bar.size_.isVisible()


def test_the_brush_is_set_with_numbers(page: AuthorPage, qtbot: QtBot) -> None:
    bar, view = page.images.panel.drawing.bar, view_of(page)
    qtbot.mouseClick(bar.tools[RegionKind.MASK], LEFT)
    bar.size_.setValue(40)
    qtbot.mouseClick(bar.limit, LEFT)
    bar.span.setValue(75)
    qtbot.mouseClick(bar.eraser, LEFT)

    assert (view.brush().size_px, view.brush().span, view.brush().is_erasing) == (40, 75, True)
    qtbot.keyClick(view, Qt.Key.Key_X)
    assert not bar.eraser.isChecked()
    qtbot.mouseClick(bar.limit, LEFT)
    assert view.brush().span is None


def test_buttons_lock_and_remove_the_chosen_mark(page: AuthorPage, qtbot: QtBot) -> None:
    bar = page.images.panel.drawing.bar
    draw_box(qtbot, page)
    qtbot.mouseClick(bar.lock, LEFT)
    assert marks_of(page)[0].is_locked
    assert not bar.remove.isEnabled()
    qtbot.mouseClick(bar.lock, LEFT)
    qtbot.mouseClick(bar.remove, LEFT)

    assert marks_of(page) == ()


def test_readers_of_the_preview_see_the_marks(page: AuthorPage, qtbot: QtBot) -> None:
    draw_box(qtbot, page)
    page.tabs.setCurrentWidget(page.preview)
    view = page.preview.panel.view
    qtbot.waitUntil(lambda: view.image() is not None)

    assert "Marks: 1, Box" in view.accessibleDescription()
    assert not page.preview.panel.drawing.menu.isVisible()
    assert view.kinds() == frozenset()


def test_marks_are_handed_out_and_taken_in(
    page: AuthorPage, desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu, path = page.images.panel.drawing.menu, tmp_path / "marks.json"
    box = draw_box(qtbot, page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    menu.exports[MarkFormat.COCO].trigger()
    qtbot.waitUntil(lambda: any("marks.json" in one for one in desk.posted))
    menu.take_in.trigger()
    qtbot.waitUntil(lambda: len(marks_of(page)) == 2)

    assert marks_of(page)[1].points == box.points
    assert view_of(page).regions() == marks_of(page)
    qtbot.keyClick(page, Qt.Key.Key_Z, CONTROL)
    assert marks_of(page) == (box,)


def test_a_file_for_another_image_is_refused_in_words_and_nothing_is_lost(
    page: AuthorPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    box = draw_box(qtbot, page)
    path = tmp_path / "strange.json"
    path.write_text('{"images": [], "annotations": []}')
    page.mark_files.take_in(path)
    qtbot.waitUntil(lambda: bool(desk.posted))

    assert "“strange.json” cannot be taken over" in desk.posted[-1]
    assert marks_of(page) == (box,)
