"""Every DICOM picture in pydicom's package is rendered as dcmtk renders it."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from core.domain.media import View
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import FOLDER
from tests.data import make_dcmtk_hashes

DATA = Path(__file__).parents[2] / "data"
ENTRIES = json.loads((DATA / "dcmtk_hashes.json").read_text())
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


def picture(name, frame):
    path = FOLDER / name
    return open_image(path.read_bytes(), name=path.name).frame(frame).render(View())


def label(entry):
    return f"{entry['file']}:{entry['frame']}"


@pytest.fixture(scope="module")
def dcmtk():
    if not make_dcmtk_hashes.is_installed():
        pytest.skip("needs the Debian packages dcmtk and libgdcm-tools")
    return make_dcmtk_hashes


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
def test_picture_is_at_most_one_gray_from_dcmtk(entry, dcmtk):
    theirs = dcmtk.dcmtk_picture(FOLDER / entry["file"], entry["frame"])
    assert hashlib.sha256(theirs.tobytes()).hexdigest() == entry["dcmtk"]

    apart = np.abs(picture(entry["file"], entry["frame"]).astype(int) - theirs)

    assert apart.max() == 1


@pytest.mark.parametrize("frame", [0, 7, 14])
def test_big_endian_dose_equals_its_little_endian_twin(frame):
    big = picture("test_files/rtdose_expb.dcm", frame)

    assert np.array_equal(big, picture("test_files/rtdose.dcm", frame))


def test_twelve_bit_jpeg_is_shown():
    frame = open_image(
        (FOLDER / "test_files/JPGExtended.dcm").read_bytes(), name="JPGExtended.dcm"
    ).frame(0)

    assert (frame.lowest, frame.highest) == (0, 264)
