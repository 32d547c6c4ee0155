"""A double click on a package finds the program, by the desktop's own tools."""

import os
import shutil
import subprocess
import sys

import pytest

from core.cli import main
from core.errors import StorageError
from core.file_association import associate, program

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="files of Linux desktops")


def test_program_is_one_that_starts():
    done = subprocess.run([*program(), "--help"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "asclepius" in done.stdout


@linux
def test_command_writes_entry_and_type_for_this_user(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert main(["associate"]) == 0

    entry = (tmp_path / "applications" / "asclepius.desktop").read_text("utf-8")
    assert f"Exec={program()[0]}" in entry
    assert "MimeType=application/x-asclepius-package;" in entry
    assert "*.asclepius-package" in (tmp_path / "mime/packages/asclepius.xml").read_text("utf-8")
    assert "double click" in capsys.readouterr().out


@linux
def test_doing_it_again_changes_nothing(tmp_path):
    first = [path.read_bytes() for path in associate(["/opt/asclepius"], data_home=tmp_path)]
    again = [path.read_bytes() for path in associate(["/opt/asclepius"], data_home=tmp_path)]

    assert first == again


@linux
def test_path_with_blanks_and_signs_is_quoted(tmp_path):
    entry = associate(['/opt/my "best" 100%/asclepius'], data_home=tmp_path)[0].read_text("utf-8")

    assert 'Exec="/opt/my \\\\"best\\\\" 100%%/asclepius" %f' in entry


@linux
@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="no shared-mime-info here")
def test_desktop_knows_the_type_of_a_package(tmp_path):
    associate(["/opt/asclepius"], data_home=tmp_path)

    assert "*.asclepius-package" in (tmp_path / "mime" / "globs").read_text("utf-8")


@linux
def test_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    with pytest.raises(StorageError, match="could not be set up") as told:
        associate(["/opt/asclepius"], data_home=blocked)
    assert "Open a package" in told.value.hint
    assert os.listdir(tmp_path) == ["file"]
