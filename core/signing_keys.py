"""Where a person's signing key is kept: the system keyring, else a file of this user."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from core.domain.ids import PersonId
from core.errors import StorageError
from core.packages.signing import new_private_key, public_key_of
from core.secrets import keyring_failures

SERVICE: Final = "asclepius-signing"


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

    Without a keyring it lies in `folder`, under the passphrase, or without one readable by this
    user of the computer only. Raises `StorageError` when it can be neither read nor kept.
    """
    stored = _from_keyring(person)
    if stored is not None:
        return SigningKey(stored)
    path = folder / f"{person}.pem"
    if path.exists():
        return SigningKey(_from_file(path, passphrase), _note(path, passphrase))
    private = new_private_key()
    if _to_keyring(person, private):
        return SigningKey(private)
    _to_file(path, private, passphrase)
    return SigningKey(private, _note(path, passphrase))


def _from_keyring(person: PersonId) -> bytes | None:
    try:
        import keyring

        stored = keyring.get_password(SERVICE, person)
        return bytes.fromhex(stored) if stored else None
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
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError, TypeError) as error:
        raise StorageError(
            f"Your signing key {path.name} cannot be opened.",
            hint="Give the passphrase it was made with.",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StorageError(f"The file {path.name} holds no signing key.")
    return key.private_bytes_raw()


def _to_file(path: Path, private: bytes, passphrase: str) -> None:
    secrecy: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    text = Ed25519PrivateKey.from_private_bytes(private).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, secrecy
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


def _note(path: Path, passphrase: str) -> str:
    guard = "under your passphrase" if passphrase else "readable by your user only"
    return f"This computer has no keyring; your signing key lies in {path}, {guard}."
