"""The Packages page in the real window: work goes out, comes back, is merged, undone, settled."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from core.domain.ids import PersonId, QuestionId
from core.domain.package import PACKAGE_SUFFIX, PackageKind
from core.domain.people import Role
from core.domain.stage import Stage
from core.domain.three_way import Side
from core.services.baseline import PlanRequest
from core.workspace import Workspace, create_workspace, open_workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.packages.page import PackagesPage
from tests.factories import ticking_clock
from tests.packages_study import answer_all, content, pack, rate_all, read_all
from tests.reviewer_app.study import Study, make_study

PASSPHRASE = "the lead's own words"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.paths.data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr("reviewer_app.receiver.workspace_places", lambda: (tmp_path / "mine",))


@pytest.fixture
def study(window: MainWindow, tmp_path: Path) -> Study:
    """The lead's workspace, open in the window, with work for two verifiers and a reader."""
    made = make_study(create_workspace(tmp_path / "study.asclepius", clock=ticking_clock()))
    made.verified(images=(made.add_image(),))
    made.blind(made.write(stem="And in this one?"))
    made.workspace.baseline.make_plan(PlanRequest("Plan A", 7, (made.reader,)), made.lead)
    window.show_workspace(made.workspace)
    return made


@pytest.fixture
def lead_page(window: MainWindow, study: Study, qtbot: QtBot) -> PackagesPage:
    return shown(window, qtbot)


def shown(window: MainWindow, qtbot: QtBot) -> PackagesPage:
    window.show_page("packages")
    settle(window, qtbot)
    page = window.pages.page("packages")
    assert isinstance(page, PackagesPage)
    return page


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.tasks.is_busy, timeout=20_000)


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(QApplication.focusWidget() or window, key)


def workspace_of(window: MainWindow) -> Workspace:
    assert window.context is not None
    return window.context.workspace


def write(
    page: PackagesPage, window: MainWindow, qtbot: QtBot, kind: PackageKind, folder: Path
) -> list[Path]:
    """Make packages of a kind for everybody who can get one."""
    page.tabs.setCurrentWidget(page.make_tab)
    tab = page.make_tab
    tab.kind_buttons[kind].click()
    settle(window, qtbot)
    tab.folder.edit.setText(str(folder))
    if not tab.key_box.isHidden():
        for field in (tab.key_box.fields.first, tab.key_box.fields.second):
            field.setText(PASSPHRASE)
    tab.write_button.click()
    settle(window, qtbot)
    return sorted(folder.glob(f"*{PACKAGE_SUFFIX}"))


def test_the_lead_sees_what_each_person_would_get_and_writes_one_file_each(
    window: MainWindow, lead_page: PackagesPage, qtbot: QtBot, tmp_path: Path
) -> None:
    table = lead_page.make_tab.people
    rows = [[table.item(row, column).text() for column in range(3)] for row in range(2)]  # type: ignore[union-attr]
    assert rows == [["Demo Verifier 1", "1", "0"], ["Demo Verifier 2", "1", "0"]]
    assert lead_page.make_tab.write_button.text() == "Write 2 packages (W)"

    files = write(lead_page, window, qtbot, PackageKind.VERIFY, tmp_path / "out")

    assert [one.name.split(" - ")[:3] for one in files] == [
        ["study", "verify", "Demo Verifier 1"],
        ["study", "verify", "Demo Verifier 2"],
    ]
    listed = lead_page.make_tab.result_list
    assert [listed.item(row).text() for row in range(2)] == [one.name for one in files]
    assert lead_page.make_tab.result.show_button.isVisible()
    assert lead_page.make_tab.key_box.isHidden()  # the passphrase is asked once a session


def test_who_is_left_out_gets_no_file_and_who_has_nothing_says_why(
    window: MainWindow, lead_page: PackagesPage, qtbot: QtBot, tmp_path: Path
) -> None:
    tab = lead_page.make_tab
    tab.people.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    assert tab.write_button.text() == "Write 1 package (W)"
    files = write(lead_page, window, qtbot, PackageKind.VERIFY, tmp_path / "out")
    assert [one.name.split(" - ")[2] for one in files] == ["Demo Verifier 2"]

    tab.kind_buttons[PackageKind.RATE].click()
    settle(window, qtbot)

    assert tab.people.item(0, 4).text().startswith("There is nothing to rate")  # type: ignore[union-attr]
    assert not tab.write_button.isEnabled()


