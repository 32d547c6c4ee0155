"""A made chest as a CT series: lungs, spine, ribs and a bright vessel at known places."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.core.imaging.stack_files import make_slices, write_files

SLICES, SIDE = 96, 192
GAP_MM, PIXEL_MM = 3.0, 1.8
NODULE_MM = (55.0, -20.0, 30.0)
"""From the middle of the volume: to the left, to the front, to the head."""


def chest(nodule_radius_mm: float = 8.0) -> NDArray[np.int16]:
    """Return Hounsfield units plus 1,024 as (slices, rows, columns), from the feet up."""
    z = ((np.arange(SLICES) - (SLICES - 1) / 2) * GAP_MM)[:, None, None]
    y = ((np.arange(SIDE) - (SIDE - 1) / 2) * PIXEL_MM)[None, :, None]
    x = ((np.arange(SIDE) - (SIDE - 1) / 2) * PIXEL_MM)[None, None, :]
    height = np.clip((z + 150) / 300, 0, 1)
    width = 150 - 35 * height**3
    body = (x / width) ** 2 + (y / (105 - 20 * height**3)) ** 2
    values = np.where(body < 1, -90.0, -1000.0)
    values = np.where((x / (width - 12)) ** 2 + (y / 90) ** 2 < 1, 45.0, values)
    for side in (-1, 1):
        lung = ((x - side * 68) / 50) ** 2 + ((y + 2) / 72) ** 2 + ((z - 35) / 118) ** 2
        values = np.where((lung < 1) & (z > -70 + (y / 9) ** 2 / 8), -860.0, values)
    heart = ((x - 25) / 48) ** 2 + ((y + 28) / 42) ** 2 + ((z + 20) / 52) ** 2
    values = np.where(heart < 1, 60.0, values)
    rib = np.abs(np.sqrt((x / (width - 14)) ** 2 + (y / 88) ** 2) - 1) * 100
    is_rib = (rib < 5.5) & (np.mod(z + 0.35 * np.abs(y - 60), 26) < 9) & (y > -80)
    values = np.where(is_rib, 480.0, values)
    spine = (x / 19) ** 2 + ((y - 62) / 16) ** 2
    values = np.where(spine < 1, np.where(np.mod(z, 24) < 19, 330.0, 90.0), values)
    values = np.where((x / 7) ** 2 + ((y - 84) / 6) ** 2 < 1, 30.0, values)
    values = np.where(((x - 22) / 12) ** 2 + ((y - 38) / 12) ** 2 < 1, 280.0, values)
    arch = (np.hypot((y - 5) / 33, (z - 58) / 33) - 1) ** 2 + ((x - 16) / 38) ** 2
    values = np.where((arch < 0.1) & (z > 55), 280.0, values)
    _add_vessels(values)
    left, back, up = NODULE_MM
    nodule = ((x - left) ** 2 + (y - back) ** 2 + (z - up) ** 2) < nodule_radius_mm**2
    values = np.where(nodule, 90.0, values)
    noise = np.random.default_rng(4).normal(0, 14, values.shape)
    soft = _softened(values + noise)
    return np.clip(np.rint(soft + 1024), 0, 4095).astype(np.int16)


def write_chest(folder: Path, *, degrees: float = 0.0, nodule_radius_mm: float = 8.0) -> Path:
    """Write the chest as a series of DICOM files."""
    places = np.arange(SLICES) * GAP_MM
    files = make_slices(
        chest(nodule_radius_mm),
        places,
        degrees=degrees,
        series=f"1.{nodule_radius_mm:.0f}",
        PixelSpacing=[PIXEL_MM, PIXEL_MM],
        Modality="CT",
        BodyPartExamined="CHEST",
    )
    return write_files(folder, files)


def _softened(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with the blur of a scanner."""
    for axis in range(3):
        values = (values + 0.5 * np.roll(values, 1, axis) + 0.5 * np.roll(values, -1, axis)) / 2
    return values


def _add_vessels(values: NDArray[np.float64]) -> None:
    """Let vessels branch from the middle into the lungs, ever thinner."""
    rng = np.random.default_rng(11)
    half = np.array([(SLICES - 1) / 2, (SIDE - 1) / 2, (SIDE - 1) / 2])
    gaps = np.array([GAP_MM, PIXEL_MM, PIXEL_MM])
    for number in range(90):
        side = 1 if number % 2 else -1
        place = np.array([30.0 + rng.normal(0, 12), rng.normal(-2, 8), side * 24.0])
        way = np.array([rng.normal(0, 1), rng.normal(0, 0.9), side * rng.uniform(0.4, 1.4)])
        radius = rng.uniform(2.4, 4.4)
        while radius > 1.0:
            way = way / np.linalg.norm(way) + rng.normal(0, 0.12, 3)
            place = place + way * 1.6
            radius *= 0.965
            _stamp(values, place / gaps + half, radius / gaps)


def _stamp(
    values: NDArray[np.float64], index: NDArray[np.float64], size: NDArray[np.float64]
) -> None:
    """Fill a small ball, where there is air."""
    low = np.maximum(np.floor(index - size).astype(int), 0)
    high = np.minimum(np.ceil(index + size).astype(int) + 1, values.shape)
    if (high <= low).any():
        return
    part = values[tuple(slice(*ends) for ends in zip(low, high, strict=True))]
    grid = np.indices(part.shape) + low[:, None, None, None]
    away = (((grid - index[:, None, None, None]) / size[:, None, None, None]) ** 2).sum(axis=0)
    part[(away <= 1) & (part < -500)] = 30.0
