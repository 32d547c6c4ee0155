"""What the user reads when the machine fails; each in the real window, under the real condition.

| condition | how it is made here | what is shown |
|---|---|---|
| disk full | a disk of 4 MB; a database that may not grow | Not saved: … the disk is full. |
| read-only folder | mounted read-only; else without the right to write | … cannot be written: … |
| second instance | a second process | … is already open for writing by NAME on HOST (process N) … |
| clock set back | a workspace written in the future | The clock of this computer was set back: … |
| no keyring | the keyring that fails | This computer has no keyring that can keep the API key. … |
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine, event

from core.clock import Clock, system_clock
from core.domain.body import AnswerFormat
from core.domain.media import ImageUse
from core.domain.revision import Draft
from core.workspace import create_workspace, open_workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.author.page import AuthorPage
from reviewer_app.pages.evaluate.page import EvaluatePage
from reviewer_app.pages.verify.page import VerifyPage
from tests.factories import make_body, make_key, make_labels
from tests.reviewer_app.study import make_study

ROOT = Path(__file__).parents[2]
SMALL = "4m"


def mount(*words: str) -> bool:
    """Mount something; False where this user may not."""
    program = shutil.which("mount")
    if program is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    return subprocess.run([program, *words], capture_output=True, check=False).returncode == 0


def unmount(place: Path) -> None:
    subprocess.run(["umount", "--lazy", str(place)], check=False)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 4 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not mount("-t", "tmpfs", "-o", f"size={SMALL}", "none", str(place)):
        pytest.skip("only root may mount a small disk")
    yield place
    unmount(place)


@contextmanager
def filled(place: Path) -> Iterator[None]:
    """Leave no free byte on the disk."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    filler.unlink()