def test_questions_are_shared_and_who_is_left_out_leaves_them_to_the_others(
    window: MainWindow, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    study.workspace.people.add("Demo Verifier 3", frozenset({Role.VERIFIER}))
    for _ in range(2):
        study.blind(study.write())
    page = shown(window, qtbot)
    tab = page.make_tab

    def counts() -> list[str]:
        return [tab.people.item(row, 1).text() for row in range(tab.people.rowCount())]  # type: ignore[union-attr]

    assert counts() == ["2", "2", "2"]
    assert tab.share_note.isVisible()

    tab.people.item(2, 0).setCheckState(Qt.CheckState.Unchecked)  # type: ignore[union-attr]
    settle(window, qtbot)
    assert counts() == ["3", "3", "0"]
    assert len(write(page, window, qtbot, PackageKind.VERIFY, tmp_path / "out")) == 2

    tab.people.item(2, 0).setCheckState(Qt.CheckState.Checked)  # type: ignore[union-attr]
    settle(window, qtbot)
    assert counts() == ["3", "3", "–"]

    tab.share_box.click()
    settle(window, qtbot)
    assert counts() == ["3", "3", "3"]
    assert not tab.share_note.isVisible()


def test_without_a_keyring_a_passphrase_is_asked_for_and_told_why(
    window: MainWindow, lead_page: PackagesPage, qtbot: QtBot, tmp_path: Path
) -> None:
    tab = lead_page.make_tab
    assert "no keyring that could keep your signing key" in tab.key_box.note.text()
    tab.folder.edit.setText(str(tmp_path / "out"))
    tab.key_box.fields.first.setText("one")
    tab.key_box.fields.second.setText("other")

    tab.write_button.click()

    assert "not the same" in tab.key_box.fields.problem()
    assert not (tmp_path / "out").exists()


def test_a_wrong_key_passphrase_is_told_beside_it_and_nothing_is_written(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    write(lead_page, window, qtbot, PackageKind.VERIFY, tmp_path / "out")
    study.workspace.packages._key_passphrases.clear()  # as after a new start
    lead_page.activate()
    settle(window, qtbot)
    tab = lead_page.make_tab
    assert "that you chose when you first sent" in tab.key_box.note.text()
    assert not tab.key_box.fields.second.isVisible()
    tab.key_box.fields.first.setText("wrong")
    tab.folder.edit.setText(str(tmp_path / "second"))
    tab.write_button.click()
    settle(window, qtbot)

    assert "cannot be opened with this passphrase" in tab.key_box.fields.problem()
    assert list((tmp_path / "second").iterdir()) == []


def round_of(
    window: MainWindow, qtbot: QtBot, file: Path, tmp_path: Path, number: int
) -> tuple[Path, PersonId]:
    """Open a package like its addressee, do all of it, send it back by the button."""
    window.open_file(file)
    qtbot.waitUntil(lambda: not window.arrivals.receiver.is_busy, timeout=20_000)
    window.arrivals.page.open_button.click()
    qtbot.waitUntil(lambda: window.context is not None and workspace_of(window).limits is not None)
    settle(window, qtbot)
    workspace = workspace_of(window)
    me = workspace.people.me().id
    kind = workspace.limits
    if kind is PackageKind.READ:
        read_all(workspace)
    elif kind is PackageKind.VERIFY:
        answer_all(workspace)
    else:
        rate_all(workspace)
    window.show_page("sendback")
    page = window.pages.page("sendback")
    target = tmp_path / f"back {number}{PACKAGE_SUFFIX}"
    page.file.edit.setText(str(target))  # type: ignore[attr-defined] # the page of the way back
    if not page.key_box.isHidden():  # type: ignore[attr-defined]
        page.key_box.fields.first.setText("theirs")  # type: ignore[attr-defined]
        page.key_box.fields.second.setText("theirs")  # type: ignore[attr-defined]
    page.send_button.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.arrivals.page.isHidden() and page.result.isVisible())  # type: ignore[attr-defined]
    settle(window, qtbot)
    return target, me


def test_work_travels_out_and_back_is_merged_undone_and_merged_again(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = study.workspace.path
    out = write(lead_page, window, qtbot, PackageKind.VERIFY, tmp_path / "out")
    out = sorted({*out, *write(lead_page, window, qtbot, PackageKind.READ, tmp_path / "out")})
    assert len(out) == 3
    backs = [round_of(window, qtbot, file, tmp_path, number)[0] for number, file in enumerate(out)]

    window.opener.open_path(folder)
    before = content(workspace_of(window))
    window.arrivals.take(backs, window.context)  # like several files dropped on the window
    settle(window, qtbot)
    page = shown(window, qtbot)
    tab = page.merge_tab
    assert page.tabs.currentWidget() is tab
    assert "Nothing is written yet" in tab.detail.text()
    assert "0 conflicts" in tab.summary.text()
    items = [tab.items.item(row, 0).text() for row in range(tab.items.rowCount())]  # type: ignore[union-attr]
    assert items[0] == "Question 2"
    assert "Sitting: Plan A · Demo Reader 1" in items
    assert content(workspace_of(window)) == before

    press(qtbot, window, Qt.Key.Key_M)
    settle(window, qtbot)
    merged = content(workspace_of(window))
    assert merged != before
    assert workspace_of(window).baseline.sittings(study.reader)[0].is_finished
    assert tab.undo_button.isVisible()
    for name in (one.name for one in backs):
        assert name in tab.last_words.text()

    window.show_page("results")  # looking around is no work
    settle(window, qtbot)
    page = shown(window, qtbot)
    page.tabs.setCurrentWidget(page.merge_tab)
    press(qtbot, window, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: "is undone" in window.message_bar.text(), timeout=20_000)
    settle(window, qtbot)
    assert content(workspace_of(window)) == before

    page = shown(window, qtbot)
    assert page.take_files(backs[::-1], "")
    settle(window, qtbot)
    page.merge_tab.merge_button.click()
    settle(window, qtbot)
    assert content(workspace_of(window)) == merged

    keys = write(page, window, qtbot, PackageKind.RATE, tmp_path / "keys")
    assert len(keys) == 2
    backs = [
        round_of(window, qtbot, file, tmp_path, number)[0] for number, file in enumerate(keys, 10)
    ]
    window.opener.open_path(folder)
    page = shown(window, qtbot)
    page.take_files(backs, "")
    settle(window, qtbot)
    page.merge_tab.merge_button.click()
    settle(window, qtbot)
    line = workspace_of(window).adjudication.board()[0]
    assert (line.is_complete, line.is_unanimous) == (True, True)
    assert workspace_of(window).integrity.check().problems == ()


def test_an_item_that_is_left_out_stays_in_its_file(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    back = returned(study, tmp_path)
    lead_page.take_files([back], "")
    settle(window, qtbot)
    tab = lead_page.merge_tab
    assert tab.items.rowCount() == 1
    tab.items.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)

    assert not tab.merge_button.isEnabled()
    press(qtbot, window, Qt.Key.Key_Space)
    assert tab.merge_button.text() == "Merge 1 item (M)"


def returned(study: Study, tmp_path: Path) -> Path:
    """Answers of the first verifier on their way back."""
    from core.receiving import receive
    from core.services.packages.look import look_into

    person = study.verifiers[0]
    file = pack(study.workspace, PackageKind.VERIFY, person, tmp_path / f"v{PACKAGE_SUFFIX}")
    folder = receive(look_into(file), file, tmp_path / "theirs.asclepius")
    with open_workspace(folder) as theirs:
        answer_all(theirs)
        return pack(theirs, PackageKind.RETURN, person, tmp_path / f"b{PACKAGE_SUFFIX}")


def test_merging_the_same_file_twice_says_that_everything_is_here(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    back = returned(study, tmp_path)
    study.workspace.merging.merge([back], study.lead)

    lead_page.take_files([back], "")
    settle(window, qtbot)

    assert lead_page.merge_tab.summary.text() == "Everything in there is here already"
    assert not lead_page.merge_tab.merge_button.isEnabled()


def test_a_refused_file_is_told_in_a_sentence_and_nothing_changes(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    back = returned(study, tmp_path)
    bad = tmp_path / f"bad{PACKAGE_SUFFIX}"
    bad.write_bytes(back.read_bytes()[:-100])
    before = content(study.workspace)
    lead_page.take_files([back, bad], "")
    settle(window, qtbot)
    tab = lead_page.merge_tab
    assert f"“{bad.name}”" in tab.problem.text()
    assert not tab.merge_button.isEnabled()
    assert content(study.workspace) == before

    tab.files.list.setCurrentRow(1)
    tab.files.list.setFocus()
    press(qtbot, window, Qt.Key.Key_Delete)
    settle(window, qtbot)

    assert not tab.problem.isVisible()
    assert tab.merge_button.isEnabled()


def test_a_package_for_somebody_is_not_merged_and_says_so(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    file = pack(
        study.workspace, PackageKind.VERIFY, study.verifiers[0], tmp_path / f"v{PACKAGE_SUFFIX}"
    )

    lead_page.take_files([file], "")
    settle(window, qtbot)

    assert "not merged but opened" in lead_page.merge_tab.problem.text()


@pytest.fixture
def rivals(study: Study, tmp_path: Path) -> tuple[QuestionId, Path]:
    """A question changed here and in a copy; the file of the copy."""
    import shutil

    workspace, lead = study.workspace, study.lead
    question = study.write(stem="What does this image show?", author=lead)
    copy = tmp_path / "copy.asclepius"
    shutil.copytree(workspace.path, copy)
    later = ticking_clock(ticking_clock().now().replace(hour=12))
    with open_workspace(copy, clock=later) as theirs:
        edit(theirs, question, lead, stem="What does the second image show?", context="A woman.")
        file = pack(theirs, PackageKind.WORKSPACE, lead, tmp_path / f"w{PACKAGE_SUFFIX}")
    edit(workspace, question, lead, stem="What does this image show best?")
    return question, file


def edit(workspace: Workspace, question: QuestionId, person: PersonId, **changes: str) -> None:
    draft = workspace.authoring.draft(question)
    body = replace(draft.body, **changes)  # type: ignore[arg-type] # texts of a body
    workspace.authoring.save_draft(replace(draft, body=body), person)
    workspace.authoring.commit(question, person, reason="Clearer")


def test_two_versions_are_settled_field_by_field(
    window: MainWindow,
    study: Study,
    rivals: tuple[QuestionId, Path],
    qtbot: QtBot,
) -> None:
    question, file = rivals
    page = shown(window, qtbot)
    page.take_files([file], "")
    settle(window, qtbot)
    items = page.merge_tab.items
    assert items.item(0, 1).text() == "conflict"  # type: ignore[union-attr]
    assert isinstance(items.cellWidget(0, 3), QComboBox)
    page.merge_tab.merge_button.click()
    settle(window, qtbot)
    assert page.tabs.tabText(2) == "Conflicts (1)"

    page.tabs.setCurrentWidget(page.conflicts_tab)
    tab = page.conflicts_tab
    stem, context = (
        next(row for row in tab.rows if row.diff.field == name) for name in ("stem", "context")
    )
    assert "both changed it" in stem.state.text()
    assert context.buttons[Side.THEIRS].isChecked() != context.buttons[Side.MINE].isChecked()
    assert not tab.settle_button.isEnabled()
    mine = page.conflicts_presenter.current.mine.body.stem  # type: ignore[union-attr]
    stem.buttons[Side.MINE].setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    assert tab.settle_button.text() == "Settle (S)"
    press(qtbot, window, Qt.Key.Key_S)
    settle(window, qtbot)

    current = study.workspace.authoring.current(question)
    assert (current.body.stem, current.body.context) == (mine, "A woman.")
    assert study.workspace.merging.conflicts() == []
    assert study.workspace.authoring.question(question).stage is Stage.DRAFT
    assert tab.empty.isVisible()


def test_a_choice_in_the_preview_settles_at_once(
    window: MainWindow,
    study: Study,
    rivals: tuple[QuestionId, Path],
    qtbot: QtBot,
) -> None:
    question, file = rivals
    page = shown(window, qtbot)
    page.take_files([file], "")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: page.merge_tab.items.rowCount() > 0)
    box = page.merge_tab.items.cellWidget(0, 3)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findText("Take theirs"))
    box.activated.emit(box.currentIndex())

    page.merge_tab.merge_button.click()
    settle(window, qtbot)

    current = study.workspace.authoring.current(question)
    assert current.body.stem == "What does the second image show?"
    assert study.workspace.merging.conflicts() == []


def test_every_control_has_a_name_and_is_reached_by_tab(
    window: MainWindow, lead_page: PackagesPage, study: Study, qtbot: QtBot, tmp_path: Path
) -> None:
    lead_page.take_files([returned(study, tmp_path)], "")
    settle(window, qtbot)
    for index in range(lead_page.tabs.count()):
        lead_page.tabs.setCurrentIndex(index)
        kinds = (QAbstractButton, QComboBox, QLineEdit)
        controls = [
            one
            for kind in kinds
            for one in lead_page.findChildren(kind)
            if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert all(one.accessibleName() or getattr(one, "text", str)() for one in controls)
        lead_page.tabs.tabBar().setFocus()
        seen = set()
        for _ in range(40):
            press(qtbot, window, Qt.Key.Key_Tab)
            seen.add(QApplication.focusWidget())
        # Of radio buttons only the chosen one is a stop; arrows reach the others.
        missed = [one for one in controls if one not in seen]
        assert [one for one in missed if not isinstance(one, QRadioButton)] == []
