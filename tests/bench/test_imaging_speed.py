"""Sections, series and decoding in the helper processes: times printed with n."""

import statistics
import time

import numpy as np
import pytest

from core.imaging.display import GrayRule
from core.imaging.geometry import Plane
from core.imaging.mpr import Direction, Slab, section
from core.imaging.series import find_series
from core.imaging.series_file import open_found
from core.imaging.volume import Volume
from tests.core.imaging.stack_files import make_slices, write_files

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]


def measured(action, count=15):
    times = []
    for _ in range(count):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return f"{statistics.median(times):.1f} ms median, {max(times):.1f} ms worst, n = {count}"


def volume(degrees):
    tilt = np.radians(degrees)
    down = (0.0, float(np.cos(tilt)), float(-np.sin(tilt)))
    planes = tuple(Plane((0, 0, i * 1.0), (1, 0, 0), down, (0.7, 0.7)) for i in range(300))
    values = np.random.default_rng(1).integers(-1000, 2000, (300, 512, 512), np.int16)
    return Volume(values, planes, GrayRule(), planes[0].normal)


@pytest.mark.parametrize("degrees", [0, 12])
def test_sections_of_300_slices(degrees):
    made = volume(degrees)
    for direction in Direction:
        low, high = 20.0, 200.0
        places = iter(np.linspace(low, high, 100))
        thin = measured(lambda d=direction: section(made, d, float(next(places))))
        print(f"tilt {degrees}°, {direction}: {thin}")
        thick = measured(
            lambda d=direction: section(
                made, d, float(next(places)), slab_mm=14, slab=Slab.MAXIMUM
            ),
            5,
        )
        print(f"tilt {degrees}°, {direction}, 14 mm MIP: {thick}")


def test_first_picture_of_a_folder_of_300_slices(tmp_path):
    values = np.random.default_rng(1).integers(0, 4000, (300, 512, 512), np.int16)
    write_files(tmp_path, make_slices(values, np.arange(300)))

    def first_picture():
        [series] = find_series([tmp_path]).series
        open_found(series).frame(150)

    first_picture()
    print("folder of 300 slices to first picture:", measured(first_picture, 7))
