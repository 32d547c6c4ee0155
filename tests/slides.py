"""A made whole slide: tissue in two stains with cells, as a pyramid of JPEG tiles."""

from io import BytesIO

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

MICRON = 0.5
TILE = 256


def tissue(width: int = 8192, height: int = 6144) -> NDArray[np.uint8]:
    """Return a picture in the pink and blue of hematoxylin and eosin, white around it."""
    rng = np.random.default_rng(8)
    small = (width // 32, height // 32)
    soft = cv2.GaussianBlur(rng.normal(0, 1, small[::-1]).astype(np.float32), (0, 0), 9)
    fine = cv2.GaussianBlur(
        rng.normal(0, 1, (height // 4, width // 4)).astype(np.float32), (0, 0), 3
    )
    y, x = np.indices(small[::-1]) / np.array(small[::-1])[:, None, None] - 0.5
    is_tissue = (x / 0.44) ** 2 + (y / 0.4) ** 2 + 4 * soft < 1
    gland = cv2.GaussianBlur(rng.normal(0, 1, small[::-1]).astype(np.float32), (0, 0), 4)
    is_lumen = is_tissue & (gland > 0.1)
    base = np.full((*small[::-1], 3), 243, np.float32)
    base[is_tissue] = (226, 160, 190)
    base[is_lumen] = (240, 228, 236)
    picture = cv2.resize(base, (width, height), interpolation=cv2.INTER_LINEAR)
    texture = cv2.resize(fine, (width, height)) * 40
    picture += texture[..., None] * (picture[..., 1:2] < 220)
    whole = np.clip(picture, 0, 255).astype(np.uint8)
    _add_cells(whole, is_tissue & ~is_lumen, gland, rng)
    return whole


def _add_cells(
    whole: NDArray[np.uint8],
    is_tissue: NDArray[np.bool_],
    gland: NDArray[np.float32],
    rng: np.random.Generator,
) -> None:
    """Draw nuclei, crowded around the glands."""
    rows, columns = np.nonzero(is_tissue)
    crowd = np.exp(-(((gland[rows, columns] - 0.06) / 0.05) ** 2)) + 0.15
    count = whole.shape[0] * whole.shape[1] // 2200
    chosen = rng.choice(len(rows), count, p=crowd / crowd.sum())
    spots = np.stack([columns[chosen], rows[chosen]], axis=1) * 32 + rng.integers(0, 32, (count, 2))
    for spot in spots:
        size = rng.integers(5, 11, 2)
        shade = int(rng.integers(-18, 18))
        color = (92 + shade, 62 + shade, 140 + shade)
        angle = float(rng.integers(0, 180))
        place = (int(spot[0]), int(spot[1]))
        cv2.ellipse(whole, place, (int(size[0]), int(size[1])), angle, 0, 360, color, -1)


def slide_bytes(
    whole: NDArray[np.uint8],
    *,
    steps: tuple[int, ...] = (4, 16),
    tile: int = TILE,
    compression: str = "jpeg",
) -> bytes:
    """Return a picture as a tiled pyramid with the size of its pixels."""
    out = BytesIO()
    with tifffile.TiffWriter(out, bigtiff=True) as writer:
        for step in (1, *steps):
            size = (whole.shape[1] // step, whole.shape[0] // step)
            level = cv2.resize(whole, size, interpolation=cv2.INTER_AREA) if step > 1 else whole
            writer.write(
                level,
                photometric="rgb",
                tile=(tile, tile),
                compression=compression,
                resolution=(10_000 / MICRON / step, 10_000 / MICRON / step),
                resolutionunit="CENTIMETER",
                subfiletype=0 if step == 1 else 1,
                metadata=None,
            )
    return out.getvalue()


def spoiled(data: bytes, tile: int) -> bytes:
    """Return a slide with one damaged tile of the finest level."""
    changed = bytearray(data)
    with tifffile.TiffFile(BytesIO(data)) as file:
        page = file.pages[0]
        start, count = page.dataoffsets[tile], page.databytecounts[tile]
    changed[start : start + count] = b"\x55" * count
    return bytes(changed)
