"""API keys: from the system keyring or the environment, never from a file of ours."""

import os
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from core.errors import StorageError
from core.llm.endpoint import is_loopback

SERVICE: Final = "asclepius"
VARIABLES: Final = ("ASCLEPIUS_API_KEY", "OPENAI_API_KEY")
"""The first is for any endpoint; the second is a key for OpenAI and is sent to nobody else."""


class KeyOrigin(StrEnum):
    """Where a key for an endpoint was found."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    NOWHERE = "nowhere"


def key_origin(base_url: str) -> KeyOrigin:
    """Return where `find_key` finds the key for an endpoint."""
    if stored_key(base_url):
        return KeyOrigin.KEYRING
    return KeyOrigin.ENVIRONMENT if _key_from_environment(base_url) else KeyOrigin.NOWHERE


def find_key(base_url: str) -> str | None:
    """Return the key for an endpoint: keyring first, then the environment, else None."""
    return stored_key(base_url) or _key_from_environment(base_url)


def stored_key(base_url: str) -> str | None:
    """Return the key that the system keyring has; None also where there is no keyring."""
    try:
        import keyring

        return keyring.get_password(SERVICE, base_url) or None
    except keyring_failures():
        return None


def store_key(base_url: str, key: str) -> None:
    """Put a key into the system keyring; raise `StorageError` where there is none."""
    try:
        import keyring

        keyring.set_password(SERVICE, base_url, key.strip())
    except keyring_failures() as error:
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
    except keyring_failures() as error:
        raise StorageError(
            "The system keyring did not give up the API key.",
            hint="Remove the entry “asclepius” with the keyring program of this computer.",
        ) from error


def _key_from_environment(base_url: str) -> str | None:
    own, common = (os.environ.get(name, "").strip() for name in VARIABLES)
    return own or (common if _is_openai_or_here(base_url) else "") or None


def _is_openai_or_here(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    return host == "openai.com" or host.endswith(".openai.com") or is_loopback(base_url)


def keyring_failures() -> tuple[type[BaseException], ...]:
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
