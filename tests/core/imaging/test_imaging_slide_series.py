"""Files of one slide in DICOM: which make a level, which are left out, and what may be missing."""

import struct

import numpy as np
import pytest
from pydicom import uid

from core.errors import ImageError
from core.imaging.extent import extent_of
from core.imaging.slides.dicom import open_slide_files
from tests.core.imaging.imaging_files import as_bytes
from tests.dicom_slides import dicom_levels, level_dataset, packed, tiles_of

WIDTH, HEIGHT = 700, 500
TILE_BYTES = 256 * 256 * 3


def picture(seed=0, size=(HEIGHT, WIDTH)):
    """Return smooth colors, other ones for each seed."""
    y, x = np.indices(size, np.uint16)
    return np.stack([x // 3, y // 2, x * 0 + 40 * seed], axis=-1).astype(np.uint8)


def opened(*files):
    return open_slide_files(
        [(f"file {number}", extent_of(data)) for number, data in enumerate(files)], name="slide"
    )


def parts(whole, *spans):
    """Return files that hold some of the frames of one level each."""
    pixels = level_dataset(whole).PixelData
    files = []
    for number, (start, end) in enumerate(spans):
        part = level_dataset(
            whole, ConcatenationUID="1.2.3.4", ConcatenationFrameOffsetNumber=start
        )
        part.NumberOfFrames = end - start
        part.PixelData = pixels[start * TILE_BYTES : end * TILE_BYTES]
        part.SOPInstanceUID = part.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.9.{number}"
        files.append(as_bytes(part))
    return files


def test_a_part_that_is_missing_in_the_middle_is_noticed():
    first, middle, last = parts(picture(), (0, 2), (2, 4), (4, 6))

    assert np.array_equal(opened(last, first, middle).frame(0).stored, picture())
    with pytest.raises(ImageError, match="are 6 tiles, and 4 are there"):
        opened(first, last)


def test_a_level_of_another_shape_is_left_out_and_told():
    whole = dicom_levels(picture(), steps=(1, 2))
    odd = level_dataset(picture(1, (HEIGHT // 4, WIDTH // 2 - 20)), step=3, number=4)

    image = opened(*whole, as_bytes(odd))

    assert [level.width for level in image.slide.levels] == [WIDTH, WIDTH // 2]
    assert image.notes[-1] == "Left out: 1 level of another shape."


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_files_of_one_size_the_one_of_the_smaller_number_is_shown(order):
    files = [
        as_bytes(level_dataset(picture(seed), number=number)) for seed, number in ((1, 3), (2, 9))
    ]

    image = opened(*(files[place] for place in order))

    assert np.array_equal(image.frame(0).stored, picture(1))
    assert "The slide has several layers; the first is shown." in image.notes


def test_a_tile_that_holds_nothing_is_white():
    syntax = uid.JPEG2000Lossless
    dataset = level_dataset(picture(), syntax=syntax)
    streams = [packed(one, syntax) for one in tiles_of(picture(), 256).values()]
    streams[1] = b""
    items = [b"", *(one + bytes(len(one) % 2) for one in streams)]  # the first is a table
    dataset.PixelData = b"".join(
        b"\xfe\xff\x00\xe0" + struct.pack("<I", len(one)) + one for one in items
    )

    image = opened(as_bytes(dataset))

    expected = picture()
    expected[:256, 256:512] = 255
    assert np.array_equal(image.frame(0).stored, expected)


def test_the_file_that_cannot_be_shown_is_named():
    good, bad = dicom_levels(picture(), steps=(1, 2))

    with pytest.raises(ImageError, match="“file 1”"):
        opened(good, bad[:900])
