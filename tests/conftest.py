"""What holds for every test."""

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring


@pytest.fixture(autouse=True)
def no_keyring_of_this_computer() -> None:
    """Let no test read or write the keyring of whoever runs it, nor find another test's keys."""
    keyring.set_keyring(NoKeyring())
