"""Folders, ZIPs and many files dropped on the Author page: offered, chosen, taken in, stopped."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse
from reviewer_app.pages.author import AuthorPage
from reviewer_app.widgets.images.chooser import ImageChooser
from tests.core.imaging.stack_files import UNEVEN, blank, make_slices, numbered, write_files
from tests.large_files import write_large_slide
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.hands import drop_files

WHEEL = Path(pydicom.__file__).parent / "data" / "test_files"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[AuthorPage]:
    made = AuthorPage(desk.context)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activate()
    made.presenter.create(AnswerFormat.YES_NO)
    yield made
    made.leave()


def uses(page: AuthorPage) -> tuple[ImageUse, ...]:
    opened = page.presenter.current
    assert opened is not None
    return opened.draft.body.images


def chooser_with(page: AuthorPage, qtbot: QtBot, count: int) -> ImageChooser:
    chooser = page.images.chooser
    qtbot.waitUntil(lambda: chooser.isVisible() and chooser.list.count() == count)
    chooser.focus_list()
    return chooser


def test_a_folder_of_one_series_becomes_one_stack_in_the_order_of_the_patient(
    page: AuthorPage, qtbot: QtBot, tmp_path: Path
) -> None:
    write_files(tmp_path / "ct", make_slices(numbered(12), UNEVEN))
    drop_files(page.images, tmp_path / "ct")
    qtbot.waitUntil(lambda: len(uses(page)) == 1)

    [use] = uses(page)
    image = page.presenter.images.load(use.media)
    assert use.frames == tuple(range(12))
    assert [int(image.frame(place).stored[0, 0]) - 1024 for place in range(12)] == list(range(12))
    assert any("unevenly spaced" in note for note in image.notes)


def test_several_series_are_offered_with_facts_and_only_ticked_ones_are_taken(
    page: AuthorPage, qtbot: QtBot, tmp_path: Path
) -> None:
    write_files(tmp_path / "all" / "a", make_slices(blank(5), np.arange(5) * 2.5, degrees=12))
    write_files(tmp_path / "all" / "b", make_slices(blank(3), np.arange(3), series="2"))
    (tmp_path / "all" / "letter.txt").write_text("Dear colleague")
    drop_files(page.images, tmp_path / "all")
    chooser = chooser_with(page, qtbot, 2)

    text = chooser.list.item(0).text()
    assert "CT · 5 slices" in text
    assert "64 × 48 · 0.6 × 0.8 mm a pixel · a slice every 2.5 mm" in text
    assert "The gantry was tilted by 12°." in text
    assert "Series 1" not in text  # a description may name the patient
    row = chooser.left_out.topLevelItem(0)
    assert row is not None
    assert row.text(0) == "letter.txt"
    assert row.text(2) == "It is no DICOM file."
    qtbot.keyClick(chooser.list, Qt.Key.Key_Down)
    qtbot.keyClick(chooser.list, Qt.Key.Key_Space)
    assert len(chooser.ticked()) == 1
    qtbot.keyClick(chooser.list, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(uses(page)) == 1)
    assert uses(page)[0].frames == tuple(range(5))
    assert page.images.panel.isVisible()


def test_only_the_middle_slice_is_taken_where_that_is_wanted(
    page: AuthorPage, qtbot: QtBot, tmp_path: Path
) -> None:
    write_files(tmp_path / "all" / "a", make_slices(blank(5), np.arange(5)))
    write_files(tmp_path / "all" / "b", make_slices(blank(9), np.arange(9), series="2"))
    drop_files(page.images, tmp_path / "all")
    chooser = chooser_with(page, qtbot, 2)
    chooser.whole_box.setChecked(False)
    qtbot.mouseClick(chooser.take_button, LEFT)

    qtbot.waitUntil(lambda: len(uses(page)) == 2)
    assert [one.frames for one in uses(page)] == [(4,), (2,)]


def test_whoever_chose_a_folder_by_keys_goes_on_by_keys(page: AuthorPage, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.images.drop.folder_button.setFocus()
    drop_files(page.images, WHEEL / "dicomdirtests" / "DICOMDIR")
    qtbot.waitUntil(page.images.chooser.isVisible)

    assert page.images.chooser.list.hasFocus()


def test_what_was_found_does_not_take_the_focus_from_somebody_who_writes(
    page: AuthorPage, qtbot: QtBot
) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.form.stem.setFocus()
    drop_files(page.images, WHEEL / "dicomdirtests" / "DICOMDIR")
    qtbot.waitUntil(page.images.chooser.isVisible)
    qtbot.keyClicks(page.form.stem, "Is it?")

    assert page.form.stem.hasFocus()
    assert page.form.stem.text() == "Is it?"


def test_escape_takes_nothing_and_shows_the_images_that_were_there(
    page: AuthorPage, qtbot: QtBot
) -> None:
    drop_files(page.images, WHEEL / "CT_small.dcm")
    qtbot.waitUntil(lambda: len(uses(page)) == 1)
    drop_files(page.images, WHEEL / "dicomdirtests" / "DICOMDIR")
    qtbot.waitUntil(page.images.chooser.isVisible)
    page.images.chooser.focus_list()
    qtbot.keyClick(page.images.chooser.list, Qt.Key.Key_Escape)

    assert page.images.panel.isVisible()
    assert len(uses(page)) == 1


def test_more_than_the_question_takes_must_be_unticked_first(
    page: AuthorPage, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in range(14):
        files = make_slices(blank(2), np.arange(2), series=str(number))
        write_files(tmp_path / "all" / f"{number:02}", files)
    drop_files(page.images, tmp_path / "all")
    chooser = chooser_with(page, qtbot, 14)
    assert chooser.ticked() == ()
    assert not chooser.take_button.isEnabled()
    for row in range(13):
        chooser.list.item(row).setCheckState(Qt.CheckState.Checked)

    assert not chooser.take_button.isEnabled()
    assert "room for 12 more images" in chooser.hint.text()
    chooser.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert chooser.take_button.isEnabled()


def test_several_files_of_one_series_become_one_stack(
    page: AuthorPage, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = write_files(tmp_path, make_slices(numbered(4), np.arange(4)))
    drop_files(page.images, *sorted(folder.glob("IM*")))

    qtbot.waitUntil(lambda: len(uses(page)) == 1)
    assert uses(page)[0].frames == (0, 1, 2, 3)


def test_a_damaged_file_among_several_does_not_hold_up_the_rest(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    names = ("MR_small.dcm", "JPEG2000-embedded-sequence-delimiter.dcm", "CT_small.dcm")
    drop_files(page.images, *(WHEEL / name for name in names))

    qtbot.waitUntil(lambda: len(uses(page)) == 2 and bool(desk.posted))
    infos = [desk.workspace.images.info(one.media) for one in uses(page)]
    assert {one.modality for one in infos} == {"MR", "CT"}
    assert "JPEG2000-embedded-sequence-delimiter.dcm" in desk.posted[0]


def test_a_series_whose_picture_is_damaged_is_unticked_with_the_reason(
    page: AuthorPage, qtbot: QtBot, tmp_path: Path
) -> None:
    write_files(tmp_path / "all", make_slices(blank(3), np.arange(3)))
    broken = (WHEEL / "JPEG2000-embedded-sequence-delimiter.dcm").read_bytes()
    (tmp_path / "all" / "broken").write_bytes(broken)
    drop_files(page.images, tmp_path / "all")
    chooser = chooser_with(page, qtbot, 2)

    qtbot.waitUntil(lambda: "cannot be shown" in chooser.list.item(1).text())
    assert [one.frame_count for one in chooser.ticked()] == [3]


def test_one_file_that_is_taken_in_tells_how_far_it_is(
    page: AuthorPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    write_large_slide(tmp_path / "slide.tif", 2048)
    steps = []
    desk.tasks.progressed.connect(lambda _, step: steps.append(step))
    drop_files(page.images, tmp_path / "slide.tif")
    qtbot.waitUntil(lambda: len(uses(page)) == 1)

    last = steps[-1]
    assert (last.done, last.what) == (last.total, "Copied and checked, MB")
    assert last.total == (tmp_path / "slide.tif").stat().st_size >> 20


def test_taking_in_one_file_can_be_cancelled_and_then_nothing_is_kept(
    page: AuthorPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    write_large_slide(tmp_path / "slide.tif", 2048)
    ended = []
    desk.tasks.ended.connect(lambda job: ended.append(job.title))
    desk.tasks.started.connect(
        lambda job: job.token.cancel() if job.title.startswith("Adding") else None
    )
    drop_files(page.images, tmp_path / "slide.tif")
    qtbot.waitUntil(lambda: len(ended) == 2)

    assert uses(page) == ()
    assert list(desk.context.workspace.media_store.ids()) == []
    assert desk.posted == []


def test_looking_through_a_folder_can_be_cancelled(
    page: AuthorPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    write_files(tmp_path / "ct", make_slices(blank(4), np.arange(4)))
    ended = []
    desk.tasks.ended.connect(lambda job: ended.append(job.title))
    desk.tasks.started.connect(lambda job: job.token.cancel())
    drop_files(page.images, tmp_path / "ct")
    qtbot.waitUntil(lambda: bool(ended))

    assert "Looking through ct" in ended[0]
    assert uses(page) == ()
    assert desk.posted == []
