"""10,000 broken files and every claim of a giant end in a sentence, in bounded time and memory."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.imaging.load import open_image
from tests.core.imaging.imaging_files import FOLDER, as_bytes, make_dataset
from tests.core.imaging.mutations import look, mutants, packed_series, packed_slide, picture_files

resource = pytest.importorskip("resource", reason="memory is measured on POSIX only")
RUNS, EACH = 20, 500


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    slide = packed_slide(tmp_path_factory.mktemp("slide"))
    return [*picture_files(), slide, packed_series(tmp_path_factory.mktemp("series"))]


@pytest.mark.parametrize("seed", range(RUNS))
def test_every_broken_file_ends_in_a_picture_or_a_sentence(files, seed):
    for data in mutants(files, EACH, seed):
        sentence = look(data)

        assert sentence == "" or "“broken.file" in sentence


@pytest.mark.parametrize(
    "name",
    sorted(
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".md", ".txt", ".json")
    ),
)
def test_every_file_of_pydicoms_package_is_shown_or_refused_in_words(name):
    sentence = look((FOLDER / name).read_bytes())

    assert sentence == "" or "“broken.file" in sentence


def claiming(kind):
    """Return a small file that claims 100,000 × 100,000 pixels."""
    side = 100_000
    if kind == "dicom":
        dataset = make_dataset(np.zeros((4, 4), np.int16), Rows=65535, Columns=65535)
        return as_bytes(dataset)
    if kind == "png":
        head = struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0)
        chunks = b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in (
                (b"IHDR", head),
                (b"IDAT", zlib.compress(bytes(999))),
                (b"IEND", b""),
            )
        )
        return b"\x89PNG\r\n\x1a\n" + chunks
    if kind == "bmp":
        out = io.BytesIO()
        Image.new("L", (4, 4)).save(out, "BMP")
        data = bytearray(out.getvalue())
        data[18:26] = struct.pack("<2i", side, side)
        return bytes(data)
    if kind == "jpeg":
        out = io.BytesIO()
        Image.new("L", (16, 16)).save(out, "JPEG")
        data = bytearray(out.getvalue())
        place = data.index(b"\xff\xc0") + 5
        data[place : place + 4] = struct.pack(">2H", 65000, 65000)
        return bytes(data)
    if kind == "nifti":
        return _nifti(30_000)
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((16, 16), np.uint16), tile=(16, 16) if kind == "tiles" else None)
    data = bytearray(out.getvalue())
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        for code in (256, 257):
            place = file.pages[0].tags[code].valueoffset
            data[place : place + 4] = struct.pack("<I", side)
    return bytes(data)


def _nifti(side):
    import nibabel

    data = bytearray(nibabel.Nifti1Image(np.zeros((2, 2, 2), np.int16), np.eye(4)).to_bytes())
    data[42:48] = struct.pack("<3h", side, side, side)
    return bytes(data)


@pytest.mark.parametrize("kind", ["dicom", "png", "bmp", "jpeg", "nifti", "tiff", "tiles"])
def test_claim_of_a_giant_is_refused_at_once_in_little_memory(kind):
    data = claiming(kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()

    sentence = look(data)

    assert "“broken.file”" in sentence
    assert time.perf_counter() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # in KB


def test_honest_files_of_every_format_are_still_shown(files):
    assert [look(data) for data in files] == [""] * len(files)
    assert open_image(files[-1], name="series").frame_count == 4
