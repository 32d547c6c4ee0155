"""No changed byte of a package passes the check: plain or locked, records, images or container."""

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli import main
from core.packages.reader import reading
from core.services.outside import check_outside
from core.workspace import create_workspace
from tests.factories import ticking_clock
from tests.package_flips import PASSPHRASE, make_package, regions, silent_flips
from tests.study import Study, with_people

EACH = 12


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    monkeypatch.setattr("core.paths.data_folder", lambda: tmp_path / "data")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    # As cheap as can be: each try to open derives the key anew.
    monkeypatch.setattr("core.packages.secrecy._WORK", 1)
    with create_workspace(tmp_path / "study.asclepius", clock=ticking_clock()) as workspace:
        yield with_people(workspace)


def test_no_changed_byte_of_any_region_of_a_package_passes(study: Study, tmp_path: Path) -> None:
    file = make_package(study, tmp_path / "sent.asclepius-package")
    assert check_outside(file) == []
    chance = random.Random(20260105)

    for name, region in regions(file).items():
        places = sorted(chance.sample(region, min(EACH, len(region))))
        assert silent_flips(file, iter(places), chance) == [], name
    assert check_outside(file) == []


def test_no_changed_byte_of_the_end_and_of_the_signature_passes(
    study: Study, tmp_path: Path
) -> None:
    file = make_package(study, tmp_path / "sent.asclepius-package")
    places = regions(file)
    for name in ("end", "comment", "signature.json"):
        assert silent_flips(file, iter(places[name]), random.Random(7)) == [], name


def test_no_changed_byte_of_a_locked_package_passes(study: Study, tmp_path: Path) -> None:
    file = make_package(study, tmp_path / "locked.asclepius-package", passphrase=PASSPHRASE)
    assert check_outside(file, passphrase=PASSPHRASE) == []
    chance, size = random.Random(20260105), file.stat().st_size
    header = file.read_bytes().index(b"\n---") + 64
    places = [*range(header), *sorted(chance.sample(range(header, size), 60))]

    assert silent_flips(file, iter(places), chance, passphrase=PASSPHRASE) == []


def test_unused_bits_of_the_header_of_a_locked_package_do_not_pass(
    study: Study, tmp_path: Path
) -> None:
    file = make_package(study, tmp_path / "locked.asclepius-package", passphrase=PASSPHRASE)
    whole = file.read_bytes()
    last = whole.index(b"\n---") + len("\n--- ") + 42
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    sibling = letters[letters.index(whole[last]) ^ 1]
    file.write_bytes(whole[:last] + bytes([sibling]) + whole[last + 1 :])

    assert check_outside(file, passphrase=PASSPHRASE)


def test_a_byte_that_says_nothing_is_named_by_the_check_and_does_not_stop_the_work(
    study: Study, tmp_path: Path
) -> None:
    file = make_package(study, tmp_path / "sent.asclepius-package")
    data = bytearray(file.read_bytes())
    data[10] ^= 1  # the time in the first header
    file.write_bytes(data)

    (problem,) = check_outside(file)

    assert "was changed after it was written" in problem
    with reading(file) as package:
        assert package.records()


def test_a_package_from_before_the_checksum_is_still_checked_by_its_content(
    study: Study, tmp_path: Path
) -> None:
    file = make_package(study, tmp_path / "sent.asclepius-package")
    with zipfile.ZipFile(file, "a") as container:
        container.comment = b""
    assert check_outside(file) == []


def test_the_command_checks_a_locked_package_with_its_passphrase(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = make_package(study, tmp_path / "locked.asclepius-package", passphrase=PASSPHRASE)
    secret = tmp_path / "passphrase.txt"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")

    assert main(["check", str(file)]) == 1
    assert "is protected by a passphrase" in capsys.readouterr().err
    assert main(["check", str(file), "--passphrase-file", str(secret)]) == 0
    assert "is as it was written" in capsys.readouterr().out
