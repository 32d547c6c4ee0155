"""Where a person's signing key is kept."""

import keyring
import pytest

from core.domain.ids import PersonId
from core.errors import StorageError
from core.packages.signing import fingerprint, is_signed_by, sign
from core.packages.strict_json import parse_object
from core.signing_keys import SERVICE, KeyState, key_state, own_key
from tests.keyrings import MemoryKeyring

ME = PersonId("019b8d62-8250-7840-b7f7-e149e899394f")


def test_the_keyring_keeps_the_key_and_no_file_does(tmp_path) -> None:
    ring = MemoryKeyring()
    keyring.set_keyring(ring)

    first = own_key(ME, tmp_path / "keys")

    assert ring.kept[SERVICE, ME] == first.private.hex()
    assert own_key(ME, tmp_path / "keys") == first
    assert first.note == ""
    assert not (tmp_path / "keys").exists()


def test_without_a_keyring_an_encrypted_file_keeps_the_key_and_that_is_said(tmp_path) -> None:
    assert key_state(ME, tmp_path / "keys") is KeyState.NO_PLACE
    with pytest.raises(StorageError) as refused:
        own_key(ME, tmp_path / "keys")
    assert str(refused.value) == (
        "This computer has no keyring that could keep your signing key. Choose a passphrase; the "
        "key is then kept in an encrypted file."
    )
    assert not (tmp_path / "keys").exists()

    first = own_key(ME, tmp_path / "keys", passphrase="horse")

    file = tmp_path / "keys" / f"{ME}.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in file.read_bytes()
    assert key_state(ME, tmp_path / "keys") is KeyState.LOCKED
    assert own_key(ME, tmp_path / "keys", passphrase="horse").private == first.private
    assert first.note == (
        f"This computer has no keyring; your signing key lies in {file}, under your passphrase."
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [("", "cannot be opened without its passphrase"), ("mule", "opened with this passphrase")],
)
def test_a_wrong_passphrase_has_a_sentence(tmp_path, given: str, sentence: str) -> None:
    own_key(ME, tmp_path, passphrase="horse")

    with pytest.raises(StorageError, match=sentence):
        own_key(ME, tmp_path, passphrase=given)


def test_a_keyring_that_works_needs_no_passphrase(tmp_path) -> None:
    keyring.set_keyring(MemoryKeyring())

    assert key_state(ME, tmp_path) is KeyState.READY
    own_key(ME, tmp_path)
    assert key_state(ME, tmp_path) is KeyState.READY


def test_a_key_never_shows_itself(tmp_path) -> None:
    key = own_key(ME, tmp_path, passphrase="horse")

    assert key.private.hex() not in repr(key)
    assert str(key.private) not in repr(key)


def test_a_signature_fits_its_bytes_and_its_key_only(tmp_path) -> None:
    mine, other = (own_key(PersonId(one), tmp_path, passphrase="horse") for one in "ab")
    signature = parse_object(sign(b"manifest", mine.private), depth=4)

    assert is_signed_by(b"manifest", signature, mine.public_key)
    assert not is_signed_by(b"manifesT", signature, mine.public_key)
    assert not is_signed_by(b"manifest", signature, other.public_key)
    assert not is_signed_by(b"manifest", signature | {"algorithm": "none"}, mine.public_key)
    assert len(fingerprint(mine.public_key).split()) == 8
