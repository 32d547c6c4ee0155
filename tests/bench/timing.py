"""Timing on a machine that is never quite idle: medians, p95, and what the system itself took."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

ROUNDS: Final = 3
"""The best of so many rounds counts: another program's burst is not our slowness."""
_WAITS: Final = Path("/proc/thread-self/schedstat")


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one step: of the round with the lowest p95."""

    median: float
    p95: float
    p95_undisturbed: float
    """Without the time in which this thread could run and the system let another one."""
    count: int

    def __str__(self) -> str:
        calm = f", {self.p95_undisturbed:.1f} undisturbed" if _WAITS.exists() else ""
        return f"{self.median:.1f} (p95 {self.p95:.1f}{calm}) ms"


def timed(step: Callable[[int], None], *, count: int) -> Timing:
    """Time one step; the best of several rounds."""
    return timed_together([step], count=count)[0]


def timed_together(
    steps: Sequence[Callable[[int], None]], *, count: int, fewer: int = 0
) -> list[Timing]:
    """Time rivals in turn, round by round, so that all meet the same machine.

    Those after the first are timed `fewer` times where that is given: they are slow.
    """
    counts = [count, *[fewer or count] * (len(steps) - 1)]
    rounds = [
        [_round(step, n) for step, n in zip(steps, counts, strict=True)] for _ in range(ROUNDS)
    ]
    return [min(column, key=lambda one: one.p95) for column in zip(*rounds, strict=True)]


def _round(step: Callable[[int], None], count: int) -> Timing:
    for number in range(3):
        step(number)
    spans, calm = [], []
    for number in range(count):
        waited, started = waited_ms(), time.perf_counter()
        step(number)
        spans.append((time.perf_counter() - started) * 1000)
        calm.append(spans[-1] - (waited_ms() - waited))
    p95, undisturbed = (float(np.percentile(one, 95)) for one in (spans, calm))
    return Timing(statistics.median(spans), p95, undisturbed, count)


def waited_ms() -> float:
    """Return how long this thread could have run and did not, since it began; 0 if unknown."""
    try:
        return int(_WAITS.read_bytes().split()[1]) / 1e6
    except OSError:
        return 0.0


_IDLE: Final = """
import os, time
parent, longest, last = os.getppid(), 0.0, time.perf_counter()
while os.getppid() == parent:
    time.sleep(0.002)
    now = time.perf_counter()
    if now - last > longest:
        longest = now - last
        print(longest * 1000, flush=True)
    last = now
"""


class IdleBeside:
    """A program that only sleeps 2 ms again and again: its pauses are the machine's.

    Nothing that runs beside it can have shorter ones.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-c", _IDLE]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def stop(self) -> float:
        """End it; return its longest pause in ms."""
        self._process.terminate()
        told, _ = self._process.communicate()
        return float(told.split()[-1]) if told else 0.0


def report(what: str, rows: dict[str, object], *, count: int) -> None:
    """Print what was measured, with n and how busy the machine is."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    told = ", ".join(f"{name} {value}" for name, value in rows.items())
    print(f"\n{what}: {told}; n = {count}, best of {ROUNDS} rounds, load {load:.1f}")


def ratios(ours: Timing, rivals: dict[str, Timing]) -> str:
    """Return how many times slower the rivals are, by their medians."""
    return ", ".join(f"{name} {one.median / ours.median:.1f}×" for name, one in rivals.items())