Full = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture
def not_growing() -> Iterator[Full]:
    """Let SQLite believe that the file may not grow, which it reports like a full disk."""
    most = 1_000_000

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if is_full else most
        connection.execute(f"PRAGMA max_page_count = {pages}")

    is_full = False

    @contextmanager
    def full(_: Path) -> Iterator[None]:
        nonlocal is_full
        is_full = True
        try:
            yield
        finally:
            is_full = False

    event.listen(Engine, "checkout", limit)
    yield full
    event.remove(Engine, "checkout", limit)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Take away the right to write to a folder, from root as well."""
    is_mounted = mount("--bind", str(place), str(place)) and mount(
        "-o", "remount,ro,bind", str(place)
    )
    if not is_mounted:
        if not hasattr(os, "geteuid") or os.geteuid() == 0:
            pytest.skip("this user can write everywhere")
        for part in (place, *place.iterdir()):
            part.chmod(0o500 if part.is_dir() else 0o400)
    try:
        yield
    finally:
        if is_mounted:
            unmount(place)
        else:
            for part in (place, *place.iterdir()):
                part.chmod(0o700 if part.is_dir() else 0o600)


def writing(window: MainWindow) -> AuthorPage:
    """Start a report on the Author page."""
    window.show_page("author")
    page = window.pages.page("author")
    assert isinstance(page, AuthorPage)
    page.presenter.create(AnswerFormat.REPORT)
    page.form.stem.setFocus()
    return page


def stored_stem(path: Path) -> str:
    """Return what another program reads."""
    with open_workspace(path, read_only=True) as workspace:
        return workspace.authoring.draft(workspace.authoring.library()[0].id).body.stem


LONG = "A long history. " * 20_000


def type_on_a_full_disk(
    window: MainWindow,
    qtbot: QtBot,
    path: Path,
    full: Full,
) -> None:
    assert window.opener.create_path(path)
    page = writing(window)
    qtbot.keyClicks(page.form.stem, "Before. ")
    qtbot.waitUntil(lambda: not page.has_unsaved())
    said_before = window.saved_line.text()
    assert said_before.startswith("Saved ")

    with full(path.parent):
        page.form.stem.insertPlainText(LONG)
        qtbot.waitUntil(lambda: window.saved_line.text().startswith("Not saved"))

        assert window.saved_line.text() == (
            "Not saved: The workspace file workspace.db cannot be written: the disk is full."
        )
        assert "the disk is full" in window.message_bar.text()
        assert "Free some space" in window.message_bar.text()
        assert page.form.stem.text() == "Before. " + LONG
        assert page.has_unsaved()
        assert stored_stem(path) == "Before. "
        window.close()
        assert window.isVisible()
        assert "could not be saved" in window.message_bar.text()

    qtbot.waitUntil(lambda: window.saved_line.text().startswith("Saved "))
    assert stored_stem(path) == "Before. " + LONG
    assert window.context is not None
    assert window.context.workspace.integrity.check().is_clean


def test_a_full_disk_is_told_the_text_stays_and_is_saved_when_there_is_room(
    window: MainWindow, qtbot: QtBot, small_disk: Path
) -> None:
    path = small_disk / "s.asclepius"
    type_on_a_full_disk(window, qtbot, path, filled)
    window.close_workspace()
    assert stored_stem(path) == "Before. " + LONG


def test_a_database_that_may_not_grow_is_told_like_a_full_disk(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, not_growing: Full
) -> None:
    type_on_a_full_disk(window, qtbot, tmp_path / "s.asclepius", not_growing)


def test_a_blind_answer_on_a_full_disk_stays_is_told_and_is_kept_and_locked_later(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, not_growing: Full
) -> None:
    assert window.opener.create_path(tmp_path / "s.asclepius")
    assert window.context is not None
    workspace = window.context.workspace
    study = make_study(workspace)
    question = study.blind(study.write(AnswerFormat.REPORT))
    window.show_page("verify")
    page = window.pages.page("verify")
    assert isinstance(page, VerifyPage)
    tab = page.queue_tab
    tab.presenter.open(question)
    widget = tab.answer.card.answer_widget
    assert widget is not None
    with not_growing(tmp_path):
        widget.show_unsent({"text": LONG})
        qtbot.waitUntil(lambda: window.saved_line.text().startswith("Not saved"))
        assert "the disk is full" in window.message_bar.text()
        tab.answer.button.click()
        assert "Locking your answer: " in window.message_bar.text()
        assert "the disk is full" in window.message_bar.text()
        assert widget.unsent() == {"text": LONG}
        assert tab.answer.button.isEnabled()
        assert workspace.verification.open(question, study.lead).own_answer is None

    qtbot.waitUntil(lambda: window.saved_line.text().startswith("Saved "))
    kept = workspace.journal.entries(study.lead)
    assert kept["verify.answer", question] == {"text": LONG}
    tab.answer.button.click()
    locked = workspace.verification.open(question, study.lead).own_answer
    assert locked is not None


def test_a_read_only_folder_is_told_and_opens_for_looking(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "s.asclepius"
    create_workspace(path).close()
    with read_only(path):
        assert not window.opener.open_path(path)

        assert window.welcome.refusal() == (
            "The workspace s.asclepius cannot be written: s.asclepius is read-only for you. "
            "Ask for write permission, or open it for reading only."
        )
        qtbot.mouseClick(window.welcome.read_only_button, Qt.MouseButton.LeftButton)
        assert window.read_only_bar.isVisible()
        assert window.read_only_bar.text() == (
            "Read-only: you may not write to the folder of this workspace. "
            "You can look, nothing is changed."
        )
        window.close_workspace()


def test_a_folder_that_becomes_read_only_keeps_the_text_on_screen_and_says_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "s.asclepius"
    assert window.opener.create_path(path)
    page = writing(window)
    with read_only(path):
        qtbot.keyClicks(page.form.stem, "Kept")
        qtbot.waitUntil(lambda: page.has_unsaved())
        qtbot.wait(700)
        told = window.saved_line.text()
        text = page.form.stem.text()

    # A file that is open already may still take it; then it is saved, and said so.
    assert text == "Kept"
    assert told.startswith(("Not saved: The workspace file workspace.db cannot be", "Saved "))
    qtbot.waitUntil(lambda: not page.has_unsaved())
    assert stored_stem(path) == "Kept"


def test_a_read_only_media_folder_refuses_an_image_with_the_reason(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "s.asclepius"
    assert window.opener.create_path(path)
    page = writing(window)
    image = Path(str(get_testdata_file("CT_small.dcm", download=False)))

    def images() -> tuple[ImageUse, ...]:
        assert page.presenter.current is not None
        return page.presenter.current.draft.body.images

    with read_only(path / "media"):
        page.presenter.images.add_files((image,))
        qtbot.waitUntil(lambda: "kept: " in window.message_bar.text())

        told = window.message_bar.text()
        assert "could not be kept: " in told
        assert "Check that the disk is not full and that the workspace may be written to." in told
        assert images() == ()

    page.presenter.images.add_files((image,))
    qtbot.waitUntil(lambda: len(images()) == 1)


HOLDER = """
import sys
from pathlib import Path
from core.workspace import open_workspace
with open_workspace(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_instance_is_told_who_has_the_workspace_and_may_look(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "s.asclepius"
    create_workspace(path).close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"open\n"
        assert not window.opener.open_path(path)

        told = window.welcome.refusal()
        assert told.startswith("The workspace s.asclepius is already open for writing by ")
        assert f"(process {first.pid})" in told
        assert told.endswith("Close it there, or open it for reading only.")
        qtbot.mouseClick(window.welcome.read_only_button, Qt.MouseButton.LeftButton)
        assert f"(process {first.pid})" in window.read_only_bar.text()
        assert "has this workspace open" in window.read_only_bar.text()
        first.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    window.read_only_bar.again_requested.emit()
    assert not window.read_only_bar.isVisible()
    assert window.context is not None
    assert not window.context.workspace.is_read_only


def hours_ahead(hours: float) -> Clock:
    """Return the clock of this machine before it was set back."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    return Clock(now, system_clock().new_id)


def test_a_clock_set_back_is_told_once_and_the_order_of_all_work_stays_true(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "s.asclepius"
    with create_workspace(path, clock=hours_ahead(3)) as workspace:
        me = workspace.people.me().id
        question = workspace.authoring.create(AnswerFormat.SINGLE_CHOICE, me).value.question
        first = Draft(question, make_body(stem="First"), make_key(), make_labels())
        workspace.authoring.save_draft(first, me)
        workspace.authoring.commit(question, me)
        ahead = workspace.authoring.revisions(question)[0].created_at

    assert window.opener.open_path(path)
    qtbot.waitUntil(lambda: "clock" in window.message_bar.text())

    told = window.message_bar.text()
    assert told.startswith("Warning: The clock of this computer was set back: it shows ")
    assert "Set the clock right." in told
    window.message_bar.dismiss()
    window.clock_watch.look()
    assert not window.message_bar.isVisible()
    assert window.context is not None
    workspace = window.context.workspace
    second = replace(first, body=make_body(stem="Second"))
    workspace.authoring.save_draft(second, me)
    workspace.authoring.commit(question, me, reason="Better")
    workspace.blinding.approve(question, me, override_reason="Made here.")
    later = [one.created_at for one in workspace.authoring.revisions(question)]
    moves = [one.moved_at for one in workspace.authoring.moves(question)]
    assert ahead < later[1]
    assert moves == sorted(moves)
    assert workspace.authoring.current(question).body.stem == "Second"
    assert workspace.integrity.check().is_clean
    assert workspace.undo.undo(me).value is not None


def test_without_a_keyring_the_key_is_not_kept_and_the_ways_out_are_named(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    assert window.opener.create_path(tmp_path / "s.asclepius")
    assert window.context is not None
    study = make_study(window.context.workspace)
    study.write(AnswerFormat.SINGLE_CHOICE)
    window.show_page("evaluate")
    page = window.pages.page("evaluate")
    assert isinstance(page, EvaluatePage)
    for line, text in (
        (page.form.base_url, "http://127.0.0.1:9/v1"),
        (page.form.llm, "test-llm"),
        (page.form.api_key, "sk-secret"),
    ):
        line.clear()
        qtbot.keyClicks(line, text)
    page.form.keeps_key.setChecked(True)

    qtbot.mouseClick(page.form.test_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "keyring" in page.form.test_result.text())

    assert page.form.test_result.text() == (
        "This computer has no keyring that can keep the API key. "
        "Use the key for this session only, or set the variable ASCLEPIUS_API_KEY."
    )
    assert page.form.api_key.text() == "sk-secret"
    assert all(
        b"sk-secret" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()
    )
