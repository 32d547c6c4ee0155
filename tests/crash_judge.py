"""Kills sessions at random moments and holds them to what they had said is saved."""

import json
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.domain.answer import Occasion
from core.domain.ids import QuestionId, RevisionId
from core.workspace import Workspace, open_workspace
from tests.crash_session import KINDS
from tests.crash_telling import digest

ROOT: Final = Path(__file__).parents[1]
MAX_LOST_S: Final = 1.0
LONGEST_S: Final = {"write": 2.0, "window": 3.0, "merge": 2.5}
SHORT_S: Final = 1.5
WHILE_OPENING: Final = 0.2
"""The share of kills whose time is counted from the start, so that opening is hit as well."""
LOOKS: Final = ("page", "record", "answer", "gates")

ACKNOWLEDGED: Final = (
    "typed",
    "shown",
    "draft",
    "revision",
    "answer",
    "verification",
    "reading",
    "merged",
    "answers of a model",
)
"""What sessions say; all of it in a long run."""

Event = dict[str, Any]  # what a session says; JSON


@dataclass
class Tally:
    """What was seen over all kills."""

    kinds: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    lost_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __str__(self) -> str:
        lines = [
            f"{sum(self.kinds.values())} kills ({dict(sorted(self.kinds.items()))})",
            f"told as saved and found: {dict(sorted(self.said.items()))}",
            *(f"{what} lost: {_percentiles(lost)}" for what, lost in sorted(self.lost_s.items())),
        ]
        return "\n".join(lines)


def _percentiles(lost_s: list[float]) -> str:
    ordered = sorted(lost_s)
    shares = {"median": 0.5, "95 %": 0.95, "99 %": 0.99, "worst": 1.0}
    parts = [
        f"{name} {ordered[max(0, math.ceil(len(ordered) * share) - 1)]:.3f} s"
        for name, share in shares.items()
    ]
    return f"{', '.join(parts)}, n={len(ordered)}"


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

    def session(
        self, kind: str, seed: int, path: Path, life_s: float, *, from_start: bool = False
    ) -> tuple[list[Event], float]:
        """Let a session live for a while after it opened, or from its start.

        Return what it said and when it was killed.
        """
        self._ask(kind, seed, path)
        events = self._until_gone()
        pid = next(events)["pid"]
        moments: list[float] = []

        def kill() -> None:
            moments.append(time.monotonic())
            with suppress(ProcessLookupError):  # told below: the session ended by itself
                os.kill(pid, signal.SIGKILL)

        timer = threading.Timer(life_s, kill)
        if from_start:
            timer.start()
        said: list[Event] = []
        for event in events:
            said.append(event)
            if event["kind"] == "opened" and not from_start:
                timer.start()
        if timer.ident is not None:
            timer.join()
        status = said[-1]["status"]
        assert status == signal.SIGKILL, f"the session ended by itself: {status}"
        return said[:-1], moments[0]

    def look(self, path: Path) -> Event:
        """Open the workspace in the window, as its user would; return what is in front."""
        self._ask("look", 0, path)
        events = list(self._until_gone())
        assert events[-1]["status"] == 0, f"the window did not open again: {events[-1]}"
        return next(one for one in events if one["kind"] == "looks")

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
            kinds = [*KINDS, "write", "window"]
            kind = kinds[number % len(kinds)]
            life_s = chance.uniform(0.0, LONGEST_S.get(kind, SHORT_S))
            said, killed_s = source.session(
                kind,
                chance.randrange(1 << 30),
                path,
                life_s,
                from_start=chance.random() < WHILE_OPENING,
            )
            tally.kinds[kind] += 1
            if kind == "window":
                judge_looks(source.look(path), said, killed_s, tally)
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


def judge_looks(looks: Event, said: list[Event], killed_s: float, tally: Tally) -> None:
    """Hold the window to what was in front, and to its text, at most a second before the kill."""
    if said and said[-1]["kind"] == "moving":
        return  # the step onwards may be stored, and was not told any more
    shown = [one for one in said if one["kind"] == "shown"]

    def is_same_place(one: Event) -> bool:
        is_same_record = all(one.get(name) == looks.get(name) for name in LOOKS)
        # Which button has the focus is a kindness; which text has it, and where, is kept.
        is_same_field = "caret" not in one or one["field"] == looks["field"]
        return is_same_record and is_same_field and _is_same_caret(one, looks)

    def is_same_text(one: Event) -> bool:
        return one.get("record") == looks.get("record") and one.get("text") == looks.get("text")

    shown_at = {name: looks.get(name) for name in (*LOOKS, "field", "caret")}
    _hold(f"position (now {shown_at})", shown, is_same_place, killed_s, tally)
    if "text" in looks:
        here = [one for one in shown if one.get("field") == looks["field"]]
        _hold("text in the window", here, is_same_text, killed_s, tally)
    if "clock_s" in looks and shown and shown[-1].get("record") == looks["record"]:
        lost_s = max(0.0, shown[-1]["clock_s"] + killed_s - shown[-1]["at"] - looks["clock_s"])
        tally.lost_s["clock of a sitting"].append(lost_s)
        assert lost_s <= MAX_LOST_S, f"{lost_s:.3f} s of the clock are lost"


def _is_same_caret(one: Event, looks: Event) -> bool:
    # Text and caret are stored by turns: the caret may have been behind the stored text.
    is_same = "caret" not in one or one["caret"] == looks.get("caret")
    return is_same or looks.get("caret") == looks.get("length", -1) < one.get("caret", -1)


def _hold(
    what: str,
    told: list[Event],
    is_found: Callable[[Event], bool],
    killed_s: float,
    tally: Tally,
) -> None:
    if not told:
        return
    found = [place for place, one in enumerate(told) if is_found(one)]
    following = told[found[-1] + 1 :] if found else told
    lost_s = killed_s - following[0]["at"] if following else 0.0
    tally.lost_s[what.split(" (")[0]].append(lost_s)
    assert lost_s <= MAX_LOST_S, f"{lost_s:.3f} s of {what} are lost; last told: {told[-1]}"


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
    _hold("typing", mine, lambda one: one["text"] == stored, killed_s, tally)


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


def _locked(workspace: Workspace, event: Event) -> None:
    me = workspace.people.me().id
    locked = workspace.verification.open(QuestionId(event["question"]), me).own_answer
    assert locked is not None
    assert repr(locked.response) == event["response"]


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
    "locked": _locked,
    "reading": _reading,
    "journal": _journal,
    "asked": _asked,
    "merged": _merged,
}
