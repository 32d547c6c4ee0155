"""Pictures of every format, and ways to break them: flips, cuts, lying lengths and sizes."""

import gzip
import io
import random
import struct
from collections.abc import Iterator
from typing import Final

import nibabel
import numpy as np
import tifffile
from PIL import Image
from pydicom.uid import JPEG2000Lossless

from core.domain.media import View
from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.series.file import pack_series
from core.imaging.series.finding import find_series
from core.imaging.shown import show
from core.imaging.slides.slide import Slide
from tests.core.imaging.imaging_files import FOLDER, readable_files
from tests.core.imaging.stack_files import blank, make_slices, write_files
from tests.dicom_slides import PHOTOMETRIC, dicom_levels
from tests.slides import slide_bytes
from tests.tiff_slides import aperio, hamamatsu, ome

SMALL: Final = 60_000
LENGTHS: Final = (0, 1, 7, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)
SIZES: Final = (0, 1, 3, 1000, 0x7FFF, 0xFFFE, 0xFFFF)
_GRADIENT: Final = (np.arange(40 * 48).reshape(40, 48) * 31).astype(np.uint16)


def picture_files() -> list[bytes]:
    """Return small pictures of every format that can be opened."""
    found = [(FOLDER / name).read_bytes() for name in readable_files()]
    return [data for data in found if len(data) < SMALL] + made_files() + made_slides()


def made_slides() -> list[bytes]:
    """Return small files of whole slides: TIFF of several makers, DICOM of every way of tiling."""
    soft = np.repeat((_GRADIENT >> 8).astype(np.uint8)[..., None], 3, axis=2)
    whole = np.tile(soft, (103, 86, 1))  # large enough to be read by tiles
    made = [slide_bytes(whole, steps=(4, 16), tile=1024, compression="zlib")]
    for syntax in PHOTOMETRIC:
        made += dicom_levels(soft, steps=(1,), tile=16, syntax=syntax)
        sparse = {"sparse": True, "missing": [(1, 1)], "table": "none"}
        made += dicom_levels(soft, steps=(1,), tile=16, syntax=syntax, **sparse)
    piece = np.tile(soft, (12, 11, 1))[:480, :512]
    made += [aperio(piece, packing=packing) for packing in ("jpeg_tables", "jp2k_rgb")]
    made += [ome(piece, is_in_planes=is_in_planes) for is_in_planes in (False, True)]
    return [*made, hamamatsu(piece)]


def packed_slide(folder) -> bytes:
    """Return the files of a DICOM slide packed as an import keeps them."""
    soft = np.repeat((_GRADIENT >> 8).astype(np.uint8)[..., None], 3, axis=2)
    write_files(folder, dicom_levels(soft, steps=(1, 2), tile=16, syntax=JPEG2000Lossless))
    return pack_series(find_series([folder]).series[0])


def made_files() -> list[bytes]:
    gray = Image.fromarray((_GRADIENT >> 8).astype(np.uint8))
    made = []
    for kind, mode in (
        ("PNG", "RGBA"),
        ("PNG", "I;16"),
        ("JPEG", "RGB"),
        ("WEBP", "RGB"),
        ("BMP", "L"),
    ):
        out = io.BytesIO()
        picture = Image.fromarray(_GRADIENT) if mode == "I;16" else gray.convert(mode)
        picture.save(out, kind)
        made.append(out.getvalue())
    for compression in (None, "zlib", "jpeg2000", "lzw", "zstd"):
        out = io.BytesIO()
        tifffile.imwrite(
            out, np.stack([_GRADIENT] * 3), compression=compression, photometric="minisblack"
        )
        made.append(out.getvalue())
    volume = nibabel.Nifti1Image(np.zeros((6, 7, 8), np.int16), np.diag([1, 2, 3, 1]))
    return [*made, volume.to_bytes(), gzip.compress(volume.to_bytes())]


def packed_series(folder) -> bytes:
    write_files(folder, make_slices(blank(4), range(4)))
    return pack_series(find_series([folder]).series[0])


def mutants(files: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield broken copies, each way of breaking in turn."""
    chance = random.Random(seed)
    ways = (_flipped, _cut, _lying_length, _lying_size, _overwritten, _spliced)
    for number in range(count):
        yield ways[number % len(ways)](bytearray(chance.choice(files)), chance)


def _place(data: bytearray, chance: random.Random, width: int = 1) -> int:
    limit = len(data) if chance.random() < 0.4 else min(len(data), 1200)
    return chance.randrange(max(1, limit - width))


def _flipped(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 3, 20))):
        data[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(data)


def _cut(data: bytearray, chance: random.Random) -> bytes:
    end = chance.randrange(len(data))
    return bytes(data[:end] if chance.random() < 0.7 else data[:end] + data[end + 1 :])


def _lying_length(data: bytearray, chance: random.Random) -> bytes:
    order = chance.choice("<>")
    place = _place(data, chance, 4)
    data[place : place + 4] = struct.pack(f"{order}I", chance.choice(LENGTHS))
    return bytes(data)


_SIZE_TAGS: Final = [
    struct.pack("<HH", 0x28, element)
    for element in (0x02, 0x04, 0x06, 0x08, 0x10, 0x11, 0x100, 0x101, 0x103, 0x1101, 0x3002)
]


def _lying_size(data: bytearray, chance: random.Random) -> bytes:
    """Change what a DICOM header says of size, else any two bytes near the start."""
    found = [data.find(tag) for tag in _SIZE_TAGS]
    places = [place + 8 for place in found if 0 <= place < len(data) - 10]
    place = chance.choice(places) if places else _place(data, chance, 2)
    data[place : place + 2] = struct.pack("<H", chance.choice(SIZES))
    return bytes(data)


def _overwritten(data: bytearray, chance: random.Random) -> bytes:
    place = _place(data, chance)
    length = chance.randrange(1, 64)
    data[place : place + length] = chance.choice((bytes(length), b"\xff" * length))
    return bytes(data)


def _spliced(data: bytearray, chance: random.Random) -> bytes:
    first, second = sorted(chance.randrange(len(data)) for _ in range(2))
    return bytes(data[:first] + data[second:] + data[first:second])


def look(data: bytes) -> str:
    """Show first and last frame as a reader would; return the sentence of an error, if any."""
    try:
        image = open_image(data, name="broken.file")
        for index in {0, image.frame_count - 1}:
            show(image, index, View(has_overlay=True))
            image.geometry.letters(index, View())
        if image.slide is not None:
            _look_at_tiles(image.slide)
    except ImageError as error:
        return error.sentence
    return ""


def _look_at_tiles(slide: Slide) -> None:
    """Read the first and the last tile of the finest level."""
    finest = slide.levels[0]
    last = (finest.height - 1) // finest.tile_height, (finest.width - 1) // finest.tile_width
    for row, column in {(0, 0), last}:
        slide.tile(0, row, column)
