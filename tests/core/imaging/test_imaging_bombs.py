"""Small files that unpack to giants, or claim to be one, end in words, time and memory bounded."""

import gzip
import io
import struct
import sys
import time
import zlib
from functools import cache
from pathlib import Path

import imagecodecs
import nibabel
import numpy as np
import pytest
import tifffile
from PIL import Image
from pydicom import uid
from pydicom.encaps import encapsulate

from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.marks.seg import read_seg
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.core.imaging.mutations import look

SIDE = 100_000
GIANT = 320 << 20
MOST_S, MOST_MB = 20, 200
RAMP = np.arange(256, dtype=np.int16).reshape(16, 16)


@cache
def deflated_giant() -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(GIANT >> 20)) + packer.flush()


def with_tags(data: bytes, page: int = 0, **values: int) -> bytes:
    """Return a TIFF with other numbers in its tags."""
    changed = bytearray(data)
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        for name, value in values.items():
            tag = file.pages[page].tags[name]
            size = {3: "<H", 4: "<I"}[int(tag.dtype)]
            struct.pack_into(size, changed, tag.valueoffset, value)
    return bytes(changed)


def tiff(**options) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((16, 16), np.uint8), **options)
    return out.getvalue()


def tiff_with_strip(stream: bytes, compression: int, *, is_tiled: bool = False) -> bytes:
    """Return a TIFF of 16 × 16 pixels whose only strip or tile is this stream."""
    start = tiff(compression="zlib", tile=(16, 16) if is_tiled else None)
    name = "Tile" if is_tiled else "Strip"
    offset, count = f"{name}Offsets", f"{name}ByteCounts"
    grown = with_tags(start, **{offset: len(start), count: len(stream)}, Compression=compression)
    return grown + stream


def webp() -> bytes:
    """Return a lossless WebP that claims the largest size there is, 16,384 × 16,384."""
    bits = (16383 | 16383 << 14).to_bytes(4, "little")
    body = b"\x2f" + bits + bytes(60)
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def jpeg_2000() -> bytes:
    """Return a DICOM file of 16 × 16 pixels that holds a code stream of 65,000 × 65,000."""
    stream = bytearray(imagecodecs.jpeg2k_encode(RAMP.astype(np.uint16), codecformat="j2k"))
    struct.pack_into(">2I", stream, 8, 65_000, 65_000)
    return packed(bytes(stream), uid.JPEG2000Lossless)


def packed(stream: bytes, syntax: str, **attributes) -> bytes:
    dataset = make_dataset(RAMP.astype(np.uint16), **attributes)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    return as_bytes(dataset)


def nifti_2() -> bytes:
    volume = nibabel.Nifti2Image(np.zeros((2, 2, 2), np.int16), np.eye(4))
    data = bytearray(volume.to_bytes())
    struct.pack_into("<3q", data, 24, SIDE, SIDE, SIDE)
    return bytes(data)


def slide(side: int, tile: int = 256) -> bytes:
    """Return a tiled TIFF of this size, on paper, with one tile of data."""
    start = tiff(tile=(tile, tile))
    return with_tags(start, ImageWidth=side, ImageLength=side)


def png_text_bomb() -> bytes:
    out = io.BytesIO()
    Image.new("L", (4, 4)).save(out, "PNG")
    body = b"Comment\0\0" + deflated_giant()
    crc = struct.pack(">I", zlib.crc32(b"zTXt" + body))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + crc
    data = out.getvalue()
    return data[:33] + chunk + data[33:]


CLAIMS = {
    "webp": webp,
    "jpeg 2000 in dicom": jpeg_2000,
    "dicom of compressed frames": lambda: packed(b"\xff\xd8", uid.JPEGBaseline8Bit, Rows=65535,
                                                 Columns=65535),
    "dicom of very many frames": lambda: packed(b"\xff\xd8", uid.JPEGBaseline8Bit,
                                                NumberOfFrames=2_000_000_000),
    "palette of dicom": lambda: as_bytes(make_dataset(
        RAMP.astype(np.uint16), Rows=60000, Columns=60000,
        PhotometricInterpretation="PALETTE COLOR")),
    "nifti 2": nifti_2,
    "gzip of nifti 2": lambda: gzip.compress(nifti_2()),
    "slide": lambda: slide(SIDE),
    "slide with giant tiles": lambda: with_tags(slide(SIDE), TileWidth=65520, TileLength=65520),
    "tiff of deep pixels": lambda: with_tags(tiff(), ImageWidth=SIDE, ImageLength=SIDE),
}  # fmt: skip

BOMBS = {
    "deflate in tiff": lambda: tiff_with_strip(deflated_giant(), 8),
    "deflate in a tile": lambda: tiff_with_strip(deflated_giant(), 8, is_tiled=True),
    "packbits in tiff": lambda: tiff_with_strip(b"\x81\0" * (GIANT // 256), 32773),
    "packbits in dicom": lambda: packed(
        struct.pack("<16I", 2, 64, 70, *([0] * 13)) + b"\x81\0" * (GIANT // 256), uid.RLELossless),
    "gzip of nifti": lambda: gzip.compress(
        nibabel.Nifti1Image(np.zeros((2, 2, 2), np.int16), np.eye(4)).to_bytes() + bytes(GIANT), 1),
    "text of png": png_text_bomb,
}  # fmt: skip


class Peak:
    """The most memory that a piece of work takes, as Linux counts it."""

    def __enter__(self):
        self._is_known = sys.platform == "linux" and self._reset()
        self._before = self._high() if self._is_known else 0.0
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self._started
        self.mb = self._high() - self._before if self._is_known else 0.0

    def _reset(self) -> bool:
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            return False
        return True

    def _high(self) -> float:
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(one for one in lines if one.startswith("VmHWM")).split()[1]) / 1024


@pytest.mark.parametrize("kind", CLAIMS)
def test_claim_of_a_giant_ends_in_words(kind):
    data = CLAIMS[kind]()

    with Peak() as peak:
        sentence = look(data)

    assert "“broken.file" in sentence
    assert peak.seconds < MOST_S
    assert peak.mb < MOST_MB


@pytest.mark.parametrize("kind", BOMBS)
def test_bomb_goes_off_nowhere(kind):
    data = BOMBS[kind]()
    assert len(data) < GIANT / 20

    with Peak() as peak:
        sentence = look(data)

    assert sentence == "" or "“broken.file" in sentence
    assert peak.seconds < MOST_S
    assert peak.mb < MOST_MB


def test_segmentation_that_claims_a_giant_ends_in_words():
    source = as_bytes(make_dataset(RAMP))
    size = {"Rows": 65535, "Columns": 65535, "NumberOfFrames": 60_000}
    bits = {"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0, "Modality": "SEG"}
    claim = make_dataset(np.zeros((1, 16), np.uint8), **size, **bits)

    with Peak() as peak, pytest.raises(ImageError):
        read_seg(as_bytes(claim), [source], name="seg.dcm")

    assert peak.seconds < MOST_S
    assert peak.mb < MOST_MB


def test_large_honest_picture_is_opened_in_bounded_memory():
    out = io.BytesIO()
    Image.new("L", (8_000, 8_000)).save(out, "PNG", compress_level=1)

    with Peak() as peak:
        frame = open_image(out.getvalue(), name="large.png").frame(0)

    assert frame.stored.shape == (8_000, 8_000)
    assert peak.mb < 3 * frame.stored.nbytes / 2**20
