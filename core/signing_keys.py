"""Where a person's signing key is kept: the system keyring, else an encrypted file."""

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from core.domain.ids import PersonId
from core.errors import StorageError
from core.packages.signing import new_private_key, public_key_of
from core.secrets import keyring_failures

SERVICE: Final = "asclepius-signing"


class KeyState(StrEnum):
    """What has to be known before a person can sign here."""

    READY = "ready"
    LOCKED = "locked"
    """An encrypted file keeps the key; its passphrase is needed."""
    NO_PLACE = "no_place"
    """There is no keyring and no file yet; a passphrase for a new file is needed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A person's key; `note` says where it lies when that is not the keyring."""

    private: bytes = field(repr=False)
    note: str = ""

    @property
    def public_key(self) -> str:
        """The public half, in hexadecimal digits."""
        return public_key_of(self.private)


def own_key(person: PersonId, folder: Path, *, passphrase: str = "") -> SigningKey:
    """Return the key of this person on this computer; the first call makes it.

    Without a keyring it lies in `folder`, encrypted with the passphrase. Raises `StorageError`
    when it can be neither read nor kept.
    """
    stored = _from_keyring(person)
    if stored:
        return SigningKey(stored)
    path = _file_of(person, folder)
    if path.exists():
        return SigningKey(_from_file(path, passphrase), _note(path))
    private = new_private_key()
    if _to_keyring(person, private):
        return SigningKey(private)
    if not passphrase:
        raise StorageError(
            "This computer has no keyring that could keep your signing key.",
            hint="Choose a passphrase; the key is then kept in an encrypted file.",
        )
    _to_file(path, private, passphrase)
    return SigningKey(private, _note(path))


def key_state(person: PersonId, folder: Path) -> KeyState:
    """Return whether this person can sign here at once, or what is missing."""
    stored = _from_keyring(person)
    if stored:
        return KeyState.READY
    if _file_of(person, folder).exists():
        return KeyState.LOCKED
    return KeyState.READY if stored is not None else KeyState.NO_PLACE


def _file_of(person: PersonId, folder: Path) -> Path:
    return folder / f"{person}.pem"


def _from_keyring(person: PersonId) -> bytes | None:
    """Return the key, nothing where the keyring has none, None where there is no keyring."""
    try:
        import keyring

        return bytes.fromhex(keyring.get_password(SERVICE, person) or "")
    except keyring_failures():
        return None


def _to_keyring(person: PersonId, private: bytes) -> bool:
    try:
        import keyring

        keyring.set_password(SERVICE, person, private.hex())
        return keyring.get_password(SERVICE, person) == private.hex()
    except keyring_failures():
        return False


def _from_file(path: Path, passphrase: str) -> bytes:
    if not passphrase:
        raise StorageError(
            "Your signing key cannot be opened without its passphrase.",
            hint="You chose it when you first sent a package from this computer.",
        )
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (OSError, ValueError, TypeError) as error:
        raise StorageError(
            "Your signing key cannot be opened with this passphrase.",
            hint="Give the one you chose when you first sent a package from this computer.",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StorageError(f"The file {path.name} holds no signing key.")
    return key.private_bytes_raw()


def _to_file(path: Path, private: bytes, passphrase: str) -> None:
    text = Ed25519PrivateKey.from_private_bytes(private).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            f"Your signing key could not be kept: {error.strerror or error}.",
            hint=f"Check that the folder {path.parent} may be written to.",
        ) from error


def _note(path: Path) -> str:
    return f"This computer has no keyring; your signing key lies in {path}, under your passphrase."
