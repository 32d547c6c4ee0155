"""A thousand kills at random moments; prints what was acknowledged and what was lost."""

import os
from pathlib import Path

import pytest

from tests.crash_judge import ACKNOWLEDGED, kill_many
from tests.llm_server import LlmServer, Scripted

KILLS = int(os.environ.get("ASCLEPIUS_KILLS", "1000"))

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system"),
]


def test_a_thousand_kills_lose_at_most_a_second_of_typing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with LlmServer(Scripted("B", delay_s=0.01)) as server:
        tally = kill_many(tmp_path, server.base_url, kills=KILLS, each=25, seed=20261121)

    print(f"\ncrash: {tally}")
    assert sum(tally.kinds.values()) == KILLS
    assert all(tally.said[kind] for kind in ACKNOWLEDGED)
