"""A workspace folder: made, opened, shared by reading, refused with one clear sentence."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.db import folder
from core.db.drives import mount_type
from core.db.schema import SCHEMA_VERSION
from core.domain.body import AnswerFormat
from core.domain.people import Role
from core.errors import StorageError
from core.workspace import Workspace, create_workspace, open_workspace
from tests.factories import NOW, ticking_clock

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed workspace."""
    made = tmp_path / "Chest X-ray.asclepius"
    create_workspace(made, clock=ticking_clock(), owner_name="Demo Lead").close()
    return made


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that another account of this computer may enter."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def run_without_rights(call: str, path: Path) -> str:
    """Run `call` under an account without rights; return what it printed."""
    program = (
        "import getpass, os, pkgutil, pwd, sys; from importlib import import_module\n"
        "from pathlib import Path\n"
        "import core.db, core.services.people\n"
        "for one in pkgutil.iter_modules(core.db.__path__):\n"
        "    import_module('core.db.' + one.name)\n"
        "from core.workspace import create_workspace, open_workspace\n"
        "from core.errors import StorageError\n"
        "path = Path(sys.argv[1])\n"
        # Only now: the account may be unable to read the interpreter's own files.
        f"if os.geteuid() == 0: os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        f"try: {call}\n"
        "except StorageError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


def test_a_new_workspace_has_its_parts_and_its_first_person(tmp_path: Path) -> None:
    with create_workspace(tmp_path / "a.asclepius", clock=ticking_clock()) as workspace:
        assert workspace.name == "a"
        assert (workspace.path / "workspace.db").is_file()
        assert (workspace.path / "media").is_dir()
        assert (workspace.path / "backups").is_dir()
        assert workspace.people.me().name == "Study lead"
        assert workspace.people.me().roles == frozenset(Role)
        assert workspace.integrity.check().is_clean


def test_what_was_stored_is_there_after_opening_again(path: Path) -> None:
    with open_workspace(path, clock=ticking_clock()) as workspace:
        me = workspace.people.me()
        draft = workspace.authoring.create(AnswerFormat.REPORT, me.id).value

    with open_workspace(path) as workspace:
        assert workspace.people.me().name == "Demo Lead"
        assert workspace.authoring.draft(draft.question) == draft
        assert not workspace.is_read_only
        assert workspace.held_by == ""


def test_every_service_opens_on_the_one_database(path: Path) -> None:
    with open_workspace(path) as workspace:
        for name in (
            "adjudication",
            "analysis",
            "authoring",
            "baseline",
            "blinding",
            "evaluation",
            "exchange",
            "images",
            "integrity",
            "people",
            "verification",
        ):
            assert getattr(workspace, name) is getattr(workspace, name)


def test_the_axes_and_specialties_are_those_shipped(path: Path) -> None:
    with open_workspace(path) as workspace:
        assert "Cardiology" in workspace.specialties
        assert len(workspace.specialties) == 15
        assert {"specialty", "capacity"} <= {axis.name for axis in workspace.axes}


def test_a_second_writer_is_refused_naming_the_first_and_may_read(path: Path) -> None:
    with open_workspace(path, clock=ticking_clock(NOW)) as first:
        with pytest.raises(StorageError, match="already open for writing") as caught:
            open_workspace(path)
        assert f"process {os.getpid()}" in caught.value.sentence
        assert "reading only" in caught.value.hint

        with open_workspace(path, read_only=True) as second:
            assert second.is_read_only
            assert f"process {os.getpid()}" in second.held_by
            first.people.add("Demo Reader 1", frozenset({Role.READER}))
            assert len(second.people.all()) == 2
            with pytest.raises(StorageError, match="reading only"):
                second.people.add("Demo Reader 2", frozenset({Role.READER}))

    open_workspace(path).close()


def test_reading_needs_no_lock_and_changes_nothing(path: Path) -> None:
    before = (path / "workspace.db").read_bytes()

    with open_workspace(path, read_only=True) as workspace:
        assert workspace.held_by == ""
        assert workspace.integrity.check().is_clean

    assert (path / "workspace.db").read_bytes() == before
    with open_workspace(path) as workspace:
        workspace.people.me()
    names = {one.name for one in path.iterdir()}
    assert names == {"backups", "lock", "media", "seal", "workspace.db"}


def test_a_workspace_whose_program_was_killed_opens_again(path: Path) -> None:
    program = (
        "import os, sys, signal; from pathlib import Path\n"
        "from core.workspace import open_workspace\n"
        "from core.domain.people import Role\n"
        "opened = open_workspace(Path(sys.argv[1]))\n"
        "opened.people.add('Demo Reader 1', frozenset({Role.READER}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=False, cwd=ROOT)
    assert (path / "workspace.db-wal").exists()

    with open_workspace(path, read_only=True) as reader:
        assert reader.held_by == ""
        assert len(reader.people.all()) == 2
    with open_workspace(path) as workspace:
        assert len(workspace.people.all()) == 2
        assert workspace.integrity.check().is_clean


def test_closing_twice_does_no_harm(path: Path) -> None:
    workspace = open_workspace(path)
    workspace.close()
    workspace.close()

    open_workspace(path).close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_missing_folder_is_told(tmp_path: Path, read_only: bool) -> None:
    with pytest.raises(StorageError, match="There is no workspace at"):
        open_workspace(tmp_path / "nothing.asclepius", read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_folder_that_is_no_workspace_is_told_and_left_as_it_was(
    tmp_path: Path, read_only: bool
) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleague")

    with pytest.raises(StorageError, match="is not a workspace"):
        open_workspace(tmp_path, read_only=read_only)

    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "a.asclepius").write_text("no folder")

    with pytest.raises(StorageError, match="is not a workspace"):
        open_workspace(tmp_path / "a.asclepius")
    with pytest.raises(StorageError, match="already holds something"):
        create_workspace(tmp_path / "a.asclepius")


def test_a_folder_with_something_in_it_is_never_made_a_workspace(path: Path) -> None:
    before = (path / "workspace.db").read_bytes()

    with pytest.raises(StorageError, match="already holds something"):
        create_workspace(path)

    assert (path / "workspace.db").read_bytes() == before


def test_an_empty_folder_becomes_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "a.asclepius").mkdir()

    create_workspace(tmp_path / "a.asclepius").close()

    open_workspace(tmp_path / "a.asclepius").close()


def test_a_workspace_of_a_newer_program_is_refused_and_not_kept_locked(path: Path) -> None:
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = '0999'")
    for read_only in (False, True):
        with pytest.raises(StorageError, match="newer program"):
            open_workspace(path, read_only=read_only)
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = ?", [SCHEMA_VERSION])

    open_workspace(path).close()


def test_a_folder_without_write_permission_is_told_and_can_be_read(shared_folder: Path) -> None:
    path = shared_folder / "a.asclepius"
    create_workspace(path).close()
    for part in (path, *path.iterdir()):
        part.chmod(0o555)

    told = run_without_rights("open_workspace(path)", path)
    read = run_without_rights("print(open_workspace(path, read_only=True).people.me().name)", path)
    path.chmod(0o755)

    assert "a.asclepius cannot be written" in told
    assert read == "Study lead\n"


def test_a_place_without_write_permission_is_told_when_making(shared_folder: Path) -> None:
    shared_folder.chmod(0o555)

    told = run_without_rights("create_workspace(path)", shared_folder / "a.asclepius")
    shared_folder.chmod(0o755)

    assert "could not be made: Permission denied" in told
    assert list(shared_folder.iterdir()) == []


def test_a_network_drive_is_refused_with_the_reason(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one thing that a test machine does not have: a mounted network drive.
    def as_if_mounted(one: Path) -> str:
        return mount_type(one, [("/", "nfs4")])

    monkeypatch.setattr(folder, "network_drive", as_if_mounted)

    with pytest.raises(StorageError, match=r"network drive \(nfs4\)") as caught:
        open_workspace(path)
    with pytest.raises(StorageError, match="network drive"):
        create_workspace(tmp_path / "other.asclepius")

    assert "Copy the whole folder" in caught.value.hint
    assert not (tmp_path / "other.asclepius").exists()


def test_a_copied_folder_is_the_same_workspace(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.asclepius"
    shutil.copytree(path, copy)

    with open_workspace(copy) as one, open_workspace(path) as other:
        assert one.people.me() == other.people.me()


def test_leaving_the_block_by_an_error_gives_the_lock_back(path: Path) -> None:
    def fail() -> Workspace:
        with open_workspace(path):
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    open_workspace(path).close()
