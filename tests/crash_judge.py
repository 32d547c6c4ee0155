"""Kills sessions at random moments and holds them to what they had said is saved."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.domain.answer import Occasion
from core.domain.ids import QuestionId, RevisionId
from core.workspace import Workspace, open_workspace
from tests.crash_session import SESSIONS, digest

ROOT: Final = Path(__file__).parents[1]
MAX_LOST_S: Final = 1.0
LONGEST_S: Final = 1.5

Event = dict[str, Any]  # what a session says; JSON


@dataclass
class Tally:
    """What was seen over all kills."""

    kinds: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    lost_s: list[float] = field(default_factory=list)
    check_s: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        worst = max(self.lost_s, default=0.0)
        mean = sum(self.lost_s) / max(1, len(self.lost_s))
        return (
            f"{sum(self.kinds.values())} kills ({dict(sorted(self.kinds.items()))}); acknowledged "
            f"and held: {dict(sorted(self.said.items()))}; typing lost: at most {worst:.3f} s, "
            f"mean {mean:.3f} s, n={len(self.lost_s)}"
        )


class Killer:
    """Talks to the process that forks sessions."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._folder = folder
        self._endpoint = endpoint
        kept_here = {
            "XDG_DATA_HOME": str(folder / "home"),
            "XDG_CONFIG_HOME": str(folder / "home"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "ASCLEPIUS_API_KEY": "none",
            "QT_QPA_PLATFORM": "offscreen",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash_session"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | kept_here,
        )

    def prepare(self, folder: Path) -> Path:
        """Return a fresh workspace."""
        self._ask("prepare", 0, folder)
        *_, last = self._until_gone()
        assert last["status"] == 0
        return folder / "study.asclepius"

    def session(self, kind: str, seed: int, path: Path, life_s: float) -> tuple[list[Event], float]:
        """Let a session live for a while; return what it said and when it was killed."""
        self._ask(kind, seed, path)
        events = self._until_gone()
        pid = next(events)["pid"]
        moments: list[float] = []

        def kill() -> None:
            moments.append(time.monotonic())
            with suppress(ProcessLookupError):  # told below: the session ended by itself
                os.kill(pid, signal.SIGKILL)

        timer = threading.Timer(life_s, kill)
        timer.start()
        said = list(events)
        timer.join()
        assert said[-1]["status"] == signal.SIGKILL, "the session ended by itself"
        return said[:-1], moments[0]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _ask(self, kind: str, seed: int, path: Path) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{kind} {seed} {self._endpoint} {path}\n")
        self._process.stdin.flush()

    def _until_gone(self) -> Iterator[Event]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            yield event
            if event["kind"] == "gone":
                return
        raise AssertionError("the process that forks sessions died")


@contextmanager
def killer(folder: Path, endpoint: str) -> Iterator[Killer]:
    """Start the process that forks sessions."""
    made = Killer(folder, endpoint)
    try:
        yield made
    finally:
        made.close()


def kill_many(folder: Path, endpoint: str, *, kills: int, each: int, seed: int) -> Tally:
    """Kill so many sessions, a fresh workspace after every `each`; raise what was broken."""
    chance, tally = random.Random(seed), Tally()
    with killer(folder, endpoint) as source:
        path = Path()
        for number in range(kills):
            if number % each == 0:
                place = folder / f"place{number}"
                place.mkdir()
                path = source.prepare(place)
            # Every kind comes early; typing, where a second may be lost, comes most often.
            kinds = [*SESSIONS, "write", "work"]
            kind = kinds[number % len(kinds)]
            life_s = chance.uniform(0.0, LONGEST_S + (1.0 if kind == "write" else 0.0))
            said, killed_s = source.session(kind, chance.randrange(1 << 30), path, life_s)
            tally.kinds[kind] += 1
            judge(path, said, killed_s, tally)
    return tally


def judge(path: Path, said: list[Event], killed_s: float, tally: Tally) -> None:
    """Open the workspace again and look for everything that was said to be saved."""
    with open_workspace(path) as workspace:
        report = workspace.integrity.check()
        assert report.is_clean, report.problems
        kinds = [one["kind"] for one in said]
        tally.said.update(kinds)
        tally.said["answers of a model"] += sum(_asked_at_last(said).values())
        unmerged = len(kinds) - 1 - kinds[::-1].index("unmerging") if "unmerging" in kinds else -1
        for place, event in enumerate(said):
            if event["kind"] == "merged" and place < unmerged:
                continue
            check = _CHECKS.get(event["kind"])
            if check is not None:
                check(workspace, event)
        _judge_typing(workspace, said, killed_s, tally)
        _judge_stages(workspace, said)


def _asked_at_last(said: list[Event]) -> dict[str, int]:
    return {one["spec"]: one["done"] for one in said if one["kind"] == "asked"}


def _judge_typing(workspace: Workspace, said: list[Event], killed_s: float, tally: Tally) -> None:
    typed = [one for one in said if one["kind"] == "typed"]
    if not typed:
        return
    question = typed[-1]["question"]
    stored = digest(workspace.authoring.draft(QuestionId(question)).body.stem)
    mine = [one for one in said if one.get("question") == question]
    saved = [place for place, one in enumerate(mine) if one["text"] == stored]
    assert saved, "the stored text is none that was ever typed"
    told = [place for place, one in enumerate(mine) if one["kind"] == "draft"]
    assert not told or saved[-1] >= told[-1], "a text told as saved is not there"
    following = mine[saved[-1] + 1 :]
    lost_s = killed_s - following[0]["at"] if following else 0.0
    tally.lost_s.append(lost_s)
    assert lost_s <= MAX_LOST_S, f"{lost_s:.3f} s of typing are lost"


def _judge_stages(workspace: Workspace, said: list[Event]) -> None:
    # A later step may have been stored and not told any more.
    last = {one["question"]: one["stages"] for one in said if one["kind"] == "stage"}
    for question, stages in last.items():
        moves = [move.end.value for move in workspace.authoring.moves(QuestionId(question))]
        known = {*moves, "draft"}
        assert set(stages) <= known, (stages, moves)


def _revision(workspace: Workspace, event: Event) -> None:
    with workspace._database.read() as tx:
        assert tx.revisions.get(RevisionId(event["id"])).id == event["id"]


def _answer(workspace: Workspace, event: Event) -> None:
    with workspace._database.read() as tx:
        assert tx.answers.get(event["id"]).occasion is Occasion.VERIFICATION


def _verification(workspace: Workspace, event: Event) -> None:
    with workspace._database.read() as tx:
        assert event["id"] in {one.id for one in tx.verifications.all()}


def _reading(workspace: Workspace, event: Event) -> None:
    with workspace._database.read() as tx:
        found = tx.answers.of(Occasion.BASELINE, event["sitting"])
        assert len(found) >= event["position"]
        assert tx.sittings.get(event["sitting"]).position == len(found)


def _journal(workspace: Workspace, event: Event) -> None:
    kept = workspace.journal.entries(event["person"])
    assert kept["verify.answer", event["record"]] == event["content"]


def _asked(workspace: Workspace, event: Event) -> None:
    with workspace._database.read() as tx:
        run = tx.runs.by_spec_hash(event["spec"])
        found = 0 if run is None else len(tx.answers.of(Occasion.RUN, run.id))
        assert found >= event["done"]


def _merged(workspace: Workspace, event: Event) -> None:
    lead = workspace.people.me().id
    preview = workspace.merging.preview([workspace.path.parent / event["file"]])
    assert preview.new == 0, f"{lead}: {preview.new} merged records are missing"


_CHECKS: Final = {
    "revision": _revision,
    "answer": _answer,
    "verification": _verification,
    "reading": _reading,
    "journal": _journal,
    "asked": _asked,
    "merged": _merged,
}
