"""Pictures of the sizes that radiologists look at, and regions over them."""

import math
from io import BytesIO

import numpy as np
import tifffile

from core.domain.region import Region, RegionKind
from core.imaging.load import LoadedImage, open_image

SIZES = {"CT 512×512": (512, 512), "CR 3000×3000": (3000, 3000), "MG 4096×3328": (4096, 3328)}


def made_image(rows: int, columns: int) -> LoadedImage:
    """Return a 12-bit picture of soft shapes and noise, as a TIFF would hold it."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    shapes = 1500 + 1000 * np.sin(x / columns * 9) * np.cos(y / rows * 7)
    noise = np.random.default_rng(0).normal(0, 40, (rows, columns)).astype(np.float32)
    out = BytesIO()
    tifffile.imwrite(out, np.clip(shapes + noise, 0, 4095).astype(np.uint16))
    return open_image(out.getvalue(), name="made")


def made_stack(frames: int, side: int) -> LoadedImage:
    """Return a deflated stack, as clearing writes it."""
    out = BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for one in made_slices(frames, side):
            writer.write(one, compression="deflate", contiguous=False)
    return open_image(out.getvalue(), name="made stack")


def made_slices(frames: int, side: int) -> np.ndarray:
    """Return 12-bit slices that pack about as well as those of a real CT."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) * (512 / side)
    noise = np.random.default_rng(0).normal(0, 12, (side, side)).astype(np.float32)
    made = np.empty((frames, side, side), np.int16)
    for n in range(frames):
        made[n] = np.clip(1500 + 900 * np.sin(x / 90 + n / 9) * np.cos(y / 70) + noise, 0, 4095)
    return made


def fifty_regions(rows: int, columns: int) -> tuple[Region, ...]:
    """Return 50 polygons of 24 corners, spread over the picture."""
    made = []
    for number in range(50):
        x, y = columns * (0.5 + number % 10) / 10, rows * (0.5 + number // 10) / 5
        radius = min(rows, columns) / 14
        turns = [2 * math.pi * corner / 24 for corner in range(24)]
        points = tuple((x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns)
        made.append(Region(RegionKind.POLYGON, points, label=f"Region {number + 1}"))
    return tuple(made)
