"""API keys: from the system keyring or the environment, never from a file of ours."""

import os
from enum import StrEnum
from typing import Final

from core.errors import StorageError

SERVICE: Final = "asclepius"
VARIABLES: Final = ("ASCLEPIUS_API_KEY", "OPENAI_API_KEY")


class KeyOrigin(StrEnum):
    """Where a key for an endpoint was found."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    NOWHERE = "nowhere"


def key_origin(base_url: str) -> KeyOrigin:
    """Return where `find_key` finds the key for an endpoint."""
    if stored_key(base_url):
        return KeyOrigin.KEYRING
    return KeyOrigin.ENVIRONMENT if _key_from_environment() else KeyOrigin.NOWHERE


def find_key(base_url: str) -> str | None:
    """Return the key for an endpoint: keyring first, then the environment, else None."""
    return stored_key(base_url) or _key_from_environment()


def stored_key(base_url: str) -> str | None:
    """Return the key that the system keyring has; None also where there is no keyring."""
    try:
        import keyring

        return keyring.get_password(SERVICE, base_url) or None
    except _keyring_failures():
        return None


def store_key(base_url: str, key: str) -> None:
    """Put a key into the system keyring; raise `StorageError` where there is none."""
    try:
        import keyring

        keyring.set_password(SERVICE, base_url, key.strip())
    except _keyring_failures() as error:
        raise StorageError(
            "This computer has no keyring that can keep the API key.",
            hint=f"Use the key for this session only, or set the variable {VARIABLES[0]}.",
        ) from error


def delete_key(base_url: str) -> None:
    """Remove a key from the system keyring; a key that is not there is no error."""
    try:
        import keyring

        if keyring.get_password(SERVICE, base_url) is not None:
            keyring.delete_password(SERVICE, base_url)
    except _keyring_failures() as error:
        raise StorageError(
            "The system keyring did not give up the API key.",
            hint="Remove the entry “asclepius” with the keyring program of this computer.",
        ) from error


def _key_from_environment() -> str | None:
    for name in VARIABLES:
        if key := os.environ.get(name, "").strip():
            return key
    return None


def _keyring_failures() -> tuple[type[BaseException], ...]:
    """Return what a keyring can raise; on Linux its D-Bus backend has errors of its own."""
    failures: list[type[BaseException]] = [ImportError, OSError, RuntimeError, ValueError]
    try:
        from keyring.errors import KeyringError
    except ImportError:
        return tuple(failures)
    failures.append(KeyringError)
    try:
        from jeepney.wrappers import DBusErrorResponse  # type: ignore[import-untyped]  # no types
        from secretstorage.exceptions import SecretStorageException
    except ImportError:
        return tuple(failures)
    return (*failures, SecretStorageException, DBusErrorResponse)
