"""Every DICOM picture in pydicom's package is rendered as dcmtk renders it."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.domain.media import View
from core.imaging.load import open_image
from core.imaging.shown import show
from tests.core.imaging.imaging_files import FOLDER
from tests.data import make_dcmtk_hashes

DATA = Path(__file__).parents[2] / "data"
EVERY = json.loads((DATA / "dcmtk_hashes.json").read_text())
ENTRIES = [entry for entry in EVERY if "dcmtk" in entry]
COMPARED = [entry for entry in ENTRIES if entry["dcmtk"] != "cannot show it"]
MISREAD = {
    # dcmtk 3.6.7 mis-reads 32-bit big-endian OW; ours equal the little-endian twin, see below.
    "test_files/rtdose_expb.dcm",
    "test_files/rtdose_expb_1frame.dcm",
}
NEARLY_EQUAL = {
    # One gray apart where floating-point numbers are cut to whole ones:
    "test_files/SC_ybr_full_422_uncompressed.dcm",  # the YBR matrix
    "test_files/dicomdirtests/77654033/CR1/6154",  # slope 0.684
    "test_files/dicomdirtests/77654033/CR2/6247",
    "test_files/dicomdirtests/77654033/CR3/6278",
    "test_files/dicomdirtests/77654033/CT2/17136",  # one pixel
}

IDENTICAL = [entry for entry in COMPARED if entry["file"] not in MISREAD | NEARLY_EQUAL]


def picture(name, index):
    """Return a frame as dcmtk shows it: without a window it knows no other frame of the stack."""
    path = FOLDER / name
    frame = open_image(path.read_bytes(), name=path.name).frame(index)
    return replace(frame, common=None).render(View())


def label(entry):
    return f"{entry['file']}:{entry['frame']}"


def test_all_pictures_are_compared_and_nine_in_ten_are_identical():
    assert len(COMPARED) == 108
    assert len(IDENTICAL) / len(COMPARED) > 0.9


@pytest.mark.parametrize("entry", IDENTICAL, ids=label)
def test_picture_equals_dcmtk(entry):
    ours = picture(entry["file"], entry["frame"])

    assert hashlib.sha256(ours.tobytes()).hexdigest() == entry["dcmtk"]


@pytest.mark.parametrize(
    "entry", [entry for entry in COMPARED if entry["file"] in NEARLY_EQUAL], ids=label
)
def test_picture_is_at_most_one_gray_from_dcmtk(entry):
    ours = picture(entry["file"], entry["frame"])

    # `apart` holds only -1, 0 and 1: with it the hash tells that no pixel is further away.
    apart = make_dcmtk_hashes.unpacked_difference(entry["apart"], ours.shape)

    theirs = (ours.astype(int) + apart).astype(np.uint8)
    assert hashlib.sha256(theirs.tobytes()).hexdigest() == entry["dcmtk"]


@pytest.mark.parametrize("entry", [one for one in EVERY if "overlay" in one])
def test_drawn_overlay_equals_dcmtk(entry):
    path = FOLDER / entry["file"]
    image = open_image(path.read_bytes(), name=path.name)

    drawn = show(image, 0, View(has_overlay=True)).picture

    assert hashlib.sha256(drawn.tobytes()).hexdigest() == entry["overlay"]
    assert not np.array_equal(drawn, show(image, 0, View()).picture)


UNSEEN = {
    # What dcmtk 3.6.7 cannot show, so that there is nothing to compare with:
    "test_files/JPEG2000-embedded-sequence-delimiter.dcm",  # a broken code stream, as for us
    "test_files/MR_truncated.dcm",  # 62 bytes are missing, as for us
    "test_files/SC_rgb_jpeg.dcm",  # JFIF says YBR, the header RGB; we follow the stream
}


def test_every_picture_without_a_comparison_is_listed():
    assert {entry["file"] for entry in ENTRIES if entry not in COMPARED} == UNSEEN


@pytest.mark.parametrize("frame", [0, 7, 14])
def test_big_endian_dose_equals_its_little_endian_twin(frame):
    big = picture("test_files/rtdose_expb.dcm", frame)

    assert np.array_equal(big, picture("test_files/rtdose.dcm", frame))


def test_twelve_bit_jpeg_is_shown():
    frame = open_image(
        (FOLDER / "test_files/JPGExtended.dcm").read_bytes(), name="JPGExtended.dcm"
    ).frame(0)

    assert (frame.lowest, frame.highest) == (0, 264)
