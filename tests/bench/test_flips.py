"""Every byte of a package, every page of a database: what is named, what is repaired."""

import random
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

from core.errors import StorageError
from core.repairing import repair_workspace
from core.workspace import create_workspace, open_workspace
from tests.core.services.test_integrity_repair import fill, flip, is_named, rows
from tests.factories import ticking_clock
from tests.package_flips import PASSPHRASE, make_package, silent_flips

_PAGE = 4096
_CHANGES = {"audit_events", "library_lines", "alembic_version", "settings"}
"""A repair adds an event and derives the lines anew."""

pytestmark = [pytest.mark.bench, pytest.mark.timeout(7200)]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed workspace whose newest backup holds all of it, and two packages of it."""
    monkeypatch.setattr("core.paths.data_folder", lambda: tmp_path / "data")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr("core.packages.secrecy._WORK", 1)
    path = tmp_path / "a.asclepius"
    with create_workspace(path, clock=ticking_clock()) as workspace:
        study = fill(workspace, questions=12)
        make_package(study, tmp_path / "plain")
        make_package(study, tmp_path / "locked", passphrase=PASSPHRASE)
        workspace.backups.make()
    return path


@pytest.mark.parametrize(("name", "passphrase"), [("plain", ""), ("locked", PASSPHRASE)])
def test_no_byte_of_a_package_changes_unnoticed(made: Path, name: str, passphrase: str) -> None:
    file = made.parent / name
    size, started = file.stat().st_size, time.perf_counter()

    silent = silent_flips(file, iter(range(size)), random.Random(1), passphrase=passphrase)

    took_s = time.perf_counter() - started
    print(f"\n{name} package: each of {size:,} bytes flipped, {len(silent)} silent, {took_s:.0f} s")
    assert silent == []


def test_every_page_of_a_database_is_named_and_repaired_from_a_backup(made: Path) -> None:
    file = made / "workspace.db"
    pages, chance, tally = file.stat().st_size // _PAGE, random.Random(1), Counter[str]()
    before = rows(made)
    for page in range(pages):
        one = Path(shutil.copytree(made, made.parent / "b.asclepius"))
        flip(one / "workspace.db", page * _PAGE + chance.randrange(_PAGE), chance.randrange(1, 256))
        tally["named"] += is_named(one)
        try:
            report = repair_workspace(one)
        except StorageError:
            tally["refused"] += 1
            shutil.rmtree(one)
            continue
        after = rows(one)
        tally["clean"] += report.left.is_clean
        tally["equal"] += all(before[name] == after[name] for name in before.keys() - _CHANGES)
        with open_workspace(one, read_only=True) as opened:
            tally["open"] += bool(opened.authoring.library())
        shutil.rmtree(one)
    print(f"\ndatabase: one byte in each of {pages} pages; {dict(tally)}")
    assert tally["named"] == pages
    assert tally["clean"] == tally["equal"] == tally["open"] == pages
