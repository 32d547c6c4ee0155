"""Passphrases: the age format, bounded memory, and every way to get it wrong."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import ExchangeError
from core.packages.limits import STANDARD
from core.packages.secrecy import is_secret, lock, unlock

CHUNK = 64 * 2**10


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    return tmp_path / "plain", tmp_path / "locked", tmp_path / "again"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys at a small cost; its two digits keep every place in the header."""
    monkeypatch.setattr("core.packages.secrecy._WORK", 10)


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_locked_opens_with_its_passphrase(
    size: int, files: tuple[Path, Path, Path]
) -> None:
    plain, locked, again = files
    plain.write_bytes(os.urandom(size))

    lock(plain, locked, "schöne Größe")
    unlock(locked, again, "schöne Größe", STANDARD)

    assert is_secret(locked)
    assert not is_secret(plain)
    assert again.read_bytes() == plain.read_bytes()
    assert size < 16 or plain.read_bytes()[:16] not in locked.read_bytes()


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("cut", [10, 150, 230, -1, -CHUNK])
def test_a_locked_file_that_was_cut_is_refused(cut: int, files: tuple[Path, Path, Path]) -> None:
    plain, locked, again = files
    plain.write_bytes(bytes(2 * CHUNK))
    lock(plain, locked, "horse")
    locked.write_bytes(locked.read_bytes()[:cut])

    with pytest.raises(ExchangeError, match="did not open"):
        unlock(locked, again, "horse", STANDARD)


@pytest.mark.usefixtures("cheap")
def test_a_chunk_left_out_at_the_end_is_noticed(files: tuple[Path, Path, Path]) -> None:
    plain, locked, again = files
    plain.write_bytes(bytes(2 * CHUNK))
    lock(plain, locked, "horse")
    whole = locked.read_bytes()
    locked.write_bytes(whole[: len(whole) - CHUNK - 16])

    with pytest.raises(ExchangeError, match="did not open"):
        unlock(locked, again, "horse", STANDARD)


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("at", [25, 45, 60, 80, 120, 140, 160, 180, -1])
def test_a_changed_byte_is_noticed(at: int, files: tuple[Path, Path, Path]) -> None:
    plain, locked, again = files
    plain.write_bytes(b"content" * 40)
    lock(plain, locked, "horse")
    data = bytearray(locked.read_bytes())
    data[at] ^= 1
    locked.write_bytes(bytes(data))

    with pytest.raises(ExchangeError):
        unlock(locked, again, "horse", STANDARD)


def test_a_costly_passphrase_is_not_even_tried(files: tuple[Path, Path, Path]) -> None:
    plain, locked, again = files
    plain.write_bytes(b"x")
    lock(plain, locked, "horse")
    locked.write_bytes(locked.read_bytes().replace(b" 17\n", b" 30\n", 1))

    with pytest.raises(ExchangeError, match="so costly"):
        unlock(locked, again, "horse", STANDARD)


@pytest.mark.usefixtures("cheap")
def test_more_than_a_package_may_hold_is_refused(files: tuple[Path, Path, Path]) -> None:
    plain, locked, again = files
    plain.write_bytes(bytes(2 * CHUNK))
    lock(plain, locked, "horse")

    with pytest.raises(ExchangeError, match="larger than a package"):
        unlock(locked, again, "horse", replace(STANDARD, total_bytes=CHUNK))


def test_the_program_age_opens_what_was_locked(files: tuple[Path, Path, Path]) -> None:
    pyrage = pytest.importorskip("pyrage", reason="needs the independent age library pyrage")
    plain, locked, _ = files
    plain.write_bytes(os.urandom(2 * CHUNK + 5))
    lock(plain, locked, "horse")

    assert pyrage.passphrase.decrypt(locked.read_bytes(), "horse") == plain.read_bytes()
