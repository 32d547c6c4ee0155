"""A slide of three gigabytes: how long taking it in lasts, and how much memory it needs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.large_files import MEASURED, write_large_slide

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

SIDE = 31_744
MOST_BYTES = 256 << 20
ROOT = Path(__file__).parents[2]


def test_slide_of_three_gigabytes_needs_no_more_memory_than_a_small_one(tmp_path):
    write_large_slide(tmp_path / "small.tif", 2048)
    write_large_slide(tmp_path / "large.tif", SIDE)
    names = [str(tmp_path / name) for name in ("large.tif", "x.asclepius", "small.tif")]

    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *names], cwd=ROOT, capture_output=True, text=True
    )
    seconds = time.perf_counter() - started

    assert done.returncode == 0, done.stderr
    size, grown = map(int, done.stdout.split()[:2])
    print(
        f"\n{size / 2**30:.1f} GB found, taken in and opened in {seconds:.0f} s, "
        f"the peak of memory grew by {grown / 2**20:.0f} MB"
    )
    assert size > 3e9
    assert grown <= MOST_BYTES
