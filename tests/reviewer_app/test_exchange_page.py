"""The Exchange page: files come in after a preview, sets leave, by mouse and by keys."""

import json
import shutil
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableWidget

from core.domain.body import AnswerFormat
from core.domain.stage import Stage
from core.workspace import open_workspace
from reviewer_app.pages.exchange import PAGE
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.hands import drop_files
from tests.reviewer_app.study import make_study

ROWS = """\
id,format,stem,key,images,specialty,capacity
1,yes/no,Is it axial?,yes,ct.dcm,Neurology,Anatomical perception
2,short text,Which plane?,axial,,Neurology,Anatomical perception
"""


@pytest.fixture
def table(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(str(get_testdata_file("CT_small.dcm")), folder / "ct.dcm")
    path = folder / "questions.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def open_page(qtbot, desk):
    def open_it(context=None):
        page = PAGE(context or desk.context)
        qtbot.addWidget(page)
        desk.operations.changed.connect(page.apply_changes)
        page.resize(1100, 740)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activate()
        return page

    return open_it


def settle(qtbot, desk) -> None:
    qtbot.waitUntil(lambda: not desk.tasks.is_busy, timeout=20_000)


def preview(qtbot, desk, page, path) -> None:
    drop_files(page.importing.drop, path)
    settle(qtbot, desk)


def findings(page) -> list[tuple[str, ...]]:
    table = page.importing.findings
    return [
        tuple(table.item(row, column).text() for column in range(3))
        for row in range(table.rowCount())
    ]


def test_dropped_file_is_previewed_and_nothing_is_stored(qtbot, desk, open_page, table):
    page = open_page()
    assert not page.importing.import_button.isEnabled()
    preview(qtbot, desk, page, table)
    assert page.importing.drop.title.text() == "questions.csv"
    assert page.importing.summary.text() == "2 new, 0 here already"
    assert page.importing.import_button.isEnabled()
    assert desk.workspace.authoring.library() == []


def test_previewed_file_comes_in_with_one_click(qtbot, desk, open_page, table):
    page = open_page()
    preview(qtbot, desk, page, table)
    qtbot.mouseClick(page.importing.import_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert len(desk.workspace.authoring.library()) == 2
    assert desk.posted == ["Imported as drafts: 2 questions."]
    assert not page.importing.import_button.isEnabled()


def test_import_works_from_the_keyboard(qtbot, desk, open_page, table):
    page = open_page()
    preview(qtbot, desk, page, table)
    qtbot.keyClick(page, Qt.Key.Key_I)
    settle(qtbot, desk)
    assert len(desk.workspace.authoring.library()) == 2


def test_file_seen_before_offers_no_import(qtbot, desk, open_page, table):
    page = open_page()
    desk.workspace.exchange.import_file(table, desk.context.me().id)
    preview(qtbot, desk, page, table)
    assert page.importing.summary.text() == "0 new, 2 here already"
    assert not page.importing.import_button.isEnabled()


def test_bad_rows_are_listed_with_their_place_and_block_the_import(qtbot, desk, open_page, table):
    table.write_text(ROWS.replace(",yes,", ",maybe,"), encoding="utf-8")
    page = open_page()
    preview(qtbot, desk, page, table)
    assert findings(page)[0] == (
        "Problem",
        "questions.csv, row 2, column key",
        "“maybe” is neither yes nor no.",
    )
    assert page.importing.problem.isVisible()
    assert not page.importing.import_button.isEnabled()


def test_corrected_file_is_read_again_when_it_is_chosen_again(qtbot, desk, open_page, table):
    table.write_text(ROWS.replace(",yes,", ",maybe,"), encoding="utf-8")
    page = open_page()
    preview(qtbot, desk, page, table)
    table.write_text(ROWS, encoding="utf-8")
    preview(qtbot, desk, page, table)
    assert page.importing.summary.text() == "2 new, 0 here already"


def test_file_that_cannot_be_read_is_explained_in_place(qtbot, desk, open_page, table):
    table.write_text("format,stem\n", encoding="utf-8")
    page = open_page()
    preview(qtbot, desk, page, table)
    assert "column “key” is missing" in page.importing.problem.text()
    assert desk.posted == []


def test_wrong_format_is_explained_and_the_right_one_previews(qtbot, desk, open_page, table):
    page = open_page()
    preview(qtbot, desk, page, table)
    box = page.importing.format_box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    settle(qtbot, desk)
    assert "not readable as JSON" in page.importing.problem.text()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    settle(qtbot, desk)
    assert page.importing.summary.text() == "2 new, 0 here already"


def test_confirming_pictures_clears_them_on_the_way_in(qtbot, desk, open_page, table):
    page = open_page()
    preview(qtbot, desk, page, table)
    page.importing.confirm_box.setFocus()
    qtbot.keyClick(page.importing.confirm_box, Qt.Key.Key_Space)
    qtbot.mouseClick(page.importing.import_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    line = next(one for one in desk.workspace.authoring.library() if one.image_count)
    assert all(one.is_cleared for one in desk.workspace.blinding.dossier(line.id).images)
    assert not page.importing.confirm_box.isChecked()


def test_several_dropped_files_are_not_taken(desk, open_page, table):
    page = open_page()
    drop_files(page.importing.drop, table, table.parent / "ct.dcm")
    assert page.presenter.coming.path is None


def test_newer_choice_wins_over_a_look_that_is_under_way(qtbot, desk, open_page, table, tmp_path):
    slow = tmp_path / "slow.csv"
    rows = [f"yes/no,Is it {number}?,yes" for number in range(4000)]
    slow.write_text("\n".join(["format,stem,key", *rows]), encoding="utf-8")
    page = open_page()
    drop_files(page.importing.drop, slow)
    preview(qtbot, desk, page, table)
    assert page.importing.summary.text() == "2 new, 0 here already"


def test_export_writes_the_set_and_says_where(qtbot, desk, open_page, tmp_path):
    study = make_study(desk.workspace)
    study.verified(images=(study.add_image(),))
    page = open_page()
    assert page.exporting.stage_box.currentText() == "Verified (1)"
    page.exporting.folder.edit.setText(str(tmp_path / "set"))
    qtbot.mouseClick(page.exporting.export_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert page.exporting.result.isVisible()
    assert page.exporting.result.place.text() == str(tmp_path / "set")
    assert page.exporting.result.title.text().startswith("Exported: 1 question, images: 2")
    assert desk.workspace.exchange.verify(tmp_path / "set") == []
    assert (tmp_path / "set" / "results.json").exists()


def test_export_without_keys_from_the_keyboard_holds_none(qtbot, desk, open_page, tmp_path):
    make_study(desk.workspace).verified()
    page = open_page()
    page.exporting.keys_box.setFocus()
    qtbot.keyClick(page.exporting.keys_box, Qt.Key.Key_Space)
    page.exporting.folder.edit.setFocus()
    page.exporting.folder.edit.selectAll()
    qtbot.keyClicks(page.exporting.folder.edit, str(tmp_path / "bare"))
    qtbot.keyClick(page.exporting.folder.edit, Qt.Key.Key_Tab)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_E)
    settle(qtbot, desk)
    row = json.loads((tmp_path / "bare" / "questions.jsonl").read_text("utf-8"))
    assert "key" not in row
    assert not (tmp_path / "bare" / "results.json").exists()


def test_folder_in_use_is_explained_beside_the_folder(qtbot, desk, open_page, tmp_path):
    make_study(desk.workspace).verified()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("keep me")
    page = open_page()
    page.exporting.folder.edit.setText(str(tmp_path / "used"))
    qtbot.mouseClick(page.exporting.export_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert "is not empty" in page.exporting.folder.problem()
    assert page.exporting.folder.edit.text() == str(tmp_path / "used")


def test_question_that_stays_is_named_with_its_reason(qtbot, desk, open_page, tmp_path):
    study = make_study(desk.workspace)
    study.write(AnswerFormat.YES_NO, images=(study.add_image(),))
    page = open_page()
    box = page.exporting.stage_box
    box.setCurrentIndex(box.findText("Draft (1)"))
    box.activated.emit(box.currentIndex())
    page.exporting.folder.edit.setText(str(tmp_path / "set"))
    qtbot.mouseClick(page.exporting.export_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert page.exporting.left_out.item(0).text() == (
        "Question 1: Its image 1 is not cleared of patient data."
    )


def test_forms_half_filled_are_there_again_after_a_crash(qtbot, desk, open_page, table, tmp_path):
    page = open_page()
    assert page.unsent() == {}
    preview(qtbot, desk, page, table)
    page.importing.confirm_box.click()
    settle(qtbot, desk)
    page.exporting.folder.edit.setText(str(tmp_path / "half"))
    page.exporting.keys_box.click()
    kept = page.unsent()

    again = PAGE(desk.context)
    qtbot.addWidget(again)
    again.take_unsent(kept)
    again.activate()
    settle(qtbot, desk)

    assert again.presenter.coming.path == table
    assert not again.presenter.coming.confirms_images  # that has to be said anew
    assert again.presenter.preview.added == 2
    assert again.exporting.folder.edit.text() == str(tmp_path / "half")
    assert not again.exporting.keys_box.isChecked()
    assert again.unsent() == kept


def test_nothing_to_export_disables_the_button(open_page):
    page = open_page()
    assert not page.exporting.export_button.isEnabled()


def test_counts_follow_changes_made_elsewhere(desk, open_page, table):
    page = open_page()
    desk.operations.perform(
        "", lambda: desk.workspace.exchange.import_file(table, desk.context.me().id)
    )
    texts = [page.exporting.stage_box.itemText(row) for row in range(5)]
    assert f"{Stage.DRAFT.display_name} (2)" in texts
    assert "All in use (2)" in texts


def test_workspace_open_for_reading_exports_but_imports_nothing(
    qtbot, workspace, look, open_page, table, tmp_path
):
    study = make_study(workspace)
    study.verified()
    with open_workspace(workspace.path, read_only=True) as reading:
        desk = Desk(reading)
        page = open_page(desk.context)
        preview(qtbot, desk, page, table)
        assert not page.importing.import_button.isEnabled()
        assert "reading only" in page.importing.problem.text()
        page.exporting.folder.edit.setText(str(tmp_path / "set"))
        qtbot.mouseClick(page.exporting.export_button, Qt.MouseButton.LeftButton)
        settle(qtbot, desk)
        assert (tmp_path / "set" / "manifest.json").exists()
        desk.tasks.close()


def test_every_control_has_a_name_and_is_reached_by_tab(qtbot, open_page):
    page = open_page()
    kinds = (QAbstractButton, QComboBox, QLineEdit, QTableWidget)
    controls = [one for kind in kinds for one in page.findChildren(kind) if one.isVisible()]
    assert all(one.accessibleName() or getattr(one, "text", str)() for one in controls)
    page.importing.drop.file_button.setFocus()
    seen = set()
    for _ in range(30):
        seen.add(page.focusWidget())
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    reachable = [one for one in controls if one.isEnabled()]
    assert [one for one in reachable if one not in seen] == []
