"""Killed at any moment, a workspace is undamaged and holds all that was told as saved."""

import os
import sys
from pathlib import Path

import pytest

from tests.crash_judge import kill_many
from tests.crash_session import KINDS
from tests.llm_server import LlmServer, Scripted

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason=f"no fork on {sys.platform}")


def test_twenty_one_kills_lose_nothing_that_was_told_as_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with LlmServer(Scripted("B", delay_s=0.01)) as server:
        tally = kill_many(tmp_path, server.base_url, kills=21, each=21, seed=3)

    assert set(tally.kinds) == set(KINDS)
    assert tally.said["typed"] > 100
    for kind in ("draft", "revision", "answer", "verification", "reading", "merged"):
        assert tally.said[kind], f"no session came as far as “{kind}”"
    assert tally.said["answers of a model"] > 0
    print(tally)
