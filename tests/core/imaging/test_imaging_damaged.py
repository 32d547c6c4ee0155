"""Whatever is broken ends in `ImageError` with a sentence: no other error, no black picture."""

import io
import logging
import random
import struct
import time
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEG2000Lossless, JPEGBaseline8Bit

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.dicom import header as dicom_header
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import (
    FOLDER,
    as_bytes,
    make_dataset,
    readable_files,
    wheel_bytes,
)

RAMP = np.arange(256, dtype=np.int16).reshape(16, 16)
USE = ImageUse(MediaId("0" * 64))


def look_at(data, name="broken.dcm"):
    image = open_image(data, name=name)
    for index in {0, image.frame_count - 1}:
        image.frame(index).render(View())
    scan(data, name=name)
    clear(data, name=name, use=USE)


def reason(data):
    with pytest.raises(ImageError) as caught:
        look_at(data)
    assert "“broken.dcm”" in caught.value.sentence
    return caught.value.sentence


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("MR_truncated.dcm", "pixel data end too early: 8,130 of 8,192 bytes"),
        ("badVR.dcm", r"Number of Frames (0028,0008) is no number"),
        ("JPEG2000-embedded-sequence-delimiter.dcm", "picture data of frame 1 are damaged"),
        ("nested_priv_SQ.dcm", "Rows (0028,0010) is missing"),
        ("no_meta.dcm", "no picture of a known format"),
        ("rtstruct.dcm", "holds no picture (RT Structure Set Storage)"),
        ("waveform_ecg.dcm", "holds no picture (12-lead ECG Waveform Storage)"),
        ("dicomdirtests/DICOMDIR", "holds no picture (Media Storage Directory Storage)"),
        ("zipMR.gz", "no picture of a known format"),
    ],
)
def test_broken_or_other_files_of_pydicom_say_why(name, why):
    assert why in reason(wheel_bytes(name))


@pytest.mark.parametrize("data", [b"", b"\0", b"DICM", bytes(132) + b"DICM", b"\xff\xd8\xff"])
def test_almost_nothing_is_refused(data):
    reason(data)


@pytest.mark.parametrize(
    ("attributes", "why"),
    [
        ({"Rows": 65535, "Columns": 65535}, "more than this program can show"),
        ({"Rows": 0}, "size of 16 × 0 pixels"),
        ({"Rows": 17}, "end too early: 512 of 544"),
        ({"NumberOfFrames": 2_000_000_000}, "end too early"),
        ({"NumberOfFrames": -1}, "Number of Frames (0028,0008) is -1"),
        ({"SamplesPerPixel": 7}, "with 7 samples a pixel"),
        ({"RescaleSlope": "abc"}, "Rescale Slope (0028,1053) is no number"),
        ({"WindowCenter": "nan", "WindowWidth": 1}, "Window Center (0028,1050) is no number"),
        ({"BitsStored": 40}, "damaged"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "palette is missing"),
        ({"PhotometricInterpretation": "HSV"}, "Photometric Interpretation (0028,0004) with 1"),
        ({"PixelData": b""}, "no pixel data"),
    ],
)
def test_lying_header_is_named(attributes, why):
    dataset = make_dataset(RAMP)
    for keyword, value in attributes.items():
        tag = dicom_header.tag_for_keyword(keyword)
        if isinstance(value, str) and keyword not in ("PhotometricInterpretation",):
            dataset.add_new(tag, "LO", value)  # a DS would be refused by pydicom's writer
        else:
            setattr(dataset, keyword, value)

    assert why in reason(as_bytes(dataset))


def test_compressed_picture_larger_than_stated_is_not_decoded():
    out = io.BytesIO()
    Image.new("L", (9000, 9000)).save(out, "JPEG")
    dataset = make_dataset(RAMP.astype(np.uint8))
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = encapsulate([out.getvalue()])
    started = time.perf_counter()

    assert "picture data of frame 1 are damaged" in reason(as_bytes(dataset))
    assert time.perf_counter() - started < 0.5


