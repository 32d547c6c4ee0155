"""DICOM facts and gray rules of made files, compared with dcmtk where it is installed."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian

from core.domain.media import View, Window
from core.errors import ImageError
from core.imaging.dicom.header import looks_like_dicom
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset, wheel_bytes
from tests.data.make_dcmtk_hashes import dcmtk_picture

RAMP = np.arange(256, dtype=np.int16).reshape(16, 16) * 13 - 1024


def open_made(dataset):
    return open_image(as_bytes(dataset), name="made.dcm")


def equals_dcmtk(dataset, folder: Path, frame=0):
    """Tell whether dcmtk shows the same; skips the test where it is not installed."""
    if shutil.which("dcm2pnm") is None:
        pytest.skip("needs the Debian package dcmtk")
    path = folder / "made.dcm"
    path.write_bytes(as_bytes(dataset))
    ours = open_made(dataset).frame(frame).render(View())
    theirs = dcmtk_picture(path, frame)
    return np.abs(ours.astype(int) - theirs).max() <= 1


def voi_table(bits, first=-1024):
    values = (np.linspace(0, 1, 1024) ** 2 * (2**bits - 1)).astype(np.uint16)
    return [item(LUTDescriptor=[1024, first, bits], LUTData=values.tobytes())]


def test_ct_facts():
    image = open_image(wheel_bytes("CT_small.dcm"), name="CT_small.dcm")

    assert (image.width, image.height, image.frame_count) == (128, 128, 1)
    assert (image.modality, image.unit, image.windows) == ("CT", "HU", ())
    assert image.spacing_mm == (0.661468, 0.661468)
    assert image.frame(0).calibrated(0, 0) == image.frame(0).stored[0, 0] - 1024


def test_values_of_a_compressed_file_equal_its_uncompressed_twin():
    plain = open_image(wheel_bytes("MR_small.dcm"), name="a").frame(0).stored
    twins = ("RLE", "bigendian", "jp2klossless", "jpeg_ls_lossless", "implicit", "expb", "padded")

    for twin in twins:
        other = open_image(wheel_bytes(f"MR_small_{twin}.dcm"), name=twin).frame(0).stored
        assert np.array_equal(plain, other), twin


def test_lossy_compression_is_told():
    image = open_image(wheel_bytes("examples_ybr_color.dcm"), name="us")

    assert image.notes == ("Lossy compression, 19 : 1.",)
    assert (image.frame_count, image.is_color) == (30, True)


def test_frame_beyond_the_last_is_named():
    image = open_image(wheel_bytes("rtdose.dcm"), name="dose.dcm")

    with pytest.raises(ImageError, match=r"“dose\.dcm” has 15 frames; frame 16 was asked for"):
        image.frame(15)


def test_bits_above_those_stored_are_masked():
    stored = np.array([[0xF7FF, 0x0801]], np.uint16)
    dataset = make_dataset(stored, BitsStored=12, HighBit=11, PixelRepresentation=1)

    assert open_made(dataset).frame(0).stored.tolist() == [[2047, -2047]]


def test_window_and_rescale_of_a_frame_go_before_shared_ones_and_the_top_level():
    stored = np.stack([RAMP, RAMP])
    own = [
        item(
            FrameVOILUTSequence=[item(WindowCenter=40, WindowWidth=400)],
            PixelValueTransformationSequence=[item(RescaleSlope=2, RescaleIntercept=7)],
        ),
        item(),
    ]
    shared = [item(FrameVOILUTSequence=[item(WindowCenter=9, WindowWidth=90)])]
    dataset = make_dataset(
        stored,
        PerFrameFunctionalGroupsSequence=own,
        SharedFunctionalGroupsSequence=shared,
        WindowCenter=1,
        WindowWidth=1,
        RescaleSlope=1,
        RescaleIntercept=-3,
    )

    image = open_made(dataset)

    assert image.windows == (Window(40, 400),)
    assert image.frame(0).calibrated(0, 0) == 2 * -1024 + 7
    assert image.frame(1).default_window == Window(9, 90)
    assert image.frame(1).calibrated(0, 0) == -1024 - 3


def test_several_windows_are_offered_and_impossible_ones_left_out():
    dataset = make_dataset(RAMP, WindowCenter=[40, 50, 60], WindowWidth=[400, 0, 80])

    assert open_made(dataset).windows == (Window(40, 400), Window(60, 80))


@pytest.mark.parametrize(
    ("function", "width", "is_possible"),
    [
        ("LINEAR", 0.99, False),
        ("LINEAR", 1, True),
        ("LINEAR_EXACT", 0.5, True),
        ("SIGMOID", 0.5, True),
        ("SIGMOID", 0, False),
    ],
)
def test_how_narrow_a_window_may_be_depends_on_its_function(function, width, is_possible):
    facts = {"WindowCenter": 40, "WindowWidth": width, "VOILUTFunction": function}

    assert bool(open_made(make_dataset(RAMP, **facts)).windows) is is_possible


def test_a_window_keeps_its_own_name_where_an_impossible_one_is_left_out():
    windows = {"WindowCenter": [40, 50, 60], "WindowWidth": [400, 0, 80]}
    names = ["SOFT", "BROKEN", "BRAIN"]

    named = make_dataset(RAMP, **windows, WindowCenterWidthExplanation=names)
    fewer = make_dataset(RAMP, **windows, WindowCenterWidthExplanation=names[:1])

    assert open_made(named).window_names == ("SOFT", "BRAIN")
    assert open_made(fewer).window_names == ("SOFT", "")
    assert open_made(make_dataset(RAMP, WindowCenterWidthExplanation=names)).window_names == ()


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_voi_table_equals_dcmtk(bits, tmp_path):
    assert equals_dcmtk(make_dataset(RAMP, VOILUTSequence=voi_table(bits)), tmp_path)


def test_modality_table_equals_dcmtk(tmp_path):
    table = voi_table(12, first=0)
    table[0].ModalityLUTType = "US"
    dataset = make_dataset(RAMP + 1024, ModalityLUTSequence=table)

    assert equals_dcmtk(dataset, tmp_path)


@pytest.mark.parametrize(
    ("photometric", "shape"),
    [("MONOCHROME1", ""), ("MONOCHROME2", "INVERSE"), ("MONOCHROME2", "IDENTITY")],
)
def test_polarity_equals_dcmtk(photometric, shape, tmp_path):
    dataset = make_dataset(
        RAMP, PhotometricInterpretation=photometric, WindowCenter=40, WindowWidth=400
    )
    if shape:
        dataset.PresentationLUTShape = shape

    assert equals_dcmtk(dataset, tmp_path)


@pytest.mark.parametrize("function", ["LINEAR", "SIGMOID"])
def test_window_functions_equal_dcmtk(function, tmp_path):
    dataset = make_dataset(RAMP, WindowCenter=40, WindowWidth=400, VOILUTFunction=function)

    assert equals_dcmtk(dataset, tmp_path)


@pytest.mark.parametrize("is_big_endian", [False, True])
def test_sixteen_bit_palette_equals_its_table(is_big_endian):
    order = ">u2" if is_big_endian else "<u2"
    ramp = (np.arange(256) * 257).astype(order)
    colors = {"Red": ramp, "Green": ramp[::-1], "Blue": ramp // 2}
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    dataset = make_dataset(stored, PhotometricInterpretation="PALETTE COLOR")
    for color, values in colors.items():
        setattr(dataset, f"{color}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(dataset, f"{color}PaletteColorLookupTableData", values.astype(order).tobytes())
    if is_big_endian:
        dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
        dataset["PixelData"].VR = "OB"

    rgb = open_made(dataset).frame(0).stored

    assert rgb[0, 7].tolist() == [7, 248, 3]
    assert rgb[15, 15].tolist() == [255, 0, 127]


def test_half_a_frame_is_refused_with_the_name_of_its_attribute():
    data = as_bytes(make_dataset(np.stack([RAMP] * 2), NumberOfFrames="25"))
    assert data.count(b"IS\2\x0025") == 1

    with pytest.raises(
        ImageError, match=r"its Number of Frames \(0028,0008\) is missing or no whole"
    ):
        open_image(data.replace(b"IS\2\x0025", b"IS\2\0.5"), name="x.dcm")


def test_slope_zero_does_not_make_a_black_picture():
    dataset = make_dataset(RAMP, RescaleSlope=0, RescaleIntercept=5)

    assert open_made(dataset).frame(0).render(View()).max() == 255


def test_big_endian_file_without_its_first_part_is_shown():
    dataset = make_dataset(RAMP)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset.PixelData = RAMP.astype(">i2").tobytes()
    data = as_bytes(dataset)

    image = open_image(data[data.index(b"\x00\x08\x00\x16UI") :], name="bare")

    assert np.array_equal(image.frame(0).stored, RAMP)


@pytest.mark.parametrize(
    ("start", "is_dicom"),
    [
        (b"\x08\0\5\0" + b"\x0a\0\0\0", True),
        (b"\x08\0\5\0" + b"\x0b\0\0\0", False),  # lengths are even
        (b"\x08\0\5\0" + b"\0\4\0\0", False),  # no first element is so long
        (b"\x08\0\5\0CS\x0a\0", True),
        (b"\0\x08\0\5CS\0\x0a", True),
        (b"\0\x08\0\5\0\0\0\x0a", False),  # big-endian without a kind is not written
        (b"\x10\0\x10\0PN\x0a\0", False),
        (b"\x08\0\5", False),
    ],
)
def test_dicom_without_its_first_part_is_told_from_other_files(start, is_dicom):
    assert looks_like_dicom(start) is is_dicom


def test_file_without_transfer_syntax_is_shown_and_says_so():
    data = as_bytes(make_dataset(RAMP))
    bare = data[data.index(b"\x08\x00\x16\x00UI") :]

    image = open_image(bare, name="bare")

    assert np.array_equal(image.frame(0).stored, RAMP)
    assert "was assumed" in image.notes[0]
