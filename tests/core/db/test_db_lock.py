"""The lock of a workspace: one holder, named, gone when its program is gone."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.db.lock import WorkspaceLock, current_holder
from core.errors import StorageError
from tests.factories import NOW

HOLDER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from core.db.lock import WorkspaceLock
lock = WorkspaceLock(Path(sys.argv[1]), datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
print("locked", flush=True)
sys.stdin.read()
"""


def start_holder(path: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "locked"
    return holder


def test_a_second_program_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with start_holder(path) as holder:
        with pytest.raises(StorageError, match="already open for writing") as caught:
            WorkspaceLock(path, NOW)

        assert f"process {holder.pid}" in caught.value.sentence
        assert "since 2026-01-05 09:00 UTC" in caught.value.sentence
        assert socket.gethostname() in caught.value.sentence
        assert f"process {holder.pid}" in current_holder(path)


def test_the_lock_of_a_killed_program_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with start_holder(path) as holder:
        holder.kill()
    assert "process" in path.read_text()

    assert current_holder(path) == ""
    lock = WorkspaceLock(path, NOW)

    assert f"process {os.getpid()}" in current_holder(path)
    lock.release()


def test_a_released_lock_names_nobody_and_can_be_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = WorkspaceLock(path, NOW)
    lock.release()
    lock.release()

    assert current_holder(path) == path.read_text() == ""
    WorkspaceLock(path, NOW).release()


def test_a_lock_file_that_does_not_exist_has_no_holder(tmp_path: Path) -> None:
    assert current_holder(tmp_path / "lock") == ""
