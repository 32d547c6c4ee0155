"""A package reaches the window like a double click: seen, opened, worked on, sent back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.package import PACKAGE_SUFFIX, PackageKind
from core.services.baseline import PlanRequest
from core.workspace import create_workspace, open_workspace
from reviewer_app.main_window import MainWindow
from tests.factories import ticking_clock
from tests.packages_study import KEY_PASSPHRASE, answer_all, at, pack, rate_all, read_all
from tests.reviewer_app.study import Study, make_study

ENTER = Qt.Key.Key_Return


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep keys and workspaces of packages in the test's folder."""
    monkeypatch.setattr("core.paths.data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr("reviewer_app.receiver.workspace_places", lambda: (tmp_path / "mine",))


@dataclass(frozen=True)
class Lead:
    """The workspace that questions come from, and packages made in it."""

    study: Study
    folder: Path

    def package(self, kind: PackageKind, person: str, *, passphrase: str = "") -> Path:
        target = self.folder / f"{kind.value}{PACKAGE_SUFFIX}"
        return pack(self.study.workspace, kind, person, target, passphrase=passphrase)  # type: ignore[arg-type] # an id


@pytest.fixture
def lead(tmp_path: Path) -> Iterator[Lead]:
    with create_workspace(tmp_path / "study.asclepius", clock=ticking_clock()) as workspace:
        study = make_study(workspace)
        study.blind(study.write(images=(study.add_image(),)))
        study.blind(study.write(stem="And in this one?"))
        yield Lead(study, tmp_path)


def looked(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.arrivals.receiver.is_busy, timeout=20_000)


def opened(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.context is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not window.tasks.is_busy, timeout=20_000)


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(QApplication.focusWidget() or window, key)


def rail(window: MainWindow) -> list[str]:
    return [entry.name for entry in window.pages.entries]


def test_a_double_click_shows_whose_package_it_is_and_opens_it_where_work_waits(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    person = lead.study.verifiers[0]
    window.open_file(lead.package(PackageKind.VERIFY, person))
    looked(qtbot, window)
    page = window.arrivals.page
    assert page.facts["for"].text() == "Demo Verifier 1"
    assert page.facts["holds"].text().startswith("2 questions, 1 image · ")
    assert "name is not told" in page.facts["from"].text()
    assert "First package from this signer" in page.trust_note.text()
    assert window.context is None

    press(qtbot, window, ENTER)
    opened(qtbot, window)

    assert window.context is not None
    assert window.context.workspace.path.parent == tmp_path / "mine"
    assert window.context.me().name == "Demo Verifier 1"
    assert rail(window) == ["verify", "sendback"]
    current = window.pages.current_page()
    assert current is not None
    assert current.name == "verify"
    assert current.queue_presenter.desk is not None  # type: ignore[attr-defined] # the verify page


def test_a_locked_answer_without_key_leads_to_the_next_question(
    window: MainWindow, lead: Lead, qtbot: QtBot
) -> None:
    window.open_file(lead.package(PackageKind.VERIFY, lead.study.verifiers[0]))
    looked(qtbot, window)
    press(qtbot, window, ENTER)
    opened(qtbot, window)
    page = window.pages.page("verify")

    def has_answered(left: int) -> bool:
        if page.waiting_count() > left:  # a second Enter within a moment is taken for one
            press(qtbot, window, Qt.Key.Key_1)
            press(qtbot, window, ENTER)
        return page.waiting_count() == left

    for left in (1, 0):
        qtbot.waitUntil(lambda n=left: has_answered(n))  # type: ignore[misc]

    assert "second package" in window.message_bar.text()
    assert page.queue_tab.empty.isVisible()  # type: ignore[attr-defined] # the verify page
    assert "All questions of this package" in page.queue_tab.empty.title.text()  # type: ignore[attr-defined]


def test_opening_the_same_package_again_goes_on_with_the_work(
    window: MainWindow, lead: Lead, qtbot: QtBot
) -> None:
    file = lead.package(PackageKind.VERIFY, lead.study.verifiers[0])
    window.open_file(file)
    looked(qtbot, window)
    window.arrivals.page.open_button.click()
    opened(qtbot, window)
    assert window.context is not None
    folder = window.context.workspace.path
    answer_all(window.context.workspace)

    window.open_file(file)
    looked(qtbot, window)
    assert "Go on" in window.arrivals.page.open_button.text()
    assert "same key as before" in window.arrivals.page.trust_note.text()
    press(qtbot, window, ENTER)
    opened(qtbot, window)

    assert window.context is not None
    assert window.context.workspace.path == folder
    state = window.context.workspace.packages.work(window.context.me().id)
    assert (state.answered, state.questions) == (2, 2)
    assert window.pages.current_page().name == "sendback"  # type: ignore[union-attr]


def test_a_passphrase_is_asked_for_and_a_wrong_one_may_be_tried_again(
    window: MainWindow, lead: Lead, qtbot: QtBot
) -> None:
    file = lead.package(PackageKind.VERIFY, lead.study.verifiers[0], passphrase="horse")
    window.open_file(file)
    looked(qtbot, window)
    page = window.arrivals.page
    assert page.passphrase.isVisible()
    assert not page.open_button.isVisible()

    qtbot.keyClicks(page.passphrase.first, "mule")
    press(qtbot, window, ENTER)
    looked(qtbot, window)
    assert "did not open" in page.passphrase.problem()

    page.passphrase.first.selectAll()
    qtbot.keyClicks(page.passphrase.first, "horse")
    press(qtbot, window, ENTER)
    looked(qtbot, window)
    assert page.facts["for"].text() == "Demo Verifier 1"
    press(qtbot, window, ENTER)
    opened(qtbot, window)
    assert rail(window) == ["verify", "sendback"]


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    bare, place = Qt.KeyboardModifier.NoModifier, QPoint(300, 300)
    entering = QDragEnterEvent(place, copy, data, button, bare)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted() == any(path.suffix == PACKAGE_SUFFIX for path in paths)
    QApplication.sendEvent(window, QDropEvent(QPointF(place), copy, data, button, bare))


def test_a_hostile_package_dropped_on_the_window_is_refused_in_one_sentence(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    import zipfile

    evil = tmp_path / f"evil{PACKAGE_SUFFIX}"
    with zipfile.ZipFile(evil, "w") as container:
        container.writestr("../../.bashrc", "rm -rf")
    drop(window, evil)
    looked(qtbot, window)

    page = window.arrivals.page
    assert page.problem.text().startswith(f"“{evil.name}” was refused: it holds a file with a name")
    assert not page.open_button.isVisible()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.welcome.isVisible()
    assert not (tmp_path / "mine").exists()


def test_a_changed_byte_is_told_and_leaves_no_folder_behind(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    file = lead.package(PackageKind.VERIFY, lead.study.verifiers[0])
    data = bytearray(file.read_bytes())
    at_image = data.index(b"\x89PNG") + 400 if b"\x89PNG" in data else len(data) // 2
    data[at_image] ^= 1
    file.write_bytes(bytes(data))
    drop(window, file)
    looked(qtbot, window)
    page = window.arrivals.page
    if page.open_button.isVisible():
        page.open_button.click()
        looked(qtbot, window)

    assert page.problem.isVisible()
    assert window.context is None
    assert not list((tmp_path / "mine").glob("*.asclepius"))


def test_something_else_dropped_on_the_window_is_not_taken(
    window: MainWindow, tmp_path: Path
) -> None:
    drop(window, tmp_path / "letter.pdf")

    assert window.welcome.isVisible()


def test_a_changed_signer_must_be_accepted_in_words(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    person = lead.study.verifiers[0]
    first = lead.package(PackageKind.VERIFY, person)
    window.open_file(first)
    looked(qtbot, window)
    window.arrivals.page.open_button.click()
    opened(qtbot, window)
    first.unlink()
    (tmp_path / "data" / "signing" / f"{lead.study.lead}.pem").unlink()  # as on another computer
    lead.study.workspace.packages._key_passphrases.clear()
    lead.study.blind(lead.study.write(stem="A third?"))
    window.open_file(lead.package(PackageKind.VERIFY, person))
    looked(qtbot, window)

    page = window.arrivals.page
    assert "another key than before" in page.trust_note.text()
    assert not page.open_button.isEnabled()
    page.accept_box.setChecked(True)
    assert page.open_button.isEnabled()
    page.open_button.click()
    opened(qtbot, window)
    assert window.context is not None
    assert len(window.context.workspace.verification.waiting(person)) == 3


def test_returned_work_without_a_workspace_says_where_it_belongs(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    person = lead.study.verifiers[0]
    window.open_file(lead.package(PackageKind.VERIFY, person))
    looked(qtbot, window)
    window.arrivals.page.open_button.click()
    opened(qtbot, window)
    assert window.context is not None
    answer_all(window.context.workspace)
    back = pack(
        window.context.workspace, PackageKind.RETURN, person, tmp_path / f"b{PACKAGE_SUFFIX}"
    )
    window.close_workspace()
    window.show_welcome()

    window.open_file(back)
    looked(qtbot, window)

    page = window.arrivals.page
    assert page.facts["from"].text() == "Demo Verifier 1"
    assert not page.open_button.isVisible()
    assert [one.isVisible() for one in page.recent_buttons] == [True]


def test_work_is_sent_back_by_keys_alone_and_named_where_unfinished(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    person = lead.study.verifiers[0]
    window.open_file(lead.package(PackageKind.VERIFY, person))
    looked(qtbot, window)
    press(qtbot, window, ENTER)
    opened(qtbot, window)
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, ENTER)
    window.show_page("sendback")
    page = window.pages.page("sendback")
    assert page.done.text() == "1 of 2 questions answered"  # type: ignore[attr-defined] # this page
    assert page.open_work.text() == "1 question is not answered yet."  # type: ignore[attr-defined]
    assert "no keyring" in page.key_box.note.text()  # type: ignore[attr-defined]
    target = tmp_path / f"back{PACKAGE_SUFFIX}"
    page.file.edit.setText(str(target))  # type: ignore[attr-defined]

    press(qtbot, window, Qt.Key.Key_S)
    assert page.key_box.fields.problem() == "Write a passphrase."  # type: ignore[attr-defined]
    for field in (page.key_box.fields.first, page.key_box.fields.second):  # type: ignore[attr-defined]
        qtbot.keyClicks(field, "my key")
    page.send_button.setFocus()  # type: ignore[attr-defined]
    press(qtbot, window, Qt.Key.Key_S)
    qtbot.waitUntil(target.exists, timeout=20_000)
    qtbot.waitUntil(lambda: page.result.isVisible())  # type: ignore[attr-defined]

    assert page.result.title.text() == "Written: 1 answer"  # type: ignore[attr-defined]
    assert "Nothing was added since" in page.sent_line.text()  # type: ignore[attr-defined]
    assert not page.key_box.isVisible()  # type: ignore[attr-defined] # asked once a session
    assert page.waiting_count() == 0
    merged = lead.study.workspace.merging.merge([target], lead.study.lead).value
    assert merged.files[0].facts.sender.name == "Demo Verifier 1"


def test_a_reader_lands_in_the_sitting_and_sees_nothing_else(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    study = lead.study
    study.verified(images=(study.add_image(),))
    study.workspace.baseline.make_plan(PlanRequest("Plan A", 7, (study.reader,)), study.lead)
    window.open_file(lead.package(PackageKind.READ, study.reader))
    looked(qtbot, window)
    assert "plan “Plan A”" in window.arrivals.page.facts["holds"].text()
    press(qtbot, window, ENTER)
    opened(qtbot, window)

    assert rail(window) == ["baseline", "sendback"]
    assert window.pages.current_page().name == "baseline"  # type: ignore[union-attr]
    assert window.context is not None
    assert read_all(window.context.workspace) == 1


def test_keys_arrive_into_the_same_workspace_and_are_rated(
    window: MainWindow, lead: Lead, qtbot: QtBot, tmp_path: Path
) -> None:
    person, workspace = lead.study.verifiers[0], lead.study.workspace
    window.open_file(lead.package(PackageKind.VERIFY, person))
    looked(qtbot, window)
    press(qtbot, window, ENTER)
    opened(qtbot, window)
    assert window.context is not None
    folder = window.context.workspace.path
    answer_all(window.context.workspace)
    back = pack(window.context.workspace, PackageKind.RETURN, person, tmp_path / "b")
    workspace.merging.merge([back], lead.study.lead)

    window.open_file(lead.package(PackageKind.RATE, person))  # while that workspace is open
    looked(qtbot, window)
    press(qtbot, window, ENTER)
    opened(qtbot, window)

    assert window.context is not None
    assert window.context.workspace.path == folder
    assert window.pages.current_page().name == "verify"  # type: ignore[union-attr]
    assert window.pages.page("verify").waiting_count() == 2
    window.close_workspace()
    with at(folder, ticking_clock()) as theirs:
        assert len(rate_all(theirs)) == 2


def test_the_program_takes_the_package_as_its_argument(
    lead: Lead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import cli

    seen: list[Path | None] = []
    monkeypatch.setattr(cli, "_open_window", lambda path=None: seen.append(path) or 0)
    file = lead.package(PackageKind.VERIFY, lead.study.verifiers[0])

    assert cli.main([str(file)]) == 0
    assert seen == [file]


def test_a_full_workspace_is_not_opened_for_writing_by_a_look(
    window: MainWindow, lead: Lead, qtbot: QtBot
) -> None:
    file = lead.package(PackageKind.WORKSPACE, lead.study.lead)
    window.open_file(file)
    looked(qtbot, window)
    window.arrivals.page.open_button.click()
    opened(qtbot, window)
    assert window.context is not None
    assert window.context.workspace.limits is None
    path = window.context.workspace.path
    window.close_workspace()
    with open_workspace(path) as copy:
        assert len(copy.authoring.library()) == 2
    assert KEY_PASSPHRASE
