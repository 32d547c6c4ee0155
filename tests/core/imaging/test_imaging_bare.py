"""Only what clearing writes is a bare picture; a name anywhere in the bytes shows."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from core.domain.ids import MediaId
from core.domain.media import ImageUse, Window
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import FOLDER, readable_files, wheel_bytes

NAME = b"SMITH^JOHN"


def cleared(name):
    return cleared_bytes(wheel_bytes(name), (0,))


def cleared_bytes(data, frames):
    return clear(data, name="original", use=ImageUse(MediaId("0" * 64), frames)).data


def chunk(kind, content):
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


@pytest.mark.parametrize("name", readable_files())
def test_everything_that_clearing_writes_is_bare(name):
    data = (FOLDER / name).read_bytes()
    every = tuple(range(open_image(data, name=name).frame_count))
    assert is_bare(cleared_bytes(data, every))


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "examples_rgb_color.dcm"])
def test_originals_and_bytes_behind_a_picture_are_not_bare(name):
    assert not is_bare(wheel_bytes(name))
    assert not is_bare(cleared(name) + NAME)
    assert not is_bare(b"")


def test_png_with_text_exif_or_a_longer_stream_is_not_bare():
    bare = cleared("examples_rgb_color.dcm")
    picture = Image.open(io.BytesIO(bare))
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", NAME.decode())
    for options in ({"pnginfo": text}, {"exif": b"Exif\0\0" + NAME}, {"icc_profile": NAME}):
        out = io.BytesIO()
        picture.save(out, "PNG", **options)
        assert not is_bare(out.getvalue())
    pixels = zlib.compress(picture.tobytes()[:6].join([b"\0", b""]))
    start = bare[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0))
    end = chunk(b"IEND", b"")
    assert is_bare(start + chunk(b"IDAT", pixels) + end)
    assert not is_bare(start + chunk(b"IDAT", pixels + NAME) + end)
    assert not is_bare(start + chunk(b"IDAT", pixels) + chunk(b"IEND", NAME))


@pytest.mark.parametrize(
    ("options", "is_right"),
    [
        ({}, True),
        ({"software": NAME.decode()}, False),
        ({"datetime": "1970:01:01 00:00:00"}, False),
        ({"extratags": [(315, 2, 0, NAME.decode(), True)]}, False),
        ({"extratags": [(65000, 1, len(NAME), NAME, True)]}, False),
        ({"resolution": (19700101, 1)}, False),
    ],
)
def test_tiff_with_another_entry_or_value_is_not_bare(options, is_right):
    assert is_bare(tiff(**options)) is is_right


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"CT"', '"SMITH"'),
        ('"schema"', '"name": "SMITH", "schema"'),
        ('"notes": []', '"notes": ["SMITH"]'),
        ('"unit": "HU"', '"unit": "SMITH"'),
        ('"letters": ["", ""]', '"letters": ["SMITH", ""]'),
        ('"letters": ["", ""]', '"letters": ["L", "SMITH"]'),
        ('"laterality": ""', '"laterality": "SMITH"'),
        ('"body_part": ""', '"body_part": "SMITH"'),
        ("{", "{ "),
    ],
)
def test_tiff_whose_description_says_more_is_not_bare(old, new):
    changed = description().replace(old, new)
    assert changed != description()
    assert not is_bare(tiff(description=changed))


def test_tiff_with_a_second_page_of_another_kind_is_not_bare():
    out = io.BytesIO(tiff())
    tifffile.imwrite(out, np.zeros((2, 2), np.uint8), append=True, metadata=None)
    assert not is_bare(out.getvalue())


def test_tiff_with_bytes_between_its_parts_is_not_bare():
    bare = bytearray(tiff())
    with tifffile.TiffFile(io.BytesIO(bytes(bare))) as file:
        place, length = file.pages[0].tags[273].valueoffset, file.pages[0].tags[279].value[0]
        start = file.pages[0].tags[273].value[0]
    moved = bytes(bare[:start]) + NAME + bytes(bare[start : start + length])
    moved = moved[:place] + struct.pack("<I", start + len(NAME)) + moved[place + 4 :]
    assert tifffile.imread(io.BytesIO(moved)).shape == (128, 128)
    assert not is_bare(moved)


def description():
    with tifffile.TiffFile(io.BytesIO(cleared("CT_small.dcm"))) as file:
        return file.pages[0].description


def tiff(**options):
    """Write the cleared CT anew, with a little more."""
    pixels = tifffile.imread(io.BytesIO(cleared("CT_small.dcm")))
    out = io.BytesIO()
    usual = {
        "photometric": "minisblack",
        "compression": "zlib",
        "description": description(),
        "metadata": None,
        "software": False,
    }
    tifffile.imwrite(out, pixels, **usual | options)
    return out.getvalue()


def test_picture_that_an_earlier_program_cleared_is_still_bare_and_shown():
    """The file was written by the program when `asclepius-picture/1` was its only schema."""
    data = (Path(__file__).parents[2] / "data" / "cleared_schema_1.tif").read_bytes()
    ramp = np.arange(256, dtype=np.int16).reshape(16, 16) * 13 - 1024

    image = open_image(data, name="old.tif")

    assert b"asclepius-picture/1" in data
    assert is_bare(data)
    assert not is_bare(data.replace(b'"CHEST"', b'"SMITH"'))
    assert (image.frame_count, image.unit, image.body_part) == (2, "HU", "CHEST")
    assert image.windows == (Window(40, 400),)
    assert np.array_equal(image.frame(1).stored, ramp[::-1])
    assert image.frame(0).calibrated(0, 0) == -1124
    assert (image.spacing_mm, image.geometry.pixel_aspect) == ((0.8, 0.5), 1.6)
    again = cleared_bytes(data, (0, 1))
    assert b"asclepius-picture/2" in again
    assert is_bare(again)


@pytest.mark.parametrize(("modality", "is_refused"), [(b"CT", False), (b"DX", True)])
def test_picture_of_an_earlier_program_gives_no_millimeters_to_shadows(modality, is_refused):
    data = (Path(__file__).parents[2] / "data" / "cleared_schema_1.tif").read_bytes()

    image = open_image(data.replace(b'"CT"', b'"%s"' % modality), name="old.tif")

    assert image.modality == modality.decode()
    assert ("detector" in image.geometry.mm_refusal) is is_refused


@pytest.mark.parametrize("place", [10, 11, 12], ids=["packing", "filter", "interlace"])
def test_png_that_is_made_in_another_way_is_not_bare(place):
    head = struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0)
    pixels, end = chunk(b"IDAT", zlib.compress(b"\0ab")), chunk(b"IEND", b"")
    start = cleared("examples_rgb_color.dcm")[:8]
    other = head[:place] + b"\1" + head[place + 1 :]

    assert is_bare(start + chunk(b"IHDR", head) + pixels + end)
    assert not is_bare(start + chunk(b"IHDR", other) + pixels + end)


def test_png_with_a_wrong_checksum_is_not_bare():
    bare = bytearray(cleared("examples_rgb_color.dcm"))

    for place in (len(bare) - 1, len(bare) - 13):  # of the end, of the pixels
        changed = bytearray(bare)
        changed[place] ^= 1
        assert not is_bare(bytes(changed))


def entries(data):
    """Return where the entries of the only page of a TIFF begin, and where they end."""
    (page,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, page)
    return range(page + 2, page + 2 + 12 * count, 12), page + 2 + 12 * count


def test_tiff_with_a_byte_behind_any_short_value_is_not_bare():
    bare = tiff()
    assert is_bare(bare)
    short = [
        at
        for at in entries(bare)[0]
        if struct.unpack_from("<HI", bare, at + 2) == (3, 1)  # one word of two bytes
    ]

    assert short
    for at in short:
        assert not is_bare(bare[: at + 11] + b"J" + bare[at + 12 :])


def test_tiff_with_an_entry_twice_is_not_bare():
    bare = bytearray(tiff())
    at = next(at for at in entries(bare)[0] if bare[at : at + 2] == struct.pack("<H", 283))
    bare[at : at + 2] = struct.pack("<H", 282)

    assert not is_bare(bytes(bare))


def test_tiff_whose_pages_run_in_a_circle_is_not_bare():
    bare = bytearray(tiff())
    end = entries(bare)[1]
    bare[end : end + 4] = bare[4:8]

    assert not is_bare(bytes(bare))


def test_tiff_whose_strips_are_fewer_than_its_rows_is_not_bare():
    bare = bytearray(tiff())
    for at in entries(bare)[0]:
        if bare[at : at + 2] == struct.pack("<H", 257):
            bare[at + 8] += 1

    assert not is_bare(bytes(bare))


def with_pixels_first(pixels):
    """Return the cleared CT with other pixels, which lie in front of all else."""
    bare, strip = tiff(), zlib.compress(pixels, 0)
    values, made = b"", b""
    start = 8 + len(strip)
    for at in entries(bare)[0]:
        tag, kind, number, value = struct.unpack_from("<HHII", bare, at)
        size = {2: 1, 5: 8}.get(kind, 0) * number
        if size:
            values, value = values + bare[value : value + size], start + len(values)
        value = {273: 8, 279: len(strip)}.get(tag, value)
        made += struct.pack("<HHII", tag, kind, number, value)
    page = struct.pack("<H", len(made) // 12) + made + bytes(4)
    return b"II*\0" + struct.pack("<I", start + len(values)) + strip + values + page


def test_tiff_that_is_dicom_too_is_not_bare():
    """Which of both it is depends on who opens it; what DICOM holds was not looked at."""
    pixels = bytearray(128 * 128 * 2)
    bare = with_pixels_first(bytes(pixels))
    place = 128 - bare.index(bytes(64))
    pixels[place : place + 4] = b"DICM"

    other = with_pixels_first(bytes(pixels))

    assert is_bare(bare)
    assert other[128:132] == b"DICM"
    assert not is_bare(other)
