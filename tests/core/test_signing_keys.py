"""Where a person's signing key is kept."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from core.domain.ids import PersonId
from core.errors import StorageError
from core.packages.signing import fingerprint, is_signed_by, sign
from core.packages.strict_json import parse_object
from core.signing_keys import SERVICE, own_key

ME = PersonId("019b8d62-8250-7840-b7f7-e149e899394f")


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets at the end of the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def no_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


def test_the_keyring_keeps_the_key_and_no_file_does(tmp_path) -> None:
    ring = MemoryKeyring()
    keyring.set_keyring(ring)

    first = own_key(ME, tmp_path / "keys")

    assert ring.kept[SERVICE, ME] == first.private.hex()
    assert own_key(ME, tmp_path / "keys") == first
    assert first.note == ""
    assert not (tmp_path / "keys").exists()


def test_without_a_keyring_a_file_of_this_user_keeps_it_and_that_is_said(tmp_path) -> None:
    first = own_key(ME, tmp_path / "keys")

    file = tmp_path / "keys" / f"{ME}.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert own_key(ME, tmp_path / "keys").private == first.private
    assert "has no keyring" in first.note
    assert "readable by your user only" in first.note


def test_a_passphrase_protects_the_file(tmp_path) -> None:
    first = own_key(ME, tmp_path, passphrase="horse")

    assert b"ENCRYPTED" in (tmp_path / f"{ME}.pem").read_bytes()
    assert own_key(ME, tmp_path, passphrase="horse").private == first.private
    for wrong in ("", "donkey"):
        with pytest.raises(StorageError, match="cannot be opened"):
            own_key(ME, tmp_path, passphrase=wrong)


def test_a_key_never_shows_itself(tmp_path) -> None:
    key = own_key(ME, tmp_path)

    assert key.private.hex() not in repr(key)
    assert str(key.private) not in repr(key)


def test_a_signature_fits_its_bytes_and_its_key_only(tmp_path) -> None:
    mine, other = own_key(ME, tmp_path), own_key(PersonId("b"), tmp_path)
    signature = parse_object(sign(b"manifest", mine.private), depth=4)

    assert is_signed_by(b"manifest", signature, mine.public_key)
    assert not is_signed_by(b"manifesT", signature, mine.public_key)
    assert not is_signed_by(b"manifest", signature, other.public_key)
    assert not is_signed_by(b"manifest", signature | {"algorithm": "none"}, mine.public_key)
    assert len(fingerprint(mine.public_key).split()) == 8
