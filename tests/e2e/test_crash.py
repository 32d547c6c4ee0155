"""Killed at any moment, a workspace is undamaged and holds all that was told as saved."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash_judge import ACKNOWLEDGED, Event, Tally, judge, judge_looks, kill_many, killer
from tests.crash_session import KINDS
from tests.llm_server import LlmServer, Scripted

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason=f"no fork on {sys.platform}")

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def nothing_of_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def test_twenty_one_kills_lose_nothing_that_was_told_as_saved(tmp_path: Path) -> None:
    with LlmServer(Scripted("B", delay_s=0.01)) as server:
        tally = kill_many(tmp_path, server.base_url, kills=21, each=21, seed=3)

    assert set(tally.kinds) == set(KINDS)
    # How far each comes before it is killed depends on the machine; the bench asks for all.
    told = [kind for kind in ACKNOWLEDGED if tally.said[kind]]
    assert len(told) >= len(ACKNOWLEDGED) // 2, told
    print(tally)


def forget(table: str) -> Callable[[Path, Event], None]:
    """Return a damage: the record that an event told of is gone."""

    def damage(database: Path, event: Event) -> None:
        with closing(sqlite3.connect(database)) as connection:
            gone = connection.execute(f'DELETE FROM "{table}" WHERE id = ?', (event["id"],))
            assert gone.rowcount == 1
            connection.commit()

    return damage


def alter(database: Path, _: Event) -> None:
    """Change a word of what was stored for good."""
    with closing(sqlite3.connect(database)) as connection:
        done = connection.execute("UPDATE bodies SET content = replace(content, 'cough', 'caugh')")
        assert done.rowcount > 0
        connection.commit()


DAMAGES = {
    "answer": forget("answers"),
    "verification": forget("verifications"),
    "revision": forget("revisions"),
    "opened": alter,
}


def test_the_judge_notices_what_is_gone_or_damaged(tmp_path: Path) -> None:
    with killer(tmp_path, NOWHERE) as source:
        path = source.prepare(tmp_path)
        said, killed_s = source.session("work", 1, path, 2.5)
    for kind, damage in DAMAGES.items():
        copy = tmp_path / kind / path.name
        shutil.copytree(path, copy)
        damage(copy / "workspace.db", [one for one in said if one["kind"] == kind][-1])
        with pytest.raises(AssertionError):
            judge(copy, said, killed_s, Tally())

    judge(path, said, killed_s, Tally())


def shown(at: float, text: str, caret: int = 3, **more: object) -> Event:
    """Return what a session said was in front."""
    common = {"kind": "shown", "page": "author", "record": "q1", "field": "Question"}
    return common | {"at": at, "text": text, "caret": caret, "length": 9} | more


def test_the_judge_takes_what_was_in_front_within_the_last_second() -> None:
    said = [shown(1.0, "a"), shown(2.0, "b"), shown(2.9, "c")]

    judge_looks(shown(9.0, "b"), said, 3.0, Tally())
    with pytest.raises(AssertionError, match="text"):
        judge_looks(shown(9.0, "a"), said, 3.1, Tally())


@pytest.mark.parametrize(
    "other", [{"caret": 4}, {"record": "q2"}, {"page": "verify"}, {"field": "Case"}]
)
def test_the_judge_notices_another_place(other: dict[str, object]) -> None:
    said = [shown(1.0, "a"), shown(2.9, "a")]

    with pytest.raises(AssertionError, match="position"):
        judge_looks(shown(9.0, "a") | other, said, 3.0, Tally())


def test_the_judge_notices_a_sitting_clock_that_was_set_back() -> None:
    common = {"page": "baseline", "record": "s1:0", "field": "Heart", "answer": ""}
    told = {"kind": "shown", "at": 5.0, "clock_s": 30.0} | common

    judge_looks({"clock_s": 29.5} | common, [told], 5.2, Tally())
    with pytest.raises(AssertionError, match="clock"):
        judge_looks({"clock_s": 28.0} | common, [told], 5.2, Tally())