def test_jpeg_2000_box_without_length_does_not_loop_forever():
    # pydicom 3.0.2 walks the boxes of a JP2 file for ever when one has length 0.
    box = struct.pack(">I4s", 12, b"jP  ") + b"\r\n\x87\n" + struct.pack(">I4s", 0, b"free")
    dataset = make_dataset(RAMP)
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.PixelData = encapsulate([box + bytes(200)])

    reason(as_bytes(dataset))


def test_damaged_rle_is_no_panic():
    data = bytearray(wheel_bytes("MR_small_RLE.dcm"))
    start = data.index(struct.pack("<2I", 2, 64))
    data[start + 64 + 30 : start + 64 + 330] = bytes(range(100, 250)) * 2

    reason(bytes(data))


def test_deflate_bomb_is_refused_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(dicom_header, "MAX_INFLATED_BYTES", 1 << 24)
    dataset = make_dataset(np.zeros((4096, 4096), np.int16))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    data = as_bytes(dataset)

    assert len(data) < 100_000
    assert "larger than one gigabyte" in reason(data)


def test_deflated_file_of_normal_size_is_shown():
    assert open_image(wheel_bytes("image_dfl.dcm"), name="x").frame(0).highest == 255


def png_claiming(width, height):
    head = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    out = b"\x89PNG\r\n\x1a\n"
    for kind, body in chunks:
        out += struct.pack(">I", len(body)) + kind + body
        out += struct.pack(">I", zlib.crc32(kind + body))
    return out


@pytest.mark.parametrize("side", [20_000, 100_000, 2**31 - 1])
def test_png_bomb_is_refused(side):
    reason(png_claiming(side, side))


def test_tiff_bomb_is_refused():
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((8, 8), np.uint16))
    data = bytearray(out.getvalue())
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        places = [file.pages[0].tags[code].valueoffset for code in (256, 257)]
    for place in places:
        data[place : place + 4] = struct.pack("<I", 100_000)

    assert "more than this program can show" in reason(bytes(data))


def test_error_sentence_does_not_quote_the_header():
    dataset = make_dataset(RAMP)
    dataset.add_new(dicom_header.tag_for_keyword("RescaleSlope"), "LO", "DOE^JOHN")

    assert "DOE" not in reason(as_bytes(dataset))


def test_libraries_write_no_header_values_into_the_log(caplog):
    with caplog.at_level(logging.DEBUG):
        for name in ("badVR.dcm", "MR_truncated.dcm", "JPEG2000-embedded-sequence-delimiter.dcm"):
            reason(wheel_bytes(name))

    assert caplog.records == []


@pytest.mark.parametrize("name", readable_files())
def test_no_truncation_ends_in_another_error(name):
    data = (FOLDER / name).read_bytes()

    for part in np.linspace(0, len(data) - 1, 12, dtype=int):
        try:
            look_at(data[:part])
        except ImageError as error:
            assert "broken.dcm" in error.sentence  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("seed", range(8))
def test_no_mutation_ends_in_another_error(seed):
    chance = random.Random(seed)
    files = [(FOLDER / name).read_bytes() for name in chance.sample(readable_files(), 12)]
    for data in [made for made in files if len(made) < 60_000]:
        for _ in range(12):
            broken = bytearray(data)
            for _ in range(chance.choice((1, 4, 30))):
                place = chance.randrange(len(broken) if chance.random() < 0.5 else 600)
                broken[place % len(broken)] = chance.choice((0, 255, chance.randrange(256)))
            try:
                look_at(bytes(broken))
            except ImageError as error:
                assert "broken.dcm" in error.sentence  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_after_a_known_start_are_refused(seed):
    chance = random.Random(seed)
    starts = (bytes(128) + b"DICM", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0", b"MM\0*")
    for start in starts:
        reason(start + chance.randbytes(2000))
