"""What holds for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from hypothesis import HealthCheck, settings
from keyring.backends.fail import Keyring as NoKeyring
from pytestqt.qtbot import QtBot

from tests.study import Kept, Study, with_people

# A busy machine is slow: how long an example takes decides nothing.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

PATIENCE_MS = 60_000
"""A busy machine is slow; what never comes still ends the test."""


class PatientBot(QtBot):
    """Waits longer than pytest-qt's five seconds, unless a test says how long."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE_MS, **how: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """Drive widgets without haste."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def no_keys_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test find or change keys of whoever runs it, nor find those of another test."""
    keyring.set_keyring(NoKeyring())
    for name in ("ASCLEPIUS_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def keep_keys_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Keep signing keys in a folder, in other processes, too."""
    patch.setattr("core.paths.data_folder", lambda: folder)
    patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep signing keys in the folder of the test."""
    keep_keys_in(tmp_path / "data", monkeypatch)


@pytest.fixture(scope="module")
def own_keys_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep signing keys in a folder for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        keep_keys_in(tmp_path_factory.mktemp("data"), patch)
        yield


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> Kept[None]:
    """Return a workspace with nothing in it, of which a test opens its own copy."""
    return Kept.filled(tmp_path_factory.mktemp("kept") / "new.asclepius", lambda _: None)


@pytest.fixture(scope="session")
def kept_study(tmp_path_factory: pytest.TempPathFactory) -> Kept[Study]:
    """Return a workspace with the people of a small study, of which a test opens its own copy."""
    return Kept.filled(tmp_path_factory.mktemp("kept") / "study.asclepius", with_people)
