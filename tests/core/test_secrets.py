"""Where an API key comes from."""

import keyring
import pytest

from core.errors import StorageError
from core.secrets import SERVICE, KeyOrigin, delete_key, find_key, key_origin, store_key
from tests.keyrings import MemoryKeyring

URL = "https://api.example.org/v1"
OPENAI = "https://api.openai.com/v1"


@pytest.fixture
def memory() -> MemoryKeyring:
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    return ring


def test_without_keyring_and_environment_there_is_no_key() -> None:
    assert find_key(URL) is None


def test_own_variable_comes_before_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "common")
    assert find_key(OPENAI) == "common"

    monkeypatch.setenv("ASCLEPIUS_API_KEY", " own ")
    assert find_key(OPENAI) == "own"


@pytest.mark.parametrize(
    ("base_url", "is_sent"),
    [
        ("https://api.openai.com/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("https://api.example.org/v1", False),
        ("https://openai.com.example.org/v1", False),
        ("https://notopenai.com/v1", False),
    ],
)
def test_key_for_openai_goes_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch, base_url: str, is_sent: bool
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "common")

    assert (find_key(base_url) == "common") is is_sent


def test_keyring_comes_first(memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASCLEPIUS_API_KEY", "environment")

    store_key(URL, " kept ")

    assert memory.kept == {(SERVICE, URL): "kept"}
    assert find_key(URL) == "kept"
    assert find_key("https://other.example.org") == "environment"


def test_deleted_key_is_gone_and_deleting_twice_is_no_error(memory: MemoryKeyring) -> None:
    store_key(URL, "kept")

    delete_key(URL)
    delete_key(URL)

    assert memory.kept == {}


def test_origin_of_a_key_is_told_without_the_key(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key_origin(URL) is KeyOrigin.NOWHERE

    monkeypatch.setenv("ASCLEPIUS_API_KEY", "environment")
    assert key_origin(URL) is KeyOrigin.ENVIRONMENT

    store_key(URL, "kept")
    assert key_origin(URL) is KeyOrigin.KEYRING


def test_storing_without_a_keyring_says_what_to_do_and_not_the_key() -> None:
    with pytest.raises(StorageError, match="no keyring") as caught:
        store_key(URL, "sk-secret")
    assert "sk-secret" not in str(caught.value)
    assert "ASCLEPIUS_API_KEY" in caught.value.hint
