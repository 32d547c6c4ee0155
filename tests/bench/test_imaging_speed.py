"""Sections, series and decoding in the helper processes: times printed with n."""

import resource
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import imagecodecs
import numpy as np
import pytest

from core.imaging.decoding.pool import run_codec
from core.imaging.display import GrayRule
from core.imaging.geometry import Plane
from core.imaging.mpr.sections import Direction, Slab, range_mm, section
from core.imaging.mpr.volume import Volume
from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from core.imaging.series.stack import stack_normal
from tests.core.imaging.mutations import look, mutants, packed_series, packed_slide, picture_files
from tests.core.imaging.stack_files import make_slices, write_files

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def measured(action, count=15):
    times = []
    for _ in range(count):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    p95 = np.percentile(times, 95)
    return f"{statistics.median(times):.1f} ms median, {p95:.1f} ms p95, n = {count}"


def volume(kind):
    """Return 300 slices: upright, with a tilted gantry, or turned about all axes as MR often is."""
    tilt = np.radians(12)
    across, down = (1.0, 0.0, 0.0), (0.0, float(np.cos(tilt)), float(-np.sin(tilt)))
    way = np.array([0.0, 0.0, 1.0])
    if kind == "upright":
        down = (0.0, 1.0, 0.0)
    if kind == "oblique":
        turn = np.linalg.qr(np.array([[1, 0.2, 0.1], [-0.2, 1, 0.15], [-0.1, -0.15, 1]]))[0]
        turn *= np.sign(np.diag(turn))
        across, down, way = (tuple(float(one) for one in axis) for axis in turn.T)
    planes = tuple(Plane(tuple(np.asarray(way) * i), across, down, (0.7, 0.7)) for i in range(300))
    values = np.random.default_rng(1).integers(-1000, 2000, (300, 512, 512), np.int16)
    return Volume(values, planes, GrayRule(), stack_normal(planes[0]))


@pytest.mark.parametrize("kind", ["upright", "gantry", "oblique"])
def test_sections_of_300_slices(kind):
    made = volume(kind)
    assert made.lowest == -1000
    for direction in Direction:
        low, high = range_mm(made, direction)
        places = iter(np.random.default_rng(2).uniform(low + 30, high - 30, 500))
        for name, count, options in (
            ("thin", 60, {}),
            ("thin, coarse", 60, {"coarse": 2}),
            ("14 mm MIP", 15, {"slab_mm": 14, "slab": Slab.MAXIMUM}),
            ("14 mm mean", 15, {"slab_mm": 14, "slab": Slab.MEAN}),
            ("14 mm MIP, coarse", 15, {"slab_mm": 14, "slab": Slab.MAXIMUM, "coarse": 3}),
        ):

            def make(one=direction, options=options, places=places):
                section(made, one, float(next(places)), **options)

            told = measured(make, count)
            print(f"section of 300×512×512, {kind}, {direction}, {name}: {told}")


def test_first_picture_of_a_folder_of_300_slices(tmp_path):
    values = np.random.default_rng(1).integers(0, 4000, (300, 512, 512), np.int16)
    write_files(tmp_path, make_slices(values, np.arange(300)))

    def first_picture():
        [series] = find_series([tmp_path]).series
        open_found(series).frame(150)

    first_picture()
    print("folder of 300 slices to first picture:", measured(first_picture, 7))


@pytest.mark.parametrize("codec", ["jpegls", "jpeg2k", "jpeg8"])
@pytest.mark.parametrize("side", [512, 3000])
def test_decoding_in_a_helper_process_against_a_bare_loop(codec, side):
    picture = smooth(side) if codec != "jpeg8" else (smooth(side) >> 4).astype(np.uint8)
    stream = getattr(imagecodecs, f"{codec}_encode")(picture)
    count = 40 if side == 512 else 4
    most = picture.nbytes

    def bare(_=0):
        return getattr(imagecodecs, f"{codec}_decode")(stream)

    def helper(_=0):
        return run_codec(codec, stream, most_bytes=most)

    assert np.array_equal(bare(), helper())
    print(f"{codec} {side}², bare loop:", measured(bare, count))
    print(f"{codec} {side}², helper process:", measured(helper, count))
    with ThreadPoolExecutor(2) as threads:
        for name, action in (("bare", bare), ("helper", helper)):
            list(threads.map(action, range(4)))  # the second process has started
            started = time.perf_counter()
            list(threads.map(action, range(count)))
            spent = (time.perf_counter() - started) * 1000 / count
            print(f"{codec} {side}², two threads, {name}: {spent:.1f} ms a picture, n = {count}")


def smooth(side):
    """Return 12-bit numbers that pack about as well as a real CT."""
    rng = np.random.default_rng(3)
    rows, columns = np.indices((side, side)) / side
    return (
        2000 + 1500 * np.sin(9 * rows) * np.cos(7 * columns) + rng.normal(0, 12, rows.shape)
    ).astype(np.uint16)


def test_100_000_broken_files(tmp_path):
    slide = packed_slide(tmp_path / "slide")
    files = [*picture_files(), slide, packed_series(tmp_path / "series")]
    refused, slowest, start = 0, 0.0, time.perf_counter()
    for data in mutants(files, 100_000, 20_261_121):
        before = time.perf_counter()
        refused += look(data) != ""
        slowest = max(slowest, time.perf_counter() - before)
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"100,000 broken files: {refused:,} refused in words, the others shown; {spent:.0f} s, ")
    print(f"slowest {slowest:.2f} s, memory at most {peak:.0f} MB")
